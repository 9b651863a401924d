"""The tables of a log in SQLite, and whether a file has them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from neurosym.text.failure import LogCorruptError, LogError

APPLICATION_ID = 0x4E53_4C47  # "NSLG", in the file's header, so that `file` and other programs can tell
FORMAT = 2

# The checks on types make SQLite's own integrity check find a cell of another type.
OBJECTS = {
    "identity": """CREATE TABLE identity (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  format INTEGER NOT NULL CHECK (typeof(format) = 'integer'),
  origin TEXT NOT NULL CHECK (typeof(origin) = 'text'),
  vkey TEXT NOT NULL CHECK (typeof(vkey) = 'text'),
  keys TEXT NOT NULL CHECK (typeof(keys) = 'text')
)""",
    "entries": """CREATE TABLE entries (
  seq INTEGER PRIMARY KEY CHECK (seq >= 0),
  envelope BLOB NOT NULL CHECK (typeof(envelope) = 'blob'),
  leaf BLOB NOT NULL CHECK (typeof(leaf) = 'blob')
)""",
    "payload": """CREATE TABLE payload (
  digest TEXT NOT NULL PRIMARY KEY CHECK (typeof(digest) = 'text'),
  seq INTEGER NOT NULL CHECK (typeof(seq) = 'integer'),
  content BLOB NOT NULL CHECK (typeof(content) = 'blob')
)""",
    "payload_seq": "CREATE INDEX payload_seq ON payload (seq)",
    "node": """CREATE TABLE node (
  level INTEGER NOT NULL CHECK (level > 0),
  place INTEGER NOT NULL CHECK (place >= 0),
  hash BLOB NOT NULL CHECK (typeof(hash) = 'blob'),
  PRIMARY KEY (level, place)
) WITHOUT ROWID""",
    "lookup": """CREATE TABLE lookup (
  kind TEXT NOT NULL CHECK (typeof(kind) = 'text'),
  key BLOB NOT NULL CHECK (typeof(key) = 'blob'),
  seq INTEGER NOT NULL CHECK (typeof(seq) = 'integer'),
  PRIMARY KEY (kind, key)
) WITHOUT ROWID""",
    "lookup_seq": "CREATE INDEX lookup_seq ON lookup (seq)",
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
    for statement in OBJECTS.values():
        connection.execute(statement)


def check_application(connection: sqlite3.Connection, path: Path) -> None:
    """LogError when the database is no log of any format."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise LogError(f"`{path}` is no log: it is a database of another program, or an empty file")


def check_tables(connection: sqlite3.Connection, path: Path) -> None:
    """LogError when the database is no log or of another format; LogCorruptError when it was one.

    Everything is refused that would make our statements mean something else: another definition of a table of ours,
    or a view in its place.
    """
    check_application(connection, path)
    found = objects_of(connection)
    if "identity" not in found and "meta" in found:
        raise LogError(
            f"the log `{path}` has format 1, and this program reads format {FORMAT}; whoever may write it brings it up "
            f"to date with: neurosym log checkpoint {path}"
        )
    check_objects(found, OBJECTS, path)
    row = connection.execute("SELECT format FROM identity WHERE id = 1").fetchone()
    if row is None:
        raise LogCorruptError(f"the log `{path}` is damaged: it does not say which format it has")
    if row[0] != FORMAT:
        raise LogError(f"the log `{path}` has format {row[0]}; this program reads format {FORMAT}")


def check_objects(found: Mapping[str, tuple[str, str]], expected: Mapping[str, str], path: Path) -> None:
    """LogCorruptError when a table or an index is not as it was made."""
    for name, statement in expected.items():
        kind = statement.split()[1].lower()
        if found.get(name) != (kind, statement):
            raise LogCorruptError(f"the log `{path}` is damaged: its {kind} `{name}` is not as it was made")


def strangers(connection: sqlite3.Connection) -> Iterator[str]:
    """Each table, index, view or trigger that a log does not have."""
    for name, (kind, _) in sorted(objects_of(connection).items()):
        if name not in OBJECTS:
            yield f"the {kind} `{name}` does not belong to a log"


def objects_of(connection: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """The kind and the definition of each table, index, view and trigger."""
    # An index that SQLite made for a constraint has no text of its own.
    rows = connection.execute("SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    return {str(name): (str(kind), str(sql)) for name, kind, sql in rows}
