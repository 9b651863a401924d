"""What an expression needs from its surroundings: facts, parameters, answers. The engine provides it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from neurosym.feel.typed import Definition, Join
from neurosym.values.unknown import Domain
from neurosym.values.value import Fact, Reference, Truth, Value

Environment: TypeAlias = Mapping[str, Value]
Look: TypeAlias = Callable[[int], None]  # is told how many facts or items are looked at


def uncounted(_: int) -> None:
    """What is looked at needs no counting."""


class World(Protocol):
    """The facts, parameters and answers that an evaluation looks at."""

    def bindings(self, join: Join, environment: Environment) -> Iterator[tuple[Environment, Truth]]:
        """Every extension of the environment for which the join is true or unknown, with its truth."""
        ...

    def member(self, of: Reference, name: str) -> Value:
        """The value of a field of the fact that the reference names; unknown where nobody supplied the fact."""
        ...

    def domain(self, type_name: str, name: str) -> Domain:
        """What a field's declared constraint allows."""
        ...

    def parameter(self, name: str) -> Value:
        """The value of a parameter on the day of the decision; unknown before its first."""
        ...

    def answer(self, judgment: str, arguments: tuple[Value, ...]) -> Value:
        """The accepted answer to a question, else unknown."""
        ...

    def definition(self, name: str) -> Definition:
        """A definition of the ruleset."""
        ...


@dataclass(frozen=True, slots=True)
class FactRead:
    """A fact that a value rests on."""

    fact: Fact | Reference


@dataclass(frozen=True, slots=True)
class ParameterRead:
    """A parameter that a value rests on."""

    name: str


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """A judged answer that a value rests on."""

    judgment: str
    arguments: tuple[Reference, ...]


Read: TypeAlias = FactRead | ParameterRead | AnswerRead


class NoWorld:
    """A world without anything, for expressions that mention no names."""

    def bindings(self, join: Join, environment: Environment) -> Iterator[tuple[Environment, Truth]]:
        raise AssertionError(join, environment)

    def member(self, of: Reference, name: str) -> Value:
        raise AssertionError(of, name)

    def domain(self, type_name: str, name: str) -> Domain:
        raise AssertionError(type_name, name)

    def parameter(self, name: str) -> Value:
        raise AssertionError(name)

    def answer(self, judgment: str, arguments: tuple[Value, ...]) -> Value:
        raise AssertionError(judgment, arguments)

    def definition(self, name: str) -> Definition:
        raise AssertionError(name)


NO_WORLD: World = NoWorld()
