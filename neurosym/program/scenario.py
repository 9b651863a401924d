"""Scenarios: a world and what must hold in it. They test a program and are no part of its meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.text.span import NOWHERE, Span
from neurosym.values.temporal import Date
from neurosym.values.value import Value

Named: TypeAlias = tuple[tuple[str, Value], ...]  # names and constants, in the author's order


@dataclass(frozen=True, slots=True)
class GivenFact:
    """A fact of the world; its values are checked at intake like any input."""

    type: str
    fields: Named
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """An answer that is there from the start, with the texts it quotes."""

    judgment: str
    args: Named
    answer: Value
    quotes: tuple[str, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FactExpected:
    """A fact that is `certain`, `possible` or absent (`no`)."""

    type: str
    fields: Named
    standing: str
    by: str | None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DutyExpected:
    """A duty that is concluded, or not."""

    duty: str
    fields: Named
    is_negated: bool
    due: Date | None
    by: str | None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OutcomeExpected:
    """The decision is decided with this outcome, by this rule if one is named."""

    outcome: str
    by: str | None


@dataclass(frozen=True, slots=True)
class StandingExpected:
    """The decision is `undecided` or a `conflict`."""

    standing: str


@dataclass(frozen=True, slots=True)
class PossibleExpected:
    """The outcome is among those still possible."""

    outcome: str


@dataclass(frozen=True, slots=True)
class MissingExpected:
    """What is missing: a type (`key` None), a fact (`member` None) or a value."""

    type: str
    key: Named | None
    member: str | None


@dataclass(frozen=True, slots=True)
class QuestionExpected:
    """What is still open at the end: a question, or nothing (`judgment` None)."""

    judgment: str | None
    args: Named


Part: TypeAlias = OutcomeExpected | StandingExpected | PossibleExpected | MissingExpected | QuestionExpected


@dataclass(frozen=True, slots=True)
class DecisionExpected:
    """What a decision must be."""

    decision: str
    subject: Named
    parts: tuple[Part, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OpenExpected:
    """What is missing or asked, in all the decisions that the scenario expects."""

    part: MissingExpected | QuestionExpected
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ErrorExpected:
    """A diagnostic that the world is refused with."""

    code: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Expected: TypeAlias = FactExpected | DutyExpected | DecisionExpected | OpenExpected | ErrorExpected


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole world: types it does not give are empty, those `not_known` are incomplete."""

    label: str
    on: Date | None
    given: tuple[GivenFact, ...]
    not_known: tuple[str, ...]
    judged: tuple[JudgedAnswer, ...]
    expected: tuple[Expected, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)
