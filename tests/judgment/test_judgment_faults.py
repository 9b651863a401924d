"""The fault table: whatever an endpoint does, in whatever dialect, there is a record, a verdict, and no answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neurosym.judgment.attempt import attempt_json, read_attempt
from neurosym.judgment.completions.envelope import RESPONSE_BYTES_MAX
from neurosym.judgment.dialect import Dialect
from neurosym.judgment.validation import Disposition, ValidationStep
from neurosym.program.judgment import Judgment
from neurosym.testing.endpoint import Endpoint, Misbehaviour, misbehaviours, nobody
from tests.judgment.asking import (
    ADVERSE,
    CHOICE,
    RATING,
    answered,
    attempts,
    looked_at,
    patience_ms,
    request,
    shown,
    tier_at,
)

NOT_WHOLE = (ValidationStep.COMPLETE, "cut off")
MALFORMED = (ValidationStep.COMPLETE, "the response is no ")
# What the last verdict says, whatever the dialect.
TABLE: dict[Misbehaviour, tuple[ValidationStep, str]] = {
    Misbehaviour.TRUNCATE: NOT_WHOLE,
    Misbehaviour.UNFINISHED: (ValidationStep.COMPLETE, "did not finish"),
    Misbehaviour.REFUSE: (ValidationStep.COMPLETE, "refused"),
    Misbehaviour.FILTER: (ValidationStep.COMPLETE, "refused"),
    Misbehaviour.SCHEMA: (ValidationStep.SCHEMA, "members of the schema"),
    Misbehaviour.ANSWER: (ValidationStep.ALLOWED, "not one of the allowed answers"),
    Misbehaviour.QUOTE: (ValidationStep.EVIDENCE, "does not stand in `entry.remarks`"),
    Misbehaviour.DUPLICATE: (ValidationStep.SCHEMA, "stands twice"),
    Misbehaviour.FENCE: (ValidationStep.SCHEMA, "not one JSON document"),
    Misbehaviour.TWICE: (ValidationStep.COMPLETE, "2 "),
    Misbehaviour.MISSING: (ValidationStep.COMPLETE, "answer"),
    Misbehaviour.UNCALLED: (ValidationStep.COMPLETE, "the tool was called 0 times"),
    Misbehaviour.STRANGER: (ValidationStep.COMPLETE, "another tool was called"),
    Misbehaviour.SUM: (ValidationStep.SCHEMA, "do not add up to 1"),
    Misbehaviour.BEYOND: (ValidationStep.SCHEMA, "not between 0 and 1"),
    Misbehaviour.FOREIGN: (ValidationStep.SCHEMA, "not those of exactly the allowed answers"),
    Misbehaviour.CONTRARY: (ValidationStep.SCHEMA, "not the most probable one"),
    Misbehaviour.MODEL: (ValidationStep.MODEL, "not the model"),
    Misbehaviour.GARBAGE: MALFORMED,
    Misbehaviour.NAN: MALFORMED,
    Misbehaviour.DEEP: MALFORMED,
    Misbehaviour.HALF: MALFORMED,
    Misbehaviour.PAGE: MALFORMED,
    Misbehaviour.HUGE: (ValidationStep.COMPLETE, f"larger than {RESPONSE_BYTES_MAX} bytes"),
    Misbehaviour.COMPRESSED: (ValidationStep.COMPLETE, "compressed"),
    Misbehaviour.ECHO: (ValidationStep.COMPLETE, "status 401"),
    Misbehaviour.STATUS_400: (ValidationStep.COMPLETE, "status 400"),
    Misbehaviour.STATUS_404: (ValidationStep.COMPLETE, "status 404"),
    Misbehaviour.STATUS_422: (ValidationStep.COMPLETE, "status 422"),
    Misbehaviour.STATUS_429: (ValidationStep.COMPLETE, "status 429"),
    Misbehaviour.STATUS_500: (ValidationStep.COMPLETE, "status 500"),
    Misbehaviour.REDIRECT: (ValidationStep.COMPLETE, "status 307"),
    Misbehaviour.STALL: (ValidationStep.COMPLETE, "no answer within 200 ms"),
    Misbehaviour.TRICKLE: (ValidationStep.COMPLETE, "no answer within 200 ms"),
    Misbehaviour.DROP: (ValidationStep.COMPLETE, "no connection"),
}
CASES = [(dialect, each) for dialect in Dialect for each in misbehaviours(dialect)]


def test_every_misbehaviour_is_in_the_table() -> None:
    assert {*TABLE, Misbehaviour.NONE, Misbehaviour.ORDER} == set(Misbehaviour)
    assert {each for _, each in CASES} == set(TABLE)


@pytest.mark.parametrize(("dialect", "misbehaviour"), CASES, ids=[f"{a.value} {b.value}" for a, b in CASES])
def test_a_misbehaving_provider_leaves_a_record_and_no_answer(dialect: Dialect, misbehaviour: Misbehaviour) -> None:
    with Endpoint(misbehaviour, respond=shown) as endpoint:
        found = answered(tier_at(endpoint.base_url, dialect, patience_ms(misbehaviour.value)))
        assert len(endpoint.calls) == 1
    step, reason = TABLE[misbehaviour]
    assert found.answer is None
    assert found.verdicts[-1].step is step
    assert reason in found.reason
    assert found.attempt.request == endpoint.calls[0].body
    assert found.attempt.dialect == dialect.value
    again = looked_at(CHOICE, read_attempt(attempt_json(found.attempt)))
    assert (again.disposition, again.reason, again.verdicts) == (found.disposition, found.reason, found.verdicts)


@pytest.mark.parametrize("dialect", Dialect)
def test_an_endpoint_that_is_down_is_a_failure(dialect: Dialect) -> None:
    with nobody() as base_url:
        found = answered(tier_at(base_url, dialect))
    assert found.disposition is Disposition.FAILED
    assert "no connection" in found.reason


@pytest.mark.parametrize("judgment", [CHOICE, ADVERSE, RATING], ids=lambda each: each.name)
@pytest.mark.parametrize("dialect", Dialect)
def test_a_good_answer_is_accepted_in_every_dialect(dialect: Dialect, judgment: Judgment) -> None:
    with Endpoint(respond=shown) as endpoint:
        found = answered(tier_at(endpoint.base_url, dialect), judgment)
        assert endpoint.calls[0].dialect is dialect
    assert found.disposition is Disposition.ACCEPTED, found.reason
    assert found.attempt.model_returned == "m"
    assert found.attempt.usage is not None


@pytest.mark.parametrize("judgment", [ADVERSE, RATING], ids=lambda each: each.name)
@pytest.mark.parametrize("misbehaviour", [Misbehaviour.SUM, Misbehaviour.BEYOND, Misbehaviour.FOREIGN])
def test_probabilities_that_are_none_are_refused_for_every_kind(misbehaviour: Misbehaviour, judgment: Judgment) -> None:
    with Endpoint(misbehaviour, respond=shown) as endpoint:
        found = answered(tier_at(endpoint.base_url, Dialect.DECISIONS), judgment)
    assert found.disposition is Disposition.REJECTED
    assert "probabilit" in found.reason


# A predicate names no choice that its probabilities could contradict.
AT_BOTH = {dialect: {*misbehaviours(dialect, parts=2)} - {Misbehaviour.CONTRARY} for dialect in Dialect}
TOGETHER = [(dialect, each) for dialect in Dialect for each in Misbehaviour if each in AT_BOTH[dialect]]


@pytest.mark.parametrize(("dialect", "misbehaviour"), TOGETHER, ids=[f"{a.value} {b.value}" for a, b in TOGETHER])
def test_neither_of_two_questions_gets_an_answer_out_of_a_bad_response(
    dialect: Dialect, misbehaviour: Misbehaviour
) -> None:
    judgments = (CHOICE, ADVERSE)
    with Endpoint(misbehaviour, respond=shown) as endpoint:
        tier = replace(tier_at(endpoint.base_url, dialect, patience_ms(misbehaviour.value)), batch=2)
        several = attempts(tier, *map(request, judgments))
        assert len(endpoint.calls) == 1
    assert [(each.part, each.parts) for each in several] == [(0, 2), (1, 2)]
    for judgment, attempt in zip(judgments, several, strict=True):
        found = looked_at(judgment, attempt)
        assert found.answer is None
        assert found.verdicts[-1].passed is False
