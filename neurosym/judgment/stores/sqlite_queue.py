"""A review queue in one SQLite file (WAL, synchronous FULL): a cache of open questions; the truth is the log."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from neurosym.judgment.document import same_name
from neurosym.judgment.review import Item, Review, is_settled
from neurosym.judgment.review_document import item_text, quotes_text, read_item, read_review, value_text
from neurosym.text.diagnostic import Diagnostic, Severity
from neurosym.text.failure import InputError, ProviderError

FORMAT = 1
APPLICATION_ID = 0x6E735251  # "nsRQ": keeps us from writing into somebody else's database
HEADER_BYTES = 100  # of every SQLite database that is not empty
WAIT_FOR_WRITER_MS = 30_000
# A question that was settled and is asked again opens a new round; reviews of earlier rounds stay and no longer count.
TABLES = (
    """CREATE TABLE item (
         question TEXT PRIMARY KEY, round INTEGER NOT NULL, tier TEXT NOT NULL, document TEXT NOT NULL, claimed_by TEXT
       ) STRICT""",
    """CREATE TABLE waiting (
         question TEXT NOT NULL REFERENCES item (question), decision TEXT NOT NULL, round INTEGER NOT NULL,
         PRIMARY KEY (question, decision)
       ) STRICT""",
    """CREATE TABLE review (
         number INTEGER PRIMARY KEY, question TEXT NOT NULL REFERENCES item (question), round INTEGER NOT NULL,
         name TEXT NOT NULL, answer TEXT NOT NULL, quotes TEXT NOT NULL, reason TEXT
       ) STRICT""",
)
PRAGMAS = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
)


class ReviewQueue:
    """The questions that wait for persons. Every method is one durable transaction.

    ProviderError when the file cannot be used.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """The queue at `path`, made when nothing is there; ProviderError when something else is."""
        with _errors(path):
            _create(path)
            connection = sqlite3.connect(path, timeout=WAIT_FOR_WRITER_MS / 1000, isolation_level=None)
            with ExitStack() as opened:
                opened.callback(connection.close)
                for pragma in PRAGMAS:
                    connection.execute(pragma)
                _prepare(connection, path)
                opened.pop_all()
        return cls(path, connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give back the file."""
        self._connection.close()

    def enqueue(self, item: Item) -> None:
        """Put a question before the persons. The same question for the same decision again changes nothing."""
        with self._transaction() as connection:
            found = connection.execute("SELECT round FROM item WHERE question = ?", (item.question,)).fetchone()
            if found is None:
                connection.execute(
                    "INSERT INTO item (question, round, tier, document) VALUES (?, 1, ?, ?)",
                    (item.question, item.tier, item_text(item)),
                )
            current = 1 if found is None else int(found[0])
            news = [decision for decision in item.decisions if not self._waits(item, decision)]
            if news and found is not None and is_settled(self._reviews(item, current), item.persons):
                current += 1
                connection.execute(
                    "UPDATE item SET round = ?, tier = ?, document = ?, claimed_by = NULL WHERE question = ?",
                    (current, item.tier, item_text(item), item.question),
                )
            connection.executemany(
                "INSERT INTO waiting (question, decision, round) VALUES (?, ?, ?)",
                [(item.question, decision, current) for decision in news],
            )

    def open_items(self) -> tuple[Item, ...]:
        """The questions that are not settled, oldest first."""
        with self._transaction() as connection:
            rows = connection.execute("SELECT question FROM item ORDER BY rowid").fetchall()
            items = [self._item(str(row[0])) for row in rows]
            return tuple(item for item, current in items if not is_settled(self._reviews(item, current), item.persons))

    def item(self, question: str) -> Item:
        """One question; InputError NS620 when the queue has no such question."""
        with self._transaction():
            return self._item(question)[0]

    def reviews(self, question: str) -> tuple[Review, ...]:
        """What persons have said about the question in its current round, in order; InputError NS620 as above."""
        with self._transaction():
            return self._reviews(*self._item(question))

    def claim(self, question: str, name: str | None) -> Item:
        """The item, now claimed by the person; None gives it free. InputError NS620, NS621 when another has it."""
        with self._transaction() as connection:
            item, _ = self._item(question)
            if name is not None and item.claimed_by is not None and same_name(item.claimed_by) != same_name(name):
                raise _refused("NS621", f"the question is claimed by {item.claimed_by}", "ask them to release it")
            connection.execute("UPDATE item SET claimed_by = ? WHERE question = ?", (name, question))
            return replace(item, claimed_by=name)

    def check(self, question: str, review: Review) -> None:
        """Nothing when `answer` would take the review as things stand; InputError as there."""
        with self._transaction():
            item, current = self._item(question)
            _check_review(item, review, self._reviews(item, current))

    def answer(self, question: str, review: Review) -> tuple[Review, ...]:
        """All reviews of the round with this one, which replaces what the same person said before.

        InputError: NS620 no such question, NS621 another person has answered or claimed it, NS622 a value that is not
        allowed or a review without a name.
        """
        with self._transaction() as connection:
            item, current = self._item(question)
            _check_review(item, review, self._reviews(item, current))
            connection.execute(
                "INSERT INTO review (question, round, name, answer, quotes, reason) VALUES (?, ?, ?, ?, ?, ?)",
                (question, current, review.by, value_text(review.value), quotes_text(review.quotes), review.reason),
            )
            connection.execute("UPDATE item SET claimed_by = NULL WHERE question = ?", (question,))
            return self._reviews(item, current)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with _errors(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                _undo(self._connection)

    def _item(self, question: str) -> tuple[Item, int]:
        row = self._connection.execute(
            "SELECT document, claimed_by, round, tier FROM item WHERE question = ?", (question,)
        ).fetchone()
        if row is None:
            raise _refused("NS620", f"no question `{question}` in the queue", "`neurosym review list` shows them")
        waiting = self._connection.execute(
            "SELECT decision FROM waiting WHERE question = ? AND round = ? ORDER BY rowid", (question, row[2])
        )
        decisions = tuple(str(each[0]) for each in waiting)
        return read_item(question, str(row[3]), str(row[0]), decisions, row[1]), int(row[2])

    def _reviews(self, item: Item, current: int) -> tuple[Review, ...]:
        rows = self._connection.execute(
            "SELECT name, answer, quotes, reason FROM review WHERE question = ? AND round = ? ORDER BY number",
            (item.question, current),
        )
        return tuple(read_review(*row) for row in rows)

    def _waits(self, item: Item, decision: str) -> bool:
        found = self._connection.execute(
            "SELECT 1 FROM waiting WHERE question = ? AND decision = ?", (item.question, decision)
        )
        return found.fetchone() is not None


def _create(path: Path) -> None:
    """An empty file that only its owner may read, unless something stands there: the questions hold personal data."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    if 0 < path.stat().st_size < HEADER_BYTES:  # SQLite would take it for empty and write over it
        raise ProviderError(f"`{path}` is no review queue of this version")


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables in an empty file; refuse a file that is not ours."""
    connection.execute("BEGIN IMMEDIATE")
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if not tables and not application:
        for table in TABLES:
            connection.execute(table)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
    elif (application, version) != (APPLICATION_ID, FORMAT):
        connection.execute("ROLLBACK")
        raise ProviderError(f"`{path}` is no review queue of this version")
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")


def _check_review(item: Item, review: Review, said: tuple[Review, ...]) -> None:
    if not review.by.strip():
        raise _refused("NS622", "an answer carries the name of who gives it", "add `--as NAME`")
    if review.value is not None and (type(review.value), review.value) not in [(type(v), v) for v in item.answers]:
        allowed = ", ".join(value_text(value) for value in item.answers)
        raise _refused("NS622", f"{value_text(review.value)} is not an allowed answer", f"one of {allowed}, or null")
    others = {same_name(other.by): other.by for other in said if same_name(other.by) != same_name(review.by)}
    if len(others) >= item.persons:
        raise _refused("NS621", f"already answered by {' and '.join(others.values())}", "they may change their answer")
    if item.claimed_by is not None and same_name(item.claimed_by) != same_name(review.by):
        raise _refused("NS621", f"the question is claimed by {item.claimed_by}", "ask them to release it")


def _undo(connection: sqlite3.Connection) -> None:
    try:
        is_begun = connection.in_transaction  # not committed, nor rolled back by the error itself
    except sqlite3.ProgrammingError:
        return  # closed, which undid it: an interrupt just before the body leaves this to the garbage collector
    if is_begun:
        connection.execute("ROLLBACK")


def _refused(code: str, message: str, advice: str) -> InputError:
    return InputError([Diagnostic(code, Severity.ERROR, message, help=advice)])


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    """SQLite's errors, and texts that are not ours, as a ProviderError."""
    try:
        yield
    except sqlite3.Error as error:
        raise ProviderError(f"the review queue `{path}` cannot be used: {error}") from error
    except OSError as error:
        raise ProviderError(f"the review queue `{path}` cannot be used: {error.strerror}") from error
    except ValueError as error:
        raise ProviderError(f"the review queue `{path}` is damaged") from error
