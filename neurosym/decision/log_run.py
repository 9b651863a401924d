"""All decisions of a log, executed again or made by another ruleset, one after another or in several processes.

A log is read part by part, so that its size does not matter, and every process opens it itself. What becomes of a
decision depends on the log alone: not on the parts, nor on who had which.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from neurosym.audit.address import Address
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.decision.backtest import Backtester, Compared
from neurosym.decision.partition import Part, Work, shared_out, usable_processors
from neurosym.decision.replay import Replayed, Replayer
from neurosym.decision.ruleset import Ruleset

PART_LENGTH = 64  # entries: far more work than giving them out, and little enough that all processes end together
ENTRIES_EACH = 512  # for which it pays to start one more process: that alone takes a second or two


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
    return shared_out(partial(_replaying, address, data_keys), _parts(chosen, part_length), processes)


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
    return shared_out(begin, _parts(chosen, part_length), processes)


def _parts(chosen: Sequence[int], length: int) -> Iterator[Part]:
    return (chosen[first : first + length] for first in range(0, len(chosen), length))


@contextmanager
def _replaying(address: Address, data_keys: Address | None) -> Iterator[Work[Replayed]]:
    with LogReader.open(address, data_keys=data_keys) as log:
        replayer = Replayer(log)
        yield lambda part: [replayer.replay(entry) for entry in _decisions(log, part)]


@contextmanager
def _backtesting(
    address: Address, data_keys: Address | None, ruleset: Ruleset, passed_over: frozenset[int]
) -> Iterator[Work[Compared]]:
    with LogReader.open(address, data_keys=data_keys) as log:
        backtester = Backtester(log, ruleset)
        yield lambda part: [
            backtester.compared(entry) for entry in _decisions(log, part) if entry.seq not in passed_over
        ]


def _decisions(log: LogReader, part: Part) -> list[Entry]:
    """The entries of a part that are of decisions, as one view of the log has them."""
    with log.store.reading():
        entries = [log.entry(seq) for seq in part]
    return [entry for entry in entries if entry.kind is EntryKind.DECISION]
