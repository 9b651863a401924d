"""What a server must be for us to write to it, and how a schema comes into it once, whoever comes first.

A server with `fsync = off` acknowledges what a power cut takes back, so that it is refused. Who knows better says so in
the address, or in the settings of the database or the role: `?options=-c%20neurosym.fsync_off%3Daccepted`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from neurosym.audit.stores.postgres_error import Named
from neurosym.audit.stores.postgres_session import BEGIN_WRITING, Connection, one_transaction
from neurosym.audit.stores.postgres_table import found_objects
from neurosym.text.failure import LogError

SERVER = """SELECT pg_catalog.current_setting('fsync') = 'on'
    OR coalesce(pg_catalog.current_setting('neurosym.fsync_off', true), '') = 'accepted',
  pg_catalog.current_setting('server_encoding')"""
HAS_SCHEMA = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = %s"


def check_server(connection: Connection, named: Named) -> None:
    """LogError when the server may lose what it has acknowledged, or cannot hold every text."""
    ((is_durable, encoding),) = connection.execute(SERVER).fetchall()
    if not is_durable:
        raise LogError(
            f"{named} cannot be written: its server does not wait for its disk (fsync = off), so that what it has "
            "acknowledged may be lost; set fsync = on"
        )
    if encoding != "UTF8":
        raise LogError(f"{named} cannot be written: its database is in {encoding}; make one in UTF8")


def has_schema(connection: Connection, named: Named, schema: str, mark: str) -> bool:
    """True where the schema has the column `mark`; False where there is nothing, or the schema is empty. LogError when
    something else is in it.
    """
    found = found_objects(connection, schema)
    if found and not any(kind == "column" and name == mark for kind, name, _ in found):
        raise LogError(f"the schema `{schema}` at `{named.address}` belongs to another program")
    return bool(found)


def made_schema(
    named: Named, schema: str, mark: str, statements: Sequence[str], fill: Callable[[Connection], bool]
) -> bool:
    """True when the schema now has its tables, with what `fill` wrote and committed; False when it had them already.

    Of several who come at once one makes it, and the others find it. An empty schema may be there already, where only
    others may make one. LogError when it cannot be made.
    """
    with one_transaction(named, BEGIN_WRITING) as connection:
        check_server(connection, named)
        connection.execute("SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext(%s))", (schema,))
        if has_schema(connection, named, schema, mark):
            return False
        if not connection.execute(HAS_SCHEMA, (schema,)).fetchall():
            connection.execute(f"CREATE SCHEMA {schema}".encode())
        for statement in statements:
            connection.execute(statement.encode())
        return fill(connection)
