"""A property of every generated case; where it fails, the smallest case that shows it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from tests.generation.case import Case
from tests.generation.facts import cases
from tests.generation.shrinking import shrunk
from tests.oracle_world import TooLargeError

KEPT_MAX = 100  # cases compiled once for all properties
TOO_LARGE_MAX = 10  # per cent of the cases that loops alone need not finish


def for_every_case(count: int, check: Callable[[Case], object], first: int = 0) -> None:
    """Check so many cases from a seed on. AssertionError with the seed and a small case when one fails."""
    too_large = 0
    for seed, case in _kept(count, first) if count <= KEPT_MAX else cases(count, first):
        try:
            check(case)
        except TooLargeError:
            too_large += 1
        except Exception as error:
            small = shrunk(case, partial(_raises, type(error), check))
            raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}\n{small}") from error
    assert too_large * 100 <= count * TOO_LARGE_MAX


@cache
def _kept(count: int, first: int) -> list[tuple[int, Case]]:
    return list(cases(count, first))


def _raises(kind: type[Exception], check: Callable[[Case], object], case: Case) -> bool:
    try:
        check(case)
    except Exception as error:  # noqa: BLE001 - any way of failing that is the same way
        return type(error) is kind
    return False
