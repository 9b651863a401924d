"""Questions for persons: what a reviewer is shown, what a reviewer says, when enough persons have spoken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.judgment.acceptance import persons_wanted
from neurosym.judgment.answer import AnswerValue, Kind, QuoteClaim
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.document import review_json, reviews_bytes, same_name
from neurosym.judgment.identity import question_id, request_id
from neurosym.judgment.tier import Request
from neurosym.judgment.validation import Examination
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import Digest, Json, canonical_bytes
from neurosym.values.encoding import wire
from neurosym.values.unknown import Absent, Question
from neurosym.values.value import Value


@dataclass(frozen=True, slots=True)
class Statement:
    """What a tier said before, and why that did not settle the question."""

    tier: str
    said: AnswerValue | None
    reason: str


@dataclass(frozen=True, slots=True)
class Item:
    """A question in the queue, as a reviewer sees it."""

    question: Digest
    tier: str
    judgment: str
    ask: str
    args: tuple[tuple[str, Json], ...]
    content: tuple[tuple[str, Json], ...]
    evidence: tuple[str, ...]
    answers: tuple[AnswerValue, ...]
    persons: int
    earlier: tuple[Statement, ...] = ()
    decisions: tuple[str, ...] = ()  # those that wait for the answer
    claimed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """What one person says; a `value` of None means that the person cannot tell."""

    by: str
    value: AnswerValue | None
    quotes: tuple[QuoteClaim, ...] = ()
    reason: str | None = None


def review_item(tier: str, request: Request) -> Item:
    """The item that puts the request's question before persons."""
    judgment, question = request.judgment, request.question
    return Item(
        question=request.id,
        tier=tier,
        judgment=judgment.name,
        ask=judgment.ask,
        args=tuple((name, wire(argument)) for name, argument in question.args),
        content=tuple((path, _shown(value)) for path, value in question.content),
        evidence=tuple(f"{argument}.{name}" for argument, name in judgment.evidence),
        answers=judgment.answers,
        persons=persons_wanted(judgment),
        earlier=tuple(_statement(each) for each in request.earlier),
        decisions=(request.decision,),
    )


def latest_reviews(reviews: Sequence[Review]) -> tuple[Review, ...]:
    """The last review of each person, in the order in which the persons first spoke."""
    return tuple({same_name(review.by): review for review in reviews}.values())


def is_settled(reviews: Sequence[Review], persons: int) -> bool:
    """True when as many persons as wanted have answered, and the same."""
    latest = latest_reviews(reviews)
    return len(latest) >= persons and len({(type(review.value), review.value) for review in latest}) == 1


def review_attempt(tier: str, judgment: Judgment, question: Question, reviews: Sequence[Review]) -> Attempt:
    """The attempt that the latest answers of the persons are; it is examined like any other."""
    return persons_attempt(tier, Kind.PERSON, judgment, question, latest_reviews(reviews))


def persons_attempt(
    tier: str, kind: Kind, judgment: Judgment, question: Question, reviews: Sequence[Review]
) -> Attempt:
    """The attempt of a tier whose answers carry names."""
    asked = question_id(judgment, question)
    said = [review_json(review.by, review.value, review.quotes, review.reason) for review in reviews]
    return Attempt(
        question=asked,
        request_id=request_id(asked, tier, None, None, ()),
        tier=tier,
        kind=kind,
        number=1,
        request=canonical_bytes({"question": asked}),
        response=reviews_bytes(said),
    )


def _statement(examination: Examination) -> Statement:
    said = None if examination.claim is None else examination.claim.value
    return Statement(examination.attempt.tier, said, examination.reason)


def _shown(value: Value | Absent) -> Json:
    return {"absent": True} if isinstance(value, Absent) else wire(value)
