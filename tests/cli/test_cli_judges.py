"""Decisions with a model behind an endpoint, through the command line: what it says counts only when it is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from neurosym.cli.program import program
from neurosym.judgment.dialect import Dialect
from neurosym.testing.endpoint import Call, Endpoint, Misbehaviour, answer_document, misbehaviours

WORLD = Path(__file__).parent.parent / "scripts" / "world"
TIER = '[tier.small]\nkind = "model"\nbase_url = "{}"\nmodel = "m"\ntimeout_ms = 300\nattempts = 1\nmay_see = {}\n'
EVERYTHING = '["public", "internal", "personal", "secret"]'


def different(call: Call) -> dict[str, object]:
    return answer_document(call, "different", [("entry.remarks", "born 1971")])


def decided_with(endpoint: Endpoint, folder: Path, *more: str) -> Result:
    """The decision about Ann by the house rules, when one model may be asked, and is believed without calibration."""
    rules = (WORLD / "house" / "house.rules").read_text(encoding="utf-8")
    changed = rules.replace("route     local, person", "route     small\n  accept uncalibrated")
    assert changed != rules
    (folder / "house.rules").write_text(changed, encoding="utf-8")
    (folder / "judges.toml").write_text(TIER.format(endpoint.base_url, EVERYTHING), encoding="utf-8")
    arguments = ["decide", str(folder / "house.rules"), "screen", "--judges", str(folder / "judges.toml")]
    arguments += ["--input", str(WORLD / "ann.json"), "--facts", str(WORLD / "facts.json")]
    return CliRunner().invoke(program, [*arguments, "--log", str(folder / "decisions.db"), *more])


@pytest.mark.parametrize("misbehaviour", misbehaviours(Dialect.CHAT_SCHEMA))
def test_a_model_that_misbehaves_never_leads_to_the_lowest_outcome(misbehaviour: Misbehaviour, tmp_path: Path) -> None:
    with Endpoint(misbehaviour, respond=different) as endpoint:
        ended = decided_with(endpoint, tmp_path, "--format", "json")
    decision = json.loads(ended.stdout)
    assert (ended.exit_code, decision["status"], decision["act_on"]) == (3, "undecided", "hold")
    assert [tried["tier"] for tried in decision["questions"][0]["tried"]] == ["small"]
    replayed = CliRunner().invoke(program, ["replay", str(tmp_path / "decisions.db")])
    assert replayed.exit_code == 0


def test_a_model_that_shows_what_it_says_is_heard_and_its_lack_of_calibration_said(tmp_path: Path) -> None:
    with Endpoint(respond=different) as endpoint:
        ended = decided_with(endpoint, tmp_path)
    assert ended.exit_code == 0
    assert ended.stdout.startswith("release: ")
    assert 'same_person(customer: "A", entry: "L") is "different": small, uncalibrated' in ended.stdout
    assert '"born 1971" in entry.remarks' in ended.stdout


def test_nobody_is_asked_without_a_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Endpoint(respond=different) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "ambient")
        arguments = ["--input", str(WORLD / "ann.json"), "--facts", str(WORLD / "facts.json"), "--format", "json"]
        ended = CliRunner().invoke(program, ["decide", str(WORLD / "house"), "screen", *arguments])
        assert endpoint.calls == []
    assert ended.exit_code == 3
    assert json.loads(ended.stdout)["questions"][0]["standing"] == "open"
    assert not list(tmp_path.iterdir())
