"""Questions for persons: what a reviewer is shown, what a reviewer says, when enough persons have spoken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from neurosym.feel.types import type_text
from neurosym.judgment.acceptance import persons_wanted
from neurosym.judgment.answer import Kind, QuoteClaim
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.document import review_json, reviews_bytes, same_name
from neurosym.judgment.evidence import QUOTES_MAX
from neurosym.judgment.identity import question_id, request_id
from neurosym.judgment.poll import Heard
from neurosym.judgment.queue.term import CLAIM_MINUTES
from neurosym.judgment.tier import Request
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import Digest, Json, canonical_bytes
from neurosym.values.encoding import wire
from neurosym.values.unknown import Absent, Question
from neurosym.values.value import Value


class ItemKind(Enum):
    """Why a question stands in the queue."""

    QUESTION = "question"  # a decision waits for the answer
    AUDIT = "audit"  # a model's answer was accepted; a person looks at it all the same


@dataclass(frozen=True, slots=True)
class Statement:
    """What a tier said before with which quotes, and why that did not settle the question."""

    tier: str
    said: Json
    reason: str
    quotes: tuple[QuoteClaim, ...] = ()


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
    answers: tuple[Json, ...]  # as JSON writes them; none where they are not few
    persons: int
    earlier: tuple[Statement, ...] = ()
    decisions: tuple[str, ...] = ()  # those that wait for the answer, or whose answer is audited
    claimed_by: str | None = None
    claimed_until: str | None = None
    claim_minutes: int = CLAIM_MINUTES  # how long a claim holds
    assigned_to: str | None = None  # who alone may answer
    assigned_by: str | None = None
    due: str | None = None
    kind: ItemKind = ItemKind.QUESTION
    form: str | None = None  # the type of the answers, where they are not few

    def is_overdue(self, now: str) -> bool:
        """True when the deadline has gone by; the question can still be answered."""
        return self.due is not None and self.due < now


@dataclass(frozen=True, slots=True)
class Review:
    """What one person says, as JSON writes it; a `value` of None means that the person cannot tell."""

    by: str
    value: Json
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
        answers=tuple(wire(value) for value in judgment.answers),
        form=None if judgment.answers else type_text(judgment.type),
        persons=persons_wanted(judgment),
        earlier=tuple(_statement(each) for each in request.earlier),
        decisions=(request.decision,),
    )


def audit_item(tier: str, request: Request) -> Item:
    """The item that puts an accepted answer before persons; `request.earlier` ends with what was accepted."""
    return replace(review_item(tier, request), kind=ItemKind.AUDIT)


def latest_reviews(reviews: Sequence[Review]) -> tuple[Review, ...]:
    """The last review of each person, in the order in which the persons first spoke."""
    return tuple({same_name(review.by): review for review in reviews}.values())


def is_settled(reviews: Sequence[Review], persons: int) -> bool:
    """True when as many persons as wanted have answered, and the same."""
    latest = latest_reviews(reviews)
    return len(latest) >= persons and len({canonical_bytes(review.value) for review in latest}) == 1


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


def _statement(examination: Heard) -> Statement:
    claim = examination.claim
    if claim is None:
        return Statement(examination.tier, None, examination.reason)
    return Statement(examination.tier, wire(claim.value), examination.reason, claim.quotes[:QUOTES_MAX])


def _shown(value: Value | Absent) -> Json:
    return {"absent": True} if isinstance(value, Absent) else wire(value)
