"""Which question is meant by the beginning of an id, and what can be done with it from the command line."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from neurosym.cli.program import program
from neurosym.judgment.answer import QuoteClaim
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.judgment.review import Item, ItemKind, Review, Statement
from neurosym.values.canonical import Digest
from neurosym.values.temporal import Duration, Months
from tests.clock import HandClock

FIRST, SECOND, THIRD = (Digest(f"sha256:{start}{'0' * 60}") for start in ("aaaa", "aabb", "cccc"))


@pytest.fixture
def queue(queue_address: str) -> str:
    """A queue of three questions."""
    with ReviewQueue.open(queue_address) as opened:
        for question in (FIRST, SECOND, THIRD):
            ask = f"Is it {question[7:11]}?"
            opened.enqueue(Item(question, "person", "odd", ask, (), (), (), (True, False), 1, (), ("D1",)))
    return queue_address


def called(queue: str, *words: str) -> Result:
    return CliRunner().invoke(program, ["review", *words, "--review", queue])


def shown(queue: str, beginning: str) -> Result:
    return called(queue, "show", beginning)


def listed(queue: str, *words: str) -> list[str]:
    """The first letters of the questions that a list shows; the text and the JSON agree."""
    document = json.loads(called(queue, "list", "--format", "json", *words).stdout)
    ids = [each["question"] for each in document["questions"]]
    assert [line.strip() for line in called(queue, "list", *words).stdout.splitlines() if "sha256:" in line] == ids
    return [each[7:11] for each in ids]


@pytest.mark.parametrize("beginning", ["aaa", "sha256:aaaa", FIRST])
def test_a_question_may_be_named_by_the_beginning_of_its_id(queue: str, beginning: str) -> None:
    ended = shown(queue, beginning)
    assert ended.exit_code == 0
    assert "Is it aaaa?" in ended.stdout
    assert "answers: true, false" in ended.stdout


@pytest.mark.parametrize("beginning", ["a", "aa", "sha256:aa"])
def test_a_beginning_that_several_ids_have_is_refused(queue: str, beginning: str) -> None:
    ended = shown(queue, beginning)
    assert ended.exit_code == 1
    assert f"error[NS519]: 2 questions begin with `{beginning}`" in ended.stderr
    assert FIRST in ended.stderr
    assert SECOND in ended.stderr
    assert THIRD not in ended.stderr


@pytest.mark.parametrize("beginning", ["", "sha256:", "d", "aaaaa"])
def test_a_beginning_that_no_id_has_is_refused(queue: str, beginning: str) -> None:
    ended = shown(queue, beginning)
    assert ended.exit_code == 1
    assert "error[NS620]" in ended.stderr


@pytest.mark.parametrize("flag", ["--as", "--reason", "--quote"])
def test_what_no_log_could_hold_is_wrong_usage(queue: str, flag: str) -> None:
    arguments = ["review", "answer", FIRST, "true", "--review", str(queue), "--log", "nowhere.db"]
    arguments += [] if flag == "--as" else ["--as", "Kim"]
    ended = CliRunner().invoke(program, [*arguments, flag, os.fsdecode(b"h\xff")])
    assert ended.exit_code == 2
    assert f"'{flag}': it is not UTF-8" in ended.stderr


def test_listing_a_queue_that_is_not_there_makes_none(tmp_path: Path) -> None:
    ended = CliRunner().invoke(program, ["review", "list", "--review", str(tmp_path / "nowhere.db")])
    assert ended.exit_code == 4
    assert not list(tmp_path.iterdir())


def test_answering_into_a_log_that_is_not_there_makes_none(queue: str, tmp_path: Path) -> None:
    arguments = ["review", "answer", FIRST, "true", "--review", str(queue), "--as", "Kim"]
    ended = CliRunner().invoke(program, [*arguments, "--log", str(tmp_path / "nowhere.db")])
    assert ended.exit_code == 4
    assert not list(tmp_path.glob("nowhere*"))


# --- work


def test_a_claim_is_taken_and_given_back(queue: str) -> None:
    assert called(queue, "claim", "aaaa", "--as", "Ada").exit_code == 0
    refused = called(queue, "claim", "aaaa", "--as", "Grace")
    assert refused.exit_code == 1
    assert "error[NS621]: the question is claimed by Ada until " in refused.stderr
    assert listed(queue, "--mine", "--as", "ada") == ["aaaa"]
    assert listed(queue, "--unclaimed") == ["aabb", "cccc"]
    assert called(queue, "release", "aaaa", "--as", "Ada").exit_code == 0
    assert listed(queue, "--mine", "--as", "ada") == []


def test_an_assignment_is_made_and_taken_back(queue: str) -> None:
    assert called(queue, "assign", "cccc", "--to", "Ada", "--as", "Kim").exit_code == 0
    assert "error[NS625]: the question is assigned to Ada" in called(queue, "claim", "cccc", "--as", "Grace").stderr
    assert "assigned to: Ada (by Kim)" in shown(queue, "cccc").stdout
    assert listed(queue, "--mine", "--as", "Ada") == ["cccc"]
    assert called(queue, "assign", "cccc", "--to-nobody", "--as", "Kim").exit_code == 0
    assert called(queue, "claim", "cccc", "--as", "Grace").exit_code == 0


@pytest.mark.parametrize("words", [("--to", "Ada", "--to-nobody"), ()])
def test_an_assignment_is_to_somebody_or_nobody(queue: str, words: tuple[str, ...]) -> None:
    assert called(queue, "assign", "cccc", "--as", "Kim", *words).exit_code == 2


def test_what_is_overdue_is_marked_and_comes_first(queue: str) -> None:
    with ReviewQueue.open(queue, HandClock()) as opened:
        opened.enqueue(replace(opened.item(THIRD), decisions=("D2",)), Duration(60))
        opened.enqueue(replace(opened.item(SECOND), decisions=("D2",), kind=ItemKind.AUDIT))
    assert listed(queue) == ["cccc", "aaaa", "aabb"]
    assert listed(queue, "--overdue") == ["cccc"]
    assert "OVERDUE since 2026-03-02T09:01:00Z" in called(queue, "list").stdout
    assert json.loads(called(queue, "show", "cccc", "--format", "json").stdout)["overdue"] is True


def test_a_long_list_is_shown_in_parts(queue: str) -> None:
    assert listed(queue, "--limit", "2") == ["aaaa", "aabb"]
    assert "3 open, 2 of them shown" in called(queue, "list", "--limit", "2").stdout
    assert listed(queue, "--limit", "2", "--after", "aabb") == ["cccc"]


def test_mine_is_whose(queue: str) -> None:
    assert called(queue, "list", "--mine").exit_code == 2


def test_a_question_as_a_document(queue: str) -> None:
    quote = QuoteClaim("entry.remarks", "born 1971", 4)
    asked = Item(
        question=Digest(f"sha256:{'d' * 64}"),
        tier="person",
        judgment="odd",
        ask="Is it?",
        args=(("entry", "E1"),),
        content=(("entry.remarks", "was born 1971"), ("entry.born", {"absent": True})),
        evidence=("entry.remarks",),
        answers=("same", "different"),
        persons=2,
        earlier=(Statement("small", "same", "confidence 0.61 is less than 0.9", (quote,)),),
        decisions=("D1",),
    )
    review = Review("Ada", "same", (QuoteClaim("entry.remarks", "1971"),), "the year")
    with ReviewQueue.open(queue, HandClock()) as opened:
        opened.enqueue(asked, Months(1200))
        opened.answer(asked.question, review)
        opened.assign(asked.question, "Grace", "Kim")
    document = json.loads(called(queue, "show", "dddd", "--format", "json").stdout)
    assert document == {
        "question": asked.question,
        "kind": "question",
        "judgment": "odd",
        "args": {"entry": "E1"},
        "tier": "person",
        "persons": 2,
        "decisions": ["D1"],
        "due": "2126-03-02T09:00:00.000000Z",
        "overdue": False,
        "assigned": {"to": "Grace", "by": "Kim"},
        "claimed": None,
        "ask": "Is it?",
        "content": {"entry.remarks": "was born 1971", "entry.born": {"absent": True}},
        "evidence": {
            "entry.remarks": {
                "text": "was born 1971",
                "quoted": [{"start": 4, "end": 13, "by": "small"}, {"start": 9, "end": 13, "by": "Ada"}],
            }
        },
        "answers": ["same", "different"],
        "form": None,
        "earlier": [
            {
                "tier": "small",
                "said": "same",
                "reason": "confidence 0.61 is less than 0.9",
                "quotes": [{"field": "entry.remarks", "text": "born 1971", "start": 4}],
            }
        ],
        "reviews": [
            {
                "by": "Ada",
                "answer": "same",
                "reason": "the year",
                "quotes": [{"field": "entry.remarks", "text": "1971", "start": None}],
            }
        ],
        "history": [
            {"time": "2026-03-02T09:00:00.000000Z", "event": "asked", "name": None, "about": "D1"},
            {"time": "2026-03-02T09:00:00.000000Z", "event": "answered", "name": "Ada", "about": '"same"'},
            {"time": "2026-03-02T09:00:00.000000Z", "event": "assigned", "name": "Kim", "about": "Grace"},
        ],
    }
    text = shown(queue, "dddd").stdout
    assert 'entry.remarks: "was «born 1971»"' in text
    assert "small: said same; confidence 0.61 is less than 0.9" in text
    assert "persons who must agree: 2" in text
