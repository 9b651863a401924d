"""The examination of an attempt: what it says, whether it stands, whether it counts. Pure: replay repeats it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal, NoReturn, TypeAlias

from neurosym.feel.typed import TypedExpr
from neurosym.judgment.acceptance import NO_TRUST, Acceptance, Trust, accept
from neurosym.judgment.answer import Answer, AnswerValue, Claim, Kind, Quote
from neurosym.judgment.answer_value import free_texts, is_allowed, with_texts
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.calibration.artefact import CalibrationKey
from neurosym.judgment.completion import attempt_completion, is_model_asked
from neurosym.judgment.document import DocumentError, UngrammaticalError, read_computed_answer, read_reviews
from neurosym.judgment.evidence import evidence_texts, find_evidence
from neurosym.judgment.identity import judgment_digest, question_id
from neurosym.judgment.local.local_answer import DIALECT, local_claim, read_local_answer
from neurosym.judgment.model_claim import read_model_claim
from neurosym.program.judgment import Judgment, Parsed
from neurosym.values.canonical import Json
from neurosym.values.encoding import wire
from neurosym.values.unknown import Question
from neurosym.values.value import Truth, Value

# Whether a condition holds where these names have these values; the engine's evaluator, bound to the facts.
Holds: TypeAlias = Callable[[TypedExpr, Mapping[str, Value]], Truth]


class ValidationStep(Enum):
    """The steps of validation, in their order."""

    COMPLETE = "complete"
    MODEL = "model"
    GRAMMAR = "grammar"
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
    def tier(self) -> str:
        """The tier that was asked."""
        return self.attempt.tier

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
            "said": None if self.claim is None else wire(self.claim.value),
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


@dataclass(frozen=True, slots=True)
class Asking:
    """How a tier was asked, as far as its answer depends on it. What was in disguise is put back by `restored`."""

    is_voice: bool = False  # one of several, whose answer counts only together with theirs
    restored: Callable[[str], str] | None = None
    trust: Trust = NO_TRUST


PLAINLY = Asking()


def examine(
    judgment: Judgment, question: Question, attempt: Attempt, holds: Holds, asking: Asking = PLAINLY
) -> Examination:
    """The examination of an attempt at a question; the same for the same arguments, whatever the bytes."""
    course = _Course()
    try:
        claim = _restored(_claim(judgment, question, attempt, course), judgment, asking)
        course.claim = claim
        if claim.value is None:
            reason = claim.reason or "says that it cannot tell"
            return Examination(attempt, Disposition.ABSTAINED, reason, tuple(course.verdicts), claim)
        quotes = _validated(judgment, question, claim, holds, course)
    except _RefusalError:
        last = course.verdicts[-1]
        disposition = Disposition.FAILED if last.step is ValidationStep.COMPLETE else Disposition.REJECTED
        return Examination(attempt, disposition, last.message, tuple(course.verdicts), course.claim)
    verdicts = tuple(course.verdicts)
    if asking.is_voice:
        return Examination(attempt, Disposition.WITHHELD, "one voice of several", verdicts, claim, quotes)
    return _accepted(judgment, attempt, claim, quotes, verdicts, asking.trust)


def _claim(judgment: Judgment, question: Question, attempt: Attempt, course: _Course) -> Claim:
    course.require(ValidationStep.COMPLETE, _undelivered(judgment, question, attempt), "a response to this question")
    step = ValidationStep.COMPLETE
    try:
        if attempt.kind is Kind.MODEL and attempt.dialect == DIALECT:
            found = read_local_answer(attempt.response or b"")
            stranger = None if found.model == attempt.model else "not the model that was asked"
            course.require(ValidationStep.MODEL, stranger, "the model that was asked")
            step = ValidationStep.SCHEMA
            claim = local_claim(found, judgment)
        elif attempt.kind is Kind.MODEL:
            completion = attempt_completion(attempt)
            course.require(step, completion.complaint, "finished, one choice")
            stranger = None if is_model_asked(attempt.model, completion.model) else "not the model that was asked"
            course.require(ValidationStep.MODEL, stranger, "the model that was asked")
            step = ValidationStep.SCHEMA
            claim = read_model_claim(judgment, attempt, completion)
        else:
            step = ValidationStep.SCHEMA
            claim = _read(judgment, attempt.kind, attempt.response or b"")
    except UngrammaticalError as error:
        course.refuse(ValidationStep.GRAMMAR, str(error))
    except DocumentError as error:
        course.refuse(step, str(error))
    if isinstance(judgment.returns, Parsed) and attempt.kind is Kind.MODEL and claim.value is not None:
        course.require(ValidationStep.GRAMMAR, None, f"a text of the grammar `{judgment.returns.grammar}`")
    course.require(step, None, "the members of the schema")
    return claim


def _restored(claim: Claim, judgment: Judgment, asking: Asking) -> Claim:
    """The claim with what its texts stood for, where the tier saw them in disguise."""
    if asking.restored is None or claim.value is None:
        return claim
    quotes = tuple(replace(quote, text=asking.restored(quote.text)) for quote in claim.quotes)
    return replace(claim, value=with_texts(claim.value, judgment.type, asking.restored), quotes=quotes)


def _undelivered(judgment: Judgment, question: Question, attempt: Attempt) -> str | None:
    if attempt.failure:
        return attempt.failure
    if attempt.response is None:
        return "there is no response"
    return None if attempt.question == question_id(judgment, question) else "it is about another question"


def _read(judgment: Judgment, kind: Literal[Kind.COMPUTED, Kind.PERSON, Kind.SUPPLIED], response: bytes) -> Claim:
    return read_computed_answer(response, judgment) if kind is Kind.COMPUTED else read_reviews(response, judgment)


def _validated(
    judgment: Judgment, question: Question, claim: Claim, holds: Holds, course: _Course
) -> tuple[Quote, ...]:
    complaint = None if is_allowed(claim.value, judgment.returns) else "not one of the allowed answers"
    course.require(ValidationStep.ALLOWED, complaint, "one of the allowed answers")
    found = find_evidence(claim.quotes, [*free_texts(claim.value, judgment.type)], evidence_texts(judgment, question))
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
    judgment: Judgment,
    attempt: Attempt,
    claim: Claim,
    quotes: tuple[Quote, ...],
    verdicts: tuple[Verdict, ...],
    trust: Trust,
) -> Examination:
    acceptance = accept(judgment, attempt.kind, claim, calibration_key(judgment, attempt), trust)
    answer = None
    if acceptance.accepted and claim.value is not None:
        answer = answered(claim, quotes, attempt.tier, attempt, acceptance)
    disposition = Disposition.WITHHELD if answer is None else Disposition.ACCEPTED
    return Examination(attempt, disposition, acceptance.reason, verdicts, claim, quotes, answer)


def answered(claim: Claim, quotes: tuple[Quote, ...], tier: str, attempt: Attempt, acceptance: Acceptance) -> Answer:
    """The accepted answer of a tier, first given in an attempt."""
    assert claim.value is not None
    return Answer(
        claim.value,
        quotes,
        tier,
        attempt.kind,
        claim.by,
        calibrated=acceptance.artefact is not None,
        artefact=acceptance.artefact,
        reused_from=attempt.reused_from,
    )


def calibration_key(judgment: Judgment, attempt: Attempt) -> CalibrationKey | None:
    """What a calibration of the attempt's answers is known by; None where it does not say how it was asked."""
    if attempt.template is None or attempt.model is None:
        return None
    return CalibrationKey(judgment_digest(judgment), attempt.template, attempt.model, attempt.tier)
