"""Backtests: what another ruleset would have decided, over the input and the answers that a log recorded.

Nobody is asked. A question that was never asked stays open, and the decision that it keeps open needs an answer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import Enum

from neurosym.audit.entry import Entry
from neurosym.audit.reader import LogReader
from neurosym.decision.decision import Decision
from neurosym.decision.deliberation import Deliberation, deliberate
from neurosym.decision.known_panel import KnownPanel
from neurosym.decision.override import newest_overrides
from neurosym.decision.plan import Plan, concluded
from neurosym.decision.recorder import PROOF, codes_of, shown_outcome
from neurosym.decision.recording import Recorded
from neurosym.decision.replay import Replayer
from neurosym.decision.ruleset import Ruleset
from neurosym.engine.evaluator import compiled_evaluator
from neurosym.engine.situation import Limits
from neurosym.engine.verdict import Status
from neurosym.judgment.configuration import Configuration
from neurosym.text.failure import DiagnosticsError, ErasedError, Failure, InternalError, LogError, ReplayError
from neurosym.values.canonical import Json
from neurosym.values.unknown import Asked

NOTABLE_MAX = 100  # decisions of one status that a report keeps


class BacktestStatus(Enum):
    """How a decision compares when another ruleset makes it."""

    SAME = "same"
    OUTCOME = "outcome changed"
    REASONS = "reasons changed"
    NEEDS_ANSWER = "needs answer"
    REFUSED = "refused"  # the ruleset does not take the recorded input, or cannot decide it
    UNREADABLE = "not replayable"  # the log does not give what was recorded


@dataclass(frozen=True, slots=True)
class Shown:
    """An outcome, or the status of a decision without one, and the rules that it rests on."""

    outcome: str
    rules: tuple[str, ...]

    @property
    def json(self) -> Json:
        """The outcome as reports write it."""
        return {"outcome": self.outcome, "rules": [*self.rules]}


@dataclass(frozen=True, slots=True)
class Compared:
    """One decision and the number of its entry, with the row where that is of a batch: as it was made and as the other
    ruleset makes it. `after` is None where that makes none.
    """

    decision: str | None
    seq: int
    status: BacktestStatus
    before: Shown
    after: Shown | None = None
    questions: tuple[str, ...] = ()  # the judgments whose answers are missing, once for each question
    message: str | None = None
    override: str | None = None  # the outcome that a person put in the place of the decision's
    size: int = 0  # of both proofs, in bytes: the smaller, the better an example
    row: int | None = None

    @property
    def json(self) -> Json:
        """The comparison as `replay --ruleset --format json` writes it."""
        return {
            "decision": self.decision,
            "seq": self.seq,
            "status": self.status.value,
            "before": self.before.json,
            "after": None if self.after is None else self.after.json,
            "questions": [*self.questions],
            "message": self.message,
            "override": self.override,
            **({} if self.row is None else {"row": self.row}),
        }


@dataclass(frozen=True, slots=True)
class Change:
    """Decisions that changed in the same way; the example is the one with the smallest proofs."""

    before: str
    after: str
    count: int
    example: Compared

    @property
    def json(self) -> Json:
        """The change as reports write it."""
        return {"from": self.before, "to": self.after, "count": self.count, "example": self.example.json}


@dataclass(slots=True)
class BacktestReport:
    """What became of the decisions of a log, however many: all are counted, and some are kept."""

    counts: Counter[BacktestStatus] = field(default_factory=Counter)
    questions: Counter[str] = field(default_factory=Counter)  # missing answers, by judgment
    notable: list[Compared] = field(default_factory=list)  # the first of each status that is not the same
    overridden: int = 0  # decisions that a person set aside
    agreeing: int = 0  # of these, how many now have the outcome that the person gave
    _changes: dict[tuple[str, str], Change] = field(default_factory=dict)

    def add(self, compared: Compared) -> None:
        """Count a decision."""
        self.counts[compared.status] += 1
        self.questions.update(compared.questions)
        if compared.override is not None:
            self.overridden += 1
            self.agreeing += compared.after is not None and compared.after.outcome == compared.override
        if compared.status is BacktestStatus.SAME:
            return
        if self.counts[compared.status] <= NOTABLE_MAX:
            self.notable.append(compared)
        if compared.after is not None and compared.status is not BacktestStatus.NEEDS_ANSWER:
            self._add_change(_change(compared.before, compared.after), compared)

    def _add_change(self, names: tuple[str, str], compared: Compared) -> None:
        before = self._changes.get(names, Change(*names, 0, compared))
        example = min(before.example, compared, key=lambda each: (each.size, each.seq, each.row or 0))
        self._changes[names] = Change(*names, before.count + 1, example)

    @property
    def left_out(self) -> int:
        """How many decisions are not the same and are only counted."""
        return self.counts.total() - self.counts[BacktestStatus.SAME] - len(self.notable)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changed into what, the most frequent first. Where the outcome is the same, the rules are told."""
        return tuple(sorted(self._changes.values(), key=lambda each: (-each.count, each.before, each.after)))

    @property
    def json(self) -> dict[str, Json]:
        """The report as `replay --ruleset --format json` writes it, which lists the decisions beside it."""
        return {
            "counts": {status.value: self.counts[status] for status in BacktestStatus},
            "changes": [each.json for each in self.changes],
            "questions": {name: self.questions[name] for name in sorted(self.questions)},
            "overridden": {"count": self.overridden, "agreeing": self.agreeing},
        }


class Backtester:
    """Compares the decisions of a log with those that a ruleset makes. For one thread."""

    def __init__(self, log: LogReader, ruleset: Ruleset) -> None:
        self._log = log
        self.ruleset = ruleset
        self._evaluate = compiled_evaluator(ruleset.program)
        self.replayer = Replayer(log)
        self._overrides = newest_overrides(log)

    def compared(self, entry: Entry) -> Compared:
        """One decision made again by the ruleset. LogError when the log cannot give what it recorded."""
        by_person = self._overrides.get(str(entry.decision))
        override = None if by_person is None else by_person.outcome
        before = Shown(entry.outcome or "", entry.codes)
        compared = Compared(entry.decision, entry.seq, BacktestStatus.SAME, before, override=override)
        try:
            return self._decided(entry, compared)
        except (ReplayError, ErasedError) as error:
            return replace(compared, status=BacktestStatus.UNREADABLE, message=str(error))
        except (InternalError, LogError):
            raise
        except (DiagnosticsError, Failure) as error:
            return replace(compared, status=BacktestStatus.REFUSED, message=str(error))

    def _decided(self, entry: Entry, compared: Compared) -> Compared:
        with self._log.store.reading():  # one view of it all, given back before anything is decided
            (used, configuration, limits), effects = self._recorded(entry)
            proof = len(self._log.content(entry, PROOF))
            plan = self.replayer.plan_by(entry, self.ruleset)
        return self.decided(plan, used, configuration, limits, effects, replace(compared, size=proof))

    def decided(
        self,
        plan: Plan,
        used: Ruleset,
        configuration: Configuration,
        limits: Limits,
        effects: list[Recorded],
        compared: Compared,
    ) -> Compared:
        """The comparison with what the ruleset decides of a plan, with the answers that were given to the one `used`
        then. Failure when it cannot be decided.
        """
        panel = KnownPanel(effects, used.program.judgments, configuration)
        found = deliberate(plan.case, panel, lambda _: None, limits, self._evaluate)
        decision = concluded(plan, found, self.ruleset.digest, limits)
        size = compared.size + len(decision.proof_bytes)
        return _changed(replace(compared, size=size), decision, tuple(_unasked(found)))

    def _recorded(self, entry: Entry) -> tuple[tuple[Ruleset, Configuration, Limits], list[Recorded]]:
        """What the decision was made with; ReplayError where that cannot be read."""
        try:
            return self.replayer.used(entry), self.replayer.effects(entry)
        except DiagnosticsError as error:  # of what was recorded, and not of the ruleset that decides
            raise ReplayError(str(error)) from error


def _changed(compared: Compared, decision: Decision, unasked: tuple[str, ...]) -> Compared:
    """The comparison with what is decided now."""
    after = Shown(shown_outcome(decision), codes_of(decision))
    if decision.status is Status.UNDECIDED and unasked:
        return replace(compared, status=BacktestStatus.NEEDS_ANSWER, after=after, questions=unasked)
    if after.outcome != compared.before.outcome:
        return replace(compared, status=BacktestStatus.OUTCOME, after=after)
    if after.rules != compared.before.rules:
        return replace(compared, status=BacktestStatus.REASONS, after=after)
    return replace(compared, after=after)


def _unasked(found: Deliberation) -> list[str]:
    """The judgment of each question that keeps the outcome open and that nobody was asked."""
    asked = [reason.question for reason in found.verdict.reasons if isinstance(reason, Asked)]
    return sorted(each.judgment for each in asked if each in found.matters and not found.matters[each].heard)


def _change(before: Shown, after: Shown) -> tuple[str, str]:
    """What a change is called: by the outcomes, or by the rules where these are the same."""
    if before.outcome != after.outcome:
        return before.outcome, after.outcome
    return _with_rules(before), _with_rules(after)


def _with_rules(shown: Shown) -> str:
    return f"{shown.outcome} by {', '.join(shown.rules) or 'no rule'}"
