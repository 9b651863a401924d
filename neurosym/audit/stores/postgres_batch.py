"""Writing a batch into the tables of a log, and committing it: everything goes to the server at once, nearly all of it
in one statement, and one answer comes back. Each statement by itself would cost as much as the rows that it writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from neurosym.audit.frontier import frontier_bytes
from neurosym.audit.store import Batch, PayloadRow
from neurosym.audit.stores.postgres_session import Connection

PART_BYTES = 1 << 24  # of payloads that go into one statement; the server takes less than 2^30
# A payload that several entries share is stored once; its digest says that it is the same.
PAYLOADS = """INSERT INTO neurosym_log.payload (digest, seq, content)
  SELECT * FROM unnest(%b::text[], %b::bigint[], %b::bytea[]) ON CONFLICT (digest) DO NOTHING"""
BATCH = f"""WITH entry AS (
  INSERT INTO neurosym_log.entries (seq, envelope, leaf)
    SELECT * FROM unnest(%b::bigint[], %b::bytea[], %b::bytea[]) RETURNING 1
), payload AS ({PAYLOADS}), node AS (
  INSERT INTO neurosym_log.node (level, place, hash)
    SELECT * FROM unnest(%b::integer[], %b::bigint[], %b::bytea[]) RETURNING 1
), lookup AS (
  INSERT INTO neurosym_log.lookup (kind, key, seq)
    SELECT * FROM unnest(%b::text[], %b::bytea[], %b::bigint[]) RETURNING 1
), state AS (
  UPDATE neurosym_log.state SET size = %b, frontier = %b WHERE id = 1 RETURNING 1
), checkpoint AS (
  UPDATE neurosym_log.checkpoint SET note = %b WHERE id = 1 RETURNING 1
)
SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM node), (SELECT count(*) FROM lookup),
  (SELECT count(*) FROM state), (SELECT count(*) FROM checkpoint)"""  # noqa: S608 - constants
ERASED = "DELETE FROM neurosym_log.payload WHERE digest = ANY(%b)"
SIGNER = "UPDATE neurosym_log.identity SET vkey = %b WHERE id = 1"


def commit_batch(connection: Connection, batch: Batch) -> bool:
    """True when the batch is durable with every row of it; False when it is committed, and the server left some out.
    psycopg's errors where it is not committed; where the connection is lost, nobody knows.
    """
    first, *others = list(_parts(batch.payloads)) or [[]]
    with connection.pipeline():
        for part in others:
            connection.execute(PAYLOADS.encode(), _payload_columns(part))
        written = connection.execute(BATCH.encode(), tuple(_columns(batch, first)), binary=True)
        if batch.erased:
            connection.execute(ERASED, (list(batch.erased),))
        if batch.vkey is not None:
            connection.execute(SIGNER, (batch.vkey,))
        committed = connection.execute("COMMIT")
    counts = (len(batch.entries), len(batch.nodes), len(batch.lookups), 1, 1)
    return committed.statusmessage == "COMMIT" and written.fetchall() == [counts]


def _columns(batch: Batch, payloads: Sequence[PayloadRow]) -> Iterator[object]:
    """The values of the statement, column by column."""
    yield [row.seq for row in batch.entries]
    yield [row.envelope for row in batch.entries]
    yield [row.leaf for row in batch.entries]
    yield from _payload_columns(payloads)
    yield [row.level for row in batch.nodes]
    yield [row.index for row in batch.nodes]
    yield [row.hash for row in batch.nodes]
    yield [row.kind for row in batch.lookups]
    yield [row.key for row in batch.lookups]
    yield [row.seq for row in batch.lookups]
    frontier = batch.state.frontier
    yield from (frontier.size, frontier_bytes(frontier), batch.state.note)


def _payload_columns(payloads: Sequence[PayloadRow]) -> tuple[list[str], list[int], list[bytes]]:
    return [row.digest for row in payloads], [row.seq for row in payloads], [row.stored for row in payloads]


def _parts(payloads: Sequence[PayloadRow]) -> Iterator[list[PayloadRow]]:
    """The payloads, so many together as one statement takes."""
    part: list[PayloadRow] = []
    size = 0
    for row in payloads:
        if part and size + len(row.stored) > PART_BYTES:
            yield part
            part, size = [], 0
        part.append(row)
        size += len(row.stored)
    if part:
        yield part
