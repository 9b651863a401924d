"""A program made ready to run: for the provisions in force on a day, the cases and their generated functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import CodeType
from typing import Any

from neurosym.engine.compiled.case import Case, CaseWriting, cases_of
from neurosym.engine.compiled.conditions import CASES_MIN, ConditionIndex, subject_alone
from neurosym.engine.compiled.loops import FactWriting
from neurosym.engine.compiled.needs import Needs, needs_of, reached
from neurosym.engine.compiled.order import Order, order_of
from neurosym.engine.compiled.reach import Steps, files_of, steps_of
from neurosym.engine.compiled.runtime import NAMESPACE
from neurosym.engine.compiled.source import Module, NotCompiledError, Resource
from neurosym.engine.compiled.touch import Inside, bound_order, inside_of, write_touch
from neurosym.engine.effort import Effort
from neurosym.engine.fact_table import FactTable
from neurosym.engine.firing import Provisions, application_order, in_force
from neurosym.engine.layout import Layout, Row, RowKey, layouts_of
from neurosym.feel.typed import Join, Local
from neurosym.program.program import Program
from neurosym.program.rule import ConcludeFact, ConcludeOutcome, Stratum
from neurosym.values.temporal import Date

Function = Callable[..., Any]
DAYS_MAX = 1_000  # of which it is remembered what is in force


@dataclass(frozen=True)
class CompiledCase:
    """A case with its code; without it (`code` None) only the general evaluator knows it."""

    case: Case
    orders: Mapping[str, Order]  # by the function's name
    module: Module
    code: CodeType | None
    touching: Mapping[str, Inside]  # functions that tell which bindings a variable inside the condition touches
    layouts: Mapping[str, Layout]

    @cached_property
    def files(self) -> frozenset[str]:
        """The author's files that the functions come from."""
        return files_of(self.module)

    @cached_property
    def steps(self) -> Steps:
        """What bounds how much the functions look at."""
        return steps_of(self.module)

    def bound(self, resource: Callable[[Resource], Any], effort: Effort) -> Mapping[str, Function]:
        """The functions, with the resources they need."""
        if self.code is None:
            return {}
        namespace: dict[str, Any] = dict(self.module.constants)
        watching = (effort.pause, effort.watch) if self.module.counts else ()
        exec(self.code, namespace)  # noqa: S102 - generated above from a checked program, never from text
        found: Mapping[str, Function] = namespace["bind"](*watching, *map(resource, self.module.resources))
        return found


class CompiledProvisions:
    """The cases of the provisions that are in force together. Code is generated when a case is first needed."""

    def __init__(self, program: Program, layouts: Mapping[str, Layout], provisions: Provisions) -> None:
        self.program = program
        self.layouts = layouts
        self.provisions = provisions
        self.cases = cases_of(provisions)
        self._compiled: dict[tuple[int, bool], CompiledCase] = {}
        self._indexes: dict[str, tuple[Mapping[str, ConditionIndex], Sequence[Case]]] = {}
        self._needs: dict[tuple[object, ...], Needs] = {}

    def concluding(self, types: Sequence[str]) -> list[Case]:
        """The cases that conclude facts of these types."""
        return [
            each for each in self.cases if isinstance(each.conclusion, ConcludeFact) and each.conclusion.type in types
        ]

    def reads_inside(self, case: Case, stratum: Stratum) -> bool:
        """True when the condition has totals or the like over types of the stratum."""
        condition = case.join.condition
        return condition is not None and any(
            of in stratum.types
            for node in reached(self.program, condition)
            if isinstance(node, Join)
            for _, of in node.variables
        )

    def indexes(self, decision: str) -> Mapping[str, ConditionIndex]:
        """Indexes of the cases about a decision that speak of its subject alone, by the type of that fact."""
        return self._of_decision(decision)[0]

    def unindexed(self, decision: str) -> Sequence[Case]:
        """The other cases about the decision."""
        return self._of_decision(decision)[1]

    def _of_decision(self, decision: str) -> tuple[Mapping[str, ConditionIndex], Sequence[Case]]:
        if decision not in self._indexes:
            self._indexes[decision] = self._indexed(decision)
        return self._indexes[decision]

    def _indexed(self, decision: str) -> tuple[Mapping[str, ConditionIndex], Sequence[Case]]:
        alone: dict[str, list[Case]] = {}
        others = []
        types = [of for _, of in self.program.decisions[decision].parameters]
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

    def compiled(self, case: Case, *, counts: bool = False) -> CompiledCase:
        """The case with its functions: `every` over all facts, and `from_NAME` for those of one variable. They count
        what they look at, or are faster.
        """
        found = self._compiled.get((case.number, counts))
        if found is None:
            found = self._compiled[case.number, counts] = self._made(case, counts=counts)
        return found

    def _made(self, case: Case, *, counts: bool) -> CompiledCase:
        module = Module({**NAMESPACE, "precedes": self.precedes}, case.span, counts)
        orders = {"every": order_of(case.join)}
        orders |= {f"from_{name}": order_of(case.join, [name]) for name in self._starts(case)}
        for name in orders:
            module.name(name)
        facts = FactWriting(module, self.program, self.layouts)
        writing = CaseWriting(facts, self.provisions, case)
        touching: dict[str, Inside] = {}
        try:
            for name, order in orders.items():
                writing.written(name, order)
        except NotCompiledError:
            return CompiledCase(case, orders, module, None, {}, self.layouts)
        inside = inside_of(case, self._moving(case)) or []
        try:
            for at, each in enumerate(inside):
                write_touch(facts, case, each, f"touched_{at}")
                touching[f"touched_{at}"] = each
            if touching:
                orders["bound"] = bound_order(case)
                writing.written_bound("bound", orders["bound"])
        except NotCompiledError:
            touching = {}  # then all its bindings are looked at again in every round
        return CompiledCase(case, orders, module, module.compiled(), touching, self.layouts)

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
        of = case.conclusion.type
        stratum = next(each for each in self.program.strata if of in each.types)
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

    def __init__(self, program: Program) -> None:
        self.program = program
        self.layouts = layouts_of(program.fact_types)
        self._provisions: dict[tuple[int, ...], CompiledProvisions] = {}
        self._days: dict[Date, CompiledProvisions] = {}
        self._missing: dict[tuple[str, str], tuple[FactTable, FactTable, frozenset[RowKey]]] = {}

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
            self._provisions.setdefault(key, CompiledProvisions(self.program, self.layouts, provisions))
        return self._provisions[key]

    def missing(self, holder: FactTable, of: FactTable) -> frozenset[RowKey]:
        """The keys of one type that facts of another refer to and nobody gave."""
        name = holder.layout.of.name, of.layout.of.name
        held = self._missing.get(name)
        if held is None or held[0] is not holder or held[1] is not of:
            held = self._missing[name] = (holder, of, frozenset(holder.references[name[1]] - of.by_key.keys()))
        return held[2]
