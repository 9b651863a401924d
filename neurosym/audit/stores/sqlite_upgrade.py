"""Logs of format 1, which knew neither tiles nor encrypted payloads, brought to the present one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from neurosym.audit.batch import lookups_of
from neurosym.audit.draft import REQUEST
from neurosym.audit.entry_row import read_row
from neurosym.audit.frontier import Frontier
from neurosym.audit.payload import open_payload
from neurosym.audit.store import EntryRow, Lookup, LookupKind
from neurosym.audit.stores.sqlite_connection import connect, transaction
from neurosym.audit.stores.sqlite_error import log_errors
from neurosym.audit.stores.sqlite_schema import FORMAT, OBJECTS, check_application, check_objects, objects_of
from neurosym.text.failure import LogCorruptError

# What format 1 had and the present one has not, or has otherwise.
OBJECTS_1 = {
    "meta": """CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  format INTEGER NOT NULL CHECK (typeof(format) = 'integer'),
  origin TEXT NOT NULL CHECK (typeof(origin) = 'text'),
  vkey TEXT NOT NULL CHECK (typeof(vkey) = 'text')
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
}
KEPT = ("entries", "state", "checkpoint")
UNNAMED = 2**62 - 1  # the place of a payload that no entry names: verification will say so


def has_format_1(path: Path) -> bool:
    """True for a log of format 1; LogError when the file is no log."""
    with log_errors(path), closing(connect(path, "mode=ro")) as connection:
        check_application(connection, path)
        found = objects_of(connection)
    return "meta" in found and "identity" not in found


def upgrade_sqlite_log(path: Path, keys: str) -> None:
    """Give a log of format 1 the present one, and the key store of this id; its entries stay the bytes that they were.

    LogError when it cannot be done; then nothing is changed.
    """
    with (
        log_errors(path),
        closing(connect(path, "mode=rw")) as connection,
        transaction(connection, "BEGIN IMMEDIATE"),
    ):
        found = objects_of(connection)
        if "identity" in found:
            return  # another process was faster
        check_objects(found, {**OBJECTS_1, **{name: OBJECTS[name] for name in KEPT}}, path)
        _convert(connection, keys)
        connection.execute("COMMIT")


def _convert(connection: sqlite3.Connection, keys: str) -> None:
    for name, statement in OBJECTS.items():
        if name not in KEPT:
            connection.execute(statement)
    query = "INSERT INTO identity (id, format, origin, vkey, keys) SELECT id, ?, origin, vkey, ? FROM meta"
    connection.execute(query, (FORMAT, keys))
    frontier = Frontier()
    for row in connection.execute("SELECT seq, envelope, leaf FROM entries ORDER BY seq"):
        frontier = _convert_entry(connection, EntryRow(*row), frontier)
    query = "INSERT INTO payload (digest, seq, content) SELECT digest, ?, content FROM payloads WHERE true"
    connection.execute(f"{query} ON CONFLICT (digest) DO NOTHING", (UNNAMED,))
    for name in OBJECTS_1:
        connection.execute(f"DROP TABLE {name}")


def _convert_entry(connection: sqlite3.Connection, row: EntryRow, frontier: Frontier) -> Frontier:
    entry = read_row(row)
    frontier, nodes = frontier.grown(row.leaf)
    for node in nodes:
        statement = "INSERT INTO node (level, place, hash) VALUES (?, ?, ?)"
        connection.execute(statement, (node.level, node.index, node.hash))
    lookups = [*lookups_of(entry)]
    for link in entry.payloads:
        found = connection.execute("SELECT content FROM payloads WHERE digest = ?", (link.digest,)).fetchone()
        if found is None:
            raise LogCorruptError(f"entry {entry.seq}: payload `{link.name}` is missing")
        statement = "INSERT INTO payload (digest, seq, content) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING"
        connection.execute(statement, (link.digest, entry.seq, found[0]))
        if link.name == REQUEST:
            content = open_payload(found[0], link, lambda _: b"")
            lookups.append(Lookup(entry.seq, LookupKind.REQUEST.value, content))
    for each in lookups:
        statement = "INSERT INTO lookup (kind, key, seq) VALUES (?, ?, ?)"
        connection.execute(statement, (each.kind, each.key, each.seq))
    return frontier
