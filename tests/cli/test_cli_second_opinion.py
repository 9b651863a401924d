"""Second opinions at the command line, where the library is missing, fails or disagrees."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from neurosym.audit.log import Log
from neurosym.cli import check, decide
from neurosym.cli.program import program
from neurosym.decision.ruleset import load
from neurosym.engine.second.opinion import SecondOpinion
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.testing.scenario import run_scenarios
from neurosym.text.span import Source

WORLD = Path(__file__).parent.parent / "scripts" / "world"
ROOT = Path(__file__).parents[2]
HOUSE = WORLD / "house" / "house.rules"
DECIDE = ("decide", str(WORLD / "house"), "screen", "--input", str(WORLD / "bob.json"))
DECIDE_ALL = (*DECIDE, "--facts", str(WORLD / "facts.json"), "--second-opinion")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(program, arguments)


def strict_house() -> Program:
    """The house rules, but that every payment is looked at."""
    text = HOUSE.read_text(encoding="utf-8")
    return compile_ruleset([Source("house.rules", text.replace("p.amount >= 10000", "p.amount >= 0"))]).program


def disagreeing(_: Program, **__: object) -> SecondOpinion:
    return SecondOpinion(strict_house())


def hurried(of: Program) -> SecondOpinion:
    return SecondOpinion(of, timeout_s=0)


@pytest.mark.parametrize("command", [("check", str(WORLD / "house"), "--second-opinion"), DECIDE_ALL])
def test_without_the_library_the_command_fails_and_says_how_to_get_it(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "durable", None)
    ended = run(*command, "--format", "json")
    assert ended.exit_code == 4
    assert "pip install 'neurosym[second-opinion]'" in json.loads(ended.stdout)["failure"]


def test_the_shipped_rulesets_are_agreed_with() -> None:
    ended = run("check", str(ROOT / "rulesets" / "sanctions"), "--second-opinion", "--format", "json")
    (found,) = json.loads(ended.stdout)["second_opinions"]
    scenarios = len(load(ROOT / "rulesets" / "sanctions").scenarios)
    assert (ended.exit_code, found["others"]) == (0, [])
    assert found["agreed"] == found["models"] >= scenarios


def test_a_decision_with_which_the_second_opinion_disagrees_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decide, "SecondOpinion", disagreeing)
    log = tmp_path / "decisions.db"
    ended = run(*DECIDE_ALL, "--log", str(log), "--format", "json")
    document = json.loads(ended.stdout)
    assert ended.exit_code == 4
    assert document["failure"] == "the second opinion disagrees on 1 conclusion"
    (difference,) = document["second_opinion"]["differences"]
    assert difference["engine"] == {"standing": "not concluded", "proof": {}}
    assert difference["durable-rules"]["standing"] == "certain"
    assert len(difference["durable-rules"]["proof"]) == 2
    assert 'screen("P2") is "hold": not concluded here, certain by durable-rules' in ended.stderr
    assert "failure: the second opinion disagrees on 1 conclusion" in ended.stderr
    with Log.open(log) as opened:
        assert [entry.kind.value for entry in opened.entries()] == ["start", "ruleset", "failure"]


def test_a_worker_that_is_killed_leaves_the_decision_with_the_incident(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decide, "SecondOpinion", hurried)
    ended = run(*DECIDE_ALL)
    assert ended.exit_code == 0
    assert "release: `screen` of payment" in ended.stdout
    assert "  none: the worker was killed because it gave no answer within 0 seconds" in ended.stdout


def test_check_shows_every_difference_as_a_scenario_that_the_ruleset_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "SecondOpinion", disagreeing)
    ended = run("check", str(WORLD / "house"), "--second-opinion", "--format", "json")
    document = json.loads(ended.stdout)
    assert (ended.exit_code, document["clean"]) == (1, False)
    (found,) = document["second_opinions"]
    assert found["agreed"] == 0
    assert {each["opinion"] for each in found["others"]} == {"disagrees"}
    for each in found["others"]:
        checked = compile_ruleset([Source("house.rules", f"{HOUSE.read_text()}\n{each['counter_example']}")])
        (*_, shown) = checked.scenarios
        assert shown.label.startswith("A second opinion differs: A name that is")
        assert all(outcome.passed for outcome in run_scenarios(checked))


def test_check_fails_where_the_worker_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "SecondOpinion", hurried)
    ended = run("check", str(WORLD / "house"), "--second-opinion")
    assert ended.exit_code == 4
    assert "none: the worker was killed because it gave no answer within 0 seconds" in ended.stdout
