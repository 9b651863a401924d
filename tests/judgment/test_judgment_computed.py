import json
from dataclasses import replace
from datetime import date

from neurosym.feel.types import Choice
from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.configuration import ComputedTier
from neurosym.judgment.validation import Disposition, Examination
from neurosym.matching.version import matcher_versions
from neurosym.program.judgment import Judgment
from neurosym.values.unknown import ABSENT, Question
from tests.judgment.case import JUDGMENT, YES_OR_NO, adverse_question, inquiry, judge, question


def compute(judgment: Judgment = JUDGMENT, asked: Question | None = None) -> Examination:
    recorded: list[Attempt] = []
    found = judge(ComputedTier("local")).ask("local", inquiry(judgment, asked), recorded.append)
    assert isinstance(found, Examination)
    assert recorded == [found.attempt]
    return found


def test_the_same_birth_date_in_the_remarks_is_the_same_person() -> None:
    answer = compute().answer
    assert answer is not None
    assert (answer.value, answer.kind, answer.counts_as_calibrated) == ("same", Kind.COMPUTED, True)
    assert [(quote.field, quote.start, quote.text) for quote in answer.quotes] == [
        ("entry.remarks", 0, "DOB 02 Mar 1971")
    ]


def test_births_far_apart_are_different_persons() -> None:
    answer = compute(asked=question(remarks="DOB 12 Jan 1950", born=date(1950, 1, 12))).answer
    assert answer is not None
    assert answer.value == "different"


def test_what_cannot_be_shown_is_an_abstention_with_the_reason() -> None:
    found = compute(asked=question(remarks="Passport A1234567"))
    assert found.disposition is Disposition.ABSTAINED
    assert "birth date" in found.reason


def test_the_features_are_part_of_the_response() -> None:
    response = compute().attempt.response
    assert response is not None
    features = json.loads(response)["features"]
    assert {feature["name"] for feature in features} == {"name", "born"}


def test_the_versions_of_the_matcher_are_part_of_the_request() -> None:
    found, other = compute(), compute(asked=question(remarks="x"))
    assert dict(found.attempt.parameters) == matcher_versions()
    assert found.attempt.model == "same_person/1"
    assert found.attempt.request_id != other.attempt.request_id


def test_a_judgment_without_a_computation_is_not_answered() -> None:
    found = compute(YES_OR_NO, adverse_question())
    assert found.disposition is Disposition.ABSTAINED
    assert "`adverse`" in found.reason


def test_a_judgment_with_other_arguments_is_not_answered() -> None:
    asked = question()
    other = Question(asked.judgment, asked.args, tuple((f"x{path}", value) for path, value in asked.content))
    assert compute(asked=other).disposition is Disposition.ABSTAINED


def test_a_name_that_nobody_supplied_is_not_compared() -> None:
    asked = question()
    nameless = tuple((path, ABSENT if path == "customer.name" else value) for path, value in asked.content)
    assert compute(asked=Question(asked.judgment, asked.args, nameless)).disposition is Disposition.ABSTAINED


def test_an_answer_that_the_judgment_does_not_have_is_not_given() -> None:
    other = replace(JUDGMENT, returns=Choice(("yes", "no")), checks=())
    assert compute(other).disposition is Disposition.ABSTAINED


def test_a_computed_answer_meets_the_checks_and_the_evidence_too() -> None:
    blind = replace(JUDGMENT, evidence=())
    assert compute(blind).disposition is Disposition.REJECTED
