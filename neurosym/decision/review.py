"""Answers of persons: the question is taken from the log, the answer is logged first, then the decision made again."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry, EntryKind
from neurosym.audit.log import Log
from neurosym.decision.decision import Decision
from neurosym.decision.deliberation import check_condition
from neurosym.decision.engine import Engine, Linked
from neurosym.decision.panel import JudgePanel, Panel, Recorder, Response
from neurosym.decision.recorder import ATTEMPT
from neurosym.decision.replay import Replayer
from neurosym.engine.model import Model
from neurosym.judgment.answer import AnswerValue, QuoteClaim
from neurosym.judgment.attempt import Attempt, attempt_json
from neurosym.judgment.computations import COMPUTATIONS
from neurosym.judgment.configuration import Configuration, PersonTier
from neurosym.judgment.evidence import evidence_texts
from neurosym.judgment.identity import question_id
from neurosym.judgment.judge import Inquiry, Judge
from neurosym.judgment.review import Item, Review, review_attempt
from neurosym.judgment.stores.sqlite_queue import ReviewQueue
from neurosym.judgment.supplied import SUPPLIED
from neurosym.judgment.validation import Disposition, Examination, examine
from neurosym.program.judgment import Judgment
from neurosym.text.diagnostic import Diagnostic, Severity
from neurosym.text.failure import InputError, ReplayError
from neurosym.text.suggestion import did_you_mean
from neurosym.values.canonical import Digest
from neurosym.values.unknown import Question


def answer_question(
    log: Log, queue: ReviewQueue, question: str, value: str, quotes: Sequence[str], reason: str | None, by: str
) -> tuple[Decision, ...]:
    """The decisions made again because of the answer, each linked to the one before; none while more persons are
    wanted. The answer is durable in the log before the queue takes it and before anything is decided by it.

    InputError: no such question, a value that it does not allow, a quote that its source does not hold, an answer that
    a check rejects (NS620 to NS624). Failure when the log cannot give or take what is needed.
    """
    item = queue.item(question)
    waiting = _newest(log, item.decisions)
    if not waiting:
        raise ReplayError(f"no decision in the log waits for the question {question}")
    case = _case(log, waiting[0], item)
    review = Review(by, _value(case.judgment, value), _claims(case, quotes), reason)
    attempt = review_attempt(item.tier, case.judgment, case.question, (*queue.reviews(question), review))
    examination = examine(case.judgment, case.question, attempt, check_condition(case.model))
    if examination.disposition in (Disposition.FAILED, Disposition.REJECTED):
        raise InputError([_rejected(examination)])
    queue.check(question, review)
    entry = log.record(
        Draft(
            kind=EntryKind.REVIEW,
            decision=waiting[0].decision,
            actor=f"{by} (as claimed)",
            outcome=examination.disposition.value,
            payloads=((ATTEMPT, attempt_json(attempt)),),
        )
    )
    queue.answer(question, review)
    if examination.answer is None:
        return ()
    return tuple(_successor(log, queue, each, (entry.seq, attempt)) for each in waiting)


@dataclass(frozen=True, slots=True)
class _Case:
    judgment: Judgment
    question: Question
    model: Model


def _newest(log: Log, decisions: Sequence[str]) -> list[Entry]:
    """The entries of those decisions that were made and that no later decision has followed."""
    made = list(log.decisions())
    followed = {entry.previous for entry in made}
    return [entry for entry in made if entry.decision in decisions and entry.seq not in followed]


def _case(log: Log, entry: Entry, item: Item) -> _Case:
    """The question as the log has it; ReplayError when no question of the decision has this id."""
    found = Replayer(log).executed(entry).deliberation
    assert found is not None
    for question in found.matters:
        judgment = found.case.program.judgments[question.judgment]
        if question_id(judgment, question) == item.question:
            return _Case(judgment, question, found.model)
    raise ReplayError(f"the decision {entry.decision} has no question {item.question}: the queue is not the log's")


def _value(judgment: Judgment, text: str) -> AnswerValue:
    allowed: Mapping[str, AnswerValue] = {
        (str(value).lower() if isinstance(value, bool) else value): value for value in judgment.answers
    }
    if text not in allowed:
        advice = did_you_mean(text, allowed) or f"one of: {', '.join(allowed)}"
        message = f"`{text}` is not an answer of `{judgment.name}`"
        raise InputError([Diagnostic("NS622", Severity.ERROR, message, help=advice)])
    return allowed[text]


def _claims(case: _Case, quotes: Sequence[str]) -> tuple[QuoteClaim, ...]:
    """The quotes with the first source that holds them; one that stands nowhere is refused."""
    sources = evidence_texts(case.judgment, case.question)
    claims = []
    for text in quotes:
        field = next((name for name, source in sources.items() if text in source), None)
        if field is None:
            message = f'"{text}" does not stand in {" or ".join(f"`{name}`" for name in sources) or "any source"}'
            advice = "copy it from what `neurosym review show` prints, letter by letter"
            raise InputError([Diagnostic("NS623", Severity.ERROR, message, help=advice)])
        claims.append(QuoteClaim(field, text))
    return tuple(claims)


def _rejected(examination: Examination) -> Diagnostic:
    return Diagnostic("NS624", Severity.ERROR, f"the answer cannot be accepted: {examination.reason}")


def _successor(log: Log, queue: ReviewQueue, entry: Entry, answer: tuple[int, Attempt]) -> Decision:
    replayer = Replayer(log)
    plan, ruleset, configuration = replayer.plan(entry)
    judge = Judge(_at_hand(configuration, queue), os.environ, COMPUTATIONS)
    recorded = [*replayer.effects(entry), answer]
    panel = _ResumedPanel([attempt for _, attempt in recorded], JudgePanel(judge))
    engine = Engine(ruleset, log=log, judge=judge, actor="review")
    held = {attempt_json(attempt): seq for seq, attempt in recorded}
    linked = Linked(entry.seq, *replayer.entries_used(entry), panel, held)
    return engine.decide(plan.case.decision.name, plan.request, facts=plan.knowledge, on=plan.pinned, linked=linked)


def _at_hand(configuration: Configuration, queue: ReviewQueue) -> Configuration:
    """The recorded tiers, with the queue where it lies now."""
    tiers = tuple(
        replace(tier, review=str(queue.path.resolve())) if isinstance(tier, PersonTier) else tier
        for tier in configuration.tiers
    )
    return replace(configuration, tiers=tiers)


@dataclass(frozen=True, slots=True)
class _ResumedPanel:
    """What was answered before is not asked again; anything new goes to the tiers."""

    attempts: Sequence[Attempt]
    others: Panel

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        if SUPPLIED not in tried and self._recorded(SUPPLIED, question_id(judgment, question)):
            return SUPPLIED
        return self.others.next_tier(judgment, question, tried)

    def ask(self, tier: str, inquiry: Inquiry, record: Recorder) -> Response:
        recorded = self._recorded(tier, question_id(inquiry.judgment, inquiry.question))
        if not recorded:
            return self.others.ask(tier, inquiry, record)
        for attempt in recorded:
            record(attempt)
        return examine(inquiry.judgment, inquiry.question, recorded[-1], inquiry.holds)

    def _recorded(self, tier: str, asked: Digest) -> list[Attempt]:
        return [each for each in self.attempts if each.tier == tier and each.question == asked]
