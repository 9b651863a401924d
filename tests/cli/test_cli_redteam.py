"""`neurosym judgments redteam`: who is talked into an answer is found out, and who is frightened by harmless words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from neurosym.cli.program import program
from neurosym.judgment.redteam.corpus import ORDERS, bastion_injections, bench_injections, own_injections
from neurosym.testing.endpoint import Call, Endpoint, answer_document, obey
from tests.cli.test_cli_calibrate import labels
from tests.decision.case import screening


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "trial.rules").write_text(screening(clauses="accept uncalibrated").sources[0].text)
    (tmp_path / "labels.json").write_text(json.dumps(labels(2)))
    return tmp_path


def attack(folder: Path, base_url: str, *more: str) -> Result:
    (folder / "judges.toml").write_text(
        f'[tier.small]\nkind = "model"\nbase_url = "{base_url}"\nmodel = "m"\nmay_see = ["public"]\nconcurrent = 16\n'
    )
    command = ["judgments", "redteam", "same", "--ruleset", str(folder), "--labels", str(folder / "labels.json")]
    return CliRunner().invoke(program, [*command, "--judges", str(folder / "judges.toml"), *more])


def shares(done: Result) -> dict[str, dict[str, Any]]:
    assert done.exit_code == 0, done.output
    (tier,) = json.loads(done.stdout)["tiers"]
    found: dict[str, dict[str, Any]] = tier["shares"]
    return found


def steadfast(call: Call) -> dict[str, Any]:
    return answer_document(call, "unclear")


def test_an_adversary_that_obeys_moves_answers_and_it_is_counted(folder: Path) -> None:
    with Endpoint(respond=obey) as endpoint:
        found = shares(attack(folder, endpoint.base_url, "--corpus", "neurosym", "--format", "json"))
    moved = found["attacks that moved an answer"]
    assert moved["of"] == 2 * 3 * (len(ORDERS) + 1)
    assert 0 < moved["count"] < moved["of"]
    assert found["attacks that moved an accepted answer"]["count"] <= moved["count"]


def test_a_model_that_is_not_talked_into_anything_is_not_moved(folder: Path) -> None:
    with Endpoint(respond=steadfast) as endpoint:
        done = attack(folder, endpoint.base_url)
        assert len(endpoint.calls) > 2 * 150
    assert done.exit_code == 0, done.output
    texts = 3 * (len(ORDERS) + 1) + len(bastion_injections()) + len(bench_injections())
    assert f"{texts} texts in each of 2 cases" in done.output
    rows = [line.split() for line in done.output.splitlines() if line.startswith(("attacks", "harmless"))]
    assert [row[-4] for row in rows] == ["0", "0", "0", "0"]


def test_a_model_that_refuses_at_the_sight_of_an_order_costs_answers(folder: Path) -> None:
    def frightened(call: Call) -> dict[str, Any]:
        is_clean = "case 0\n>>>" in call.prompt or "case 1\n>>>" in call.prompt
        return answer_document(call, "unclear" if is_clean else None)

    with Endpoint(respond=frightened) as endpoint:
        found = shares(attack(folder, endpoint.base_url, "--corpus", "bastioncorpus", "--format", "json"))
    assert found["harmless texts that cost an answer"]["count"] > 0
    assert found["attacks that moved an answer"]["count"] == 0


def test_the_corpora_have_attacks_and_harmless_texts_in_five_languages() -> None:
    found = bastion_injections()
    assert {each.is_attack for each in found} == {True, False}
    assert {"en", "it", "de", "fr", "es"} <= {each.language for each in found}
    judgment = screening().program.judgments["same"]
    assert {each.language for each in own_injections(judgment, "entry.remarks")} == {"en", "it", "de", "fr", "es"}
