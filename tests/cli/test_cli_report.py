"""`neurosym judgments report`: table, JSON, and a page that loads nothing from elsewhere."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from neurosym.cli.program import program
from neurosym.decision.engine import Engine
from neurosym.decision.review import answer_question
from neurosym.decision.ruleset import Ruleset
from neurosym.judgment.calibration.artefact import Artefact, Bin
from neurosym.judgment.configuration import Configuration, PersonTier
from neurosym.judgment.judge import Judge
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.testing.endpoint import Endpoint
from tests.audit.world import open_log
from tests.decision.case import PAYMENT, screening, world
from tests.decision.test_decision_calibration import TIER, artefact
from tests.decision.test_decision_endpoint import says_different

ENTRIES = [f"E{number}" for number in range(1, 13)]


def believed(rules: Ruleset, bins: tuple[Bin, ...]) -> Artefact:
    return replace(artefact(rules, least=1, expires_on=date(2026, 12, 31)), bins=bins, cases=400)


def logged(folder: Path, *bins: Bin, audit: str = "", contradict: int = 0) -> Path:
    """A log of twelve decisions with a question each, whose model was calibrated with these scores."""
    rules = screening(clauses=audit)
    path = folder / "decisions.db"
    with (
        Endpoint(respond=says_different) as endpoint,
        open_log(path) as log,
        ReviewQueue.open(folder / "reviews.db") as queue,
    ):
        tier = replace(TIER, base_url=endpoint.base_url)
        judge = Judge(Configuration((tier, PersonTier("person", "reviews.db")), folder), {}, {})
        engine = Engine(rules.calibrated((believed(rules, bins),)), log=log, judge=judge)
        for entry in ENTRIES:
            engine.decide("screen", PAYMENT, facts=world(entry))
        for number, item in enumerate(queue.open_items()):
            value = "unclear" if number < contradict else "different"
            answer_question(log, queue, item.question, value, [], None, "ada")
    return path


def report(path: Path, *more: str) -> Result:
    return CliRunner().invoke(program, ["judgments", "report", str(path), *more])


CERTAIN = Bin(Decimal("0.95"), 400, 400)  # a model that reports no confidence has the score 1


def test_a_tier_that_is_what_it_was_raises_no_alarm(tmp_path: Path) -> None:
    done = report(logged(tmp_path, CERTAIN))
    assert done.exit_code == 0, done.output
    assert re.search(r"same +small +ok +12 +0 +0\.\d+ +0 +0", done.output)
    assert "alarm" not in done.output


def test_a_tier_whose_scores_are_others_raises_one_and_the_command_says_so(tmp_path: Path) -> None:
    done = report(logged(tmp_path, Bin(0, 400, 400)), "--format", "json")
    assert done.exit_code == 1
    document = json.loads(done.stdout)
    (found,) = document["drift"]
    assert (found["judgment"], found["state"], found["distance"]) == ("same", "alarm", "1")
    assert document["alarm"] is True


def test_persons_who_contradict_accepted_answers_raise_one(tmp_path: Path) -> None:
    done = report(logged(tmp_path, CERTAIN, audit="audit 100%", contradict=8))
    assert done.exit_code == 1
    assert "persons contradict 8 of 12 accepted answers" in done.output
    assert 'write `suspended = "..."` into [tier.small]' in done.output
    assert re.search(r"small .* 8 of 12 \(at most", done.output)


def test_persons_who_agree_are_counted_too(tmp_path: Path) -> None:
    done = report(logged(tmp_path, CERTAIN, audit="audit 100%"), "--format", "json")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert (document["drift"][0]["audited"], document["drift"][0]["contradicted"]) == (12, 0)
    small = document["judgments"]["same"]["tiers"]["small"]
    assert (small["compared"], small["disagreed"]) == (12, 0)


class Reading(HTMLParser):
    """What a page loads, and whether it is well nested."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.images = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)
        given = dict(attrs)
        if tag == "img":
            assert given["alt"]
            self.images += 1
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")]
        assert tag not in ("script", "iframe", "link", "form", "object")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_has_the_tables_and_the_plots_and_loads_nothing(tmp_path: Path) -> None:
    path = logged(tmp_path, Bin(0, 400, 400))
    done = report(path, "--html", str(tmp_path / "report.html"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"written: {tmp_path / 'report.html'}" in done.output
    reading = Reading()
    reading.feed(page)
    assert reading.open == []
    assert reading.images == 3  # questions, times, scores
    assert all(each.startswith("data:image/png;base64,") for each in reading.loads)
    assert page.count("<caption>") == 3
    assert "Alarm:" in page
    report(path, "--html", str(tmp_path / "again.html"))
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page


def test_a_page_that_cannot_be_written_is_a_failure_and_leaves_nothing(tmp_path: Path) -> None:
    path = logged(tmp_path, CERTAIN)
    (tmp_path / "file").write_text("x")
    done = report(path, "--html", str(tmp_path / "file" / "report.html"))
    assert done.exit_code == 4
    assert "cannot be written" in done.output


def test_a_log_without_questions_says_so(tmp_path: Path) -> None:
    with open_log(tmp_path / "decisions.db") as log:
        Engine(screening(), log=log).decide("screen", PAYMENT, facts=world())
    done = report(tmp_path / "decisions.db", "--html", str(tmp_path / "report.html"))
    assert done.exit_code == 0
    assert "no question came up" in done.output
    assert "No question came up." in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\u202eabc"])
def test_names_are_escaped(tmp_path: Path, text: str) -> None:
    path = logged(tmp_path, CERTAIN)
    named = path.rename(tmp_path / f"{text.replace('/', '')}.db")
    (tmp_path / "decisions.db.keys").rename(tmp_path / f"{named.name}.keys")
    report(named, "--html", str(tmp_path / "report.html"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "\u202e" not in page
