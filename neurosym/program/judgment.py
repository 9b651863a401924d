"""Judgments: typed functions whose body is a question."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import TypeAlias, assert_never

from neurosym.feel.typed import TypedExpr
from neurosym.feel.types import Basic, Choice, ListOf, Nullable, RecordOf, Type
from neurosym.text.span import NOWHERE, Span
from neurosym.values.number import Number
from neurosym.values.temporal import Duration, Months
from neurosym.values.unknown import ANYTHING, Domain, OneOf
from neurosym.values.value import Record, Value

CLOSED_MAX = 64  # a record with more values than these counts as open


@dataclass(frozen=True, slots=True)
class Score:
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text that a grammar accepts, read as a record. `text` is the grammar without its comments and spacing."""

    grammar: str  # the name of its file
    text: str
    of: RecordOf


Returns: TypeAlias = Choice | Basic | Score | RecordOf | Parsed  # of the basic types only the boolean: yes or no


def answer_type(returns: Returns) -> Type:
    """The type of the answers in expressions."""
    match returns:
        case Score():
            return Basic.NUMBER
        case Parsed():
            return returns.of
        case Choice() | Basic() | RecordOf():
            return returns
        case _:
            assert_never(returns)


def all_answers(returns: Returns) -> tuple[Value, ...]:
    """Every answer, in the order of its declaration; none where they are not few."""
    if isinstance(returns, Score):
        return tuple(range(returns.low, returns.high + 1))
    return _all_values(returns.of if isinstance(returns, Parsed) else returns)


def _all_values(of: Type) -> tuple[Value, ...]:
    match of:
        case Choice():
            return of.values
        case Basic.BOOLEAN:
            return (True, False)
        case Nullable():
            inner = _all_values(of.of)
            return (*inner, None) if inner else ()
        case RecordOf():
            return _all_records(of)
        case _:
            return ()


def _all_records(of: RecordOf) -> tuple[Value, ...]:
    options, count = [], 1
    for _, member in of.members:
        options.append(_all_values(member))
        count *= len(options[-1])
        if not 0 < count <= CLOSED_MAX:
            return ()
    names = [name for name, _ in of.members]
    return tuple(Record(tuple(zip(names, values, strict=True))) for values in product(*options))


def has_text(of: Type) -> bool:
    """True when a value of the type may hold text that its author did not fix beforehand."""
    match of:
        case Basic():
            return of is Basic.TEXT
        case Nullable():
            return has_text(of.of)
        case ListOf():
            return has_text(of.item)
        case RecordOf():
            return any(has_text(member) for _, member in of.members)
        case _:
            return False


@dataclass(frozen=True, slots=True)
class Check:
    """A condition over `answer`, `quotes` and the arguments; an answer for which it is not true is rejected."""

    label: str
    condition: TypedExpr


@dataclass(frozen=True, slots=True)
class Step:
    """A tier of the route; an optional one is used when configured."""

    tier: str
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Risk:
    """At most `share` of the accepted answers wrong, with confidence `confidence`."""

    share: Number
    confidence: Number


@dataclass(frozen=True, slots=True)
class Example:
    """A case and its answer, shown to a model."""

    text: str
    answer: Value


@dataclass(frozen=True, slots=True)
class Judgment:
    """A question about facts. `reads` and `evidence` are pairs (argument, field); the evidence can be quoted."""

    name: str
    label: str
    parameters: tuple[tuple[str, str], ...]  # name, fact type
    returns: Returns
    ask: str
    cites: tuple[str, ...] = ()
    reads: tuple[tuple[str, str], ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    checks: tuple[Check, ...] = ()
    examples: tuple[Example, ...] = ()
    route: tuple[Step, ...] = ()
    risk: Risk | None = None
    accept_uncalibrated: bool = False
    reuse: Duration | Months | None = None
    audit_percent: Number | None = None
    two_persons: bool = False
    types: tuple[tuple[str, Type], ...] = field(default=(), compare=False, repr=False)  # of what it reads, by path
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def type(self) -> Type:
        """The type of the answers in expressions."""
        return answer_type(self.returns)

    @property
    def answers(self) -> tuple[Value, ...]:
        """Every value an answer may have, where they are few: a choice, yes or no, a score, a record of such."""
        return all_answers(self.returns)

    @property
    def is_closed(self) -> bool:
        """True for a choice, yes or no and a score: one of few answers, each of them a single value."""
        return bool(self.answers) and not any(isinstance(each, Record) for each in self.answers)

    @property
    def domain(self) -> Domain:
        """What an answer that is not known may be."""
        return _domain(self.returns)


@cache
def _domain(returns: Returns) -> Domain:
    answers = all_answers(returns)
    return OneOf(frozenset(answers)) if answers else ANYTHING
