"""Which question is meant by the beginning of an id."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from neurosym.cli.program import program
from neurosym.judgment.review import Item
from neurosym.judgment.stores.sqlite_queue import ReviewQueue
from neurosym.values.canonical import Digest

FIRST, SECOND, THIRD = (Digest(f"sha256:{start}{'0' * 60}") for start in ("aaaa", "aabb", "cccc"))


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    """A queue of three questions."""
    with ReviewQueue.open(tmp_path / "reviews.db") as opened:
        for question in (FIRST, SECOND, THIRD):
            ask = f"Is it {question[7:11]}?"
            opened.enqueue(Item(question, "person", "odd", ask, (), (), (), (True, False), 1, (), ("D1",)))
    return tmp_path / "reviews.db"


def shown(queue: Path, beginning: str) -> Result:
    return CliRunner().invoke(program, ["review", "show", beginning, "--review", str(queue)])


@pytest.mark.parametrize("beginning", ["aaa", "sha256:aaaa", FIRST])
def test_a_question_may_be_named_by_the_beginning_of_its_id(queue: Path, beginning: str) -> None:
    ended = shown(queue, beginning)
    assert ended.exit_code == 0
    assert "Is it aaaa?" in ended.stdout
    assert "answers: true, false" in ended.stdout


@pytest.mark.parametrize("beginning", ["a", "aa", "sha256:aa"])
def test_a_beginning_that_several_ids_have_is_refused(queue: Path, beginning: str) -> None:
    ended = shown(queue, beginning)
    assert ended.exit_code == 1
    assert f"error[NS519]: 2 questions begin with `{beginning}`" in ended.stderr
    assert FIRST in ended.stderr
    assert SECOND in ended.stderr
    assert THIRD not in ended.stderr


@pytest.mark.parametrize("beginning", ["", "sha256:", "d", "aaaaa"])
def test_a_beginning_that_no_id_has_is_refused(queue: Path, beginning: str) -> None:
    ended = shown(queue, beginning)
    assert ended.exit_code == 1
    assert "error[NS620]" in ended.stderr


@pytest.mark.parametrize("flag", ["--as", "--reason", "--quote"])
def test_what_no_log_could_hold_is_wrong_usage(queue: Path, flag: str) -> None:
    arguments = ["review", "answer", FIRST, "true", "--review", str(queue), "--log", "nowhere.db"]
    arguments += [] if flag == "--as" else ["--as", "Kim"]
    ended = CliRunner().invoke(program, [*arguments, flag, os.fsdecode(b"h\xff")])
    assert ended.exit_code == 2
    assert f"'{flag}': it is not UTF-8" in ended.stderr


def test_listing_a_queue_that_is_not_there_makes_none(tmp_path: Path) -> None:
    ended = CliRunner().invoke(program, ["review", "list", "--review", str(tmp_path / "nowhere.db")])
    assert ended.exit_code == 4
    assert not list(tmp_path.iterdir())


def test_answering_into_a_log_that_is_not_there_makes_none(queue: Path, tmp_path: Path) -> None:
    arguments = ["review", "answer", FIRST, "true", "--review", str(queue), "--as", "Kim"]
    ended = CliRunner().invoke(program, [*arguments, "--log", str(tmp_path / "nowhere.db")])
    assert ended.exit_code == 4
    assert not list(tmp_path.glob("nowhere*"))
