"""The state of a run that goes on: as facts come and go, what follows from them is kept up to date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from neurosym.engine.compiled.compiled_case import Function
from neurosym.engine.compiled.delta import Delta, Rows
from neurosym.engine.compiled.firing import CompiledFiring
from neurosym.engine.compiled.ground import LiveGrounds
from neurosym.engine.compiled.live_table import LiveTable
from neurosym.engine.compiled.maintenance import Maintenance, RerunError
from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.compiled.state import State
from neurosym.engine.compiled.stratum import StratumRun
from neurosym.engine.fact_table import references_of
from neurosym.engine.index import InexactError
from neurosym.engine.layout import Row, RowKey
from neurosym.engine.model import Model
from neurosym.engine.situation import Limits, Situation
from neurosym.program.rule import Stratum
from neurosym.text.failure import LimitError
from neurosym.values.value import Reference


class LiveState(State):
    """The state over facts in live tables. Whoever changes these says so by `follow`."""

    derived_table = LiveTable

    def __init__(self, compiled: CompiledProgram, situation: Situation, limits: Limits) -> None:
        """Evaluates everything once. LimitError when a bound is reached."""
        super().__init__(compiled, situation, lambda reasons: reasons, burdens=False, limits=limits)
        self.grounds = self._live = LiveGrounds(compiled, situation)
        self._upkeep: dict[tuple[str, ...], Mapping[int, Mapping[str, Function]] | None] = {}
        self._exact: dict[tuple[str, ...], bool] = {}  # strata of which nothing was left to the general evaluator
        self._strata_read = [(each, self.compiled.needs(each.types).types) for each in self.program.strata]
        self._layouts = compiled.layouts
        layouts = [each for each in self._layouts.values() if not each.of.is_derived]
        self._referred_to = frozenset[str]().union(*(each.types_referred_to for each in layouts))
        self._linked = self._referred_to.union(each.of.name for each in layouts if each.types_referred_to)
        for stratum in self.program.strata:
            self._evaluate(stratum)
        for stratum in self.program.strata:
            if self._exact[stratum.types]:
                self._functions_of(stratum)  # so that the first change is as quick as the others

    def follow(self, delta: Delta, incomplete: frozenset[str]) -> Delta:
        """Take in what the tables of given facts have gained and lost, and which types are incomplete now; all that
        changed, derived facts included. After an error the state is of no use any more.
        """
        self._begin()
        found = Delta({**delta.added}, {**delta.removed})
        for name in found.types:
            self.view(name).forget()
        self._follow_grounds(found, incomplete)
        for stratum, read in self._strata_read:
            if not read.isdisjoint(found.types):
                self._follow_stratum(stratum, found, read)
        return found

    def _begin(self) -> None:
        """Forget what was found before, and how much was looked at for it."""
        self.results.clear()
        self.world.questions.clear()
        self.world.forget_efforts()
        for effort in self.efforts:
            effort.count = 0

    @property
    def model(self) -> Model:
        """What follows from the facts as they are held now."""
        return Model(CompiledFiring(self))

    # --- strata

    def _follow_stratum(self, stratum: Stratum, delta: Delta, read: frozenset[str]) -> None:
        before = {name: table.rows for name, table in self._tables(stratum)}
        work = self._maintenance(stratum, delta, read)
        if work is not None:
            try:
                work.run()
            except RerunError:
                before = work.before()
            else:
                for name in stratum.types:
                    delta.take(name, work.came[name], work.gone[name])
                    self.view(name).forget()  # what its facts rest on may have changed though they have not
                self._bound_facts(stratum)
                return
        self._rerun(stratum, delta, {name: {**rows} for name, rows in before.items()})

    def _maintenance(self, stratum: Stratum, delta: Delta, read: frozenset[str]) -> Maintenance | None:
        """What keeps the stratum up to date; None where it must be evaluated anew."""
        if not self._exact[stratum.types] or any(self.table(name).doubts for name in read | {*stratum.types}):
            return None
        if not read.isdisjoint(delta.doubtful):
            return None
        functions = self._functions_of(stratum)
        if functions is None:
            return None
        changed = delta.types
        if not self._unfollowed(stratum).isdisjoint(changed):
            return None
        return Maintenance(self, stratum, read, functions, delta, self.limits)

    def _functions_of(self, stratum: Stratum) -> Mapping[int, Mapping[str, Function]] | None:
        """The functions that keep the stratum up to date, by the number of the case; None where one has none."""
        if stratum.types not in self._upkeep:
            self._upkeep[stratum.types] = self._bound_upkeep(stratum)
        return self._upkeep[stratum.types]

    def _bound_upkeep(self, stratum: Stratum) -> Mapping[int, Mapping[str, Function]] | None:
        if stratum.is_recursive and not self._unfollowed(stratum).isdisjoint(stratum.types):
            return None
        found: dict[int, Mapping[str, Function]] = {}
        for case in self.compiled.concluding(stratum.types):
            try:
                functions = self.watched(case, self.compiled.upkeep)
            except InexactError:  # a parameter has no value on the day
                return None
            if not functions:
                return None
            found[case.number] = functions
        return found

    def _unfollowed(self, stratum: Stratum) -> frozenset[str]:
        """The types of which it cannot be told what in the stratum a row bears on."""
        cases = self.compiled.concluding(stratum.types)
        return frozenset[str]().union(*(self.compiled.touches(case).unfollowed for case in cases))

    def _rerun(self, stratum: Stratum, delta: Delta, before: Mapping[str, Rows]) -> None:
        """Evaluate the stratum anew."""
        doubtful = [name for name, table in self._tables(stratum) if table.doubts]
        for _, table in self._tables(stratum):
            table.clear()
        self._evaluate(stratum)
        doubtful += [name for name, table in self._tables(stratum) if table.doubts]
        delta.doubtful.update(doubtful)
        for name, table in self._tables(stratum):
            delta.differ(name, before[name], table.rows)
            self.view(name).forget()

    def _evaluate(self, stratum: Stratum) -> None:
        others = sum(len(self.table(name)) for each in self.program.strata for name in each.types)
        run = StratumRun(self, stratum, self.limits, others)
        run.finish()
        self._exact[stratum.types] = run.is_exact
        for _, table in self._tables(stratum):
            table.finish()

    def _bound_facts(self, stratum: Stratum) -> None:
        count = sum(len(self.table(name)) for each in self.program.strata for name in each.types)
        if count > self.limits.facts_max:
            types = ", ".join(f"`{name}`" for name in stratum.types)
            raise LimitError(f"more than {self.limits.facts_max} derived facts (facts_max) in the stratum of {types}")

    def _tables(self, stratum: Stratum) -> Iterator[tuple[str, LiveTable]]:
        for name in stratum.types:
            table = self.table(name)
            assert isinstance(table, LiveTable)
            yield name, table

    # --- the ground

    def _follow_grounds(self, delta: Delta, incomplete: frozenset[str]) -> None:
        """Say anew which facts are referred to and missing, and of which types there may be more."""
        before, changed = self._live, delta.types
        if incomplete == before.incomplete and incomplete.isdisjoint(changed) and self._linked.isdisjoint(changed):
            return
        doubtful = before.change(self._missing(delta), incomplete) | (incomplete & changed)
        if incomplete != self.situation.incomplete:
            self.situation = self.world.situation = replace(self.situation, incomplete=incomplete)
        for name in doubtful:
            self.table(name).replace_doubtful(before.doubtful(name))
        delta.doubtful |= doubtful

    def _missing(self, delta: Delta) -> frozenset[Reference]:
        """What facts of input types refer to and nobody gave."""
        missing = self.grounds.missing
        for reference in {each for side in (delta.added, delta.removed) for each in self._concerned(side)}:
            layout = self._layouts[reference.type]
            key = layout.raw_key(reference.key)
            if key not in self.grounds.given[reference.type].by_key and self._is_referred_to(reference.type, key):
                missing |= {reference}
            else:
                missing -= {reference}
        return missing

    def _concerned(self, rows: Mapping[str, Iterable[Row]]) -> Iterator[Reference]:
        """The facts that rows are, where something may refer to them, and those that they refer to."""
        for name, several in rows.items():
            layout = self._layouts[name]
            for row in several:
                if name in self._referred_to:
                    yield layout.reference(layout.key(row))
                for of, key in references_of(layout, row):
                    if not self.program.fact_types[of].is_derived:
                        yield self._layouts[of].reference(key)

    def _is_referred_to(self, of: str, key: RowKey) -> bool:
        for table in self.grounds.given.values():
            for at, target in table.layout.references:
                if target == of and key in table.index((at,)):
                    return True
            if table.layout.holders and key in table.references.get(of, ()):
                return True
        return False
