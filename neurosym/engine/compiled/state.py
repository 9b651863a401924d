"""The state of a run: the tables of all fact types, what generated code needs of them, and how entries are derived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from operator import is_
from typing import Any

from neurosym.engine.compiled.case import Case
from neurosym.engine.compiled.ground import Grounds, grounds_of
from neurosym.engine.compiled.program import CompiledProgram, Function
from neurosym.engine.compiled.reach import Reach
from neurosym.engine.compiled.source import DoubtsOf, IndexOf, ParameterOf, Resource, RowsOf, SoleOf
from neurosym.engine.compiled.table import Table, Why
from neurosym.engine.compiled.view import RoundView, TableView
from neurosym.engine.compiled.watched import Watched
from neurosym.engine.derivation import Derivation, ExceptionNote
from neurosym.engine.effort import Effort, place_of
from neurosym.engine.extension import Extension
from neurosym.engine.firing import Application, Firing
from neurosym.engine.index import InexactError
from neurosym.engine.layout import Row
from neurosym.engine.reference import reasons_held, told
from neurosym.engine.situation import LIMITS, Limits, Situation
from neurosym.engine.world import ModelWorld
from neurosym.feel.world import Environment, FactRead, Read
from neurosym.values.unknown import Question, Reason, RestsOn, Standing, Unknown
from neurosym.values.value import Fact, Reference, Value


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a case gave, and the tables it was computed from."""

    tables: tuple[Table, ...]
    given: Any


class State:
    """The tables of a program in a situation, with the views of them that the general evaluator has.

    With the state of a run before, the tables of given types are its, where they hold the same.
    """

    def __init__(
        self,
        compiled: CompiledProgram,
        situation: Situation,
        resolve: Callable[[frozenset[Reason]], frozenset[Reason]],
        *,
        burdens: bool,
        previous: State | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        self.program = compiled.program
        self.compiled = compiled.on(situation.on)
        # The caller may go on to change the answers; what is kept of this run is about these.
        situation = replace(situation, answers=dict(situation.answers), standings=dict(situation.standings))
        self.situation = situation
        before = previous.grounds if previous else None
        self.grounds: Grounds = grounds_of(compiled, situation, before)
        self.tables: dict[str, Table] = self.grounds.tables(previous.tables if previous else {}, before)
        self.views: dict[str, TableView] = {}
        self.extensions: dict[str, Extension] = {}
        for name, table in self.tables.items():
            is_same = previous is not None and previous.tables[name] is table
            self._show(
                name,
                previous.views[name]
                if previous and is_same
                else TableView(table, self.compiled.cases, self.derivation),
            )
        self.limits = limits
        self.world = ModelWorld(self.program, situation, self.extensions, limits)
        if previous is not None and all(
            self.tables[name] is previous.tables[name]
            for name, of in self.program.fact_types.items()
            if not of.is_derived
        ):
            self.world.questions = previous.world.questions
        self.firing = Firing(self.world, self.compiled.provisions, resolve, burdens=burdens)
        self.results: dict[object, Remembered] = {}
        self._earlier = previous.results if previous is not None and self.has_same_law(previous) else {}
        self._strata = {name: stratum for stratum in self.program.strata for name in stratum.types}
        self._bound: dict[int, Mapping[str, Function]] = {}

    def _show(self, name: str, view: TableView) -> None:
        self.views[name] = self.extensions[name] = view

    def certain(self, name: str) -> Extension:
        """The certain facts of a type."""
        return self.views[name].certain

    def has_same_law(self, other: State) -> bool:
        """True when the same provisions are in force in the other state, and the parameters have the same values."""
        if self.compiled is not other.compiled:
            return False
        day, before = self.situation.on, other.situation.on
        return day == before or all(each.on(day) is each.on(before) for each in self.program.parameters.values())

    def adopt(self, other: State, types: Iterable[str]) -> None:
        """Take over tables that are finished in another state."""
        for name in types:
            self.tables[name] = other.tables[name]
            self._show(name, other.views[name])

    def asked(self, judgment: str) -> tuple[Mapping[Question, Value], Mapping[Question, Standing]]:
        """The answers to a judgment's questions, and how far the asking of others has come."""
        answers, standings = self.situation.answers, self.situation.standings
        return (
            {question: answer for question, answer in answers.items() if question.judgment == judgment},
            {question: standing for question, standing in standings.items() if question.judgment == judgment},
        )

    def remembered(self, name: object, types: Iterable[str], compute: Callable[[], Any]) -> Any:
        """What is computed from the tables of these types, or was in the run before from the same ones."""
        tables = tuple(self.tables[of] for of in sorted(types))
        held = self.results.get(name) or self._earlier.get(name)
        if held is None or len(held.tables) != len(tables) or not all(map(is_, held.tables, tables)):
            held = Remembered(tables, compute())
        self.results[name] = held
        return held.given

    # --- generated code

    def functions(self, case: Case) -> Mapping[str, Function]:
        """The functions of a case over these tables; none where only the general evaluator will do."""
        found = self._bound.get(case.number)
        if found is None:
            found = self._bound[case.number] = self._functions(case)
        return found

    def _functions(self, case: Case) -> Mapping[str, Function]:
        try:
            effort = Effort(self.limits, partial(place_of, self.program, case.provision.id, case.conclusion))
            fast = self.compiled.compiled(case)
            found = fast.bound(self._resource, effort)
        except InexactError:  # a parameter has no value on the day
            return {}
        counting = cache(partial(self._counting, case, effort))
        reaches = {name: Reach(fast.steps, fast.files, name, self.tables) for name in found}
        return {
            name: Watched(None if fast.module.has_lists else each, reaches[name], effort, counting)
            for name, each in found.items()
        }

    def _counting(self, case: Case, effort: Effort) -> Mapping[str, Function]:
        """The functions of a case that count what they look at."""
        return self.compiled.compiled(case, counts=True).bound(self._resource, effort)

    def _resource(self, of: Resource) -> Any:
        match of:
            case IndexOf():
                return self.tables[of.type].index(of.columns)
            case SoleOf():
                return self.tables[of.type].sole
            case RowsOf():
                return self.tables[of.type].rows
            case DoubtsOf():
                return self.tables[of.type].doubts
            case ParameterOf():
                value = self.world.parameter(of.name)
                if isinstance(value, Unknown):
                    raise InexactError
                return value

    # --- between rows and facts

    def environment(self, case: Case, names: Iterable[str], rows: Iterable[Row]) -> dict[str, Value]:
        """The facts of rows under the names of their variables."""
        types = dict(case.join.variables)
        return {name: self.views[types[name]].entry_of(row).fact for name, row in zip(names, rows, strict=False)}

    def why(self, case: Case, number: int, environment: Environment) -> Why:
        """Why a fact is certain that the general evaluator concluded."""
        rows = []
        for name in case.names:
            fact = environment[name]
            assert isinstance(fact, Fact)
            rows.append(self.tables[fact.type].layout.row(fact))
        return (case.number, number, *rows)

    def derivation(self, table: Table, why: Why) -> Derivation:
        """How a certain fact was concluded, as the round knew it that concluded it."""
        number, round_, *rows = why
        case = self.compiled.cases[number]
        environment = self.environment(case, case.names, rows)
        application = Application(case.provision, case.conclusion, environment, truth=True)
        moving = self._moving(table.layout.of.name)
        firing = self.firing_at(moving, round_)
        reads = tuple(read for read in firing.reads(application) if not _is_doubtful(read, moving, firing))
        return self._derived(firing, application, round_, reads)

    def possible_derivation(self, of: str, application: Application, number: int) -> Derivation:
        """How a possible fact of a type was concluded."""
        firing = self.firing_at(self._moving(of), number)
        return self._derived(firing, application, number, firing.reads(application))

    def _derived(self, firing: Firing, of: Application, number: int, reads: tuple[Read, ...]) -> Derivation:
        notes = tuple(
            told(note, {each: reasons_held(self.extensions, each) for each in _names_in(note)})
            for note in firing.notes(of.provision.id, of.conclusion.target, of.environment)
        )
        is_certain = of.truth is True
        return Derivation(of.provision.id, of.environment, number, is_certain=is_certain, reads=reads, notes=notes)

    def _moving(self, of: str) -> frozenset[str]:
        """The types that change while the stratum of a type is computed."""
        stratum = self._strata[of]
        return frozenset(stratum.types) if stratum.is_recursive else frozenset()

    def firing_at(self, moving: frozenset[str], number: int) -> Firing:
        """Firing over the tables as they were when a round of the `moving` types began."""
        if not moving:
            return self.firing
        then: dict[str, Extension] = {name: RoundView(self.views[name], number) for name in moving}
        world = ModelWorld(self.program, self.situation, {**self.extensions, **then}, self.limits)
        return Firing(world, self.firing.provisions, self.firing.resolve, burdens=self.firing.burdens)


def _names_in(note: ExceptionNote) -> Iterator[RestsOn]:
    """The possible facts that a note names in the place of their reasons."""
    yield from (reason for reason in note.reasons if isinstance(reason, RestsOn))
    for inner in note.notes:
        yield from _names_in(inner)


def _is_doubtful(read: Read, moving: frozenset[str], firing: Firing) -> bool:
    if not isinstance(read, FactRead) or read.fact.type not in moving or isinstance(read.fact, Reference):
        return False
    held = firing.world.extensions[read.fact.type].find(read.fact)
    return held is None or not held.is_certain
