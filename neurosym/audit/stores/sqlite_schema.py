"""The tables of a log in SQLite, and whether a file has them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from neurosym.text.failure import LogCorruptError, LogError

APPLICATION_ID = 0x4E53_4C47  # "NSLG", in the file's header, so that `file` and other programs can tell
FORMAT = 1

# The checks on types make SQLite's own integrity check find a cell of another type.
TABLES = {
    "meta": """CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  format INTEGER NOT NULL CHECK (typeof(format) = 'integer'),
  origin TEXT NOT NULL CHECK (typeof(origin) = 'text'),
  vkey TEXT NOT NULL CHECK (typeof(vkey) = 'text')
)""",
    "entries": """CREATE TABLE entries (
  seq INTEGER PRIMARY KEY CHECK (seq >= 0),
  envelope BLOB NOT NULL CHECK (typeof(envelope) = 'blob'),
  leaf BLOB NOT NULL CHECK (typeof(leaf) = 'blob')
)""",
    "payloads": """CREATE TABLE payloads (
  digest TEXT NOT NULL PRIMARY KEY CHECK (typeof(digest) = 'text'),
  content BLOB NOT NULL CHECK (typeof(content) = 'blob')
)""",
    "decisions": """CREATE TABLE decisions (
  decision TEXT NOT NULL PRIMARY KEY CHECK (typeof(decision) = 'text'),
  seq INTEGER NOT NULL UNIQUE REFERENCES entries (seq)
)""",
    "requests": """CREATE TABLE requests (
  request BLOB NOT NULL PRIMARY KEY CHECK (typeof(request) = 'blob'),
  seq INTEGER NOT NULL UNIQUE REFERENCES entries (seq)
)""",
    "state": """CREATE TABLE state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  size INTEGER NOT NULL CHECK (typeof(size) = 'integer'),
  frontier BLOB NOT NULL CHECK (typeof(frontier) = 'blob')
)""",
    "checkpoint": """CREATE TABLE checkpoint (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  note BLOB NOT NULL CHECK (typeof(note) = 'blob')
)""",
}


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables of a log in an empty database, within the caller's transaction."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in TABLES.values():
        connection.execute(statement)


def check_tables(connection: sqlite3.Connection, path: Path) -> None:
    """LogError when the database is no log or of another format; LogCorruptError when it was one.

    Everything is refused that would make our statements mean something else: another definition of a table of ours,
    or a view in its place.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise LogError(f"`{path}` is no log: it is a database of another program, or an empty file")
    found = _objects(connection)
    for name, statement in TABLES.items():
        if found.get(name) != ("table", statement):
            raise LogCorruptError(f"the log `{path}` is damaged: its table `{name}` is not as it was made")
    row = connection.execute("SELECT format FROM meta WHERE id = 1").fetchone()
    if row is None:
        raise LogCorruptError(f"the log `{path}` is damaged: it does not say which format it has")
    if row[0] != FORMAT:
        raise LogError(f"the log `{path}` has format {row[0]}; this program reads format {FORMAT}")


def strangers(connection: sqlite3.Connection) -> Iterator[str]:
    """Each table, index, view or trigger that a log does not have."""
    for name, (kind, _) in sorted(_objects(connection).items()):
        if name not in TABLES:
            yield f"the {kind} `{name}` does not belong to a log"


def _objects(connection: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    # An index that SQLite made for a constraint has no text of its own.
    rows = connection.execute("SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    return {str(name): (str(kind), str(sql)) for name, kind, sql in rows}
