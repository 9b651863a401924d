"""Expressions as the author wrote them: names are still strings, nothing is typed. Spans never affect equality."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.text.span import Span
from neurosym.values.number import Number
from neurosym.values.temporal import Date, DateTime, Duration, Months, Time


@dataclass(frozen=True, slots=True)
class Word:
    """A name or a quoted text, with its place."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text, boolean, null, date, or an at-literal such as `@"P10D"`."""

    value: None | bool | Number | str | Date | Time | DateTime | Duration | Months
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A name by itself: a variable, a parameter, an argument of a definition."""

    name: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Path:
    """`base.member`."""

    base: Expr
    member: Word
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Argument:
    """`value`, or `label: value`."""

    label: Word | None
    value: Expr


@dataclass(frozen=True, slots=True)
class Call:
    """`function(arguments)`: a built-in, a definition, a judgment; its name may have several words."""

    function: Word
    arguments: tuple[Argument, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Negation:
    """`-operand`."""

    operand: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left op right`, op one of `+ - * / **`."""

    left: Expr
    op: str
    right: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left op right`, op one of `= != < <= > >=`."""

    left: Expr
    op: str
    right: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Logical:
    """Operands joined by one operator, `and`, `or` (two or more operands) or `implies` (exactly two)."""

    op: str
    operands: tuple[Expr, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`not(operand)`."""

    operand: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Conditional:
    """`if condition then consequence else alternative`."""

    condition: Expr
    consequence: Expr
    alternative: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Between:
    """`operand between low and high`."""

    operand: Expr
    low: Expr
    high: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Interval:
    """`[low..high]`; round brackets leave the end out."""

    low: Expr
    high: Expr
    low_open: bool
    high_open: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class UnaryComparison:
    """`op operand` as a test: `>= 0`."""

    op: str
    operand: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ValueTest:
    """A value as a test: equal to it, or in it when it is a range or a list."""

    value: Expr
    span: Span = field(compare=False, repr=False)


Test: TypeAlias = UnaryComparison | ValueTest


@dataclass(frozen=True, slots=True)
class Membership:
    """`operand in test` or `operand in (test, test)`."""

    operand: Expr
    tests: tuple[Test, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """`[item, item]`."""

    items: tuple[Expr, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Variable:
    """`name: Type`: a variable bound to the facts of a type, or an argument with its type."""

    name: Word
    type: Word


@dataclass(frozen=True, slots=True)
class QuantifiedList:
    """`some|every name in list, ... satisfies condition`."""

    quantifier: str
    iterators: tuple[tuple[Word, Expr], ...]
    condition: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ForReturn:
    """`for name in list, ... return body`."""

    iterators: tuple[tuple[Word, Expr], ...]
    body: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """`list[condition]`, or `list[place]`: which of the two depends on the type of what stands in the brackets."""

    items: Expr
    condition: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class QuantifiedFacts:
    """`some|every v: Fact, ... satisfies condition`."""

    quantifier: str
    variables: tuple[Variable, ...]
    condition: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Total:
    """`function(item for v: Fact, ... where condition)`."""

    function: Word
    item: Expr
    variables: tuple[Variable, ...]
    condition: Expr | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RecordLiteral:
    """`{name: value, ...}`, which FEEL calls a context. So far only answers are written so."""

    entries: tuple[tuple[Word, Expr], ...]
    span: Span = field(compare=False, repr=False)


Expr: TypeAlias = (
    Literal
    | Name
    | Path
    | Call
    | Negation
    | Arithmetic
    | Comparison
    | Logical
    | Not
    | Conditional
    | Between
    | Interval
    | Membership
    | ListLiteral
    | RecordLiteral
    | QuantifiedList
    | ForReturn
    | Filter
    | QuantifiedFacts
    | Total
)


@dataclass(frozen=True, slots=True)
class Template:
    """Text with expressions in it: `"{b.party.name} is blocked"`."""

    parts: tuple[str | Expr, ...]
    span: Span = field(compare=False, repr=False)
