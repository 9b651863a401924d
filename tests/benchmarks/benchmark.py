"""A benchmark: some work at several sizes, those who do it, and what is to be reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tests.benchmarks.trial import Ready

OURS = "neurosym"


@dataclass(frozen=True, slots=True)
class Contender:
    """Who does the work. `package` is the distribution it needs; None: Python or our own is enough."""

    name: str
    module: str  # below tests.benchmarks
    function: str
    package: str | None = None
    is_peer: bool = False
    size_max: int | None = None  # beyond it the library is known to fail

    @property
    def version(self) -> str | None:
        """The installed version of its package; None when it is not installed, or needs none."""
        try:
            return version(self.package) if self.package else None
        except PackageNotFoundError:
            return None

    @property
    def is_installed(self) -> bool:
        """Whether it can take part here."""
        return self.package is None or self.version is not None

    def prepare(self, work: Any) -> Ready[Any]:
        """Its way of doing the work, with its rules loaded."""
        found: Ready[Any] = getattr(import_module(f"tests.benchmarks.{self.module}"), self.function)(work)
        return found


@dataclass(frozen=True, slots=True)
class Mark:
    """What a contender needs at a size."""

    contender: str
    size: int


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound on a mark, or on how often one mark is as large as another."""

    of: Mark
    over: Mark | None
    bound: float
    is_at_least: bool

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What has to be measured."""
        return (self.of,) if self.over is None else (self.of, self.over)

    def is_reached(self, value: float) -> bool:
        """Whether a value keeps to the bound."""
        return value >= self.bound if self.is_at_least else value <= self.bound


def faster_than(peer: str, size: int, times: float) -> Goal:
    """We are so many times as fast as a peer."""
    return Goal(Mark(peer, size), Mark(OURS, size), times, is_at_least=True)


def at_most_times(of: str, over: str, size: int, times: float) -> Goal:
    """One contender takes at most so many times what another takes."""
    return Goal(Mark(of, size), Mark(over, size), times, is_at_least=False)


def grows_at_most(small: int, large: int, times: float, of: str = OURS) -> Goal:
    """The larger size takes at most so many times what the smaller one takes."""
    return Goal(Mark(of, large), Mark(of, small), times, is_at_least=False)


def at_most(of: str, size: int, value: float) -> Goal:
    """A contender takes at most so much."""
    return Goal(Mark(of, size), None, value, is_at_least=False)


def _nothing_to_check(work: Any, answer: Any) -> bool:
    del work, answer
    return True


@dataclass(frozen=True, slots=True)
class Benchmark:
    """`work` makes the work of a size, `count` says how many operations one run of it is, `canonical` puts an answer
    into the form in which all contenders must agree, `is_proven` looks at what may differ between them.
    """

    name: str
    title: str
    sizes: tuple[int, ...]
    size_is: str
    work: Callable[[int], Any]
    contenders: tuple[Contender, ...]
    goals: tuple[Goal, ...] = ()
    canonical: Callable[[Any], object] = lambda answer: answer
    is_proven: Callable[[Any, Any], bool] = _nothing_to_check
    count: Callable[[Any], int] = lambda _: 1
    unit: str = "ms"
    has_peak: bool = True  # whether the memory of its contenders says anything

    def taking_part(self, size: int, *, peers: bool) -> Sequence[Contender]:
        """Those who are installed and can do work of the size; ours alone unless peers are wanted."""
        installed = [each for each in self.contenders if each.is_installed and (peers or not each.is_peer)]
        return [each for each in installed if each.size_max is None or size <= each.size_max]

    def skipped(self, *, peers: bool) -> Sequence[str]:
        """Peers that are wanted and not installed."""
        return [each.name for each in self.contenders if peers and not each.is_installed]
