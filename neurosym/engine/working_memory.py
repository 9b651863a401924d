"""Working memory: facts that come and go, and what follows from them, kept up to date for each law asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from functools import cached_property
from typing import TypeAlias

from neurosym.engine.compiled.delta import Delta, Rows
from neurosym.engine.compiled.evaluation import CompiledEvaluator
from neurosym.engine.compiled.live import LiveState
from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.compiled.reading import Read
from neurosym.engine.fact_table import FactSet
from neurosym.engine.layout import Layout, Row
from neurosym.engine.live_fact_table import LiveFactTable
from neurosym.engine.model import Model
from neurosym.engine.situation import LIMITS, Limits, Situation
from neurosym.text.failure import LimitError
from neurosym.values.temporal import Date
from neurosym.values.value import Reference

LAWS_MAX = 4  # kept up to date at once: days on which different provisions are in force
ByType: TypeAlias = Mapping[str, Iterable[Row]]


class WorkingMemory:
    """The facts that are held, as rows. Not for several threads at once."""

    def __init__(self, compiled: CompiledProgram, limits: Limits = LIMITS) -> None:
        """Holds nothing, and knows of no type that it is complete."""
        program = compiled.program
        self.limits = limits
        self.incomplete = frozenset(name for name, of in program.fact_types.items() if not of.is_derived)
        self.compiled = compiled
        self.tables = {name: LiveFactTable(layout, ()) for name, layout in self.compiled.layouts.items()}
        self.facts = FactSet(self.compiled.layouts, self.tables)
        self._states: list[LiveState] = []  # the one used last comes last

    @property
    def layouts(self) -> Mapping[str, Layout]:
        """How the facts lie in rows."""
        return self.compiled.layouts

    def reader(self, name: str) -> Read | None:
        """The function that reads given facts of a type; None where they are read one by one."""
        return self.compiled.reader(name)

    def change(self, removed: ByType, added: ByType, incomplete: frozenset[str]) -> list[tuple[LiveState, Delta]]:
        """Hold no more what is `removed`, then what is `added`, whose keys are not held; what follows changes with it.
        After a LimitError everything is as it was before.

        Returned are the states that were kept up to date, with what became of them.
        """
        delta = _delta(removed, added)
        self._hold(delta.removed, delta.added)
        with ExitStack() as undoing:
            undoing.callback(self._undo, delta, self.incomplete)
            self.incomplete = incomplete
            found = [(state, state.follow(delta, incomplete)) for state in self._states]
            undoing.pop_all()
        return found

    def _undo(self, delta: Delta, incomplete: frozenset[str]) -> None:
        """Hold what was held before the change; what follows from it is found anew."""
        self._states.clear()
        self._hold(delta.added, delta.removed)
        self.incomplete = incomplete

    def shift(self, removed: ByType, added: ByType, incomplete: frozenset[str]) -> None:
        """As `change`, but the facts stay changed: a state that reaches a limit is made anew when it is asked for, and
        says so then.
        """
        delta = _delta(removed, added)
        self._hold(delta.removed, delta.added)
        self.incomplete = incomplete
        try:
            for state in self._states:
                state.follow(delta, incomplete)
        except LimitError:
            self._states.clear()

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
            if held.is_of_law(self.compiled, on):
                self._states.append(self._states.pop(at))
                return held
        situation = Situation(self.facts, on, self.incomplete)
        made = LiveState(self.compiled, situation, self.limits)
        self._states = [*self._states[1 - LAWS_MAX :], made]
        return made

    def evaluator(self, on: Date) -> LiveEvaluator:
        """An evaluator of situations over the facts as they are held now, whose law is that of the day."""
        return LiveEvaluator(self, on)


class LiveEvaluator:
    """Evaluates over the facts of a working memory, one situation after another."""

    def __init__(self, memory: WorkingMemory, on: Date) -> None:
        self.memory = memory
        self.on = on

    @cached_property
    def _evaluator(self) -> CompiledEvaluator:
        return CompiledEvaluator(self.memory.compiled, {False: self.memory.state(self.on)})

    def __call__(
        self,
        situation: Situation,
        limits: Limits = LIMITS,
        prior: Model | None = None,
        contested: frozenset[Reference] = frozenset(),
    ) -> Model:
        """The model; LimitError when a bound is reached, also by what follows from the facts held alone."""
        return self._evaluator(situation, limits, prior, contested)


def _delta(removed: ByType, added: ByType) -> Delta:
    """What changes in the end: a row that goes and comes back does not."""
    delta = Delta()
    for name in dict.fromkeys((*removed, *added)):
        gone, come = dict.fromkeys(removed.get(name, ())), dict.fromkeys(added.get(name, ()))
        delta.take(name, (row for row in come if row not in gone), (row for row in gone if row not in come))
    return delta
