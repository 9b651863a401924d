"""Scenarios as the author wrote them: a world, what was judged in it, and what must hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.feel.tree import Argument, Expr, Word
from neurosym.text.span import Span
from neurosym.values.temporal import Date


@dataclass(frozen=True, slots=True)
class Given:
    """`given Party(id: "A", name: "A")`."""

    type: Word
    arguments: tuple[Argument, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Judged:
    """`judged same_person(customer: "A", entry: "L1") is "different" quoting "..."`."""

    judgment: Word
    arguments: tuple[Argument, ...]
    answer: Expr
    quotes: tuple[str, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExpectFact:
    """`expect [no|possible] Blocked(party: "C") [by rule]`; `standing` is `certain`, `no` or `possible`."""

    type: Word
    arguments: tuple[Argument, ...]
    standing: str
    by: Word | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExpectDuty:
    """`expect [no] duty report(payment: "P1") [due 2026-03-13] [by rule]`."""

    duty: Word
    arguments: tuple[Argument, ...]
    is_negated: bool
    due: Expr | None
    by: Word | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class IsOutcome:
    """`is "block" [by rule]`."""

    outcome: Word
    by: Word | None


@dataclass(frozen=True, slots=True)
class IsStanding:
    """`is undecided` or `is conflict`."""

    standing: str


@dataclass(frozen=True, slots=True)
class IsPossible:
    """`possible "hold"`."""

    outcome: Word


@dataclass(frozen=True, slots=True)
class IsMissing:
    """`missing Party("A").born`, `missing Party("A")` or `missing Licence`; `key` is None for a whole type."""

    type: Word
    key: tuple[Argument, ...] | None
    member: Word | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Asks:
    """`asks same_person(customer: "A", entry: "L1")`, or `asks nothing` when `judgment` is None."""

    judgment: Word | None
    arguments: tuple[Argument, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExpectDecision:
    """`expect screen(payment: "P1") is "block" by rule possible "hold" missing ... asks ...`."""

    decision: Word
    arguments: tuple[Argument, ...]
    parts: tuple[IsOutcome | IsStanding | IsPossible | IsMissing | Asks, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExpectOpen:
    """`expect missing ...` or `expect asks ...` of all the decisions that the scenario expects."""

    part: IsMissing | Asks
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExpectError:
    """`expect error NS312`."""

    code: Word
    span: Span = field(compare=False, repr=False)


Expectation: TypeAlias = ExpectFact | ExpectDuty | ExpectDecision | ExpectOpen | ExpectError


@dataclass(frozen=True, slots=True)
class ScenarioDeclaration:
    """`scenario "label"`: a whole world and what must hold in it."""

    label: Word
    on: Date | None
    given: tuple[Given, ...]
    not_known: tuple[Word, ...]
    judged: tuple[Judged, ...]
    expected: tuple[Expectation, ...]
    span: Span = field(compare=False, repr=False)
