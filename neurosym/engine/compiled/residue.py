"""What generated code leaves to the general evaluator: bindings with a doubtful fact, and with what is not exact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from neurosym.engine.compiled.case import Case
from neurosym.engine.compiled.order import Order
from neurosym.engine.compiled.state import State
from neurosym.engine.firing import Application
from neurosym.engine.join import continued, tested
from neurosym.feel.kleene import both
from neurosym.feel.world import Environment
from neurosym.program.rule import Provision, RuleException
from neurosym.values.value import Reference, Truth

Doubt = tuple[Any, ...]  # the place of the last variable bound, and the rows of all that are


class Residue:
    """The applications of a case that generated code did not decide."""

    def __init__(self, state: State, case: Case) -> None:
        self.state = state
        self.case = case
        state.world.resume(case.provision.id, case.conclusion)

    @property
    def has_doubtful(self) -> bool:
        """True when a variable may stand for a doubtful fact."""
        return any(self.state.table(of).doubts for _, of in self.case.join.variables)

    def is_whole(self, doubts: Sequence[Doubt]) -> bool:
        """True when the general evaluator must look at every binding: the truth of what an exception belongs to counts
        apart from its own, which may have to be proven.
        """
        return isinstance(self.case.provision, RuleException) and (bool(doubts) or self.has_doubtful)

    def applications(
        self, order: Order, doubts: Sequence[Doubt], pin: tuple[str, Reference] | None = None
    ) -> Iterator[Application]:
        """Those of the bindings in doubt and of all that have a doubtful fact, each once. With `pin`, bindings in which
        a variable certainly stands for another fact may be left out.
        """
        if self.is_whole(doubts):
            yield from self.every()
            return
        seen: set[tuple[int, ...]] = set()
        for environment, truth in chain(self._resumed(order, doubts), self._doubtful(pin)):
            name = tuple(id(environment[each]) for each in self.case.names)
            if name not in seen:
                seen.add(name)
                self.state.world.effort.keep(len(seen))
                yield self._applied(environment, truth)

    def resumed(self, order: Order, doubts: Sequence[Doubt]) -> Iterator[Application]:
        """Those of the bindings in doubt alone."""
        for environment, truth in self._resumed(order, doubts):
            yield self._applied(environment, truth)

    def every(self) -> Iterator[Application]:
        """Every application, by the general evaluator alone."""
        for environment, truth in self._along((*self.case.above, self.case.provision)):
            yield self._applied(environment, truth)

    def _along(self, path: Sequence[Provision]) -> Iterator[tuple[Environment, Truth]]:
        """The bindings of a rule, or of an exception together with all that it belongs to."""
        *above, last = path
        if not isinstance(last, RuleException):
            yield from self.state.world.bindings(last.join, {})
            return
        for environment, truth in self._along(above):
            for inner, own in self.state.world.bindings(last.join, environment):
                proven = self.state.firing.proven(last, own)
                if proven is not False:
                    yield inner, both(truth, proven)

    def _applied(self, environment: Environment, truth: Truth) -> Application:
        return self.state.firing.application(self.case.provision, self.case.conclusion, environment, truth)

    def _resumed(self, order: Order, doubts: Iterable[Doubt]) -> Iterator[tuple[Environment, Truth]]:
        """The bindings that generated code could not finish: from the tests of the variable it bound last."""
        evaluator = self.state.world.evaluator
        steps = tuple(each.step for each in order.bindings)
        names = [each.name for each in order.bindings]
        for at, *rows in doubts:
            environment = self.state.environment(self.case, names, rows)
            tests = (*order.first, *steps[0].tests) if at == 0 else steps[at].tests
            truth = tested(True, tests, environment, evaluator)
            if truth is not False:
                yield from continued(steps, at + 1, environment, truth, self.state.certain, evaluator)

    def _doubtful(self, pin: tuple[str, Reference] | None) -> Iterator[tuple[Environment, Truth]]:
        """The bindings in which some variable stands for a doubtful fact. Where a fact is held for the pinned key, the
        unnamed fact is another one.
        """
        world = self.state.world
        held = list(world.entries(pin[1])) if pin else []
        for name, of in self.case.join.variables:
            for entry in list(self.state.table(of).doubtful):
                start = {name: entry.fact}
                if held and pin and pin[0] != name:
                    for first in held:
                        yield from self._bound({**start, pin[0]: first.fact}, both(entry.truth, first.truth))
                elif not held or (pin and entry.fact.key == pin[1].key and not entry.fact.unnamed):
                    yield from self._bound(start, entry.truth)

    def _bound(self, start: Environment, truth: Truth) -> Iterator[tuple[Environment, Truth]]:
        """The bindings with some variables bound already."""
        world, rest = self.state.world, self.case.join
        for name in start:
            rest = world.without(rest, name)
        for environment, own in world.bindings(rest, start):
            yield environment, both(truth, own)
