"""All decisions of a log, executed again or made by another ruleset, one after another or in several processes.

A log is read part by part, so that its size does not matter, and every process opens it itself. What becomes of a
decision depends on the log alone: not on the parts, nor on who had which.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias, TypeVar

from neurosym.audit.address import Address
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.decision.backtest import Backtester, Compared
from neurosym.decision.batch.backtest import RowBacktester
from neurosym.decision.batch.recorded_batch import batch_extents
from neurosym.decision.batch.replay import RowReplayer
from neurosym.decision.partition import Part, Work, shared_out, usable_processors
from neurosym.decision.replay import Replayed, Replayer
from neurosym.decision.ruleset import Ruleset

Found = TypeVar("Found")

PART_LENGTH = 64  # entries: far more work than giving them out, and little enough that all processes end together
PART_ROWS = 512  # of one batch, likewise
ENTRIES_EACH = 512  # for which it pays to start one more process: that alone takes a second or two


@dataclass(frozen=True, slots=True)
class RowPart:
    """Some rows of a batch, by their places in it."""

    seq: int
    first: int
    end: int


Item: TypeAlias = int | RowPart  # an entry, or some rows of one


def processes_for(entries: int) -> int:
    """How many processes replay so many entries soonest: no more than there are processors to use."""
    return min(usable_processors(), 1 + entries // ENTRIES_EACH)


def replayed_log(
    address: Address,
    chosen: Sequence[int],
    *,
    data_keys: Address | None = None,
    processes: int = 1,
    part_length: int = PART_LENGTH,
) -> Generator[Replayed, None, None]:
    """The decisions among the chosen entries of a log, executed again, in the order of the choice. LogError when it
    cannot give what it recorded, and what else `shared_out` raises.
    """
    parts = _parts(address, data_keys, chosen, part_length)
    return shared_out(partial(_replaying, address, data_keys), parts, processes)


def backtested_log(
    address: Address,
    ruleset: Ruleset,
    chosen: Sequence[int],
    passed_over: frozenset[int] = frozenset(),
    *,
    data_keys: Address | None = None,
    processes: int = 1,
    part_length: int = PART_LENGTH,
) -> Generator[Compared, None, None]:
    """The same by another ruleset, of which nobody is asked anything; without the entries that are passed over."""
    begin = partial(_backtesting, address, data_keys, ruleset, passed_over)
    return shared_out(begin, _parts(address, data_keys, chosen, part_length), processes)


def _parts(address: Address, data_keys: Address | None, chosen: Sequence[int], length: int) -> Iterator[Part]:
    """The entries, some at a time; a batch by itself, in pieces where it has many rows."""
    with LogReader.open(address, data_keys=data_keys) as log:
        for first in range(0, len(chosen), length):
            part: list[Item] = []
            for seq, rows in batch_extents(log, chosen[first : first + length]):
                if rows is None:
                    part.append(seq)
                    continue
                if part:
                    yield part
                part = []
                yield from ([RowPart(seq, at, at + PART_ROWS)] for at in range(0, rows, PART_ROWS))
            if part:
                yield part


@contextmanager
def _replaying(address: Address, data_keys: Address | None) -> Iterator[Work[Replayed]]:
    with LogReader.open(address, data_keys=data_keys) as log:
        replayer = Replayer(log)
        rows = RowReplayer(replayer)
        yield lambda part: list(_each(log, part, replayer.replay, rows.replayed))


@contextmanager
def _backtesting(
    address: Address, data_keys: Address | None, ruleset: Ruleset, passed_over: frozenset[int]
) -> Iterator[Work[Compared]]:
    with LogReader.open(address, data_keys=data_keys) as log:
        backtester = Backtester(log, ruleset)
        rows = RowBacktester(backtester)

        def work(part: Part) -> list[Compared]:
            left = [each for each in part if each not in passed_over]
            return list(_each(log, left, backtester.compared, rows.compared))

        yield work


def _each(
    log: LogReader,
    part: Part,
    of_decision: Callable[[Entry], Found],
    of_rows: Callable[[Entry, slice], Iterable[Found]],
) -> Iterator[Found]:
    """What is found of the decisions of a part, and of the rows of batches."""
    with log.store.reading():  # one view of them
        entries = [(each, log.entry(each.seq if isinstance(each, RowPart) else each)) for each in part]
    for each, entry in entries:
        if isinstance(each, RowPart):
            yield from of_rows(entry, slice(each.first, each.end))
        elif entry.kind is EntryKind.DECISION:
            yield of_decision(entry)
