"""How much a generated function can look at, from the widths of its loops: where that is little, nothing is counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TypeAlias

from neurosym.engine.compiled.source import Given, IndexOf, Line, Module, RowsOf, Width
from neurosym.engine.compiled.table import Table

CALL = re.compile(r"\w+(?=\()")


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a function that is a loop, or calls functions of the module."""

    depth: int
    width: Width | None
    calls: tuple[str, ...]


Steps: TypeAlias = Mapping[str, Sequence[Step]]


def steps_of(module: Module) -> Steps:
    """The steps of every function of a module."""
    return {name: list(_steps(lines, module)) for name, lines in module.functions.items()}


def _steps(lines: Iterable[Line], module: Module) -> Iterator[Step]:
    for line in islice(lines, 1, None):
        calls = tuple(each for each in CALL.findall(line.text) if each in module.functions)
        if calls or line.width is not None:
            yield Step(line.depth, line.width, calls)


def files_of(module: Module) -> frozenset[str]:
    """The author's files that the functions of a module come from."""
    return frozenset(lines[0].span.source.name for lines in module.functions.values())


class Reach:
    """The bounds of one function of a module over the tables of a run, which `table` gives by their types."""

    def __init__(self, steps: Steps, files: frozenset[str], name: str, table: Callable[[str], Table]) -> None:
        self.steps = steps
        self.files = files
        self.name = name
        self.table = table

    def looked(self, rows: int) -> int:
        """The facts that the function looks at, at most, for so many rows."""
        return self._looked(self.name, rows, {})

    def kept(self, rows: int) -> int:
        """How often the innermost of the function's own loops goes round, at most."""
        return max((times for _, times in self._nested(self.name, rows)), default=0)

    @cached_property
    def is_constant(self) -> bool:
        """True when no loop is over facts that are still being concluded."""
        every = [step.width for steps in self.steps.values() for step in steps]
        return all(self.table(each.type).given is not None for each in every if isinstance(each, (IndexOf, RowsOf)))

    def _looked(self, name: str, rows: int, known: dict[str, int]) -> int:
        total = 0
        for step, times in self._nested(name, rows):
            if step.width is not None:
                total += times
            for called in step.calls:
                if called not in known:
                    known[called] = self._looked(called, 0, known)
                total += times * known[called]
        return total

    def _nested(self, name: str, rows: int) -> list[tuple[Step, int]]:
        """The steps of a function, each with how often it is reached at most; a loop with how often it goes round."""
        found, around = [], [(0, 1)]
        for step in self.steps[name]:
            while around[-1][0] >= step.depth:
                around.pop()
            times = around[-1][1] if step.width is None else around[-1][1] * self._width(step.width, rows)
            if step.width is not None:
                around.append((step.depth, times))
            found.append((step, times))
        return found

    def _width(self, of: Width, rows: int) -> int:
        match of:
            case IndexOf():
                table = self.table(of.type)
                return table.index(of.columns).width(len(table))
            case RowsOf():
                return len(self.table(of.type))
            case Given():
                return rows
            case _:
                return of
