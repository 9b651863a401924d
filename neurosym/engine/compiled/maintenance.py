"""Incremental maintenance of one stratum: what a change of the facts below it adds to it and takes away.

Delete and rederive (Gupta, Mumick and Subrahmanian, SIGMOD 1993), by stored derivations: a fact goes when the one
derivation that is kept of it has lost a premise, or its condition; what has another derivation comes back with the
least of those. Heights stay those of an evaluation of everything, because facts are taken in by rounds, and a condition
that reads its own stratum (a total that grows, a `some`) is looked at as of a round: what is held since that round, or
later, it does not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from sys import maxsize

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
from neurosym.program.rule import Stratum
from neurosym.text.failure import LimitError

CHANGED_MAX = 1_000  # facts; from there on, a stratum of which half has changed is evaluated anew
Found = tuple[Row, tuple[Row, ...]]  # a fact, and the rows of a binding that concludes it, by name


class RerunError(Exception):
    """Only an evaluation of the whole stratum tells what becomes of it, or that takes less. Never leaves the engine."""


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
        self.inside = {case.number for case in self.cases if state.compiled.reads_inside(case)}
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
        lost = [*self._without_premise()]
        touched = self._touched()
        again: dict[int, list[Found]] = {}
        for case, bindings in touched:
            if case.number not in self.inside:
                again[case.number] = self._run(case, "bound", bindings)
            lost += self._failing(case, bindings, again.get(case.number))
        self._delete(lost)
        for case, bindings in touched:
            self._wait(case, self._run(case, "bound", bindings) if case.number in self.inside else again[case.number])
        for case in self.cases:
            for name, of in case.join.variables:
                rows = self.delta.added.get(of)
                if rows:
                    self._wait(case, self._run(case, f"from_{name}", rows))
            gone = self.gone[case.concluded]
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

    def _without_premise(self) -> Iterator[tuple[str, Row]]:
        """The facts whose kept derivation has lost a premise below the stratum."""
        for of in self.read & self.delta.removed.keys():
            yield from self._resting_on(self.delta.removed[of])

    def _resting_on(self, rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
        for row in rows:
            for name, table in self.tables.items():
                yield from ((name, each) for each in table.uses.get(row, ()))

    def _failing(self, case: Case, bindings: Rows, again: Iterable[Found] | None = None) -> Iterator[tuple[str, Row]]:
        """The facts whose kept derivation is one of the bindings and does not hold any more. `again` is what they all
        conclude now, where that has been found.
        """
        of = case.concluded
        table, kept = self.tables[of], dict[int, dict[tuple[Row, ...], Found]]()
        for binding, rows in zip(bindings, _by_name(case, bindings), strict=True):
            for row in table.uses.get(rows[0], ()):
                number, round_, *held = table.whys[row]
                if number == case.number and tuple(held) == rows:
                    kept.setdefault(round_, {})[binding] = (row, rows)
        for round_, several in kept.items():
            holding = {*(self._run(case, "bound", several, round_) if again is None else again)}
            yield from ((of, found[0]) for found in several.values() if found not in holding)

    def _delete(self, lost: Iterable[tuple[str, Row]]) -> None:
        """Take away what is lost, and what rests on it within the stratum."""
        waiting = dict.fromkeys(lost)
        while waiting:
            going: dict[str, Rows] = {}
            for of, row in waiting:
                if row not in self.gone[of]:
                    going.setdefault(of, {})[row] = None
            waiting = {}
            bindings = self._touched_inside(going)
            for of, rows in going.items():
                self.gone[of] |= rows
                for row in rows:
                    self.tables[of].remove(row)
                if self.stratum.is_recursive:
                    waiting |= dict.fromkeys(self._resting_on(rows))
            self._weigh()
            for case, several in bindings:
                waiting |= dict.fromkeys(self._failing(case, several))

    def _touched_inside(self, changed: Mapping[str, Rows]) -> list[tuple[Case, Rows]]:
        """The bindings of each case whose conditions read facts of the stratum that change."""
        found = []
        for case in self.cases:
            bindings: Rows = {}
            for name, touch in self.state.compiled.upkeep(case).touching.items():
                if touch.type in changed:
                    bindings |= self._exact(self.functions[case.number][name], changed[touch.type])
            if bindings:
                found.append((case, bindings))
        return found

    # --- what comes, or comes back

    def _wait(self, case: Case, several: Iterable[Found]) -> None:
        """Let conclusions wait for the round in which they are drawn: the one after the last of their premises."""
        moving = self._moving(case)
        for found in several:
            rounds = [whys[found[1][at]][1] for at, whys in moving if found[1][at] in whys]
            if len(rounds) < len(moving):
                continue  # a premise is gone; should it come back, so does the conclusion
            number = 1 + max(rounds, default=0)
            if case.number in self.inside:
                number = self._first_round(case, found[1], number)
            self.waiting.setdefault(number, []).append((case, found))

    def _first_round(self, case: Case, rows: tuple[Row, ...], least: int) -> int:
        """The first round, from `least` on, in which a binding concludes something; it does in the end. More facts can
        only make its condition true.
        """
        by_name = dict(zip(case.names, rows, strict=True))
        binding = tuple(by_name[name] for name, _ in case.join.variables)
        low, high = least - 1, least  # not yet in round `low`
        while not self._run(case, "bound", [binding], high):
            low, high = high, 2 * high - low + 1
        while high - low > 1:
            middle = (low + high) // 2
            if self._run(case, "bound", [binding], middle):
                high = middle
            else:
                low = middle
        return high

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
                    news.setdefault(case.concluded, {})[row] = None
            if not self.stratum.is_recursive:
                continue
            self._weigh()
            for case in self.cases:
                for name, of in case.join.variables:
                    if of in news:
                        self._wait(case, self._run(case, f"from_{name}", news[of]))
            for case, bindings in self._touched_inside(news):
                self._wait(case, self._run(case, "bound", bindings))

    def _is_taken(self, case: Case, row: Row, why: Why) -> bool:
        """Hold a conclusion unless there is one as good; True when it is new, or was drawn later before."""
        of = case.concluded
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

    def _weigh(self) -> None:
        """RerunError where so much has changed that an evaluation takes less: it adds to totals that grow, where this
        finds them again each time.
        """
        changed = sum(len(rows) for each in (self.came, self.gone) for rows in each.values())
        if self.inside and changed > CHANGED_MAX and 2 * changed > sum(map(len, self.tables.values())):
            raise RerunError

    # --- generated code

    def _run(self, case: Case, function: str, rows: Iterable[Row], horizon: int = maxsize) -> list[Found]:
        """What generated code concludes from rows, or whole bindings; of its own stratum it sees what is held in rounds
        before the `horizon`.
        """
        self.state.horizon[0] = horizon
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
