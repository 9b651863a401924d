"""`neurosym check --emit` and `neurosym decide --reference`: what runs, and what it must agree with."""

from __future__ import annotations

import json
from pathlib import Path
from traceback import walk_tb

import pytest
from click.testing import CliRunner

from neurosym.cli.program import program
from neurosym.decision.ruleset import load
from neurosym.engine.compiled import runtime
from neurosym.engine.evaluator import compiled_evaluator
from neurosym.engine.situation import Situation
from neurosym.lang.compilation import compile_ruleset
from neurosym.text.failure import InternalError
from neurosym.text.shipped import shipped_path
from neurosym.text.span import Source
from neurosym.values.temporal import parse_date
from neurosym.values.value import Fact

SANCTIONS = shipped_path("rulesets", "sanctions")


def test_the_python_of_every_rule_is_shown_with_the_place_of_its_text() -> None:
    shown = CliRunner().invoke(program, ["check", str(SANCTIONS), "--emit", "--format", "json"])
    (ruleset,) = json.loads(shown.stdout)["rulesets"]
    python = ruleset["python"]
    compile(python, "emitted", "exec")
    for rule in load(SANCTIONS).program.rules:
        assert f"# {rule.id}: " in python
    assert "sanctions.rules:" in python
    assert "python" not in json.loads(CliRunner().invoke(program, ["check", str(SANCTIONS), "--format", "json"]).stdout)


def test_a_decision_by_the_reference_evaluator_is_the_same(tmp_path: Path) -> None:
    request = {"id": "P", "payer": "A", "payee": "B", "amount": 5, "currency": "USD", "booked_on": "2026-03-02"}
    parties = [{"id": "A", "name": "Ada", "country": "XA"}, {"id": "B", "name": "Bo", "country": "XA"}]
    empty: dict[str, list[str]] = {name: [] for name in ("Listing", "Match", "Owns", "Licence", "Revocation")}
    (tmp_path / "payment.json").write_text(json.dumps({"payment": request}), "utf-8")
    (tmp_path / "facts.json").write_text(json.dumps({"Party": parties, **empty}), "utf-8")
    command = ["decide", str(SANCTIONS), "screen", "--input", str(tmp_path / "payment.json"), "--format", "json"]
    command += ["--facts", str(tmp_path / "facts.json")]
    mine, theirs = [json.loads(CliRunner().invoke(program, [*command, *more]).stdout) for more in ([], ["--reference"])]
    assert {**mine, "id": ""} == {**theirs, "id": ""}
    assert mine["outcome"] == "release"


def test_a_failure_inside_generated_code_points_at_the_author_s_text(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = """
ruleset broken
fact Case
  id: text key
derived Marked
  case: Case key
rule long
  for c: Case
  when string length(c.id) > 3
  then Marked(case: c)
"""

    def fail(_text: str) -> int:
        raise ZeroDivisionError

    monkeypatch.setitem(runtime.NAMESPACE, "built_in_string_length", fail)
    evaluate = compiled_evaluator(compile_ruleset([Source("broken.rules", rules)]).program)
    with pytest.raises(InternalError, match=r"at broken\.rules:9 by `long` in the stratum of `Marked`") as caught:
        evaluate(Situation((Fact("Case", ("x",), {"id": "x"}),), parse_date("2026-01-01")))
    cause = caught.value.__cause__
    assert isinstance(cause, ZeroDivisionError)
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(cause.__traceback__)]
    assert ("broken.rules", 9) in frames
