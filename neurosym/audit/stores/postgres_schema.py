"""The tables of a log in PostgreSQL, and whether a database has them. There is one log in a database."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.audit.stores.postgres_error import Named
from neurosym.audit.stores.postgres_server import has_schema
from neurosym.audit.stores.postgres_session import Connection
from neurosym.audit.stores.postgres_table import Difference, Table, differences, found_objects
from neurosym.text.failure import LogCorruptError, LogError

SCHEMA, MARK = "neurosym_log", "identity.format"
FORMAT = 2
ONE_ROW = "(id = 1)"
TABLES = (
    Table(
        "identity",
        ("id integer", "format integer", "origin text", "vkey text", "keys text"),
        ("id",),
        ONE_ROW,
    ),
    Table("entries", ("seq bigint", "envelope bytea", "leaf bytea"), ("seq",), "(seq >= 0)"),
    Table("payload", ("digest text", "seq bigint", "content bytea"), ("digest",), indexed=("seq",)),
    Table("node", ("level integer", "place bigint", "hash bytea"), ("level", "place")),
    Table("lookup", ("kind text", "key bytea", "seq bigint"), ("kind", "key"), indexed=("seq",)),
    Table("state", ("id integer", "size bigint", "frontier bytea"), ("id",), ONE_ROW),
    Table("checkpoint", ("id integer", "note bytea"), ("id",), ONE_ROW),
)
STATEMENTS = (
    *(statement for table in TABLES for statement in table.statements(SCHEMA)),
    # What is encrypted gets no smaller; a compressor would only cost time.
    f"ALTER TABLE {SCHEMA}.payload ALTER COLUMN content SET STORAGE EXTERNAL",
)


def check_log(connection: Connection, named: Named, *, to_write: bool) -> None:
    """LogError when there is no log or one of another format; LogCorruptError when its tables are not as they were made
    or, where it is to be written, there is something among them that might change what is written.
    """
    if not has_schema(connection, named, SCHEMA, MARK):
        raise LogError(f"there is no log at `{named.address}`")
    rows = connection.execute("SELECT format FROM neurosym_log.identity WHERE id = 1").fetchall()
    if not rows:
        raise LogCorruptError(f"{named} is damaged: it does not say which format it has")
    if rows[0][0] != FORMAT:
        raise LogError(f"{named} has format {rows[0][0]}; this program reads format {FORMAT}")
    for each in strange_objects(connection):
        if to_write or not each.is_stranger:
            raise LogCorruptError(f"{named} is damaged: {each}")


def strange_objects(connection: Connection) -> Sequence[Difference]:
    """What in the schema is not as it was made, or does not belong there."""
    return differences(found_objects(connection, SCHEMA), SCHEMA, TABLES)
