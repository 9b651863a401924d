"""`neurosym bench`: the figures of one decision, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from neurosym.cli.program import program
from neurosym.decision.timing import STAGES
from tests.decision.case import HEAD, PAYMENT, RULES, SAME, SCREEN, world

ANSWER = {"judgment": "same", "args": {"customer": "CUST-7", "entry": "E1"}, "answer": "unclear", "by": "ada"}


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = HEAD + SCREEN.format(clauses="") + SAME.format(clauses="") + RULES
    (tmp_path / "trial.rules").write_text(rules, encoding="utf-8")
    for name, content in {"payment": PAYMENT, "world": world("E1"), "answers": [ANSWER]}.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def benched(*more: str, facts: str = "world.json") -> Result:
    arguments = ["bench", "trial.rules", "screen", "--input", "payment.json", "--facts", facts, "--rounds", "3", *more]
    return CliRunner().invoke(program, arguments, catch_exceptions=False)


def test_the_document_has_percentiles_of_the_whole_and_of_each_stage() -> None:
    ended = benched("--format", "json")
    assert (ended.exit_code, ended.stderr) == (0, "")
    found = json.loads(ended.stdout)
    assert (found["status"], found["rounds"]) == ("undecided", 3)
    assert found["stages_us"].keys() == set(STAGES)
    for of in (found["whole_us"], *found["stages_us"].values()):
        assert list(of) == ["p50", "p90", "p99", "max"]
        assert 0 < of["p50"] <= of["p90"] <= of["p99"] <= of["max"]
    assert found["ruleset_us"] > 0


def test_people_read_a_line_for_each_stage() -> None:
    lines = benched().stdout.splitlines()
    assert lines[0] == "screen: undecided, decided 3 times"
    assert lines[1].split() == ["microseconds", "p50", "p90", "p99", "max"]
    assert [line.rsplit(maxsplit=4)[0] for line in lines[2:6]] == ["whole decision", *STAGES]
    assert lines[6].startswith("the first decision took ")


def test_given_answers_count() -> None:
    found = json.loads(benched("--answers", "answers.json", "--format", "json").stdout)
    assert (found["status"], found["outcome"]) == ("decided", "hold")


def test_what_is_refused_is_not_timed() -> None:
    Path("world.json").write_text(json.dumps(world("E1") | {"Nobody": []}), encoding="utf-8")
    ended = benched("--format", "json")
    assert ended.exit_code == 1
    assert [each["code"] for each in json.loads(ended.stdout)["diagnostics"]] == ["NS509"]


def test_standard_input_is_one_file_only() -> None:
    arguments = ["bench", "trial.rules", "screen", "--input", "-", "--facts", "-"]
    ended = CliRunner().invoke(program, arguments)
    assert ended.exit_code == 2
    assert "only one file can be standard input" in ended.stderr
