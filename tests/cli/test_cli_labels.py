"""What persons answered becomes labelled cases; and a person may say that nothing lets one tell."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from neurosym.cli.program import program
from neurosym.decision.engine import Engine
from neurosym.decision.labels import read_labels
from neurosym.decision.ruleset import load
from neurosym.judgment.configuration import Configuration, PersonTier
from neurosym.judgment.judge import Judge
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.testing.endpoint import Endpoint
from neurosym.text.diagnostic import Report
from tests.audit.world import open_log
from tests.decision.case import PAYMENT, screening, world
from tests.decision.test_decision_calibration import TIER, artefact
from tests.decision.test_decision_endpoint import says_different


def run(*command: str) -> Result:
    return CliRunner().invoke(program, command)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ruleset, and a log of three decisions that wait for persons."""
    (tmp_path / "trial.rules").write_text(screening().sources[0].text, encoding="utf-8")
    judge = Judge(Configuration((PersonTier("person", "reviews.db"),), tmp_path), {}, {})
    with open_log(tmp_path / "decisions.db") as log:
        engine = Engine(load(tmp_path), log=log, judge=judge)
        for entry in ("E1", "E2", "E3"):
            engine.decide("screen", PAYMENT, facts=world(entry))
    return tmp_path


def answer(folder: Path, question: str, *words: str) -> Result:
    where = ["--review", str(folder / "reviews.db"), "--log", str(folder / "decisions.db"), "--as", "Ada"]
    return run("review", "answer", question, *words, *where)


def questions(folder: Path) -> dict[str, str]:
    """The open questions by their entry."""
    with ReviewQueue.open(folder / "reviews.db") as queue:
        return {str(dict(item.args)["entry"]): item.question for item in queue.open_items()}


def test_answers_of_persons_become_labels_that_are_read_as_the_same_questions(folder: Path) -> None:
    asked = questions(folder)
    assert answer(folder, asked["E1"], "different", "--reason", "looked it up").exit_code == 0
    assert answer(folder, asked["E2"], "unclear").exit_code == 0
    out = folder / "labels.json"
    done = run("judgments", "labels", "same", str(folder / "decisions.db"), "--ruleset", str(folder), "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "with 2 cases" in done.output
    rules, report = load(folder), Report()
    cases = read_labels(out.read_bytes(), "labels.json", rules.program.judgments["same"], rules.program, report)
    assert not report.diagnostics
    assert {(case.id, case.answer, case.by) for case in cases} == {
        (asked["E1"], "different", "Ada"),
        (asked["E2"], "unclear", "Ada"),
    }


def test_an_audited_answer_that_persons_agree_with_is_a_label_too(tmp_path: Path) -> None:
    rules = screening(clauses="audit 100%")
    (tmp_path / "trial.rules").write_text(rules.sources[0].text, encoding="utf-8")
    with Endpoint(respond=says_different) as endpoint, open_log(tmp_path / "decisions.db") as log:
        tier = replace(TIER, base_url=endpoint.base_url)
        judge = Judge(Configuration((tier, PersonTier("person", "reviews.db")), tmp_path), {}, {})
        engine = Engine(rules.calibrated((artefact(rules),)), log=log, judge=judge)
        assert engine.decide("screen", PAYMENT, facts=world("E1")).outcome == "release"
    (question,) = questions(tmp_path).values()
    assert "the accepted answer stands" in answer(tmp_path, question, "different").output
    out = tmp_path / "labels.json"
    run("judgments", "labels", "same", str(tmp_path / "decisions.db"), "--ruleset", str(tmp_path), "--out", str(out))
    (case,) = json.loads(out.read_bytes())
    assert (case["answer"], case["by"]) == ("different", "Ada")


def test_another_judgment_has_no_labels_and_an_unknown_one_is_refused(folder: Path) -> None:
    out = folder / "labels.json"
    command = ["judgments", "labels", "sam", str(folder / "decisions.db"), "--ruleset", str(folder), "--out", str(out)]
    done = run(*command)
    assert (done.exit_code, "NS613" in done.output, out.exists()) == (1, True, False)


def test_a_person_may_say_that_nothing_lets_one_tell(folder: Path) -> None:
    asked = questions(folder)
    done = answer(folder, asked["E1"], "--cannot-tell", "--reason", "the file is empty")
    assert done.exit_code == 0, done.output
    assert "recorded: cannot tell, as claimed by Ada" in done.output
    assert asked["E1"] not in questions(folder).values()
    shown = run("review", "show", asked["E1"], "--review", str(folder / "reviews.db"))
    assert "Ada answered null: the file is empty" in shown.output or "cannot tell" in shown.output
    assert run("log", "verify", str(folder / "decisions.db")).exit_code == 0
    assert run("replay", str(folder / "decisions.db")).exit_code == 0


@pytest.mark.parametrize("words", [(), ("different", "--cannot-tell")])
def test_it_is_the_one_or_the_other(folder: Path, words: tuple[str, ...]) -> None:
    done = answer(folder, questions(folder)["E1"], *words)
    assert done.exit_code == 2
    assert "one of VALUE and `--cannot-tell`" in done.output
