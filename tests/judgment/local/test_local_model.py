"""What a local model answers: exact probabilities, with what they rest on, and never beyond the allowed answers."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.feel.types import Basic, RecordOf
from neurosym.judgment.configuration import LocalTier
from neurosym.judgment.document import DocumentError
from neurosym.judgment.local.feature import typed_features
from neurosym.judgment.local.head import read_head
from neurosym.judgment.local.local_answer import LocalAnswer, local_claim, read_local_answer
from neurosym.judgment.local.opening import LocalModels, check_local_tier
from neurosym.judgment.local.probability import exact, softmax
from neurosym.judgment.local.training import Taught, enough, train
from neurosym.judgment.local.trial import Trial, by_majority, by_model, is_held_out, tried
from neurosym.program.judgment import Score
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError
from neurosym.values.number import Number
from tests.judgment.local.opened import FEATURES, TIER, opened, remembering, same_person, taught, trained


def test_the_same_question_gives_the_same_bytes() -> None:
    question = taught(20)[0].question
    assert opened().answer(same_person(), question).content == opened().answer(same_person(), question).content


def test_an_answer_shows_its_features_and_how_much_it_read() -> None:
    answer = opened().answer(same_person(), taught(20)[0].question)
    assert [name for name, _ in answer.features] == ["names", "born"]
    assert [name for name, *_ in answer.texts] == ["all", "customer", "entry"]
    assert [said for said, _ in answer.probabilities] == ["same", "different", "unclear"]
    assert read_local_answer(answer.content) == answer


def test_the_confidence_is_the_greatest_probability_rounded_down() -> None:
    shares: tuple[tuple[str, Number], ...] = (
        ("same", Decimal("0.509999")),
        ("different", Decimal("0.490001")),
        ("unclear", 0),
    )
    claim = local_claim(LocalAnswer("m", shares), same_person())
    assert (claim.value, claim.confidence) == ("same", Decimal("0.5"))
    half: tuple[tuple[str, Number], ...] = (("same", Decimal("0.5")), ("different", Decimal("0.5")), ("unclear", 0))
    assert local_claim(LocalAnswer("m", half), same_person()).value is None


@pytest.mark.parametrize(
    "shares",
    [
        [["same", "0.6"], ["different", "0.3"]],  # one is missing
        [["different", "0.6"], ["same", "0.3"], ["unclear", "0.1"]],  # in another order
        [["same", "0.6"], ["different", "0.3"], ["unclear", "0.2"]],  # 1.1
        [["same", "1.5"], ["different", "-0.5"], ["unclear", "0"]],
        [["same", "NaN"], ["different", "0"], ["unclear", "1"]],
        [["same", 1], ["different", "0"], ["unclear", "0"]],
        [["certainly", "1"], ["different", "0"], ["unclear", "0"]],
    ],
)
def test_probabilities_that_are_none_are_refused(shares: list[object]) -> None:
    document = json.loads(opened().answer(same_person(), taught(20)[0].question).content)
    with pytest.raises(DocumentError):
        local_claim(read_local_answer(json.dumps({**document, "probabilities": shares}).encode()), same_person())


@given(
    st.lists(st.floats(-1e6, 1e6) | st.just(-math.inf), min_size=2, max_size=20).filter(
        lambda each: max(each) > -math.inf
    )
)
def test_probabilities_add_up_to_exactly_one_and_keep_their_order(scores: list[float]) -> None:
    shares = exact(softmax(scores))
    assert sum(map(Decimal, shares)) == 1
    assert all(0 <= share <= 1 for share in shares)
    likely = softmax(scores)
    for left, right in combinations(range(len(scores)), 2):
        if likely[left] < likely[right]:
            assert shares[left] <= shares[right]


@pytest.mark.parametrize("scores", [[0.0, 0.0, 0.0], [-1e-64, 0.0, 0.0], [2.0, 2.0, -1.0], [1e-9, 0.0, -5.0]])
def test_equal_scores_are_no_answer(scores: list[float]) -> None:
    shares = tuple(zip(same_person().answers, exact(softmax(scores)), strict=True))
    assert local_claim(LocalAnswer("m", shares), same_person()).value is None


def test_a_judgment_without_a_closed_list_is_not_answered() -> None:
    open_judgment = replace(same_person(), returns=RecordOf((("who", Basic.TEXT),)))
    answer = opened().answer(open_judgment, taught(20)[0].question)
    assert answer.probabilities == ()
    assert local_claim(answer, open_judgment).value is None


def test_a_score_and_a_yes_are_answered_too() -> None:
    for returns in (Score(0, 3), Basic.BOOLEAN):
        judgment = replace(same_person(), returns=returns, examples=())
        claim = local_claim(opened().answer(judgment, taught(20)[0].question), judgment)
        assert claim.value in judgment.answers


def test_what_is_not_known_is_no_feature() -> None:
    without = next(
        case for case in taught(60) if dict(opened().answer(same_person(), case.question).features)["born"] is None
    )
    numbers = opened().inputs(same_person(), without.question).numbers
    assert numbers[-2:] == (0.0, 1.0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("customer.name", "NS675"),
        ("customer.nothing = 1", "NS203"),
        ("nobody.name = 1", "NS201"),
        ("customer.name =", None),
        ("count(x for x: Owns)", None),
        ('same_person(customer, entry) = "same"', None),
    ],
)
def test_a_feature_sees_the_fields_of_the_judgment_and_nothing_else(text: str, code: str | None) -> None:
    report = Report()
    assert typed_features(same_person(), (("it", text),), "embedded", report) == ()
    assert report.has_errors
    if code is not None:
        assert [found.code for found in report.diagnostics] == [code]


def test_a_feature_that_does_not_fit_is_said_when_the_engine_starts() -> None:
    report = Report()
    check_local_tier(same_person(), replace(TIER, features=(("it", "customer.name"),)), Path(), report)
    assert [found.code for found in report.diagnostics] == ["NS675"]


# --- learning


def test_what_is_learnt_does_not_depend_on_the_order_of_the_cases() -> None:
    cases = taught(48)
    first, second = train(same_person(), remembering(), cases), train(same_person(), opened(), cases[::-1])
    assert first.content == second.content
    assert first.cases == len(cases)


def test_a_head_is_read_as_it_was_written_and_a_changed_byte_is_noticed() -> None:
    head = trained(48)
    report = Report()
    assert read_head(head.content, "head.json", report) == head
    assert not report.has_errors
    weight = repr(head.weights[0][0])
    for changed in (
        head.content.replace(weight.encode(), b"0.5", 1),
        head.content.replace(head.learnt_from[0].encode(), b"0" * 16),
        head.content[:-10],
        b"{}",
        head.content.replace(b'"v":1', b'"v":1,"v":1'),
    ):
        report = Report()
        assert read_head(changed, "head.json", report) is None
        assert [found.code for found in report.diagnostics] == ["NS673"]


@pytest.mark.parametrize(
    "change",
    [
        {"judgment": "adverse"},
        {"encoder": "sha256:" + "0" * 64},
        {"features": ()},
        {"reads": ("customer.name",)},
        {"answers": ("same", "different", "perhaps")},
    ],
)
def test_a_head_for_something_else_is_not_used(tmp_path: Path, change: dict[str, object]) -> None:
    head = replace(trained(48), **change)  # type: ignore[arg-type]
    (tmp_path / "head.json").write_bytes(head.content)
    report = Report()
    check_local_tier(same_person(), replace(TIER, artefact="head.json"), tmp_path, report, LocalModels())
    assert [found.code for found in report.diagnostics] == ["NS674"]


def test_a_head_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        LocalModels().opened(LocalTier("embedded", TIER.directory, artefact="nowhere.json"), tmp_path)
    assert [found.code for found in caught.value.diagnostics] == ["NS673"]


def test_a_trained_model_has_another_name_and_another_template(tmp_path: Path) -> None:
    head = trained(48)
    (tmp_path / "head.json").write_bytes(head.content)
    learnt = LocalModels().opened(replace(TIER, artefact="head.json"), tmp_path)
    assert learnt.name.startswith(f"{opened().name}+same_person/")
    assert learnt.template(same_person()) != opened().template(same_person())


def test_an_answer_that_no_case_had_is_never_given() -> None:
    cases = [case for case in taught(120) if case.answer != "unclear"]
    head = train(same_person(), remembering(), cases)
    assert head.answers == ("same", "different")
    answer = replace(remembering(), head=head).answer(same_person(), taught(120)[2].question)
    assert answer.probabilities[2] == ("unclear", 0)


def test_too_few_cases_and_cases_of_one_answer_teach_nothing() -> None:
    assert enough(same_person(), taught(40)) is None
    assert enough(same_person(), taught(40)[:9]) is not None
    alike = [Taught(case.id, case.question, "same") for case in taught(40)]
    complaint = enough(same_person(), alike)
    assert complaint is not None
    with pytest.raises(ValueError, match="same answer"):
        train(same_person(), opened(), alike)


def test_about_one_case_in_four_is_held_out_whatever_its_label() -> None:
    held = [case for case in taught(400) if is_held_out(case.id)]
    assert 70 <= len(held) <= 130
    assert [is_held_out(case.id) for case in taught(400)] == [is_held_out(case.id) for case in taught(400)]


def test_a_trial_counts_what_was_right_with_the_interval_of_clopper_and_pearson() -> None:
    # 81 of 263 at 95 percent: 0.2527 to 0.3676 (Newcombe, Statistics in Medicine 17 (1998), table I, method 5).
    trial = Trial("it", (("same", "same", 81), ("same", None, 182)))
    assert (trial.right, trial.of) == (81, 263)
    low, high = (Decimal(each) for each in trial.interval)
    assert (round(low, 4), round(high, 4)) == (Decimal("0.2527"), Decimal("0.3676"))
    assert Trial("none", ()).accuracy == 0


def test_a_trial_of_a_model_and_of_the_majority() -> None:
    cases = taught(40)
    found = tried("model", same_person(), cases, by_model(same_person(), remembering()))
    baseline = tried("majority", same_person(), cases, by_majority(same_person(), cases))
    assert found.of == baseline.of == len(cases)
    assert baseline.right == max(sum(case.answer == answer for case in cases) for answer in same_person().answers)


def test_features_are_shown_exactly() -> None:
    shown = dict(opened().answer(same_person(), taught(20)[0].question).features)
    assert isinstance(shown["names"], str)
    assert Decimal(shown["names"]) <= 1
    assert [name for name, _ in FEATURES] == [*shown]
