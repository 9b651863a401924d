"""Incremental maintenance of one stratum: what a change of the facts below it adds to it and takes away.

Delete and rederive (Gupta, Mumick and Subrahmanian, SIGMOD 1993), by stored derivations: a fact goes when the one
derivation that is kept of it has lost a premise, or its condition; what has another derivation comes back with the
least of those. Heights stay those of an evaluation of everything, because facts are taken in by rounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack

from neurosym.engine.compiled.case import Case
from neurosym.engine.compiled.compiled_case import Function
from neurosym.engine.compiled.delta import Delta, Rows
from neurosym.engine.compiled.live_table import LiveTable
from neurosym.engine.compiled.runtime import INEXACT
from neurosym.engine.compiled.state import State
from neurosym.engine.compiled.table import Why
from neurosym.engine.layout import Row
from neurosym.engine.live_fact_table import LiveFactTable
from neurosym.engine.situation import Limits
from neurosym.program.rule import ConcludeFact, Stratum
from neurosym.text.failure import LimitError

Found = tuple[Row, tuple[Row, ...]]  # a fact, and the rows of a binding that concludes it, by name


class RerunError(Exception):
    """Only an evaluation of the whole stratum tells what becomes of it. Never leaves the engine."""


class Maintenance:
    """Keeps one stratum up to date. Nothing of it, or of what it reads, is in doubt, before or after."""

    def __init__(
        self,
        state: State,
        stratum: Stratum,
        read: frozenset[str],
        functions: Mapping[int, Mapping[str, Function]],
        delta: Delta,
        limits: Limits,
    ) -> None:
        self.state = state
        self.stratum = stratum
        self.read = read  # the types that it reads
        self.functions = functions
        self.delta = delta
        self.limits = limits
        self.cases = state.compiled.concluding(stratum.types)
        self.tables: dict[str, LiveTable] = {}
        for name in stratum.types:
            table = state.table(name)
            assert isinstance(table, LiveTable)
            self.tables[name] = table
        self.waiting: dict[int, list[tuple[Case, Found]]] = {}  # by round, the conclusions that may be new
        self.came: dict[str, Rows] = {name: {} for name in stratum.types}
        self.gone: dict[str, Rows] = {name: {} for name in stratum.types}

    def run(self) -> None:
        """Change the tables. RerunError when something turns out to be in doubt; what was done stays in `gone` and
        `came`.
        """
        touched = self._touched()
        again = self._tested(touched)
        self._delete(self._lost(touched, again))
        for case, several in again:
            self._wait(case, several)
        for case in self.cases:
            for name, of in case.join.variables:
                rows = self.delta.added.get(of)
                if rows:
                    self._wait(case, self._run(case, f"from_{name}", rows))
            gone = self.gone[_concluded(case)]
            if gone:
                self._wait(case, self._run(case, "concluding", gone))
        self._take_in()

    def before(self) -> dict[str, Rows]:
        """The facts of the stratum as they were."""
        return {
            name: {row: None for row in table.rows if row not in self.came[name]} | self.gone[name]
            for name, table in self.tables.items()
        }

    # --- what may have lost its derivation

    def _touched(self) -> list[tuple[Case, Rows]]:
        """The bindings of each case whose conditions read something that changed."""
        found = []
        with ExitStack() as stack:
            for of in self.read & self.delta.removed.keys():
                table = self.state.table(of)
                held = table if table.given is None else table.given
                assert isinstance(held, (LiveFactTable, LiveTable))
                stack.enter_context(held.along_with(self.delta.removed[of]))
            for case in self.cases:
                bindings: Rows = {}
                for name, touch in self.state.compiled.upkeep(case).touching.items():
                    for side in (self.delta.removed, self.delta.added):
                        if touch.type in side:
                            bindings |= self._exact(self.functions[case.number][name], side[touch.type])
                if bindings:
                    found.append((case, bindings))
        return [(case, self._standing(case, bindings)) for case, bindings in found]

    def _standing(self, case: Case, bindings: Rows) -> Rows:
        """Those of the bindings whose facts are all held, and were before: what is new is looked at in any case."""
        types = [of for _, of in case.join.variables]
        held, new = [self.state.table(of).rows for of in types], [self.delta.added.get(of, ()) for of in types]
        return {
            each: None
            for each in bindings
            if all(row in rows and row not in come for row, rows, come in zip(each, held, new, strict=True))
        }

    def _tested(self, touched: Iterable[tuple[Case, Rows]]) -> list[tuple[Case, list[Found]]]:
        """What the touched bindings conclude now."""
        return [(case, self._run(case, "bound", bindings)) for case, bindings in touched]

    def _lost(
        self, touched: Iterable[tuple[Case, Rows]], again: Iterable[tuple[Case, Sequence[Found]]]
    ) -> Iterator[tuple[str, Row]]:
        """The facts whose kept derivation has lost a premise, or does not hold any more."""
        for of in self.read & self.delta.removed.keys():
            for row in self.delta.removed[of]:
                for name, table in self.tables.items():
                    yield from ((name, each) for each in table.uses.get(row, ()))
        for (case, bindings), (_, several) in zip(touched, again, strict=True):
            table, holding = self.tables[_concluded(case)], set(several)
            for rows in _by_name(case, bindings):
                for row in table.uses.get(rows[0], ()):
                    number, _, *held = table.whys[row]
                    if number == case.number and tuple(held) == rows and (row, rows) not in holding:
                        yield _concluded(case), row

    def _delete(self, lost: Iterable[tuple[str, Row]]) -> None:
        """Take away what is lost, and what rests on it within the stratum."""
        waiting = list(lost)
        while waiting:
            of, row = waiting.pop()
            if row in self.gone[of]:
                continue
            self.gone[of][row] = None
            if self.stratum.is_recursive:
                for name, table in self.tables.items():
                    waiting += [(name, each) for each in table.uses.get(row, ())]
        for of, rows in self.gone.items():
            for row in rows:
                self.tables[of].remove(row)

    # --- what comes, or comes back

    def _wait(self, case: Case, several: Iterable[Found]) -> None:
        """Let conclusions wait for the round in which they are drawn: the one after the last of their premises."""
        moving = self._moving(case)
        for found in several:
            rounds = [whys[found[1][at]][1] for at, whys in moving if found[1][at] in whys]
            if len(rounds) == len(moving):  # else a premise is gone; should it come back, so does the conclusion
                self.waiting.setdefault(1 + max(rounds, default=0), []).append((case, found))

    def _moving(self, case: Case) -> list[tuple[int, Mapping[Row, Why]]]:
        """The places in a derivation that hold facts of the stratum itself, with why these are held."""
        types = dict(case.join.variables)
        named = [(at, types[name]) for at, name in enumerate(case.names)]
        return [(at, self.tables[of].whys) for at, of in named if self.stratum.is_recursive and of in self.tables]

    def _take_in(self) -> None:
        """Hold what waits, round by round, with what follows from it."""
        while self.waiting:
            number = min(self.waiting)
            if number > self.limits.rounds_max:
                allowed = f"more than {self.limits.rounds_max} rounds (rounds_max)"
                raise LimitError(f"{allowed}; {self._place(self.waiting[number][0][0])}")
            news: dict[str, Rows] = {}
            for case, (row, rows) in self.waiting.pop(number):
                if self._is_taken(case, row, (case.number, number, *rows)):
                    news.setdefault(_concluded(case), {})[row] = None
            if not self.stratum.is_recursive:
                continue
            for case in self.cases:
                for name, of in case.join.variables:
                    if of in news:
                        self._wait(case, self._run(case, f"from_{name}", news[of]))

    def _is_taken(self, case: Case, row: Row, why: Why) -> bool:
        """Hold a conclusion unless there is one as good; True when it is new, or was drawn later before."""
        of = _concluded(case)
        table = self.tables[of]
        held = table.whys.get(row)
        if held is None:
            table.insert(row, why)
            if row in self.gone[of]:
                del self.gone[of][row]
            else:
                self.came[of][row] = None
            return True
        if held[1] > why[1]:
            table.derive(row, why)
            return True
        if held[1] == why[1] and held != why and self.state.compiled.precedes(why[0], why[2:], held):
            table.derive(row, why)
        return False

    # --- generated code

    def _run(self, case: Case, function: str, rows: Iterable[Row]) -> list[Found]:
        """What generated code concludes from rows."""
        found: list[Found] = []
        doubts: list[object] = []
        self.functions[case.number][function](rows, 0, None, found, doubts)
        if doubts:
            raise RerunError
        return found

    def _exact(self, function: Function, rows: Iterable[Row]) -> Rows:
        try:
            found: Rows = function(rows)
        except INEXACT as error:
            raise RerunError from error
        return found

    def _place(self, case: Case) -> str:
        types = ", ".join(f"`{name}`" for name in self.stratum.types)
        return f"the last by `{case.provision.id}` in the stratum of {types}"


def _by_name(case: Case, bindings: Iterable[tuple[Row, ...]]) -> Iterator[tuple[Row, ...]]:
    """The rows of bindings in the order of their variables' names."""
    declared = [name for name, _ in case.join.variables]
    places = [declared.index(name) for name in case.names]
    return (tuple(binding[at] for at in places) for binding in bindings)


def _concluded(case: Case) -> str:
    assert isinstance(case.conclusion, ConcludeFact)
    return case.conclusion.type
