"""Expressions after checking: every name is resolved, every node has a type. What is evaluated and digested.

Sugar is gone: `implies` is a disjunction, `every v: F satisfies C` is `not(some v: F satisfies not(C))`, `between` is
an interval test. Spans stay, so that a failure at run time points at the author's text; they never affect equality.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.feel.types import Type
from neurosym.text.span import Span
from neurosym.values.value import Value

ITEM = "item"  # the name of the item that a filter looks at


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal."""

    value: Value
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Local:
    """A variable, or an argument of a definition, judgment or decision."""

    name: str
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """The value of a parameter on the day of the decision."""

    name: str
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Member:
    """A field of a fact (through a reference where `base` is one) or of a record."""

    base: TypedExpr
    name: str
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """`left op right` on numbers and temporals, op one of `+ - * / **`; also `+` of texts."""

    op: str
    left: TypedExpr
    right: TypedExpr
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Minus:
    """`-operand`."""

    operand: TypedExpr
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`, op one of `= != < <= > >=`."""

    op: str
    left: TypedExpr
    right: TypedExpr
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class And:
    """True when every part is."""

    parts: tuple[TypedExpr, ...]
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Or:
    """True when some part is."""

    parts: tuple[TypedExpr, ...]
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Negated:
    """True when the operand is false."""

    operand: TypedExpr
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class IfElse:
    """`consequence` where the condition is true, else `alternative`."""

    condition: TypedExpr
    consequence: TypedExpr
    alternative: TypedExpr
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RangeValue:
    """A range of values; its ends may be computed."""

    low: TypedExpr
    high: TypedExpr
    low_open: bool
    high_open: bool
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OrderTest:
    """A test `op operand` on a value from elsewhere."""

    op: str
    operand: TypedExpr


@dataclass(frozen=True, slots=True)
class EqualTest:
    """A test for equality with `operand`."""

    operand: TypedExpr


@dataclass(frozen=True, slots=True)
class WithinTest:
    """A test for lying in the range or the list that `operand` is."""

    operand: TypedExpr


TypedTest: TypeAlias = OrderTest | EqualTest | WithinTest


@dataclass(frozen=True, slots=True)
class In:
    """True when some test holds for the operand."""

    operand: TypedExpr
    tests: tuple[TypedTest, ...]
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Items:
    """A list of the parts' values."""

    parts: tuple[TypedExpr, ...]
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SomeItem:
    """True when some item of each list satisfies the condition; later lists may mention earlier names."""

    iterators: tuple[tuple[str, TypedExpr], ...]
    condition: TypedExpr
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EachItem:
    """The list of the body's values for the items of each list, the last list running fastest."""

    iterators: tuple[tuple[str, TypedExpr], ...]
    body: TypedExpr
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Filtered:
    """The items for which the condition, over the local name ITEM, is true."""

    items: TypedExpr
    condition: TypedExpr
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ItemAt:
    """The item at a place counted from 1, or from the end with -1; null where there is none."""

    items: TypedExpr
    place: TypedExpr
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Join:
    """Facts for each variable, in every combination that satisfies the condition (None: all of them)."""

    variables: tuple[tuple[str, str], ...]  # name, fact type
    condition: TypedExpr | None


@dataclass(frozen=True, slots=True)
class SomeFact:
    """True when the join has a binding."""

    join: Join
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`function` over `item`, taken once for each distinct combination of the facts bound to `keys` (language §5.5)."""

    function: str
    item: TypedExpr
    keys: tuple[str, ...]
    join: Join
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A built-in function of `neurosym.feel.builtin` applied to its arguments in declared order."""

    name: str
    arguments: tuple[TypedExpr, ...]
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DefinitionCall:
    """A definition of the ruleset applied to its arguments in declared order."""

    name: str
    arguments: tuple[TypedExpr, ...]
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class JudgmentCall:
    """The accepted answer to a judged question about the argument facts; unknown while there is none."""

    name: str
    arguments: tuple[TypedExpr, ...]
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class IsKnown:
    """`known(operand)`: only in checks, reasons and scenarios."""

    operand: TypedExpr
    type: Type
    span: Span = field(compare=False, repr=False)


TypedExpr: TypeAlias = (
    Constant
    | Local
    | ParameterValue
    | Member
    | Operation
    | Minus
    | Compare
    | And
    | Or
    | Negated
    | IfElse
    | RangeValue
    | In
    | Items
    | SomeItem
    | EachItem
    | Filtered
    | ItemAt
    | SomeFact
    | Aggregate
    | BuiltIn
    | DefinitionCall
    | JudgmentCall
    | IsKnown
)


@dataclass(frozen=True, slots=True)
class Definition:
    """`define name(parameters) = body`."""

    name: str
    parameters: tuple[str, ...]
    body: TypedExpr


@dataclass(frozen=True, slots=True)
class TypedTemplate:
    """Text with expressions in it."""

    parts: tuple[str | TypedExpr, ...]
