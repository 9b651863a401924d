"""The tables of a key store in PostgreSQL, how they are made, and whether a database has them for us alone."""

from __future__ import annotations

from neurosym.audit.key_tags import Tags
from neurosym.audit.payload import Entropy
from neurosym.audit.stores.postgres_error import Named
from neurosym.audit.stores.postgres_server import has_schema, made_schema
from neurosym.audit.stores.postgres_session import BEGIN_READING, Connection, one_transaction
from neurosym.audit.stores.postgres_table import Table, differences, found_objects
from neurosym.text.failure import LogCorruptError, LogError

KIND = "the key store"
SCHEMA, MARK = "neurosym_keys", "store.tagging"
FORMAT = 1
ID_BYTES, SECRET_BYTES = 12, 32
TABLES = (
    Table("store", ("id text", "format integer", "tagging bytea"), ("id",)),
    Table("keys", ("id text", "secret bytea?", "tag text?"), ("id",), unique=("tag",)),
    Table("members", ("owner text", "of_set text"), ("owner", "of_set"), indexed=("of_set",)),
)
STATEMENTS = tuple(statement for table in TABLES for statement in table.statements(SCHEMA))
OPEN_TO_ALL = """SELECT pg_catalog.has_schema_privilege('public', 'neurosym_keys', 'USAGE')
  AND pg_catalog.has_table_privilege('public', 'neurosym_keys.keys', 'SELECT')"""


def has_postgres_keys(address: str) -> bool:
    """True when there is a key store at the address. LogError when that cannot be known, or there is something else."""
    named = Named(KIND, address)
    with one_transaction(named, BEGIN_READING) as connection:
        return has_schema(connection, named, SCHEMA, MARK)


def create_postgres_keys(address: str, entropy: Entropy) -> bool:
    """True when a new key store is now at the address; False when one was there already. LogError when it cannot be
    made.
    """

    def fill(connection: Connection) -> bool:
        row = (entropy(ID_BYTES).hex(), FORMAT, entropy(SECRET_BYTES))
        connection.execute("INSERT INTO neurosym_keys.store (id, format, tagging) VALUES (%s, %s, %s)", row)
        connection.execute("COMMIT")
        return True

    return made_schema(Named(KIND, address), SCHEMA, MARK, STATEMENTS, fill)


def check_keys(connection: Connection, named: Named) -> tuple[str, Tags]:
    """The id of the key store, and its tags. LogError when there is none, it is of another format, or everybody may
    read it; LogCorruptError when it is not as it was made.
    """
    if not has_schema(connection, named, SCHEMA, MARK):
        raise LogError(f"there is no key store at `{named.address}`")
    for each in differences(found_objects(connection, SCHEMA), SCHEMA, TABLES):
        raise LogCorruptError(f"{named} is damaged: {each}")
    if connection.execute(OPEN_TO_ALL).fetchall() == [(True,)]:
        raise LogError(
            f"{named} may be read by whoever may enter its database; make it yours alone: "
            f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC"
        )
    rows = connection.execute("SELECT id, format, tagging FROM neurosym_keys.store").fetchall()
    if len(rows) != 1 or rows[0][1] != FORMAT:
        raise LogCorruptError(f"{named} is damaged, or of another format than {FORMAT}")
    return rows[0][0], Tags(checked_secret(rows[0][2], named))


def checked_secret(cell: bytes, named: Named) -> bytes:
    """The secret in a cell; LogCorruptError when it cannot be one."""
    if len(cell) == SECRET_BYTES:
        return cell
    raise LogCorruptError(f"{named} is damaged: a secret has not {SECRET_BYTES} bytes")
