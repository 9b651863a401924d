"""Theorems of batches: what is decided does not depend on how rows arrive or who decides them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.audit.log import Log
from neurosym.audit.row_tree import RowTree
from neurosym.audit.tree import leaf_hash
from neurosym.audit.tree_proof import verify_inclusion
from neurosym.decision.batch import run as batch_run
from neurosym.decision.batch.decided_batch import DecidedBatch
from neurosym.decision.batch.replay import RowReplayer
from neurosym.decision.engine import Engine
from neurosym.decision.replay import Replayer, ReplayStatus
from tests.audit.world import counted_entropy, open_log
from tests.decision.batch_case import FACTS, rows, transfers

ROWS_MAX = 10
SIZES = st.lists(st.integers(1, 7), max_size=12)


@contextmanager
def new_log() -> Iterator[Log]:
    with TemporaryDirectory() as folder, open_log(Path(folder) / "decisions.db") as log:
        yield log


def decided(log: Log, given_rows: Any, processes: int = 1, part_rows: int = 256) -> list[DecidedBatch]:
    """The batches by an engine whose ids are the same in every run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch_run.BatchRun.__init__, "__defaults__", (1, ROWS_MAX, part_rows))
        engine = Engine(transfers(), log=log, entropy=counted_entropy())
        return list(engine.decide_batch("screen", given_rows, facts=FACTS, processes=processes))


def stored(log: Log) -> list[tuple[bytes, list[bytes | None]]]:
    """Every byte that the log holds of its entries and their payloads."""
    with log.store.reading() as reading:
        envelopes = [row.envelope for row in reading.entries(0, 1_000)]
        links = [[link.digest for link in log.entry(seq).payloads] for seq in range(len(envelopes))]
        return [
            (envelope, [reading.payload(digest) for digest in digests])
            for envelope, digests in zip(envelopes, links, strict=True)
        ]


def cut(table: Any, sizes: Sequence[int]) -> Any:
    """The same rows in record batches of these sizes, and what is left in one."""
    import pyarrow as pa  # noqa: PLC0415

    ends = [0]
    for size in sizes:
        ends.append(min(ends[-1] + size, table.num_rows))
    ends.append(table.num_rows)
    pieces = [table.slice(at, end - at).combine_chunks() for at, end in pairwise(ends)]
    batches = [batch for piece in pieces for batch in piece.to_batches()]
    return pa.RecordBatchReader.from_batches(table.schema, batches)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 34), SIZES, st.integers(1, 12))
def test_no_byte_of_a_batch_depends_on_record_batches_or_on_parts(count: int, sizes: list[int], part: int) -> None:
    pa = pytest.importorskip("pyarrow")
    with new_log() as first, new_log() as second:
        plain = decided(first, rows(count))
        table = pa.Table.from_pylist(rows(count), schema=pa.Table.from_pylist(rows(1)).schema)
        arrow = decided(second, cut(table, sizes), part_rows=part)
        assert arrow == plain
        assert stored(first) == stored(second)


@pytest.mark.parametrize(("processes", "part"), [(2, 1), (2, 7), (3, 256)])
def test_no_byte_of_a_batch_depends_on_processes(processes: int, part: int) -> None:
    with new_log() as first, new_log() as second:
        assert decided(first, rows(34), processes, part) == decided(second, rows(34))
        assert stored(first) == stored(second)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(max_size=5), min_size=1, max_size=600), st.data())
def test_every_row_leads_to_the_root_and_no_other_line_does(lines: list[bytes], data: st.DataObject) -> None:
    tree = RowTree.over(lines)
    at = data.draw(st.integers(0, len(lines) - 1))
    root = bytes.fromhex(tree.digest.removeprefix("sha256:"))
    path = tree.path(at)
    assert verify_inclusion(at, len(lines), leaf_hash(lines[at]), root, path)
    assert not verify_inclusion(at, len(lines), leaf_hash(lines[at] + b"x"), root, path)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 34), st.integers(1, 12))
def test_every_row_of_a_batch_replays(count: int, part: int) -> None:
    with new_log() as log:
        batches = decided(log, rows(count), part_rows=part)
        rows_of = RowReplayer(Replayer(log))
        found = [each for batch in batches for each in rows_of.replayed(log.entry(batch.seq))]
        assert [each.row for each in found] == [*range(count)]
        assert {each.status for each in found} == {ReplayStatus.IDENTICAL}
