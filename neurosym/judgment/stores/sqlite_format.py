"""Earlier formats of a review queue in SQLite, and what becomes of them.

Format 1 had no kinds, deadlines, assignments and history, and its claims never ran out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from neurosym.judgment.document import same_name
from neurosym.judgment.queue.event import Event, EventKind
from neurosym.judgment.queue.rows import QueueRows
from neurosym.judgment.queue.term import minutes_after
from neurosym.judgment.review import ItemKind, is_settled
from neurosym.judgment.review_document import read_item

FORMAT = 2
APPLICATION_ID = 0x6E735251  # "nsRQ": keeps us from writing into somebody else's database
OLD = ("review", "waiting", "item")  # what refers to others goes first
KEPT = (
    "INSERT INTO waiting (question, decision, round) SELECT question, decision, round FROM old_waiting ORDER BY number",
    """INSERT INTO review (number, question, round, name, answer, quotes, reason)
       SELECT number, question, round, name, answer, quotes, reason FROM old_review""",
)


def migrate(connection: sqlite3.Connection, rows: QueueRows, tables: Sequence[str], now: str) -> None:
    """Make format 2 of format 1 inside of the caller's transaction. ValueError when an item cannot be read."""
    for name in OLD:
        number = "" if name == "review" else "rowid AS number, "
        connection.execute(f"CREATE TEMP TABLE old_{name} AS SELECT {number}* FROM main.{name}")  # noqa: S608
        connection.execute(f"DROP TABLE main.{name}")
    for statement in tables:
        connection.execute(statement)
    items = "SELECT question, tier, document, round, claimed_by FROM old_item ORDER BY number"
    old = connection.execute(items).fetchall()
    for question, tier, document, _, _ in old:
        rows.add_item(question, ItemKind.QUESTION, tier, document)
    for statement in KEPT:
        connection.execute(statement)
    for question, tier, document, round_, claimed_by in old:
        _complete(rows, question, read_item(question, tier, document).persons, round_, claimed_by, now)
    for name in OLD:
        connection.execute(f"DROP TABLE temp.old_{name}")


def _complete(rows: QueueRows, question: str, persons: int, round_: int, claimed_by: str | None, now: str) -> None:
    """Fill in what format 1 did not say. A claim begins now: it did not say since when."""
    row = rows.item(question)
    assert row is not None
    settled = int(is_settled(rows.reviews(question, round_), persons))
    row = replace(row, round=round_, settled=settled)
    if claimed_by is not None:
        until = minutes_after(now, read_item(question, row.tier, row.document).claim_minutes)
        row = replace(row, claimed_by=claimed_by, claimed_key=same_name(claimed_by), claimed_until=until)
        rows.add_event(question, round_, Event(now, EventKind.CLAIMED, claimed_by, until))
    rows.put_item(row)
