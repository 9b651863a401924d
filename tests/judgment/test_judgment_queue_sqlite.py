"""A review queue in a file: whose it is, what it is mistaken for, and the format before this one."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from neurosym.judgment.queue.event import EventKind
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.judgment.queue.rows import ALL_OPEN, QueueRows
from neurosym.judgment.queue.term import NEVER
from neurosym.judgment.review import Item, ItemKind, Review, Statement
from neurosym.judgment.stores.sqlite_queue import open_sqlite_queue
from neurosym.text.failure import ProviderError
from neurosym.values.canonical import Digest
from tests.clock import HandClock
from tests.judgment.review_case import REVIEW, item

FIRST, SECOND, THIRD = (Digest(f"sha256:{letter * 64}") for letter in "abc")
DOCUMENT = (
    '{"answers":["same","different"],"args":[["customer","A"]],"ask":"Is it?","content":[["customer.name","Ali"]],'
    '"earlier":[{"reason":"cannot tell","said":null,"tier":"local"}],"evidence":[],"judgment":"same","persons":%d}'
)
FORMAT_1 = f"""
CREATE TABLE item (
  question TEXT PRIMARY KEY, round INTEGER NOT NULL, tier TEXT NOT NULL, document TEXT NOT NULL, claimed_by TEXT
) STRICT;
CREATE TABLE waiting (
  question TEXT NOT NULL REFERENCES item (question), decision TEXT NOT NULL, round INTEGER NOT NULL,
  PRIMARY KEY (question, decision)
) STRICT;
CREATE TABLE review (
  number INTEGER PRIMARY KEY, question TEXT NOT NULL REFERENCES item (question), round INTEGER NOT NULL,
  name TEXT NOT NULL, answer TEXT NOT NULL, quotes TEXT NOT NULL, reason TEXT
) STRICT;
INSERT INTO item VALUES ('{THIRD}', 1, 'person', '{DOCUMENT % 1}', 'Kim');
INSERT INTO item VALUES ('{FIRST}', 2, 'person', '{DOCUMENT % 2}', NULL);
INSERT INTO item VALUES ('{SECOND}', 1, 'person', '{DOCUMENT % 1}', NULL);
INSERT INTO waiting VALUES ('{THIRD}', 'D2', 1), ('{THIRD}', 'D1', 1), ('{FIRST}', 'D1', 1), ('{FIRST}', 'D3', 2);
INSERT INTO waiting VALUES ('{SECOND}', 'D1', 1);
INSERT INTO review VALUES (1, '{FIRST}', 1, 'Ada', '"same"', '[]', NULL);
INSERT INTO review VALUES (2, '{FIRST}', 2, 'Ada', '"different"', '[]', 'why');
INSERT INTO review VALUES (3, '{SECOND}', 1, 'Ada', '"same"', '[]', NULL);
PRAGMA application_id = {0x6E735251};
PRAGMA user_version = 1;
"""  # noqa: S608 - a fixture


def format_1(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FORMAT_1)
    return path


def tables(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").fetchall()


def test_the_queue_is_for_its_owner_alone(tmp_path: Path) -> None:
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        queue.enqueue(item())
        modes = [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()]
    assert modes
    assert set(modes) == {0o600}


def test_every_write_is_durable(tmp_path: Path) -> None:
    with closing(open_sqlite_queue(tmp_path / "reviews.db", HandClock().time, make=True)) as store:
        connection = store._connection
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


@pytest.mark.parametrize("make", [True, False])
@pytest.mark.parametrize("content", [b"not a database, but long enough to be mistaken for one" * 20, b"x"])
def test_a_file_that_is_no_queue_is_refused(tmp_path: Path, content: bytes, *, make: bool) -> None:
    (tmp_path / "reviews.db").write_bytes(content)
    with pytest.raises(ProviderError):
        ReviewQueue.open(tmp_path / "reviews.db", make=make)
    assert (tmp_path / "reviews.db").read_bytes() == content


def test_where_none_is_to_be_made_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="there is no review queue"):
        ReviewQueue.open(tmp_path / "reviews.db", make=False)
    assert not list(tmp_path.iterdir())


def test_the_database_of_another_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entries (id INTEGER)")
    with pytest.raises(ProviderError, match="no review queue of this version"):
        ReviewQueue.open(path)


def test_a_queue_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "reviews.db"
    ReviewQueue.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 3")
    with pytest.raises(ProviderError, match="no review queue of this version"):
        ReviewQueue.open(path)


def test_a_damaged_item_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "reviews.db"
    with ReviewQueue.open(path) as queue:
        queue.enqueue(item())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE item SET document = '{}'")
        connection.commit()
    with ReviewQueue.open(path) as queue, pytest.raises(ProviderError, match="damaged"):
        queue.open_items()


def test_a_file_of_the_format_before_becomes_one_of_this(tmp_path: Path) -> None:
    path = format_1(tmp_path / "reviews.db")
    clock = HandClock()
    with ReviewQueue.open(path, clock) as queue:
        third, first = queue.open_items()
        assert (third.question, third.decisions, third.claimed_by) == (THIRD, ("D2", "D1"), "Kim")
        assert third.claimed_until == "2026-03-02T09:30:00.000000Z"
        assert [(each.kind, each.name) for each in queue.history(THIRD)] == [(EventKind.CLAIMED, "Kim")]
        assert first == Item(
            *(FIRST, "person", "same", "Is it?", (("customer", "A"),), (("customer.name", "Ali"),), ()),
            *(("same", "different"), 2, (Statement("local", None, "cannot tell"),), ("D3",)),
        )
        assert first.kind is ItemKind.QUESTION
        assert queue.reviews(FIRST) == (Review("Ada", "different", (), "why"),)
        assert [each.question for each, _ in queue.settled_items()] == [SECOND]
        assert queue.answer(FIRST, Review("Grace", "different"))
        queue.enqueue(item())
        clock.forward(30)
        assert queue.claim(THIRD, "Ada").claimed_by == "Ada"
    ReviewQueue.open(tmp_path / "new.db").close()
    assert tables(path) == tables(tmp_path / "new.db")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_file_that_cannot_become_one_of_this_stays_as_it_is(tmp_path: Path) -> None:
    path = format_1(tmp_path / "reviews.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE item SET document = '{}' WHERE question = ?", (THIRD,))
        connection.commit()
        before = list(connection.iterdump())
    with pytest.raises(ProviderError, match="damaged"):
        ReviewQueue.open(path)
    with closing(sqlite3.connect(path)) as connection:
        assert list(connection.iterdump()) == before
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_half_a_character_is_a_failure(tmp_path: Path) -> None:
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        queue.enqueue(item())
        with pytest.raises(ProviderError, match="half a character"):
            queue.answer(item().question, Review("Ada", "same", (), "\ud800"))
        assert queue.answer(item().question, REVIEW)


def test_a_long_queue_is_read_by_its_indexes(tmp_path: Path) -> None:
    with closing(open_sqlite_queue(tmp_path / "reviews.db", HandClock().time, make=True)) as store:
        plans: list[str] = []

        def explain(statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
            plan = store._connection.execute(f"EXPLAIN QUERY PLAN {statement}", tuple(values)).fetchall()
            plans.append(plan[0][3])
            return []

        rows = QueueRows(explain, "")
        rows.open_items(ALL_OPEN, HandClock().time, (NEVER, 7), 100)
        rows.settled_items(7, 100)
        rows.beginning("sha256:00", 4)
        for read in (rows.item, rows.locked_item, rows.events):
            read(FIRST)
        for read_round in (rows.waiting, rows.reviews):
            read_round(FIRST, 1)
    assert len(plans) == 8
    assert all(plan.startswith("SEARCH ") for plan in plans), plans
