"""One stratum: rounds in which generated code finds what follows from what is new, until nothing is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from neurosym.engine.compiled.case import Case
from neurosym.engine.compiled.residue import Doubt, Residue
from neurosym.engine.compiled.runtime import INEXACT
from neurosym.engine.compiled.state import State
from neurosym.engine.compiled.table import Why
from neurosym.engine.compiled.touch import Touch
from neurosym.engine.conclusion import concluded_fact
from neurosym.engine.extension import Content, Entry, content
from neurosym.engine.firing import Application
from neurosym.engine.given import unnamed_fact
from neurosym.engine.layout import Row
from neurosym.engine.reasons import resolved
from neurosym.engine.reference import doubts_of, settle
from neurosym.engine.situation import Limits
from neurosym.program.rule import Stratum
from neurosym.text.failure import LimitError
from neurosym.values.unknown import Reason, RestsOn
from neurosym.values.value import Fact

News = dict[str, list[Row]]
Found = list[tuple[Fact, Application]]


@dataclass(slots=True)
class Changes:
    """What a round added: certain facts by type, and whether anything doubtful."""

    certain: News = field(default_factory=dict)
    doubtful: bool = False

    def __bool__(self) -> bool:
        return self.doubtful or bool(self.certain)


class StratumRun:
    """Computes the facts of one stratum over the finished ones below it."""

    def __init__(self, state: State, stratum: Stratum, limits: Limits, count: int) -> None:
        self.state = state
        self.stratum = stratum
        self.limits = limits
        self.count = count  # derived facts so far, those of other strata included
        self.cases = state.compiled.concluding(stratum.types)
        self.last = ""  # the provision that concluded something last
        self.is_exact = True  # until something is left to the general evaluator

    def finish(self) -> int:
        """Hold all facts of the stratum; how many derived facts there are now."""
        found = self._first()
        changes = self._merged(found[0], found[1], 1)
        number = 1
        while changes and self.stratum.is_recursive:
            number += 1
            if number > self.limits.rounds_max:
                raise LimitError(f"more than {self.limits.rounds_max} rounds (rounds_max); {self._place()}")
            found = self._next(changes, number)
            changes = self._merged(found[0], found[1], number)
        for case in self.cases:
            self.state.forget_grown(case)
        if any(self.state.table(name).doubts for name in self.stratum.types):
            self._settle(self._first(keep=False)[1] if self.stratum.is_recursive else found[1])
        return self.count

    # --- finding

    def _first(self, *, keep: bool = True) -> tuple[News, Found]:
        """All that follows from all that is held."""
        news: News = {name: [] for name in self.stratum.types}
        found: Found = []
        number = 1 if keep else 0  # no fact was concluded in round 0, so that none changes its derivation
        for case in self.cases:
            if any(self._is_empty(of) for of in self.state.compiled.essential(case)):
                continue
            residue = Residue(self.state, case)
            functions = self.state.functions(case)
            if not functions:
                found += self._concluded(residue.every())
                continue
            compiled = self.state.compiled.compiled(case)
            order = compiled.orders["every"]
            first = self.state.table(order.bindings[0].type)
            if keep and self.state.compiled.needs(self.stratum.types).judgments:
                doubts = self._recalled(case, first.rows, news)
            else:
                doubts = self._run(case, "every", first.rows, number, news)
            found += self._concluded(residue.applications(order, doubts))
        return news, found

    def _is_empty(self, of: str) -> bool:
        """True while nothing of a type is held, be it only possible."""
        table = self.state.table(of)
        return not table.rows and not table.doubts

    def _recalled(self, case: Case, rows: Collection[Row], news: News) -> list[Doubt]:
        """The same as `_run` in the first round, from the run before where the case read the same: only answers may
        have come since, and what rests on them is in doubt.
        """
        function = self.state.functions(case)["every"]

        def run() -> tuple[dict[Row, Why], list[Doubt]]:
            whys: dict[Row, Why] = {}
            doubts: list[Doubt] = []
            function(rows, 1, whys, [], doubts)
            return whys, doubts

        types = self.state.compiled.needs_of_case(case).types
        whys, doubts = self.state.remembered(case.number, types, run)
        held = self.state.table(case.concluded).whys
        for row, why in whys.items():
            if row not in held:
                held[row] = why
                news[case.concluded].append(row)
            elif self.state.compiled.precedes(why[0], why[2:], held[row]):
                held[row] = why
        return list(doubts)

    def _next(self, changes: Changes, number: int) -> tuple[News, Found]:
        """What follows from what the round before added."""
        news: News = {name: [] for name in self.stratum.types}
        found: Found = []
        for case in self.cases:
            moving = [(name, of) for name, of in case.join.variables if of in self.stratum.types]
            residue = Residue(self.state, case)
            if not self.state.functions(case):
                if moving or self.state.compiled.reads_inside(case):
                    found += self._concluded(residue.every())
            elif self.state.compiled.reads_inside(case):
                found += self._inside(case, residue, moving, changes, number, news)
            elif moving:
                found += self._from(case, residue, moving, changes, number, news)
        return news, found

    def _inside(
        self,
        case: Case,
        residue: Residue,
        moving: Sequence[tuple[str, str]],
        changes: Changes,
        number: int,
        news: News,
    ) -> Iterator[tuple[Fact, Application]]:
        """What follows of a case that reads the stratum inside its condition: of the bindings that new facts touch, or
        of all where that cannot be told.
        """
        compiled = self.state.compiled.compiled(case)
        is_followed = bool(compiled.following) and number > self.state.compiled.followed_from
        touching = compiled.following if is_followed else compiled.touching
        touched = None if changes.doubtful else self._touched(case, touching, changes)
        if touched is None:
            yield from self._again(case, residue, number, news)
            return
        doubts = self._run(case, "bound_followed" if is_followed else "bound", touched, number, news)
        if doubts:
            yield from self._concluded(residue.resumed(compiled.orders["bound"], doubts))
        yield from self._from(case, residue, moving, changes, number, news)

    def _touched(
        self, case: Case, touching: Mapping[str, Touch], changes: Changes
    ) -> dict[tuple[Row, ...], object] | None:
        """The bindings whose totals and the like new facts touch; None where that cannot be told."""
        if not touching:
            return None
        found: dict[tuple[Row, ...], object] = {}
        try:
            for function, inside in touching.items():
                found |= self.state.functions(case)[function](changes.certain.get(inside.type, ()))
        except INEXACT:
            return None
        return found

    def _from(
        self,
        case: Case,
        residue: Residue,
        moving: Sequence[tuple[str, str]],
        changes: Changes,
        number: int,
        news: News,
    ) -> Iterator[tuple[Fact, Application]]:
        """What follows of a case from new facts for its variables."""
        orders = self.state.compiled.compiled(case).orders
        for name, of in moving:
            rows = changes.certain.get(of)
            if rows:
                doubts = self._run(case, f"from_{name}", rows, number, news)
                if doubts:
                    yield from self._concluded(residue.resumed(orders[f"from_{name}"], doubts))
        if residue.has_doubtful:
            yield from self._concluded(residue.applications(orders["every"], ()))

    def _again(self, case: Case, residue: Residue, number: int, news: News) -> Iterator[tuple[Fact, Application]]:
        """What follows of a case that reads the stratum inside its condition: all of it."""
        self.state.forget_grown(case)
        order = self.state.compiled.compiled(case).orders["every"]
        first = self.state.table(order.bindings[0].type)
        doubts = self._run(case, "every", first.rows, number, news)
        return self._concluded(residue.applications(order, doubts))

    def _run(self, case: Case, function: str, rows: Iterable[Row], number: int, news: News) -> list[Doubt]:
        """Run generated code over rows of its first variable; what it leaves in doubt."""
        doubts: list[Doubt] = []
        of = case.concluded
        self.state.functions(case)[function](rows, number, self.state.table(of).whys, news[of], doubts)
        return doubts

    def _concluded(self, applications: Iterable[Application]) -> Iterator[tuple[Fact, Application]]:
        for number, each in enumerate(applications, start=1):
            if each.truth is not False:
                self.state.world.effort.keep(number)
                yield concluded_fact(each, self.state.program, self.state.world), each

    # --- holding

    def _merged(self, news: News, found: Found, number: int) -> Changes:
        """Hold what a round found; what of it is new, or has become certain."""
        self.is_exact = self.is_exact and not found
        candidates: dict[tuple[RestsOn, Content], list[tuple[Entry, Application]]] = {}
        for fact, application in found:
            if application.truth is True and not fact.unnamed:
                self._add(news[fact.type], fact, application, number)
            else:
                entry = Entry(fact, is_certain=False)
                candidates.setdefault((entry.name, content(fact)), []).append((entry, application))
        doubtful = [self._least(each, number) for each in candidates.values() if self._is_new(each[0][0].fact)]
        changes = Changes({name: rows for name, rows in news.items() if rows}, bool(doubtful))
        for name, rows in changes.certain.items():
            self._count(name, rows)
            self.state.table(name).extend(rows)
        for entry in doubtful:
            self._hold(entry)
        return changes

    def _add(self, new: list[Row], fact: Fact, application: Application, number: int) -> None:
        """Take in a certain fact that the general evaluator concluded."""
        table = self.state.table(fact.type)
        row = table.layout.row(fact)
        held = table.whys.get(row)
        if held is not None and held[1] != number:
            return
        why = self.state.why(self._case_of(application), number, application.environment)
        if held is None:
            new.append(row)
        if held is None or self.state.compiled.precedes(why[0], why[2:], held):
            table.whys[row] = why

    def _case_of(self, application: Application) -> Case:
        """The case that an application is of; the ways to an exception differ in their variables."""
        names = tuple(sorted(application.environment))
        return next(
            case
            for case in self.cases
            if case.conclusion is application.conclusion
            and case.provision is application.provision
            and case.names == names
        )

    def _is_new(self, fact: Fact) -> bool:
        """True for a possible fact of which nothing with this content is held, nor just became certain."""
        table = self.state.table(fact.type)
        if not fact.unnamed and table.holds(table.layout.row(fact)):
            return False
        return table.doubtful.find(fact) is None

    def _least(self, candidates: Sequence[tuple[Entry, Application]], number: int) -> Entry:
        """The entry with the least of its derivations."""
        entry, application = candidates[0] if len(candidates) == 1 else min(candidates, key=lambda each: each[1].order)
        self.last = application.provision.id
        entry.round = number
        entry.derived = partial(self.state.possible_derivation, entry.fact.type, application, number)
        entry.reasons = frozenset({entry.name})
        return entry

    def _hold(self, entry: Entry) -> None:
        self._bound(1)
        if entry.fact.unnamed:
            entry.fact = unnamed_fact(self.state.program.fact_types[entry.fact.type], entry.reasons)
        self.state.table(entry.fact.type).doubt(entry)

    def _count(self, of: str, rows: Sequence[Row]) -> None:
        number, *_ = self.state.table(of).whys[rows[-1]]
        self.last = self.state.compiled.cases[number].provision.id
        self._bound(len(rows))

    def _bound(self, more: int) -> None:
        self.count += more
        if self.count > self.limits.facts_max:
            raise LimitError(f"more than {self.limits.facts_max} derived facts (facts_max); {self._place()}")

    def _place(self) -> str:
        """Where the evaluation stands, for people."""
        types = ", ".join(f"`{name}`" for name in self.stratum.types)
        return f"the last by `{self.last}` in the stratum of {types}"

    # --- reasons

    def _settle(self, found: Found) -> None:
        """Give possible facts the reasons that they rest on in the end, by all their derivations."""
        direct: dict[RestsOn, frozenset[Reason]] = {}
        for fact, application in found:
            entry = self.state.view(fact.type).find(fact)
            assert entry is not None
            if not entry.is_certain:
                doubts = doubts_of(fact, application.truth)
                direct[entry.name] = direct.get(entry.name, frozenset()) | doubts
        final = resolved(direct)
        for name in self.stratum.types:
            settle(self.state.program.fact_types[name], self.state.table(name).doubtful, final)
