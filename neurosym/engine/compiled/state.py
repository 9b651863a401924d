"""The state of a run: the tables of all fact types, what generated code needs of them, and how entries are derived."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from operator import is_
from sys import maxsize
from typing import Any, ClassVar, Protocol

from neurosym.engine.compiled.case import Case
from neurosym.engine.compiled.compiled_case import CompiledCase, Function
from neurosym.engine.compiled.ground import Grounds
from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.compiled.reach import Reach
from neurosym.engine.compiled.source import (
    DoubtsOf,
    GrownOf,
    Horizon,
    IndexOf,
    ParameterOf,
    Resource,
    RowsOf,
    SoleOf,
    WhysOf,
)
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
from neurosym.engine.situation import LIMITS, NO_ANSWERS, NO_STANDINGS, Limits, Situation
from neurosym.engine.world import ModelWorld, Questions
from neurosym.feel.world import Environment, FactRead, Read
from neurosym.values.temporal import Date
from neurosym.values.unknown import Question, Reason, RestsOn, Standing, Unknown
from neurosym.values.value import Fact, Reference, Value


class Compile(Protocol):
    """Makes the code of a case: functions that count what they look at, or are faster."""

    def __call__(self, case: Case, /, *, counts: bool = False) -> CompiledCase:
        """The case with its code."""
        ...


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a case gave, and the tables it was computed from."""

    tables: tuple[Table, ...]
    given: Any


class State:
    """The tables of a program in a situation, with the views of them that the general evaluator has.

    With the state of a run before, the tables of given types are its, where they hold the same.
    """

    derived_table: ClassVar[type[Table]] = Table

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
        self.situation = _kept(situation)
        self.limits = limits
        is_same = previous is not None and previous.grounds.are_of(situation)
        live = previous.grounds.live if previous is not None else None
        self.grounds: Grounds = (
            previous.grounds if previous is not None and is_same else Grounds(compiled, situation, live)
        )
        self.views: dict[str, TableView] = {}  # of the types that somebody asked for
        self.questions: Questions = previous.questions if previous is not None and is_same else {}
        self.resolve = resolve
        self.burdens = burdens
        self.results: dict[object, Remembered] = {}
        self._earlier = previous.results if previous is not None and self.has_same_law(previous) else {}
        self._bound: dict[int, Mapping[str, Function]] = {}
        self.horizon = [maxsize]
        self._grown: dict[GrownOf, dict[tuple[Row, ...], Any]] = {}
        self.efforts: list[Effort] = []  # of the functions above

    @cached_property
    def extensions(self) -> Mapping[str, Extension]:
        """The facts of all types as the general evaluator sees them."""
        return Extensions(self.program.fact_types, self.view)

    @cached_property
    def world(self) -> ModelWorld:
        """What expressions see of the tables."""
        world = ModelWorld(self.program, self.situation, self.extensions, self.limits)
        world.questions = self.questions
        return world

    @cached_property
    def firing(self) -> Firing:
        """The general application of provisions."""
        return Firing(self.world, self.compiled.provisions, self.resolve, burdens=self.burdens)

    def view(self, name: str) -> TableView:
        """The facts of a type as the general evaluator sees them."""
        found = self.views.get(name)
        if found is None:
            found = self.views.setdefault(name, self._viewed(name))  # of several threads, the first one's
        return found

    def _viewed(self, name: str) -> TableView:
        if not self.program.fact_types[name].is_derived:
            return self.grounds.view(name)
        return TableView(self.derived_table(self.grounds.compiled.layouts[name]), self.compiled.cases, self.derivation)

    def table(self, name: str) -> Table:
        """The facts of a type as generated code sees them."""
        return self.view(name).table

    def certain(self, name: str) -> Extension:
        """The certain facts of a type."""
        return self.view(name).certain

    def has_same_law(self, other: State) -> bool:
        """True when the same provisions are in force in the other state, and the parameters have the same values."""
        return self.compiled is other.compiled and self._has_same_values(other.situation.on)

    def is_of_law(self, compiled: CompiledProgram, day: Date) -> bool:
        """True when the state is by the law of the day."""
        return self.compiled is compiled.on(day) and self._has_same_values(day)

    def _has_same_values(self, day: Date) -> bool:
        own = self.situation.on
        parameters = self.program.parameters
        return day == own or not parameters or all(each.on(day) is each.on(own) for each in parameters.values())

    def adopt(self, other: State, types: Iterable[str]) -> None:
        """Take over tables that are finished in another state."""
        for name in types:
            self.views[name] = other.view(name)

    def asked(self, judgment: str) -> tuple[Mapping[Question, Value], Mapping[Question, Standing]]:
        """The answers to a judgment's questions, and how far the asking of others has come."""
        answers, standings = self.situation.answers, self.situation.standings
        return (
            {question: answer for question, answer in answers.items() if question.judgment == judgment},
            {question: standing for question, standing in standings.items() if question.judgment == judgment},
        )

    def remembered(self, name: object, types: Iterable[str], compute: Callable[[], Any]) -> Any:
        """What is computed from the tables of these types, or was in the run before from the same ones."""
        tables = tuple(self.table(of) for of in sorted(types))
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
            return self.watched(case, self.compiled.compiled)
        except InexactError:  # a parameter has no value on the day
            return {}

    def watched(self, case: Case, compiled: Compile) -> Mapping[str, Function]:
        """The functions of a case within the limits; InexactError where a parameter has no value on the day."""
        effort = Effort(self.limits, partial(place_of, self.program, case.provision.id, case.conclusion))
        self.efforts.append(effort)
        fast = compiled(case)
        counting = cache(lambda: compiled(case, counts=True).bound(self._resource, effort))
        found = fast.bound(self._resource, effort)
        reaches = {name: Reach(fast.steps, fast.files, name, self.table) for name in found}
        return {
            name: Watched(None if fast.module.has_lists else each, reaches[name], effort, counting)
            for name, each in found.items()
        }

    def _resource(self, of: Resource) -> Any:
        match of:
            case IndexOf():
                return self.table(of.type).index(of.columns)
            case SoleOf():
                return self.table(of.type).sole
            case RowsOf():
                return self.table(of.type).rows
            case DoubtsOf():
                return self.table(of.type).doubts
            case ParameterOf():
                value = self.world.parameter(of.name)
                if isinstance(value, Unknown):
                    raise InexactError
                return value
            case GrownOf():
                return self._grown.setdefault(of, {})
            case WhysOf():
                return self.table(of.type).whys
            case Horizon():
                return self.horizon

    def forget_grown(self, case: Case) -> None:
        """Forget the totals of a case that were followed: facts came that nobody added to them, or no more will."""
        for of, sums in self._grown.items():
            if of.case == case.number:
                sums.clear()

    # --- between rows and facts

    def environment(self, case: Case, names: Iterable[str], rows: Iterable[Row]) -> dict[str, Value]:
        """The facts of rows under the names of their variables."""
        types = dict(case.join.variables)
        return {name: self.view(types[name]).entry_of(row).fact for name, row in zip(names, rows, strict=False)}

    def why(self, case: Case, number: int, environment: Environment) -> Why:
        """Why a fact is certain that the general evaluator concluded."""
        rows = []
        for name in case.names:
            fact = environment[name]
            assert isinstance(fact, Fact)
            rows.append(self.table(fact.type).layout.row(fact))
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
        stratum = self.compiled.stratum(of)
        return frozenset(stratum.types) if stratum.is_recursive else frozenset()

    def firing_at(self, moving: frozenset[str], number: int) -> Firing:
        """Firing over the tables as they were when a round of the `moving` types began."""
        if not moving:
            return self.firing
        then: dict[str, Extension] = {name: RoundView(self.view(name), number) for name in moving}
        world = ModelWorld(self.program, self.situation, {**self.extensions, **then}, self.limits)
        return Firing(world, self.compiled.provisions, self.resolve, burdens=self.burdens)


class Extensions(Mapping[str, Extension]):
    """The extensions of fact types; each is made when somebody asks for it."""

    def __init__(self, types: Collection[str], made: Callable[[str], Extension]) -> None:
        self._types = types
        self._made = made

    def __getitem__(self, name: str) -> Extension:
        return self._made(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)


def _kept(situation: Situation) -> Situation:
    """The situation with answers of its own: the caller may go on to change his, and what is kept is about these."""
    if situation.answers is NO_ANSWERS and situation.standings is NO_STANDINGS:
        return situation
    answers, standings = dict(situation.answers), dict(situation.standings)
    return Situation(situation.facts, situation.on, situation.incomplete, answers, standings, situation.named)


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
