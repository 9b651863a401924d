"""The examination of an attempt: what it says, whether it stands, whether it counts. Pure: replay repeats it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn, TypeAlias, assert_never

from neurosym.feel.typed import TypedExpr
from neurosym.judgment.acceptance import accept
from neurosym.judgment.answer import Answer, AnswerValue, Claim, Kind, Quote
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.chat_document import incomplete, is_model_asked, read_completion
from neurosym.judgment.document import DocumentError, read_computed_answer, read_model_answer, read_reviews
from neurosym.judgment.evidence import evidence_texts, find_quotes
from neurosym.judgment.identity import question_id
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import Json
from neurosym.values.unknown import Question
from neurosym.values.value import Truth, Value

# Whether a condition holds where these names have these values; the engine's evaluator, bound to the facts.
Holds: TypeAlias = Callable[[TypedExpr, Mapping[str, Value]], Truth]


class ValidationStep(Enum):
    """The steps of validation, in their order."""

    COMPLETE = "complete"
    MODEL = "model"
    SCHEMA = "schema"
    ALLOWED = "allowed values"
    EVIDENCE = "evidence"
    CHECK = "check"


class Disposition(Enum):
    """What became of an attempt."""

    FAILED = "failed"  # no whole response
    REJECTED = "rejected"  # a response that says nothing we may use
    ABSTAINED = "abstained"
    WITHHELD = "withheld"  # valid, and not accepted
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one step found, in our words and the author's; only the message of a failure can be the provider's."""

    step: ValidationStep
    passed: bool
    message: str

    @property
    def json(self) -> Json:
        """The verdict as logs write it."""
        return {"step": self.step.value, "passed": self.passed, "message": self.message}


@dataclass(frozen=True, slots=True)
class Examination:
    """An attempt, examined: `answer` is there exactly when it is accepted."""

    attempt: Attempt
    disposition: Disposition
    reason: str
    verdicts: tuple[Verdict, ...]
    claim: Claim | None = None
    quotes: tuple[Quote, ...] = ()
    answer: Answer | None = None

    @property
    def correction(self) -> str | None:
        """What a model is told when it may try again: our checker's message about a rejected answer."""
        return self.reason if self.disposition is Disposition.REJECTED else None

    @property
    def json(self) -> Json:
        """The examination as logs and explanations write it."""
        verdicts: list[Json] = [verdict.json for verdict in self.verdicts]
        return {
            "tier": self.attempt.tier,
            "kind": self.attempt.kind.value,
            "number": self.attempt.number,
            "disposition": self.disposition.value,
            "reason": self.reason,
            "said": None if self.claim is None else self.claim.value,
            "verdicts": verdicts,
            "answer": None if self.answer is None else self.answer.json,
        }


class _RefusalError(Exception):
    """A step was not passed: the examination ends here."""


class _Course:
    """The steps taken so far."""

    def __init__(self) -> None:
        self.verdicts: list[Verdict] = []
        self.claim: Claim | None = None

    def require(self, step: ValidationStep, complaint: str | None, praise: str) -> None:
        """Record the step; end the examination when there is a complaint."""
        if complaint is not None:
            self.refuse(step, complaint)
        self.verdicts.append(Verdict(step, passed=True, message=praise))

    def refuse(self, step: ValidationStep, complaint: str) -> NoReturn:
        """End the examination with the complaint."""
        self.verdicts.append(Verdict(step, passed=False, message=complaint))
        raise _RefusalError


def examine(judgment: Judgment, question: Question, attempt: Attempt, holds: Holds) -> Examination:
    """The examination of an attempt at a question; the same for the same arguments, whatever the bytes."""
    course = _Course()
    try:
        claim = _claim(judgment, question, attempt, course)
        if claim.value is None:
            reason = claim.reason or "says that it cannot tell"
            return Examination(attempt, Disposition.ABSTAINED, reason, tuple(course.verdicts), claim)
        quotes = _validated(judgment, question, claim, holds, course)
    except _RefusalError:
        last = course.verdicts[-1]
        disposition = Disposition.FAILED if last.step is ValidationStep.COMPLETE else Disposition.REJECTED
        return Examination(attempt, disposition, last.message, tuple(course.verdicts), course.claim)
    return _accepted(judgment, attempt, claim, quotes, tuple(course.verdicts))


def _claim(judgment: Judgment, question: Question, attempt: Attempt, course: _Course) -> Claim:
    response = b"" if attempt.response is None or attempt.failure else attempt.response
    course.require(ValidationStep.COMPLETE, _undelivered(judgment, question, attempt), "a response to this question")
    step = ValidationStep.COMPLETE
    try:
        if attempt.kind is Kind.MODEL:
            completion = read_completion(response)
            course.require(step, incomplete(completion), "finished, one choice")
            stranger = None if is_model_asked(attempt.model, completion.model) else "not the model that was asked"
            course.require(ValidationStep.MODEL, stranger, "the model that was asked")
            response = (completion.content or "").encode("utf-8")
        step = ValidationStep.SCHEMA
        claim = _read(judgment, attempt.kind, response)
    except DocumentError as error:
        course.refuse(step, str(error))
    course.require(step, None, "the members of the schema")
    course.claim = claim
    return claim


def _undelivered(judgment: Judgment, question: Question, attempt: Attempt) -> str | None:
    if attempt.failure:
        return attempt.failure
    if attempt.response is None:
        return "there is no response"
    return None if attempt.question == question_id(judgment, question) else "it is about another question"


def _read(judgment: Judgment, kind: Kind, response: bytes) -> Claim:
    match kind:
        case Kind.MODEL:
            return read_model_answer(response, judgment)
        case Kind.COMPUTED:
            return read_computed_answer(response)
        case Kind.PERSON | Kind.SUPPLIED:
            return read_reviews(response)
        case _:
            assert_never(kind)


def _validated(
    judgment: Judgment, question: Question, claim: Claim, holds: Holds, course: _Course
) -> tuple[Quote, ...]:
    allowed = [(type(value), value) for value in judgment.answers]
    complaint = None if (type(claim.value), claim.value) in allowed else "not one of the allowed answers"
    course.require(ValidationStep.ALLOWED, complaint, "one of the allowed answers")
    found = find_quotes(claim.quotes, evidence_texts(judgment, question))
    quotes = () if isinstance(found, str) else found
    forms = sorted({quote.form.value for quote in quotes})
    praise = f"{len(quotes)} quotes stand in their sources" + (f" ({', '.join(forms)})" if forms else "")
    course.require(ValidationStep.EVIDENCE, found if isinstance(found, str) else None, praise)
    environment = _environment(question, claim.value, quotes)
    for check in judgment.checks:
        complaint = None if holds(check.condition, environment) is True else f"the check `{check.label}` does not hold"
        course.require(ValidationStep.CHECK, complaint, f"the check `{check.label}` holds")
    return quotes


def _environment(question: Question, value: AnswerValue | None, quotes: tuple[Quote, ...]) -> dict[str, Value]:
    arguments: dict[str, Value] = dict(question.args)
    return {**arguments, "answer": value, "quotes": tuple(quote.record for quote in quotes)}


def _accepted(
    judgment: Judgment, attempt: Attempt, claim: Claim, quotes: tuple[Quote, ...], verdicts: tuple[Verdict, ...]
) -> Examination:
    acceptance = accept(judgment, attempt.kind, claim)
    answer = None
    if acceptance.accepted and claim.value is not None:
        answer = Answer(claim.value, quotes, attempt.tier, attempt.kind, claim.by, acceptance.calibrated)
    disposition = Disposition.WITHHELD if answer is None else Disposition.ACCEPTED
    return Examination(attempt, disposition, acceptance.reason, verdicts, claim, quotes, answer)
