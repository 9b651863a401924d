"""Working memory: facts that come and go, and what follows from them, kept up to date for each law asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from neurosym.engine.compiled.delta import Delta, Rows
from neurosym.engine.compiled.evaluation import CompiledEvaluator
from neurosym.engine.compiled.live import LiveState
from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.compiled.reading import Read
from neurosym.engine.fact_table import FactSet
from neurosym.engine.layout import Layout, Row
from neurosym.engine.live_fact_table import LiveFactTable
from neurosym.engine.situation import LIMITS, Limits, Situation
from neurosym.values.temporal import Date

LAWS_MAX = 4  # kept up to date at once: days on which different provisions are in force
ByType: TypeAlias = Mapping[str, Iterable[Row]]


class WorkingMemory:
    """The facts that are held, as rows. Not for several threads at once."""

    def __init__(self, compiled: CompiledProgram, limits: Limits = LIMITS) -> None:
        """Holds nothing, and knows of no type that it is complete."""
        program = compiled.program
        self.limits = limits
        self.incomplete = frozenset(name for name, of in program.fact_types.items() if not of.is_derived)
        self._compiled = compiled
        self.tables = {name: LiveFactTable(layout, ()) for name, layout in self._compiled.layouts.items()}
        self.facts = FactSet(self._compiled.layouts, self.tables)
        self._states: list[LiveState] = []  # the one used last comes last

    @property
    def layouts(self) -> Mapping[str, Layout]:
        """How the facts lie in rows."""
        return self._compiled.layouts

    def reader(self, name: str) -> Read | None:
        """The function that reads given facts of a type; None where they are read one by one."""
        return self._compiled.reader(name)

    def change(self, removed: ByType, added: ByType, incomplete: frozenset[str]) -> list[tuple[LiveState, Delta]]:
        """Hold no more what is `removed`, then what is `added`, whose keys are not held; what follows changes with it.
        After a LimitError everything is as it was before.

        Returned are the states that were kept up to date, with what became of them.
        """
        before = self.incomplete
        delta = _delta(removed, added)
        self._hold(delta.removed, delta.added)
        self.incomplete = incomplete
        try:
            return [(state, state.follow(delta, incomplete)) for state in self._states]
        except BaseException:
            self._states.clear()
            self._hold(delta.added, delta.removed)
            self.incomplete = before
            raise

    def _hold(self, removed: Mapping[str, Rows], added: Mapping[str, Rows]) -> None:
        for name, rows in removed.items():
            for row in rows:
                self.tables[name].remove(row)
        for name, rows in added.items():
            for row in rows:
                self.tables[name].insert(row)

    def state(self, on: Date) -> LiveState:
        """What follows from the facts by the law of a day; kept up to date from now on."""
        for at, held in enumerate(self._states):
            if held.is_of_law(self._compiled, on):
                self._states.append(self._states.pop(at))
                return held
        situation = Situation(self.facts, on, self.incomplete)
        made = LiveState(self._compiled, situation, self.limits)
        self._states = [*self._states[1 - LAWS_MAX :], made]
        return made

    def evaluator(self, on: Date) -> CompiledEvaluator:
        """An evaluator of situations over the facts as they are held now, whose law is that of the day."""
        return CompiledEvaluator(self._compiled, {False: self.state(on)})


def _delta(removed: ByType, added: ByType) -> Delta:
    """What changes in the end: a row that goes and comes back does not."""
    delta = Delta()
    for name in dict.fromkeys((*removed, *added)):
        gone, come = dict.fromkeys(removed.get(name, ())), dict.fromkeys(added.get(name, ()))
        delta.take(name, (row for row in come if row not in gone), (row for row in gone if row not in come))
    return delta
