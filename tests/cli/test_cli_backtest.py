"""`neurosym replay --ruleset`: what another ruleset would have decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from neurosym.cli.program import program
from tests.audit.world import open_log
from tests.decision.case import HEAD, PAYMENT, RULES, SAME, SCREEN, Told, engine_of, screening, told_judge, world

ANSWERS = {"E1": "different", "E2": "same", "E3": "unclear"}
TEXT = HEAD + SCREEN.format(clauses="") + SAME.format(clauses="") + RULES


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "decisions.db"
    with open_log(found) as log:
        engine = engine_of(screening(), log, told_judge(Told(ANSWERS)))
        for each in ("E1", "E2", "E3"):
            engine.decide("screen", PAYMENT, facts=world(each))
    return found


def run(path: Path, text: str, *more: str) -> Result:
    rules = path.with_name("other.rules")
    rules.write_text(text, encoding="utf-8")
    return CliRunner().invoke(program, ["replay", str(path), "--ruleset", str(rules), *more])


def test_what_changes_is_said_with_an_example(path: Path) -> None:
    ended = run(path, TEXT.replace('is "hold"', 'is "release"'))
    assert ended.exit_code == 0
    lines = ended.stdout.splitlines()
    assert lines[0] == "2 same, 1 outcome changed by trial"
    assert lines[2].split() == ["was", "is", "decisions", "example"]
    assert lines[3].split()[:3] == ["hold", "release", "1"]
    assert "consistent with itself; key not verified" in ended.stdout


def test_the_document_has_every_decision_that_changed(path: Path) -> None:
    ended = run(path, TEXT.replace("Is the customer", "Is that customer"), "--format", "json")
    document = json.loads(ended.stdout)
    assert document["counts"]["needs answer"] == 3
    assert document["questions"] == {"same": 3}
    assert [each["status"] for each in document["decisions"]] == ["needs answer"] * 3
    assert document["ruleset"]["name"] == "trial"
    assert document["log"]["consistent"] is True


def test_a_page_is_written(path: Path) -> None:
    page = path.with_name("changes.html")
    ended = run(path, TEXT.replace('is "hold"', 'is "release"'), "--html", str(page))
    assert f"written: {page}" in ended.stdout
    written = page.read_text(encoding="utf-8")
    assert "<caption>What changed</caption>" in written
    assert "2 same, 1 outcome changed." in written


def test_one_decision_can_be_named(path: Path) -> None:
    everything = json.loads(run(path, TEXT.replace('is "hold"', 'is "release"'), "--format", "json").stdout)
    (changed,) = everything["decisions"]
    ended = run(path, TEXT.replace('is "hold"', 'is "release"'), changed["decision"][:12])
    assert ended.stdout.splitlines()[0] == "0 same, 1 outcome changed by trial"


def test_a_page_is_of_another_ruleset(path: Path) -> None:
    ended = CliRunner().invoke(program, ["replay", str(path), "--html", "page.html"])
    assert ended.exit_code == 2
    assert "`--html` is for `--ruleset`" in ended.output


def test_a_ruleset_with_problems_decides_nothing(path: Path) -> None:
    ended = run(path, TEXT.replace("then  screen", "then  scren"))
    assert ended.exit_code == 1
    assert "scren" in ended.output
