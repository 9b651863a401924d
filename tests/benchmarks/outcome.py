"""What a run of a benchmark found: samples, ratios, growth, and which goals it reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from tests.benchmarks.benchmark import OURS, Benchmark, Goal, Mark
from tests.benchmarks.footprint import peak_mb
from tests.benchmarks.measuring import Pace, Samples, measured
from tests.benchmarks.spread import Spread, exponent, quartiles, ratio


@dataclass(frozen=True, slots=True)
class Finding:
    """A goal, and what was measured of it."""

    goal: Goal
    value: Spread

    @property
    def is_reached(self) -> bool:
        """Whether the measured value keeps to the bound."""
        return self.goal.is_reached(self.value.middle)


@dataclass(frozen=True)
class Outcome:
    """The samples by size and contender, and the peak memory of contenders at the largest size that was run."""

    benchmark: Benchmark
    samples: Mapping[int, Samples]
    peaks: Mapping[str, float] = field(default_factory=dict)
    skipped: Sequence[str] = ()

    def of(self, mark: Mark) -> Sequence[float] | None:
        """The samples of a mark; None when it was not run."""
        return self.samples.get(mark.size, {}).get(mark.contender)

    def spread(self, mark: Mark) -> Spread:
        """The median of a mark between its quartiles."""
        return quartiles(self.samples[mark.size][mark.contender])

    def times_ours(self, mark: Mark) -> Spread | None:
        """How many times what we take; None for ourselves, and where we did not run."""
        ours, theirs = self.of(Mark(OURS, mark.size)), self.of(mark)
        if ours is None or theirs is None or mark.contender == OURS:
            return None
        return ratio(theirs, ours)

    def growth(self, contender: str) -> float | None:
        """The power of the size with which the contender's cost grows."""
        of = {size: samples[contender] for size, samples in self.samples.items() if contender in samples}
        return exponent([(size, median(values)) for size, values in of.items()])

    @property
    def findings(self) -> Sequence[Finding]:
        """The goals whose marks were all run."""
        found = []
        for goal in self.benchmark.goals:
            needed = [self.of(mark) for mark in goal.marks]
            samples = [each for each in needed if each is not None]
            if len(samples) == len(needed):
                found.append(Finding(goal, _value(samples)))
        return found


def _value(samples: Sequence[Sequence[float]]) -> Spread:
    """A ratio of two, or the one there is."""
    if len(samples) == 1:
        return quartiles(samples[0])
    of, over = samples
    return ratio(of, over)


def run_benchmark(
    benchmark: Benchmark, sizes: Sequence[int], pace: Pace, say: Callable[[str], None], *, peers: bool, peaks: bool
) -> Outcome:
    """What the contenders take at the sizes; `say` hears what is being done."""
    samples = {}
    for size in sizes:
        say(f"{benchmark.name}: {size} {benchmark.size_is}")
        samples[size] = measured(benchmark, size, benchmark.taking_part(size, peers=peers), pace)
    found = {}
    if peaks and benchmark.has_peak:
        for each in benchmark.taking_part(sizes[-1], peers=peers):
            say(f"{benchmark.name}: memory of {each.name}")
            found[each.name] = peak_mb(benchmark, each, sizes[-1])
    return Outcome(benchmark, samples, found, benchmark.skipped(peers=peers))
