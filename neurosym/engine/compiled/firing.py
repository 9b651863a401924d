"""Outcomes and duties by generated code: the rules that conclude something about what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from neurosym.engine.compiled.case import Case
from neurosym.engine.compiled.compiled_case import Function
from neurosym.engine.compiled.conditions import ConditionIndex, set_bits
from neurosym.engine.compiled.residue import Doubt, Residue
from neurosym.engine.compiled.state import State
from neurosym.engine.firing import About, Application, Firing, pinned
from neurosym.engine.layout import Row
from neurosym.program.rule import ConcludeFact, ConcludeOutcome, Conclusion
from neurosym.values.value import Reference


class CompiledFiring(Firing):
    """Firing over tables. Same applications as the general one, found by generated code where it can."""

    def __init__(self, state: State) -> None:
        of = state.firing
        super().__init__(of.world, of.provisions, of.resolve, burdens=of.burdens)
        self.state = state

    def outcomes(self, decision: str, subject: tuple[Reference, ...]) -> Iterator[Application]:
        """Every application about the decision; of many rules over the subject alone, by an index."""
        compiled = self.state.compiled
        for case in compiled.unindexed(decision):
            yield from self._applications(case, _pin(case, subject))
        for name, index in compiled.indexes(decision).items():
            yield from self._indexed(index, next(each for each in subject if each.type == name))

    def _indexed(self, index: ConditionIndex, of: Reference) -> Iterator[Application]:
        table = self.state.tables[of.type]
        rows = table.by_key(table.layout.raw_key(of.key))
        if len(rows) != 1 or table.given is None:
            for case in index.cases:
                yield from self._applications(case, (case.names[0], of))
            return
        certain, doubtful = index.holding(rows[0])
        fact = self.state.views[of.type].entry_of(rows[0]).fact
        for at in set_bits(certain & ~index.more):
            case = index.cases[at]
            yield Application(case.provision, case.conclusion, {case.names[0]: fact}, truth=True)
        for at in set_bits(certain & index.more | doubtful):
            case = index.cases[at]
            yield from self._applications(case, (case.names[0], of))

    def cases(self, wanted: Callable[[Conclusion], bool], about: About = lambda _: ()) -> Iterator[Application]:
        """Every application of the wanted conclusions, and those that an exception defeats: their truth is false."""
        for case in self.state.compiled.cases:
            if wanted(case.conclusion):
                yield from self._applications(case, pinned(case.join, about(case.conclusion)))

    def _applications(self, case: Case, pin: tuple[str, Reference] | None) -> Iterator[Application]:
        residue = Residue(self.state, case)
        functions = {} if isinstance(case.conclusion, ConcludeFact) else self.state.functions(case)
        table = self.state.tables[pin[1].type] if pin else None
        rows = table.by_key(table.layout.raw_key(pin[1].key)) if pin and table else ()
        if not functions:
            yield from residue.every()
            return
        name = f"from_{pin[0]}" if pin and rows else "every"
        order = self.state.compiled.compiled(case).orders[name]
        source = rows or self.state.tables[order.bindings[0].type].rows
        found, doubts = self.state.remembered(
            (case.number, pin),
            self.state.compiled.needs_of_case(case).types,
            lambda: _run(functions[name], source),
        )
        if residue.is_whole(doubts):
            yield from residue.every()
            return
        for stands, *bound in found:
            environment = self.state.environment(case, case.names, bound)
            yield Application(case.provision, case.conclusion, environment, truth=stands)
        yield from residue.applications(order, doubts, pin)


def _pin(case: Case, subject: tuple[Reference, ...]) -> tuple[str, Reference] | None:
    assert isinstance(case.conclusion, ConcludeOutcome)
    return pinned(case.join, zip((value for _, value in case.conclusion.subject), subject, strict=True))


def _run(function: Function, rows: Collection[Row]) -> tuple[list[tuple[Any, ...]], list[Doubt]]:
    """What generated code finds over rows of its first variable, and what it leaves in doubt."""
    found: list[tuple[Any, ...]] = []
    doubts: list[Doubt] = []
    function(rows, 1, None, found, doubts)
    return found, doubts
