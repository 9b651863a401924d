"""A head that belongs to something else, and numbers that cannot be weighed, give no answer wherever they are met."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from neurosym.judgment.attempt import Attempt
from neurosym.judgment.identity import question_id
from neurosym.judgment.local.asker import LocalAsker
from neurosym.judgment.local.feature import FEATURE_MAX, typed_features
from neurosym.judgment.local.fit import inputs_count, misfit
from neurosym.judgment.local.head import WEIGHT_MAX, Head, read_head
from neurosym.judgment.local.material import LAYOUT
from neurosym.judgment.local.opening import LocalModels, check_local_tier
from neurosym.judgment.local.zero_shot import descriptions
from neurosym.judgment.tier import Request
from neurosym.program.judgment import Example, Judgment
from neurosym.text.diagnostic import Report
from neurosym.text.failure import LimitError
from tests.judgment.local.opened import FEATURES, TIER, opened, remembering, same_person, taught, trained


def narrowed(head: Head) -> Head:
    return replace(head, weights=tuple(row[:-1] for row in head.weights))


def request(judgment: Judgment) -> Request:
    question = replace(taught(20)[0].question, judgment=judgment.name)
    return Request(judgment, question, question_id(judgment, question), "D1")


def asked(folder: Path, head: Head, judgment: Judgment) -> Attempt:
    (folder / "head.json").write_bytes(head.content)
    return LocalAsker(replace(TIER, artefact="head.json"), folder, LocalModels()).ask(request(judgment))


def test_the_count_of_inputs_is_what_a_model_gives() -> None:
    found = remembering().inputs(same_person(), taught(20)[0].question)
    assert len(found.numbers) == inputs_count(same_person(), opened().encoder.width, len(FEATURES))
    assert misfit(trained(48), same_person(), opened().encoder, FEATURES) is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layout": LAYOUT + 1}, "laid out in another way"),
        ({"answers": ("same", "same", "unclear")}, "not allowed"),
        ({"answers": ("same", "different", True)}, "not allowed"),
    ],
)
def test_what_a_head_was_made_for_is_looked_at(change: dict[str, object], message: str) -> None:
    found = misfit(replace(trained(48), **change), same_person(), opened().encoder, FEATURES)  # type: ignore[arg-type]
    assert found is not None
    assert message in found


def test_a_head_with_too_few_weights_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "head.json").write_bytes(narrowed(trained(48)).content)
    report = Report()
    check_local_tier(same_person(), replace(TIER, artefact="head.json"), tmp_path, report, LocalModels())
    assert [found.code for found in report.diagnostics] == ["NS674"]


def test_a_head_that_nobody_checked_is_a_failed_attempt_and_no_answer(tmp_path: Path) -> None:
    another = replace(same_person(), name="same_firm")
    for head, judgment in ((narrowed(trained(48)), same_person()), (trained(48), another)):
        attempt = asked(tmp_path, head, judgment)
        assert attempt.response is None
        assert attempt.failure is not None
        assert attempt.failure.startswith("NS674")


def test_a_further_argument_makes_other_inputs(tmp_path: Path) -> None:
    third = replace(same_person(), parameters=(*same_person().parameters, ("third", "Party")))
    attempt = asked(tmp_path, trained(48), third)
    assert attempt.failure is not None
    assert "another number of inputs" in attempt.failure


@pytest.mark.parametrize("weight", ["1e101", "-1e+101", "1e999"])
def test_weights_whose_sums_could_be_no_numbers_are_refused(weight: str) -> None:
    document = json.loads(trained(48).content)
    document["bias"][0] = weight
    report = Report()
    assert read_head(json.dumps(document).encode(), "head.json", report) is None
    assert [found.code for found in report.diagnostics] == ["NS673"]
    assert abs(float(weight)) > WEIGHT_MAX


def test_the_greatest_weights_and_features_still_give_probabilities() -> None:
    head = trained(48)
    greatest = tuple(tuple(WEIGHT_MAX * (-1) ** place for place, _ in enumerate(row)) for row in head.weights)
    model = replace(remembering(), head=replace(head, weights=(*greatest[:-1], head.weights[-1])))
    answer = model.answer(same_person(), taught(20)[0].question)
    assert sum(Decimal(share) for _, share in answer.probabilities) == 1


# --- features


@pytest.mark.parametrize("text", [f"{FEATURE_MAX} + 1", f"-{FEATURE_MAX} - 1", "10 ** 400"])
def test_a_feature_that_is_too_large_is_a_failed_attempt(text: str) -> None:
    tier = replace(TIER, features=(("huge", text),))
    attempt = LocalAsker(tier, Path(), LocalModels()).ask(request(same_person()))
    assert attempt.response is None
    assert attempt.failure == f"the feature `huge` is beyond {FEATURE_MAX}, and a model cannot weigh it"


def test_a_feature_at_the_bound_is_weighed_and_recorded_exactly() -> None:
    model = replace(remembering(), features=(("huge", str(FEATURE_MAX)), ("third", "1 / 3")))
    answer = model.answer(same_person(), taught(20)[0].question)
    assert answer.features == (("huge", str(FEATURE_MAX)), ("third", "0." + "3" * 34))


def test_a_feature_that_is_too_large_ends_a_training() -> None:
    model = replace(remembering(), features=(("huge", "10 ** 20"),))
    with pytest.raises(LimitError, match="`huge`"):
        model.inputs(same_person(), taught(20)[0].question)


def test_every_feature_that_does_not_fit_is_reported() -> None:
    report = Report()
    declared = (("a", "customer.name"), ("b", "customer.born = entry.born"), ("c", "entry.name"))
    assert [each.name for each in typed_features(same_person(), declared, "embedded", report)] == ["b"]
    assert [found.code for found in report.diagnostics] == ["NS675", "NS675"]


# --- without labels


def test_an_example_of_an_answer_makes_it_more_probable_for_what_is_like_the_example() -> None:
    case = taught(20)[0]
    text = dict(opened().answer(same_person(), case.question).probabilities)
    material = "customer: name Ann Lee. entry: name LEE, Ann; remarks Passport 7654321"
    taught_by = replace(same_person(), examples=(*same_person().examples, Example(material, "unclear")))
    after = dict(opened().answer(taught_by, case.question).probabilities)
    assert after["unclear"] > text["unclear"]
    assert descriptions(taught_by, "unclear")[-1] == material
    assert material not in descriptions(taught_by, "same")


def test_an_example_makes_another_template_so_that_no_calibration_is_carried_over() -> None:
    taught_by = replace(same_person(), examples=(Example("x", "unclear"),))
    assert opened().template(taught_by) != opened().template(same_person())


def test_what_an_author_wrote_is_run_once_however_many_questions_there_are() -> None:
    models = LocalModels()
    first = models.opened(TIER, Path())
    first.answer(same_person(), taught(20)[0].question)
    assert models.opened(replace(TIER, model=first.name), Path()) is first


def test_without_the_library_training_says_what_to_install() -> None:
    script = """
import sys
sys.modules["sklearn"] = None
from neurosym.text.failure import ProviderError
from tests.judgment.local.opened import trained
try:
    trained(48)
except ProviderError as error:
    print(error)
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout == "training needs `pip install 'neurosym[embed]'`\n"
