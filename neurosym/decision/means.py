"""What an engine asks with: its judge within its budget, and the answers it may use again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock

from neurosym.audit.log import Log
from neurosym.decision.breaker import Breaker
from neurosym.decision.ledger import Account, Ledger
from neurosym.decision.past import DAY_LENGTH, Past, beginning, is_fresh
from neurosym.judgment.answer import Kind
from neurosym.judgment.asking_loop import asking_loop
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.budget import MS, NO_BUDGET
from neurosym.judgment.configuration import Configuration, ModelTier, Tier
from neurosym.judgment.judge import Judge
from neurosym.judgment.tier import Asker, RemoteAsker, Request
from neurosym.program.program import Program
from neurosym.values.clock import Clock, SystemClock


class Means:
    """The judge of an engine, with what all its decisions share."""

    def __init__(self, judge: Judge, program: Program, log: Log | None, seconds: Callable[[], float]) -> None:
        """`seconds` tells the time, from whenever it begins."""
        self.judge = judge
        self._settling = Lock()
        self.breaker = Breaker(seconds)
        self.clock: Clock = SystemClock() if log is None else log.clock
        budget = judge.configuration.budget
        periods = [each.reuse for each in program.judgments.values() if each.reuse is not None]
        is_needed = log is not None and (bool(periods) or budget != NO_BUDGET)
        since = beginning(self.now, periods)
        self.past = Past(log, since, budget.currency) if log is not None and is_needed else None
        spent = None if self.past is None else self.past.spent
        self.ledger = Ledger(budget, lambda: self.now[:DAY_LENGTH], spent)

    @property
    def now(self) -> str:
        """The present moment, as `Stamp` has it."""
        return self.clock.stamp().time

    def settle(self) -> Configuration:
        """The tiers as they are asked from now on, once it is known how: endpoints are probed where it is not."""
        with self._settling:
            if not self.judge.is_settled:
                self.judge = self.judge.settled()
            return self.judge.configuration

    def for_decision(self, seconds: Callable[[], float]) -> DecisionMeans:
        """The means of one decision; `seconds` tells how long it has taken so far."""
        return DecisionMeans(self, self.ledger.account(), seconds)


@dataclass(frozen=True, slots=True)
class DecisionMeans:
    """The tiers, asked within the budget of one decision."""

    means: Means
    account: Account
    seconds: Callable[[], float]

    def asker(self, tier: Tier, request: Request) -> Asker | RemoteAsker:
        """Who answers for the tier."""
        return self.means.judge.asker(tier, request)

    def recalled(self, tier: Tier, request: Request) -> Attempt | None:
        """The newest response to the same request, while the judgment allows it to be used again."""
        past, period = self.means.past, request.judgment.reuse
        if past is None or period is None:
            return None
        held = past.newest(self.asker(tier, request).request_id(request))
        if held is None or not is_fresh(held, self.means.now, period):
            return None
        return replace(held.attempt, reused_from=held.seq, usage=None, cost=None, currency=None, duration_ms=None)

    def refused(self, tier: Tier, request: Request) -> Attempt | None:
        """The attempt that was not made because a budget has no room for it, or because the tier rests; else what it
        may cost is reserved.
        """
        if not isinstance(tier, ModelTier):
            return None
        asker = self.asker(tier, request)
        reason = self._over_budget(asker, tier, request) or self.means.breaker.refusal(tier.name)
        if reason is None:
            return None
        return Attempt(
            question=request.id,
            request_id=asker.request_id(request),
            tier=tier.name,
            kind=Kind.MODEL,
            number=request.number,
            sample=request.sample,
            request=b"",
            response=None,
            failure=f"not asked: {reason}",
            model=tier.model,
            is_refusal=True,
        )

    def start(self, asker: RemoteAsker, tier: Tier, requests: Sequence[Request]) -> Future[Sequence[Attempt]]:
        """The future of the attempts, which get what is left of the decision's time."""
        left = self._left_ms()
        future = asking_loop().start(asker.ask_together(requests, left))
        assert isinstance(tier, ModelTier)
        has_its_time = left is None or left >= tier.timeout_ms
        future.add_done_callback(partial(self._note, tier.name, has_its_time=has_its_time))
        return future

    def _note(self, tier: str, done: Future[Sequence[Attempt]], *, has_its_time: bool) -> None:
        """Tell the breaker how a request ended. A failure says nothing of the tier where nothing was sent, or where the
        decision left it less time than it has.
        """
        if done.cancelled() or done.exception() is not None:
            return
        first = done.result()[0]
        has_failed = first.failure is not None
        if not has_failed or (has_its_time and first.request):
            self.means.breaker.note(tier, has_failed=has_failed)

    def _over_budget(self, asker: Asker | RemoteAsker, tier: ModelTier, request: Request) -> str | None:
        """Why no budget has room for an attempt, or None once what it may cost is reserved."""
        if self.account.ledger.budget == NO_BUDGET:
            return None
        bound = asker.cost_bound(request) if isinstance(asker, RemoteAsker) else 0
        place = (request.id, tier.name, request.sample, request.number)
        return self._out_of_time() or self.account.refusal(request.judgment.name, place, bound)

    def _out_of_time(self) -> str | None:
        left = self._left_ms()
        return None if left is None or left > 0 else "the time of the decision is spent"

    def _left_ms(self) -> int | None:
        allowed = self.account.ledger.budget.decision.seconds
        return None if allowed is None else allowed * MS - int(self.seconds() * MS)
