"""`neurosym judgments calibrate`: labelled cases in, artefacts out, and a ruleset that believes its model by them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from neurosym.cli.program import program
from neurosym.decision.ruleset import load
from neurosym.testing.endpoint import Call, Endpoint, answer_document
from tests.decision.case import screening

RISK = "risk at most 0.1 with confidence 0.9"


def labels(count: int) -> list[dict[str, Any]]:
    return [
        {
            "args": {
                "customer": {"id": f"C{number}", "name": "Ann Lee"},
                "entry": {"id": f"E{number}", "name": "LEE, Ann", "remarks": f"DOB 1971, case {number}"},
            },
            "answer": "different" if number % 3 else "unclear",
        }
        for number in range(count)
    ]


def respond(call: Call) -> dict[str, Any]:
    """Right in every case but each fifth, which is doubtful."""
    number = int(call.prompt.rpartition("case ")[2].split()[0].rstrip(">\n"))
    truth = "different" if number % 3 else "unclear"
    return answer_document(call, truth if number % 5 else "unclear", [("entry.remarks", f"case {number}")])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "trial.rules").write_text(screening(clauses=RISK).sources[0].text)
    return tmp_path


def calibrate(folder: Path, base_url: str, *more: str, count: int = 400) -> Result:
    (folder / "labels.json").write_text(json.dumps(labels(count)))
    (folder / "judges.toml").write_text(
        f'[tier.small]\nkind = "model"\nbase_url = "{base_url}"\nmodel = "m"\nmay_see = ["public"]\nconcurrent = 16\n'
    )
    command = ["judgments", "calibrate", "same", "--ruleset", str(folder), "--labels", str(folder / "labels.json")]
    return CliRunner().invoke(program, [*command, "--judges", str(folder / "judges.toml"), *more])


def test_an_artefact_is_written_that_the_ruleset_is_loaded_with(folder: Path) -> None:
    with Endpoint(respond=respond) as endpoint:
        done = calibrate(folder, endpoint.base_url, "--expires", "2030-01-01", "--format", "json")
    document = json.loads(done.stdout)
    (tier,) = document["tiers"]
    assert done.exit_code == (0 if tier["artefact"] else 1)
    wrong = sum(number % 5 == 0 and number % 3 != 0 for number in range(400))
    assert wrong == 53
    assert tier["artefact"] is None
    assert tier["statement"].startswith("nothing can be promised: ")


def test_a_model_that_is_right_and_reports_no_score_is_accepted_whatever_its_score(folder: Path) -> None:
    def right(call: Call) -> dict[str, Any]:
        found = respond(call)
        number = int(call.prompt.rpartition("case ")[2].split()[0].rstrip(">\n"))
        return {**found, "answer": "different" if number % 3 else "unclear"}

    with Endpoint(respond=right) as endpoint:
        done = calibrate(folder, endpoint.base_url, "--expires", "2030-01-01")
    assert done.exit_code == 0, done.output
    assert "scores from 0: at most 10 % wrong with confidence 90 %, by 0 wrong of" in done.output
    (artefact,) = load(folder).calibrations
    assert (artefact.key.tier, artefact.promise.wrong, artefact.cases) == ("small", 0, 400)
    written = {file.name for file in (folder / "calibration").iterdir()}
    assert written == {"same-small.json", "same-small.html", "same-small.png"}


def test_what_cannot_be_calibrated_is_said(folder: Path) -> None:
    assert (
        "NS613"
        in CliRunner()
        .invoke(program, ["judgments", "calibrate", "sam", "--ruleset", str(folder), "--labels", "x", "--judges", "y"])
        .output
    )
    (folder / "trial.rules").write_text(screening().sources[0].text)
    assert "NS664" in calibrate(folder, "http://127.0.0.1:9/v1").output


def test_a_model_that_is_away_promises_nothing(folder: Path) -> None:
    done = calibrate(folder, "http://127.0.0.1:9/v1", count=20)
    assert done.exit_code == 1
    assert "nothing can be promised: 0 of 0 valid answers are wrong in" in done.output
