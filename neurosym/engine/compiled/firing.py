"""Outcomes and duties by generated code: the rules that conclude something about what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from neurosym.engine.compiled.case import Case
from neurosym.engine.compiled.compiled_case import Function
from neurosym.engine.compiled.conditions import ConditionIndex, set_bits
from neurosym.engine.compiled.residue import Doubt, Residue
from neurosym.engine.compiled.state import State
from neurosym.engine.firing import About, Application, Firing, Told, pinned
from neurosym.engine.layout import Row
from neurosym.engine.world import ModelWorld
from neurosym.feel.world import Environment, FactRead, Read
from neurosym.program.rule import ConcludeFact, ConcludeOutcome, Conclusion, Provision
from neurosym.values.value import Fact, Reference


class CompiledFiring(Firing):
    """Firing over tables. Same applications as the general one, found by generated code where it can."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.provisions = state.compiled.provisions
        self.resolve = state.resolve
        self.burdens = state.burdens

    @property
    def world(self) -> ModelWorld:
        """What conditions see."""
        return self.state.world

    def outcomes(self, decision: str, subject: tuple[Reference, ...]) -> Iterator[Application]:
        """Every application about the decision; of many rules over the subject alone, by an index."""
        indexes, others = self.state.compiled.of_decision(decision)
        yield from self._of_cases(others, subject)
        for name, index in indexes.items():
            yield from self._indexed(index, next(each for each in subject if each.type == name))

    def told(self, decision: str, subject: tuple[Reference, ...]) -> tuple[list[Told], Iterable[Application]]:
        """Where the one subject alone decides and reasons speak of no values, they are known beforehand."""
        indexes, others = self.state.compiled.of_decision(decision)
        index = indexes.get(subject[0].type) if len(subject) == 1 else None
        row = self._row(subject[0]) if index is not None else None
        if index is None or row is None:
            return super().told(decision, subject)
        certain, _ = index.holding(row)
        known = certain & index.known
        left = [*others, *(index.cases[at] for at in set_bits(certain ^ known))] if others or certain != known else ()
        told = index.told
        return [told[at] for at in set_bits(known)], self._of_cases(left, subject) if left else ()

    def _of_cases(self, cases: Iterable[Case], subject: tuple[Reference, ...]) -> Iterator[Application]:
        for case in cases:
            yield from self._applications(case, _pin(case, subject))

    def _row(self, of: Reference) -> Row | None:
        """The row of a fact that was given."""
        given = self.state.grounds.given[of.type]
        return given.by_key.get(given.layout.raw_key(of.key))

    def _indexed(self, index: ConditionIndex, of: Reference) -> Iterator[Application]:
        row = self._row(of)
        if row is None:
            for case in index.cases:
                yield from self._applications(case, (case.names[0], of))
            return
        certain, doubtful = index.holding(row)
        given = self.state.grounds.given[of.type]
        fact = given.fact(given.layout.key(row))
        for at in set_bits(certain & ~index.more):
            case = index.cases[at]
            yield Application(case.provision, case.conclusion, {case.names[0]: fact}, truth=True)
        for at in set_bits(certain & index.more | doubtful):
            case = index.cases[at]
            yield from self._applications(case, (case.names[0], of))

    def duties(self, about: About) -> Iterator[Application]:
        """Every application of a duty, certain or possible."""
        for case in self.state.compiled.duty_cases:
            found = self._applications(case, pinned(case.join, about(case.conclusion)))
            yield from (each for each in found if each.truth is not False)

    def _reads_of(self, of: Provision, environment: Environment) -> tuple[Read, ...]:
        """What a condition of nothing but its own facts rests on is known without looking at it again."""
        if not self.state.compiled.reads_binding_alone(of):
            return super()._reads_of(of, environment)
        facts = [environment[name] for name, _ in of.join.variables]
        return tuple(dict.fromkeys(FactRead(fact) for fact in facts if isinstance(fact, Fact)))

    def cases(self, wanted: Callable[[Conclusion], bool], about: About = lambda _: ()) -> Iterator[Application]:
        """Every application of the wanted conclusions, and those that an exception defeats: their truth is false."""
        for case in self.state.compiled.cases:
            if wanted(case.conclusion):
                yield from self._applications(case, pinned(case.join, about(case.conclusion)))

    def _applications(self, case: Case, pin: tuple[str, Reference] | None) -> Iterator[Application]:
        residue = Residue(self.state, case)
        functions = {} if isinstance(case.conclusion, ConcludeFact) else self.state.functions(case)
        table = self.state.table(pin[1].type) if pin else None
        rows = table.by_key(table.layout.raw_key(pin[1].key)) if pin and table else ()
        if not functions:
            yield from residue.every()
            return
        name = f"from_{pin[0]}" if pin and rows else "every"
        order = self.state.compiled.compiled(case).orders[name]
        source = rows or self.state.table(order.bindings[0].type).rows
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
