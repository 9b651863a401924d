"""A program made ready to run: for the provisions in force on a day, the cases and their generated functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from neurosym.engine.compiled.case import Case, CaseWriting, cases_of
from neurosym.engine.compiled.compiled_case import CompiledCase
from neurosym.engine.compiled.conditions import CASES_MIN, ConditionIndex, subject_alone
from neurosym.engine.compiled.growing import write_rounds
from neurosym.engine.compiled.loops import FactWriting
from neurosym.engine.compiled.needs import Needs, essential_types, needs_of, reached, reads_variables_alone
from neurosym.engine.compiled.order import order_of
from neurosym.engine.compiled.reading import Read, reader_of
from neurosym.engine.compiled.runtime import NAMESPACE
from neurosym.engine.compiled.source import Module, NotCompiledError
from neurosym.engine.compiled.touch import Touches, bound_order, touches_of
from neurosym.engine.compiled.upkeep import upkeep_of
from neurosym.engine.compiled.view import TableView
from neurosym.engine.fact_table import FactTable
from neurosym.engine.firing import Provisions, application_order, in_force
from neurosym.engine.layout import Layout, Row, RowKey, layouts_of
from neurosym.feel.typed import Join, Local
from neurosym.program.program import Program
from neurosym.program.rule import ConcludeDuty, ConcludeFact, ConcludeOutcome, Provision, Stratum
from neurosym.values.temporal import Date
from neurosym.values.value import Reference

# Rounds after which it pays to follow totals: keeping what was found of each costs more than a few rounds save.
FOLLOWED_FROM = 12
DAYS_MAX = 1_000  # of which it is remembered what is in force


class CompiledProvisions:
    """The cases of the provisions that are in force together. Code is generated when a case is first needed."""

    def __init__(
        self, program: Program, layouts: Mapping[str, Layout], provisions: Provisions, followed_from: int
    ) -> None:
        self.program = program
        self.layouts = layouts
        self.followed_from = followed_from
        self.provisions = provisions
        self.cases = cases_of(provisions)
        self._strata = {name: stratum for stratum in program.strata for name in stratum.types}
        self._compiled: dict[tuple[int, bool], CompiledCase] = {}
        self._indexes: dict[str, tuple[Mapping[str, ConditionIndex], Sequence[Case]]] = {}
        self._upkeep: dict[tuple[int, bool], CompiledCase] = {}
        self._touches: dict[int, Touches] = {}
        self._alone: dict[int, bool] = {}  # by the id of a provision, which is kept in `provisions`
        self._essential: dict[int, frozenset[str]] = {}
        self._inside: dict[int, bool] = {}
        self._concluding: dict[tuple[str, ...], Sequence[Case]] = {}
        self._needs: dict[tuple[object, ...], Needs] = {}

    def concluding(self, types: Sequence[str]) -> Sequence[Case]:
        """The cases that conclude facts of these types."""
        name = tuple(types)
        found = self._concluding.get(name)
        if found is None:
            of_facts = (each for each in self.cases if isinstance(each.conclusion, ConcludeFact))
            found = self._concluding[name] = [each for each in of_facts if each.concluded in name]
        return found

    def stratum(self, of: str) -> Stratum:
        """The stratum of a derived type."""
        return self._strata[of]

    def reads_inside(self, case: Case) -> bool:
        """True when the condition of a case that concludes facts has totals or the like over types of its stratum."""
        found = self._inside.get(case.number)
        if found is None:
            condition, types = case.join.condition, self.stratum(case.concluded).types
            found = self._inside[case.number] = condition is not None and any(
                of in types
                for node in reached(self.program, condition)
                if isinstance(node, Join)
                for _, of in node.variables
            )
        return found

    def of_decision(self, decision: str) -> tuple[Mapping[str, ConditionIndex], Sequence[Case]]:
        """Indexes of the cases about a decision that speak of its subject alone, by the type of that fact, and the
        other cases about it.
        """
        found = self._indexes.get(decision)
        if found is None:
            found = self._indexes[decision] = self._indexed(decision)
        return found

    def _indexed(self, decision: str) -> tuple[Mapping[str, ConditionIndex], Sequence[Case]]:
        alone: dict[str, list[Case]] = {}
        others = []
        types = [of for _, of in self.program.decisions[decision].parameters if not self.layouts[of].of.is_derived]
        for case in self.cases:
            if isinstance(case.conclusion, ConcludeOutcome) and case.conclusion.decision == decision:
                of = subject_alone(case)
                if of is not None and types.count(of) == 1 and not any(self.provisions.to(case.provision.id, decision)):
                    alone.setdefault(of, []).append(case)
                else:
                    others.append(case)
        for of in [of for of, cases in alone.items() if len(cases) < CASES_MIN]:
            others += alone.pop(of)
        return {of: ConditionIndex(self.layouts[of], cases) for of, cases in alone.items()}, others

    def needs(self, types: Sequence[str]) -> Needs:
        """What the cases that conclude facts of these types read."""
        name = tuple(types)
        if name not in self._needs:
            self._needs[name] = needs_of(self.program, self.provisions, self.concluding(types))
        return self._needs[name]

    def needs_of_case(self, case: Case) -> Needs:
        """What a case reads."""
        name = (case.number,)
        if name not in self._needs:
            self._needs[name] = needs_of(self.program, self.provisions, [case])
        return self._needs[name]

    @cached_property
    def duty_cases(self) -> Sequence[Case]:
        """The cases that conclude duties."""
        return [each for each in self.cases if isinstance(each.conclusion, ConcludeDuty)]

    def reads_binding_alone(self, provision: Provision) -> bool:
        """True when the provision's own condition rests on nothing but the facts of its variables."""
        found = self._alone.get(id(provision))
        if found is None:
            found = self._alone[id(provision)] = reads_variables_alone(provision.join)
        return found

    def essential(self, case: Case) -> frozenset[str]:
        """Types of which there must be facts, or the case concludes nothing."""
        found = self._essential.get(case.number)
        if found is None:
            found = self._essential[case.number] = essential_types(case.join)
        return found

    def compiled(self, case: Case, *, counts: bool = False) -> CompiledCase:
        """The case with its functions: `every` over all facts, and `from_NAME` for those of one variable. They count
        what they look at, or are faster.
        """
        found = self._compiled.get((case.number, counts))
        if found is None:
            found = self._compiled[case.number, counts] = self._made(case, counts=counts)
        return found

    def upkeep(self, case: Case, *, counts: bool = False) -> CompiledCase:
        """The case with the functions that keep its conclusions up to date as facts come and go. They count what they
        look at, or are faster.
        """
        found = self._upkeep.get((case.number, counts))
        if found is None:
            module = Module({**NAMESPACE, "precedes": self.precedes}, case.span, counts)
            writing = FactWriting(module, self.program, self.layouts, moving=frozenset(self._moving(case)))
            found = upkeep_of(writing, self.provisions, case, self.touches(case))
            self._upkeep[case.number, counts] = found
        return found

    def _made(self, case: Case, *, counts: bool) -> CompiledCase:
        module = Module({**NAMESPACE, "precedes": self.precedes}, case.span, counts)
        orders = {"every": order_of(case.join)}
        orders |= {f"from_{name}": order_of(case.join, [name]) for name in self._starts(case)}
        for name in orders:
            module.name(name)
        facts = FactWriting(module, self.program, self.layouts)
        writing = CaseWriting(facts, self.provisions, case)
        try:
            for name, order in orders.items():
                writing.written(name, order)
        except NotCompiledError:
            return CompiledCase(case, orders, module, None, {}, self.layouts)
        try:
            touching, following = write_rounds(facts, self.provisions, case, self.touches(case), self._moving(case))
            orders["bound"] = bound_order(case)
        except NotCompiledError:
            touching, following = {}, {}  # then all its bindings are looked at again in every round
        return CompiledCase(case, orders, module, module.compiled(), touching, self.layouts, following)

    def touches(self, case: Case) -> Touches:
        """What a case reads beside the facts of its variables."""
        found = self._touches.get(case.number)
        if found is None:
            found = self._touches[case.number] = touches_of(self.program, self.provisions, case)
        return found

    def _starts(self, case: Case) -> list[str]:
        """The variables that are ever bound first: those whose facts are new in a round, or are asked for."""
        conclusion = case.conclusion
        if isinstance(conclusion, ConcludeFact):
            moving = self._moving(case)
            return [name for name, of in case.join.variables if of in moving]
        values = conclusion.subject if isinstance(conclusion, ConcludeOutcome) else conclusion.fields
        named = {value.name for _, value in values if isinstance(value, Local)}
        return [name for name, _ in case.join.variables if name in named]

    def _moving(self, case: Case) -> tuple[str, ...]:
        """The types that change while the case is applied, round after round."""
        if not isinstance(case.conclusion, ConcludeFact):
            return ()
        stratum = self.stratum(case.conclusion.type)
        return stratum.types if stratum.is_recursive else ()

    def precedes(self, number: int, rows: Sequence[Row], held: Sequence[Any]) -> bool:
        """Whether a derivation comes before another: by the provision, then by the keys of its facts."""
        return self._order(number, rows) < self._order(held[0], held[2:])

    def _order(self, number: int, rows: Sequence[Row]) -> tuple[object, ...]:
        case = self.cases[number]
        types = dict(case.join.variables)
        facts = [(name, self.layouts[types[name]].fact(row)) for name, row in zip(case.names, rows, strict=True)]
        return application_order(case.provision.id, facts)


class CompiledProgram:
    """A program made ready to run on any day."""

    def __init__(self, program: Program, followed_from: int = FOLLOWED_FROM) -> None:
        """`followed_from` is the round after which totals that grow are added to; what follows is always the same."""
        self.program = program
        self.followed_from = followed_from
        self.layouts = layouts_of(program.fact_types)
        self._provisions: dict[tuple[int, ...], CompiledProvisions] = {}
        self._days: dict[Date, CompiledProvisions] = {}
        self._readers: dict[str, Read | None] = {}
        self._missing: dict[tuple[str, str], tuple[FactTable, FactTable, tuple[int, int], frozenset[RowKey]]] = {}
        # The view of each given type that was used last: the references to what nobody gave, whether there may be more.
        self.views: dict[str, tuple[tuple[frozenset[Reference], bool], TableView]] = {}

    def on(self, day: Date) -> CompiledProvisions:
        """What is in force on the day."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= DAYS_MAX:
                self._days.clear()
            found = self._days[day] = self._of(in_force(self.program, day))
        return found

    def _of(self, provisions: Provisions) -> CompiledProvisions:
        """The provisions made ready once, for all the days on which they are in force together."""
        key = tuple(map(id, (*provisions.rules, *provisions.exceptions)))
        if key not in self._provisions:
            made = CompiledProvisions(self.program, self.layouts, provisions, self.followed_from)
            self._provisions.setdefault(key, made)
        return self._provisions[key]

    def reader(self, name: str) -> Read | None:
        """The function that reads given facts of a type; None where they are read one by one."""
        if name not in self._readers:
            self._readers[name] = reader_of(self.layouts[name])
        return self._readers[name]

    def missing(self, holder: FactTable, of: FactTable) -> frozenset[RowKey]:
        """The keys of one type that facts of another refer to and nobody gave."""
        name = holder.layout.of.name, of.layout.of.name
        held, versions = self._missing.get(name), (holder.version, of.version)
        if held is None or held[0] is not holder or held[1] is not of or held[2] != versions:
            keys = frozenset(holder.references[name[1]]).difference(of.by_key)
            held = self._missing[name] = (holder, of, versions, keys)
        return held[3]
