"""The memory of a process that decides over many facts: `python -m tests.benchmarks.own.memory COUNT GAUGE`."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable

from tests.benchmarks.footprint import largest_mb, said_by_process
from tests.benchmarks.trial import Measured, Ready, repeatable
from tests.generation.dice import Dice

SIZES = (25_000, 50_000, 100_000)  # facts
MODULE = "tests.benchmarks.own.memory"
BYTES = 1_048_576  # in a megabyte
RULES = """
ruleset memory

fact Customer
  id:       text  key
  name:     text
  country:  text
  since:    date
  balance:  number
  segment:  "private" | "corporate"

fact Payment
  id:         text  key
  payer:      Customer
  booked_on:  date

decision screen(payment: Payment)
  on         payment.booked_on
  outcomes   "hold" > "release"
  otherwise  "release"
  undecided  "hold"

rule large
  for   p: Payment
  when  p.payer.balance >= 500000
  then  screen(payment: p) is "hold"
"""
REQUEST = {"payment": {"id": "P1", "payer": "C7", "booked_on": "2026-11-22"}}

Row = dict[str, str | int]


def work(size: int) -> int:
    """The number of facts is all there is to it: their process makes them itself."""
    return size


def with_facts_run(work: int) -> Ready[Measured[None]]:
    """The largest memory of the process, facts as dicts included."""
    return _of_process(work, "largest")


def without_facts_run(work: int) -> Ready[Measured[None]]:
    """The largest memory of the same process with no facts but one."""
    del work
    return _of_process(8, "largest")


def traced_run(work: int) -> Ready[Measured[None]]:
    """What Python itself holds for the facts that were taken in, and for nothing else."""
    return _of_process(work, "traced")


def _of_process(count: int, gauge: str) -> Ready[Measured[None]]:
    def run() -> Measured[None]:
        return Measured(None, float(said_by_process("-m", MODULE, str(count), gauge)))

    return repeatable(run)


def rows(count: int) -> list[Row]:
    """Customers as dicts."""
    dice = Dice(9)
    return [
        {
            "id": f"C{number}",
            "name": f"Customer {number} of the bank",
            "country": f"K{dice.below(200)}",
            "since": f"20{dice.below(20):02}-0{1 + dice.below(9)}-1{dice.below(10)}",
            "balance": dice.below(1_000_000),
            "segment": "private" if dice.below(3) else "corporate",
        }
        for number in range(count)
    ]


def largest(count: int) -> float:
    """The largest memory of this process once it has decided over its facts."""
    _decided(rows(count))
    return largest_mb()


def traced(count: int) -> float:
    """The memory that facts which were taken in hold, and what is kept beside them."""
    given = rows(count)
    _decided(given[:8])  # what is loaded once is no part of it
    tracemalloc.start()
    try:
        held = _decided(given)
        found = tracemalloc.get_traced_memory()[0] / BYTES
        del held
        return found
    finally:
        tracemalloc.stop()  # what is traced takes five times as long


def _decided(customers: list[Row]) -> object:
    """What an engine holds on to after a decision over all customers."""
    from tests.benchmarks import ours  # noqa: PLC0415 - part of what a process takes

    desk = ours.Desk.of_rules(RULES)
    held = desk.knowing({"Customer": customers})
    held.decided("screen", REQUEST)
    return held


GAUGES: dict[str, Callable[[int], float]] = {"largest": largest, "traced": traced}

if __name__ == "__main__":
    sys.stdout.write(f"{GAUGES[sys.argv[2]](int(sys.argv[1]))}\n")
