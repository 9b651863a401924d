"""The engine: a ruleset, its judge and its log, ready to decide."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from time import monotonic
from typing import TypeAlias

from neurosym.audit.committer import DecisionLoggedError
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.key_store import NOBODY, Subjects
from neurosym.audit.log import Log
from neurosym.decision import problems
from neurosym.decision.auditing import auditor, audits
from neurosym.decision.batch.decided_batch import DecidedBatch
from neurosym.decision.batch.deciding import Batches
from neurosym.decision.batch.row_decision import Common
from neurosym.decision.batch.rows import Rows
from neurosym.decision.data_subjects import DataSubjects, spoken_of
from neurosym.decision.decision import Decision
from neurosym.decision.deliberation import Deliberation, deliberate
from neurosym.decision.embedding.instance import Instance
from neurosym.decision.intake import Document
from neurosym.decision.knowledge import FactRows, Knowledge, gather_knowledge
from neurosym.decision.means import DecisionMeans, Means
from neurosym.decision.panel import AttentivePanel, JudgePanel, NoPanel, Panel, SuppliedPanel
from neurosym.decision.past import DAY_LENGTH
from neurosym.decision.plan import Plan, concluded, prepare
from neurosym.decision.recorder import Recorder
from neurosym.decision.recording import Recorded, Recording
from neurosym.decision.replay import decision_in_log, is_same_request
from neurosym.decision.resumption import ResumedPanel
from neurosym.decision.routes import checked_routes
from neurosym.decision.ruleset import Ruleset
from neurosym.decision.second_opinion import DisagreementError, agreed
from neurosym.decision.session import Session
from neurosym.decision.session_snapshot import snapshot_knowledge
from neurosym.decision.situation import decision_named
from neurosym.engine.evaluator import Evaluate, Evaluators
from neurosym.engine.model import Model
from neurosym.engine.second.opinion import Opinion, SecondOpinion
from neurosym.engine.situation import LIMITS, Limits
from neurosym.judgment.acceptance import Trust
from neurosym.judgment.attempt import Attempt, attempt_json
from neurosym.judgment.audit_share import KEY_BYTES
from neurosym.judgment.configuration import Configuration
from neurosym.judgment.judge import Judge
from neurosym.judgment.supplied import SuppliedAnswer, unmatched
from neurosym.program.program import key_fields
from neurosym.text.diagnostic import Report
from neurosym.text.failure import Failure, InputError, LimitError, LogError, ProviderError
from neurosym.text.span import JsonPath
from neurosym.values.canonical import is_unicode
from neurosym.values.clock import SystemClock
from neurosym.values.value import Reference

Entropy = Callable[[int], bytes]
Facts: TypeAlias = FactRows | Instance
Request: TypeAlias = Mapping[str, object] | Instance  # `Document` among them: it has a name that diagnostics show


@dataclass(frozen=True, slots=True)
class Linked:
    """An earlier decision that this one follows: its entry, and what was answered, with the entries that say so."""

    previous: int
    ruleset: int  # the entries that hold its ruleset and its tiers
    configuration: int | None
    recorded: tuple[Recorded, ...] = ()


class Engine:
    """Decides by one ruleset. Without a log nothing can be proven later, so `log=None` must be spelled out.

    Any number of threads may share an engine. In a pool of processes each worker makes its own, once, and opens the log
    itself: `ns.Engine(ns.load(path), log=ns.Log.open(file))` takes the ruleset from the cache of compiled ones.
    """

    def __init__(  # noqa: PLR0913 - what a caller may choose, each by its name
        self,
        ruleset: Ruleset,
        *,
        log: Log | None,
        judge: Judge | None = None,
        limits: Limits = LIMITS,
        reference: bool = False,
        actor: str = "engine",
        entropy: Entropy = secrets.token_bytes,
        clock: Callable[[], float] = monotonic,
        second_opinion: SecondOpinion | None = None,
    ) -> None:
        """With `reference`, by the evaluator that defines the meaning, which is slow, instead of the compiled one whose
        decisions are the same. With a `second_opinion`, no decision with which it disagrees is made; where it has none,
        the decision says why. InputError when a judgment's route names a tier that the judge does not have.
        """
        self.ruleset = ruleset
        self.log = log
        self.judge = judge
        self.limits = limits
        self.warnings = checked_routes(ruleset.program, judge)
        self._actor = actor
        self._entropy = entropy
        self._clock = clock
        self._second_opinion = second_opinion
        self.evaluators = Evaluators(ruleset.program, is_reference=reference)
        self._audit_key = entropy(KEY_BYTES)
        self._means = Means(judge, ruleset.program, log, clock) if judge else None
        self._recorder = Recorder(log, ruleset, actor, DataSubjects(ruleset.program)) if log else None

    def know(
        self, facts: Facts | Sequence[Document] = (), graphs: Sequence[tuple[str, bytes]] | None = None
    ) -> Knowledge:
        """Facts and graphs read once, for any number of decisions; InputError with every problem.

        Facts go in by type: dicts, dataclasses, pydantic models. A type left out is incomplete, an empty list is a
        statement that there are none.
        """
        documents = list(facts) if isinstance(facts, (list, tuple)) else [Document("facts", facts)]
        return gather_knowledge(self.ruleset.program, documents, graphs)

    def session(self, facts: Facts | Knowledge | None = None, *, on: date | None = None) -> Session:
        """Working memory that holds these facts, for decisions over facts that come and go. With `on`, it tells with
        every change what became of what follows by the law of that day.
        """
        return Session(self, facts if isinstance(facts, Knowledge) else self.know(facts or ()), on)

    def restored(self, snapshot: bytes, *, on: date | None = None) -> Session:
        """The session that a snapshot was taken of. InputError when it is none, or its facts are not the ruleset's."""
        return Session(self, snapshot_knowledge(self.ruleset.program, snapshot), on)

    def decide(
        self,
        decision: str,
        request: Request,
        *,
        facts: Facts | Knowledge | None = None,
        on: date | None = None,
        answers: Sequence[SuppliedAnswer] = (),
        request_id: str | None = None,
        linked: Linked | None = None,
    ) -> Decision:
        """The decision, durable in the log before it is returned. Threads may share the engine.

        InputError when the request or the facts are refused; Failure when the world broke: then there is no decision.
        With a `request_id` that the log knows, the decision logged for it is returned instead of a second one.
        """
        knowledge = facts if isinstance(facts, Knowledge) else self.know(facts or ())
        document = request if isinstance(request, Document) else Document("request", request)
        plan = prepare(self.ruleset.program, self.new_id(), decision, document, knowledge, on, self.trust())
        evaluate = self.evaluators.lent()
        found = self.carry_out(plan, evaluate, answers=answers, request_id=request_id, linked=linked)
        self.evaluators.returned(evaluate)
        return found

    def trust(self) -> Trust:
        """By what models are believed today, by the log's clock."""
        clock = SystemClock() if self.log is None else self.log.clock
        return self.ruleset.trust(date.fromisoformat(clock.stamp().time[:DAY_LENGTH]))

    def new_id(self) -> str:
        """An id for a decision that is to be made."""
        return self._entropy(16).hex()

    def carry_out(
        self,
        plan: Plan,
        evaluate: Evaluate,
        *,
        answers: Sequence[SuppliedAnswer] = (),
        request_id: str | None = None,
        linked: Linked | None = None,
    ) -> Decision:
        """The decision of a plan by an evaluator of the ruleset; the rest as of `decide`."""
        known = self._logged_before(plan, request_id)
        if known is not None:
            return known
        began = self._clock()

        def seconds() -> float:
            return self._clock() - began

        configuration = None if self._means is None or linked is not None else self._means.settle()
        means = self._means.for_decision(seconds) if self._means else None
        supplied = SuppliedPanel(answers, key_fields(self.ruleset.program), _panel(means, linked))
        entries = self._entries(configuration, linked)
        effects: list[int] = []
        panel = AttentivePanel(supplied)
        subjects = self._subjects(plan, plan.case.subject)
        try:
            record = self._recording(plan, panel, effects, means, linked)
            found = deliberate(plan.case, panel, record, self.limits, evaluate, seconds)
            opinion = self._opinion(found.model)
            decided = concluded(plan, found, self.ruleset.digest, self.limits).with_opinion(opinion)
        except Failure as error:
            self._log_failure(plan.case.id, error, subjects)
            raise
        finally:
            if means is not None:
                means.account.close()
        if supplied.unused:
            raise InputError([unmatched(each) for each in supplied.unused])
        if self._recorder is None or entries is None:
            return decided
        subjects = self._subjects(plan, spoken_of(found))
        case = plan.record(*entries, self.limits)
        previous = linked.previous if linked else None
        try:
            self._recorder.decision(
                decided, case, plan.knowledge, tuple(effects), subjects, previous=previous, request_id=request_id
            )
        except DecisionLoggedError:  # a retry was faster than the request it repeats
            known = self._logged_before(plan, request_id)
            if known is None:
                raise
            return known
        if linked is None:
            self._audit(found)
        return decided.as_logged()

    def _audit(self, found: Deliberation) -> None:
        """Put the answers that were drawn before persons. The decision stands and is logged; that a queue could not be
        written to is logged beside it.
        """
        assert self._recorder is not None
        for request in audits(found, self._audit_key):
            assert self._means is not None
            asker = auditor(request.judgment, self._means.judge.configuration)
            try:
                if asker is not None:
                    asker.take_audit(request)
            except ProviderError as error:
                self._recorder.failure(found.case.id, f"an answer could not be audited: {error}")

    async def adecide(
        self,
        decision: str,
        request: Request,
        *,
        facts: Facts | Knowledge | None = None,
        on: date | None = None,
        answers: Sequence[SuppliedAnswer] = (),
        request_id: str | None = None,
    ) -> Decision:
        """The decision, made in a thread of the running loop's executor, so that the loop goes on.

        Cancelling ends the waiting and not the decision: it goes its way to the end, and the log then holds it whole
        (or, if it fails, the failure), though nobody received it. With a `request_id` the next call returns it.
        Errors as of `decide`.
        """
        from asyncio import to_thread  # noqa: PLC0415 - heavy, and loaded already by whoever awaits

        deciding = partial(self.decide, decision, request, facts=facts, on=on, answers=answers, request_id=request_id)
        return await to_thread(deciding)

    def decide_many(
        self,
        decision: str,
        requests: Iterable[Request],
        *,
        facts: Facts | Knowledge | None = None,
        on: date | None = None,
        request_ids: Sequence[str] | None = None,
    ) -> list[Decision | InputError | LimitError]:
        """One decision for each request, in their order, over the same facts.

        A request that is refused, or that reaches a limit, has the error in its place. What concerns all of them is
        raised: InputError for the facts or an unknown decision, before anything is decided; any other Failure, after
        which nothing more is decided. ValueError when there are not as many `request_ids` as requests.
        """
        decision_named(self.ruleset.program, decision)
        knowledge = facts if isinstance(facts, Knowledge) else self.know(facts or ())
        report = Report()
        report.extend(knowledge.standing(self.ruleset.program).problems)
        report.stop_on_errors(InputError)
        several = list(requests)
        ids: Sequence[str | None] = [None] * len(several) if request_ids is None else request_ids
        pairs = list(zip(several, ids, strict=True))
        return [self._decision_or_error(decision, knowledge, on, *pair) for pair in pairs]

    def _decision_or_error(
        self, decision: str, knowledge: Knowledge, on: date | None, request: Request, request_id: str | None
    ) -> Decision | InputError | LimitError:
        try:
            return self.decide(decision, request, facts=knowledge, on=on, request_id=request_id)
        except (InputError, LimitError) as error:
            return error

    def decide_batch(
        self,
        decision: str,
        rows: Rows,
        *,
        facts: Facts | Knowledge | None = None,
        on: date | None = None,
        request_id: str | None = None,
        processes: int = 1,
    ) -> Generator[DecidedBatch, None, None]:
        """One decision for each row of an Arrow record batch, table or reader, of a Parquet, Arrow IPC or JSON Lines
        file, or of any requests; a batch of them is given out once its one entry is durable. Nobody is asked anything.

        InputError when a row is refused: then nothing of its batch is logged. Who runs the same rows again is given
        what is logged. ValueError without a log, or with a second opinion, which looks at decisions one by one.
        """
        if self._recorder is None or self._second_opinion is not None:
            raise ValueError("rows are decided by an engine with a log and without a second opinion")
        knowledge = facts if isinstance(facts, Knowledge) else self.know(facts or ())
        is_reference = self.evaluators.is_reference
        common = Common(self.ruleset, decision, on, self.trust().day, self.limits, is_reference)
        return Batches(self._recorder, common, knowledge, self.new_id).decided(rows, request_id, processes)

    def __reduce__(self) -> tuple[Callable[[], Engine], tuple[()]]:
        """An engine without a log goes to another process as what it is made of. A log is opened there."""
        if self.log is not None:
            raise TypeError("an engine with a log stays in its process: open the log and make the engine in each")
        if self._second_opinion is not None:
            raise TypeError("an engine with a second opinion stays in its process: make both in each")
        made = partial(Engine, self.ruleset, log=None, judge=self.judge, limits=self.limits, actor=self._actor)
        return partial(made, entropy=self._entropy, clock=self._clock, reference=self.evaluators.is_reference), ()

    def _opinion(self, model: Model) -> Opinion | None:
        """What the second opinion says, where one is wanted; DisagreementError when it is another."""
        return None if self._second_opinion is None else agreed(self._second_opinion.on(model))

    def _logged_before(self, plan: Plan, request_id: str | None) -> Decision | None:
        """The decision that was logged for the request; InputError NS530 when the id names another request."""
        if request_id is not None and not is_unicode(request_id):
            raise InputError([problems.half_character(JsonPath("request_id"))])
        entry = self.log.request(request_id) if request_id is not None and self.log is not None else None
        if entry is None or self.log is None:
            return None
        if entry.kind is not EntryKind.DECISION or not is_same_request(self.log, entry, plan):
            raise InputError([problems.other_request(request_id or "")])
        return decision_in_log(self.log, entry)

    def _subjects(self, plan: Plan, references: Iterable[Reference]) -> Subjects:
        """The data subjects of the case, so far as they can be told from these facts."""
        if self._recorder is None:
            return NOBODY
        return self._recorder.data.around(references, plan.intake.facts)

    def _recording(
        self,
        plan: Plan,
        panel: AttentivePanel,
        effects: list[int],
        means: DecisionMeans | None,
        linked: Linked | None,
    ) -> Callable[[Attempt], None]:
        """Makes every attempt durable before it is used, those aside that the linked decision already recorded."""
        recorder = self._recorder
        known = {attempt_json(attempt): seq for seq, attempt in linked.recorded} if linked else {}

        def record(attempt: Attempt) -> None:
            held = known.get(attempt_json(attempt)) if known else None
            if held is not None:
                effects.append(held)
            elif recorder is not None:
                question = panel.questions[attempt.question]
                references = (*plan.case.subject, *(of for _, of in question.args))
                effects.append(recorder.attempt(plan.case.id, attempt, self._subjects(plan, references)))
            if means is not None:
                means.account.settle(attempt)

        return record

    def _entries(self, configuration: Configuration | None, linked: Linked | None) -> tuple[int, int | None] | None:
        """The entries of the ruleset and the tiers, recorded before anything is decided by them; None without a log."""
        if self._recorder is None:
            return None
        if linked is not None:
            return linked.ruleset, linked.configuration
        installed = self._recorder.installed()
        return installed, None if configuration is None else self._recorder.configured(configuration)

    def _log_failure(self, decision: str, error: Failure, subjects: Subjects) -> None:
        """Leave a trace of the failure if the log still takes one; the failure itself is what the caller must see."""
        if self._recorder is None:
            return
        try:
            opinion = error.opinion.json if isinstance(error, DisagreementError) else None
            self._recorder.failure(decision, str(error), opinion, subjects)
        except LogError as second:
            error.add_note(f"and the failure could not be logged: {second}")


def _panel(means: DecisionMeans | None, linked: Linked | None) -> Panel:
    """Who is asked."""
    if means is None:
        return NoPanel()
    judge = means.means.judge
    return JudgePanel(judge, means) if linked is None else ResumedPanel(Recording(linked.recorded), judge, means)
