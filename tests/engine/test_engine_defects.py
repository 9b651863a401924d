"""What goes wrong inside generated code is told with the author's place, logged, and never becomes a decision."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner

from neurosym.audit.entry_kind import EntryKind
from neurosym.cli.program import program
from neurosym.decision.engine import Engine
from neurosym.decision.ruleset import Ruleset, checked_ruleset
from neurosym.engine.compiled.runtime import NAMESPACE
from neurosym.text.failure import InternalError
from neurosym.text.span import Source
from tests.audit.world import open_log, problems_of

RULES = """ruleset trial
fact Case
  id:  text    key
  on:  date
  n:   number
derived Large
  c:  Case  key
decision screen(c: Case)
  on         c.on
  outcomes   "block" > "release"
  otherwise  "release"
  undecided  "block"
rule large cite "x"
  for   c: Case
  when  c.n > 3
        and c.n - 1 > 2
  then  Large(c: c)
rule total cite "x"
  for   c: Case
  when  sum(o.n for o: Case
            where o.n > c.n) > 100
  then  Large(c: c)
rule elsewhere cite "x"
  for   c: Case
  when  doubled(c)
  then  screen(c: c) is "block"
rule block cite "x"
  for   c: Case, l: Large
  when  l.c = c
  then  screen(c: c) is "block"
"""
MORE = """ruleset trial


define doubled(c: Case) =
  c.n * 2 > 7
"""
REQUEST = {"c": {"id": "A", "on": "2026-01-01", "n": 4}}
# The function that is broken, and what is said of the place.
PLACES = [
    ("subtract", "trial.rules:15 by `large` in the stratum of `Large`"),
    ("total", "trial.rules:20 by `total` in the stratum of `Large`"),
    ("multiply", "more.rules:5 by `elsewhere` for the decision `screen`"),
]


def broken(error: Exception) -> Callable[..., NoReturn]:
    """A function that fails whatever it is given."""

    def stumbles(*_: Any) -> NoReturn:
        raise error

    return stumbles


@pytest.fixture
def rules() -> Ruleset:
    return checked_ruleset([Source("trial.rules", RULES), Source("more.rules", MORE)], [])


@pytest.mark.parametrize(("function", "place"), PLACES)
@pytest.mark.parametrize("error", [ZeroDivisionError, AssertionError, KeyError])
def test_a_defect_names_the_line_the_rule_and_what_it_concludes(
    monkeypatch: pytest.MonkeyPatch, rules: Ruleset, function: str, place: str, error: type[Exception]
) -> None:
    monkeypatch.setitem(NAMESPACE, function, broken(error("boom")))
    with pytest.raises(InternalError) as found:
        Engine(rules, log=None).decide("screen", REQUEST, facts={"Case": []})
    assert str(found.value) == f"internal error at {place}: {error.__name__}: {error('boom')}"
    assert found.value.__cause__.__class__ is error


def test_a_defect_leaves_a_failure_in_the_log_and_no_decision(
    monkeypatch: pytest.MonkeyPatch, rules: Ruleset, tmp_path: Path
) -> None:
    monkeypatch.setitem(NAMESPACE, "total", broken(ZeroDivisionError("boom")))
    path = tmp_path / "decisions.db"
    with open_log(path) as log:
        with pytest.raises(InternalError):
            Engine(rules, log=log).decide("screen", REQUEST, facts={"Case": []})
        last = list(log.entries())[-1]
        assert list(log.decisions()) == []
    assert last.kind is EntryKind.FAILURE
    assert last.outcome is not None
    assert "trial.rules:20" in last.outcome
    assert problems_of(path) == []


@pytest.mark.parametrize(("function", "place"), PLACES)
def test_the_command_line_tells_of_a_defect_as_of_any_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, function: str, place: str
) -> None:
    (tmp_path / "house").mkdir()
    for name, text in (("trial.rules", RULES), ("more.rules", MORE)):
        (tmp_path / "house" / name).write_text(text, encoding="utf-8")
    (tmp_path / "input.json").write_text(json.dumps(REQUEST), encoding="utf-8")
    monkeypatch.setitem(NAMESPACE, function, broken(ZeroDivisionError("boom")))
    (tmp_path / "facts.json").write_text('{"Case": []}', encoding="utf-8")
    arguments = ["decide", str(tmp_path / "house"), "screen"]
    arguments += ["--input", str(tmp_path / "input.json"), "--facts", str(tmp_path / "facts.json")]
    ended = CliRunner().invoke(program, [*arguments, "--format", "json"])
    assert ended.exit_code == 4
    said = json.loads(ended.stdout)["failure"]
    assert said.startswith("internal error at ")
    assert said.endswith(f"{place}: ZeroDivisionError: boom")
    assert "Traceback" not in ended.stderr
