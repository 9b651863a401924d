"""The tables of a log in PostgreSQL, in a schema of their own, and whether a database has them as they were made."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

FORMAT = 2
SCHEMA = "neurosym_log"
# Compared byte by byte, whatever the language of the database.
TEXT = 'TEXT COLLATE "C"'
TABLES = {
    "identity": f"""CREATE TABLE identity (
  id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, origin {TEXT} NOT NULL, vkey {TEXT} NOT NULL,
  keys {TEXT} NOT NULL
)""",
    "entries": """CREATE TABLE entries (
  seq BIGINT PRIMARY KEY CHECK (seq >= 0), envelope BYTEA NOT NULL, leaf BYTEA NOT NULL
)""",
    "payload": f"CREATE TABLE payload (digest {TEXT} PRIMARY KEY, seq BIGINT NOT NULL, content BYTEA NOT NULL)",
    "node": """CREATE TABLE node (
  level INTEGER NOT NULL CHECK (level > 0), place BIGINT NOT NULL CHECK (place >= 0), hash BYTEA NOT NULL,
  PRIMARY KEY (level, place)
)""",
    "lookup": f"""CREATE TABLE lookup (
  kind {TEXT} NOT NULL, key BYTEA NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (kind, key)
)""",
    "state": """CREATE TABLE state (
  id INTEGER PRIMARY KEY CHECK (id = 1), size BIGINT NOT NULL, frontier BYTEA NOT NULL
)""",
    "checkpoint": "CREATE TABLE checkpoint (id INTEGER PRIMARY KEY CHECK (id = 1), note BYTEA NOT NULL)",
}
INDEXES = ("CREATE INDEX payload_seq ON payload (seq)", "CREATE INDEX lookup_seq ON lookup (seq)")
STATEMENTS = (
    f"CREATE SCHEMA {SCHEMA}",
    *TABLES.values(),
    # What is encrypted and hashed gets no smaller; a compressor would only cost time.
    "ALTER TABLE payload ALTER COLUMN content SET STORAGE EXTERNAL",
    *INDEXES,
)
COLUMNS = {
    "identity": ("id integer", "format integer", "origin text", "vkey text", "keys text"),
    "entries": ("seq bigint", "envelope bytea", "leaf bytea"),
    "payload": ("digest text", "seq bigint", "content bytea"),
    "node": ("level integer", "place bigint", "hash bytea"),
    "lookup": ("kind text", "key bytea", "seq bigint"),
    "state": ("id integer", "size bigint", "frontier bytea"),
    "checkpoint": ("id integer", "note bytea"),
}
RELATIONS = """SELECT c.relname, c.relkind::text FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind IN ('r', 'v', 'm', 'f', 'p', 'S') ORDER BY c.relname"""
FIELDS = """SELECT c.relname, a.attname || ' ' || format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum"""
# Whatever would change what is written, or hide what is read.
HOOKS = """SELECT 'trigger', t.tgname FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %(schema)s AND NOT t.tgisinternal
UNION ALL SELECT 'rule', r.rulename FROM pg_catalog.pg_rules r WHERE r.schemaname = %(schema)s
UNION ALL SELECT 'policy', p.policyname FROM pg_catalog.pg_policies p WHERE p.schemaname = %(schema)s ORDER BY 1, 2"""
KINDS = {"r": "table", "v": "view", "m": "view", "f": "table", "p": "table", "S": "sequence"}


def strangers(connection: psycopg.Connection) -> Iterator[str]:
    """Each table, view, trigger, rule or policy that a log does not have, and each table that is not as it was made."""
    for name, kind in connection.execute(RELATIONS, (SCHEMA,)).fetchall():
        if name not in TABLES or kind != "r":
            yield f"the {KINDS[kind]} `{name}` does not belong to a log"
    found: dict[str, list[str]] = {}
    for name, field in connection.execute(FIELDS, (SCHEMA,)).fetchall():
        found.setdefault(name, []).append(field)
    for name, fields in COLUMNS.items():
        if tuple(found.get(name, ())) != fields:
            yield f"the table `{name}` is not as it was made"
    for kind, name in connection.execute(HOOKS, {"schema": SCHEMA}).fetchall():
        yield f"the {kind} `{name}` does not belong to a log"
