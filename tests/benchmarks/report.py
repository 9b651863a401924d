"""What people read of a run, and the one JSON document for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from tests.benchmarks.benchmark import Benchmark, Goal, Mark
from tests.benchmarks.machine import machine_document, versions
from tests.benchmarks.measuring import Pace
from tests.benchmarks.outcome import Finding, Outcome
from tests.benchmarks.spread import Spread

GAP = "  "
HEAD = ("contender", "median", "quartiles", "times ours", "nine in ten", "growth", "peak MB", "runs")
GOALS_HEAD = ("goal", "measured", "nine in ten", "")


def document(outcomes: Sequence[Outcome], pace: Pace) -> dict[str, object]:
    """Machine, versions, settings and all figures."""
    benchmarks = [each.benchmark for each in outcomes]
    return {
        "machine": machine_document(),
        "versions": versions(benchmarks),
        "settings": asdict(pace),
        "benchmarks": [_outcome_document(each) for each in outcomes],
    }


def head_lines(benchmarks: Sequence[Benchmark], pace: Pace) -> Iterator[str]:
    """Machine, versions and settings."""
    machine = machine_document()
    known = versions(benchmarks)
    yield f"{machine['processor']}, {machine['cores']} cores, {machine['python']}, load {machine['load']}"
    yield ", ".join(f"{name} {number or 'not installed'}" for name, number in known.items())
    collector = "on" if pace.has_collector else "off"
    yield f"interleaved runs in an order drawn by seed {pace.seed}; garbage collector {collector} while a run is timed"


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """The figures and the goals of one benchmark as aligned tables."""
    of = outcome.benchmark
    yield ""
    yield f"{of.name}: {of.title} ({of.unit})"
    yield from table((of.size_is, *HEAD), [_row(outcome, mark) for mark in _marks(outcome)], texts={1})
    for name in outcome.skipped:
        yield f"{name} is not installed, and did not run"
    if outcome.findings:
        yield ""
        yield from table(GOALS_HEAD, [_goal_row(outcome, each) for each in outcome.findings], texts={0, 3})


def _marks(outcome: Outcome) -> list[Mark]:
    return [Mark(name, size) for size, samples in outcome.samples.items() for name in samples]


def _row(outcome: Outcome, mark: Mark) -> tuple[str, ...]:
    spread, times = outcome.spread(mark), outcome.times_ours(mark)
    is_last = mark.size == max(outcome.samples)
    growth, peak = outcome.growth(mark.contender), outcome.peaks.get(mark.contender)
    return (
        f"{mark.size:,}",
        mark.contender,
        number(spread.middle),
        _range(spread),
        number(times.middle) if times else "",
        _range(times) if times else "",
        f"{growth:.2f}" if is_last and growth is not None else "",
        f"{peak:.0f}" if is_last and peak is not None else "",
        str(len(outcome.samples[mark.size][mark.contender])),
    )


def _goal_row(outcome: Outcome, found: Finding) -> tuple[str, ...]:
    reached = "reached" if found.is_reached else "MISSED"
    return goal_text(found.goal, outcome.benchmark.unit), number(found.value.middle), _range(found.value), reached


def goal_text(goal: Goal, unit: str) -> str:
    """The goal in words."""
    bound = f"{'at least' if goal.is_at_least else 'at most'} {goal.bound:g}"
    of = f"{goal.of.contender} at {goal.of.size:,}"
    if goal.over is None:
        return f"{of}: {bound} {unit}"
    over = f"{goal.over.contender} at {goal.over.size:,}"
    return f"{of}: {bound} times {over}"


def number(value: float) -> str:
    """Three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _range(spread: Spread) -> str:
    return f"{number(spread.low)} - {number(spread.high)}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], texts: set[int]) -> Iterator[str]:
    """Aligned columns; those of texts begin at their left."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        cells = (c.ljust(w) if n in texts else c.rjust(w) for n, (c, w) in enumerate(zip(row, widths, strict=True)))
        yield GAP.join(cells).rstrip()


def _outcome_document(outcome: Outcome) -> dict[str, object]:
    of = outcome.benchmark
    return {
        "name": of.name,
        "title": of.title,
        "unit": of.unit,
        "size_is": of.size_is,
        "skipped": list(outcome.skipped),
        "results": [_mark_document(outcome, mark) for mark in _marks(outcome)],
        "growth": {name: outcome.growth(name) for name in dict.fromkeys(mark.contender for mark in _marks(outcome))},
        "peak_mb": dict(outcome.peaks),
        "goals": [_goal_document(each, of.unit) for each in outcome.findings],
    }


def _mark_document(outcome: Outcome, mark: Mark) -> dict[str, object]:
    spread, times = outcome.spread(mark), outcome.times_ours(mark)
    return {
        "size": mark.size,
        "contender": mark.contender,
        "median": spread.middle,
        "quartiles": [spread.low, spread.high],
        "times_ours": asdict(times) if times else None,
        "samples": list(outcome.samples[mark.size][mark.contender]),
    }


def _goal_document(found: Finding, unit: str) -> dict[str, object]:
    return {
        "goal": goal_text(found.goal, unit),
        "bound": found.goal.bound,
        "measured": asdict(found.value),
        "is_reached": found.is_reached,
    }
