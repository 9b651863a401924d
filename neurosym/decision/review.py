"""Answers of persons: the question is taken from the log, the answer is logged first, then the decision made again."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from neurosym.audit.draft import Draft
from neurosym.audit.entry import CLAIMED, Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.key_store import Subjects
from neurosym.audit.log import Log
from neurosym.decision.data_subjects import DataSubjects
from neurosym.decision.decision import Decision
from neurosym.decision.deliberation import check_condition
from neurosym.decision.engine import Engine, Linked
from neurosym.decision.recorder import ATTEMPT
from neurosym.decision.replay import Replayer
from neurosym.engine.model import Model
from neurosym.feel.types import type_text
from neurosym.judgment.answer import Answer, QuoteClaim
from neurosym.judgment.answer_value import MisfitError, is_allowed, read_value
from neurosym.judgment.attempt import Attempt, attempt_json
from neurosym.judgment.computations import COMPUTATIONS
from neurosym.judgment.configuration import Configuration, PersonTier
from neurosym.judgment.evidence import evidence_texts
from neurosym.judgment.identity import question_id
from neurosym.judgment.judge import Judge
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.judgment.review import Item, Review, latest_reviews, review_attempt
from neurosym.judgment.supplied import SUPPLIED
from neurosym.judgment.validation import Disposition, Examination, examine
from neurosym.program.judgment import Judgment, Parsed
from neurosym.text.diagnostic import Diagnostic, Report, Severity
from neurosym.text.failure import InputError, ReplayError
from neurosym.text.suggestion import did_you_mean
from neurosym.values.canonical import Digest, Json, canonical_bytes
from neurosym.values.encoding import wire
from neurosym.values.json_text import read_json
from neurosym.values.unknown import Question, Standing


def answer_question(
    log: Log, queue: ReviewQueue, question: str, value: str | None, quotes: Sequence[str], reason: str | None, by: str
) -> tuple[Decision, ...]:
    """The decisions made again because of the answer, each linked to the one before; none while more persons are
    wanted. The answer is durable in the log before the queue takes it and before anything is decided by it; given again
    after whatever interruption, it does what was left to do and nothing twice.

    A `value` of None says that the person cannot tell: the question stays unanswered, and nothing is decided again.

    An answer that was audited, and that the persons agree with, is not decided again.

    InputError: no such question, a value that it does not allow, a quote that its source does not hold, an answer that
    a check rejects, another person's question (NS620 to NS625). Failure when the log cannot give or take what is
    needed.
    """
    item = queue.item(question)
    decisions = list(log.decisions())
    made = [entry for entry in decisions if entry.decision in item.decisions]
    if not made:
        raise ReplayError(f"no decision in the log waits for the question {question}")
    asked = _case(log, made[0], item)
    review = Review(by, None if value is None else _value(asked.judgment, value), _claims(asked, quotes), reason)
    followed = {entry.previous for entry in decisions}
    newest = [entry for entry in made if entry.seq not in followed]
    waiting = [asked if entry is made[0] else _case(log, entry, item) for entry in newest]
    if not waiting:
        if review in latest_reviews(queue.reviews(question)):
            return ()  # all of it was done before
        raise ReplayError(f"no decision in the log waits for the question {question} any more")
    spoken = _spoken(log, queue, waiting, review)
    again = [each for each in waiting if _is_news(each, spoken[each.tier].examination)]
    return tuple(_successor(log, queue, each.entry, spoken[each.tier]) for each in again)


@dataclass(frozen=True, slots=True)
class _Case:
    """A decision and what it has to do with the question."""

    entry: Entry
    asked: Digest
    judgment: Judgment
    question: Question
    model: Model
    tier: str  # where the answer of persons comes in: their own tier, or before all others when another was accepted
    accepted: Answer | None  # what persons are to look at once more
    subjects: Subjects  # whose data are in it


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What the persons say together, as an entry of the log has it."""

    entry: Entry
    attempt: Attempt
    examination: Examination


def _spoken(log: Log, queue: ReviewQueue, cases: Sequence[_Case], review: Review) -> Mapping[str, _Spoken]:
    """What the persons of the round say together with this review, for each tier where that comes in: in the log
    first, then in the queue.

    The question is held meanwhile. Should somebody have spoken all the same, because that took longer than a claim
    holds, it is said again with what they said.
    """
    by_tier = {case.tier: case for case in cases}
    while True:
        said = latest_reviews((*queue.reviews(cases[0].asked), review))
        attempts = {tier: _attempt(case, said) for tier, case in by_tier.items()}
        examined = {tier: _examined(by_tier[tier], attempt) for tier, attempt in attempts.items()}
        if latest_reviews((*queue.hold(cases[0].asked, review), review)) != said:
            continue
        spoken = {
            tier: _Spoken(_logged(log, by_tier[tier], attempt, review.by, examined[tier]), attempt, examined[tier])
            for tier, attempt in attempts.items()
        }
        if latest_reviews(queue.answer(cases[0].asked, review)) == said:
            return spoken


def _attempt(case: _Case, said: Sequence[Review]) -> Attempt:
    return review_attempt(case.tier, case.judgment, case.question, said)


def _examined(case: _Case, attempt: Attempt) -> Examination:
    """The examination of what persons say; InputError NS624 when a check rejects it."""
    examination = examine(case.judgment, case.question, attempt, check_condition(case.model))
    if examination.disposition in (Disposition.FAILED, Disposition.REJECTED):
        raise InputError([_rejected(examination)])
    return examination


def _logged(log: Log, case: _Case, attempt: Attempt, by: str, examination: Examination) -> Entry:
    """The first entry that holds the attempt, made unless an interrupted answer has left it."""
    content = attempt_json(attempt)
    found = _entry_with(log, case, content)
    if found is not None:
        return found
    draft = Draft(
        kind=EntryKind.REVIEW,
        decision=case.entry.decision,
        actor=f"{by}{CLAIMED}",
        outcome=examination.disposition.value,
        payloads=((ATTEMPT, content),),
        subjects=case.subjects,
    )
    made = log.record(draft)
    return _entry_with(log, case, content) or made


def _entry_with(log: Log, case: _Case, content: bytes) -> Entry | None:
    reviews = (each for each in log.entries(case.entry.seq + 1) if each.kind is EntryKind.REVIEW)
    of_decision = (each for each in reviews if each.decision == case.entry.decision)
    return next((each for each in of_decision if log.content(each, ATTEMPT) == content), None)


def _is_news(case: _Case, examination: Examination) -> bool:
    """True when the decision is made again: persons have answered, and not what was accepted before."""
    answer = examination.answer
    return answer is not None and (case.accepted is None or answer.value != case.accepted.value)


def _case(log: Log, entry: Entry, item: Item) -> _Case:
    """The question as the log has it; ReplayError when no question of the decision has this id."""
    found = Replayer(log).executed(entry).deliberation
    assert found is not None
    for question, matter in found.matters.items():
        judgment = found.case.program.judgments[question.judgment]
        if question_id(judgment, question) != item.question:
            continue
        accepted = None if matter.standing is Standing.WAITING else matter.answer
        tier = item.tier if accepted is None else SUPPLIED
        of = found.case
        references = (*of.subject, *(each for _, each in question.args))
        subjects = DataSubjects(of.program).around(references, of.situation.facts)
        return _Case(entry, item.question, judgment, question, found.model, tier, accepted, subjects)
    raise ReplayError(f"the decision {entry.decision} has no question {item.question}: the queue is not the log's")


def _value(judgment: Judgment, text: str) -> Json:
    """The answer that a person wrote: a text as it is, that of a grammar too, everything else as JSON writes it."""
    answers = [wire(value) for value in judgment.answers]
    allowed = {value if isinstance(value, str) else canonical_bytes(value).decode(): value for value in answers}
    if not allowed:
        return _json(judgment, text)
    if text not in allowed:
        advice = did_you_mean(text, allowed) or f"one of: {', '.join(allowed)}"
        message = f"`{text}` is not an answer of `{judgment.name}`"
        raise InputError([Diagnostic("NS622", Severity.ERROR, message, help=advice)])
    return allowed[text]


def _json(judgment: Judgment, text: str) -> Json:
    report = Report()
    is_text = isinstance(judgment.returns, Parsed) and not text.lstrip().startswith("{")
    found = text if is_text else read_json(text.encode("utf-8"), "VALUE", report)
    try:
        value = None if report.has_errors else read_value(found, judgment.returns)
    except MisfitError as error:
        raise InputError([_no_answer(judgment, str(error))]) from error
    if value is None or not is_allowed(value, judgment.returns):
        raise InputError([_no_answer(judgment, "not one that it allows")])
    return found


def _no_answer(judgment: Judgment, complaint: str) -> Diagnostic:
    advice = f"write JSON of the type {type_text(judgment.type)}"
    return Diagnostic("NS622", Severity.ERROR, f"no answer of `{judgment.name}`: {complaint}", help=advice)


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


def _successor(log: Log, queue: ReviewQueue, entry: Entry, answer: _Spoken) -> Decision:
    """The decision made again with the answer; the one that is in the log already when it was made before."""
    replayer = Replayer(log)
    plan, ruleset, configuration = replayer.plan(entry)
    judge = Judge(_at_hand(configuration, queue), os.environ, COMPUTATIONS)
    recorded = [*replayer.effects(entry), (answer.entry.seq, answer.attempt)]
    engine = Engine(ruleset, log=log, judge=judge, actor="review")
    linked = Linked(entry.seq, *replayer.entries_used(entry), tuple(recorded))
    return engine.decide(
        plan.case.decision.name,
        plan.request,
        facts=plan.knowledge,
        on=plan.pinned,
        request_id=f"review {answer.entry.seq} of {entry.seq}",
        linked=linked,
    )


def _at_hand(configuration: Configuration, queue: ReviewQueue) -> Configuration:
    """The recorded tiers, with the queue where it lies now."""
    tiers = tuple(
        replace(tier, review=queue.address) if isinstance(tier, PersonTier) else tier for tier in configuration.tiers
    )
    return replace(configuration, tiers=tiers)
