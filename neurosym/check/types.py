"""Types as written -> types; constraints -> tests and the domain they imply."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from neurosym.check import problems, tree
from neurosym.check.constants import NOTHING, constant_value
from neurosym.feel import problems as feel_problems
from neurosym.feel.checker import Checker
from neurosym.feel.extent import less
from neurosym.feel.tree import Test, Word
from neurosym.feel.typed import Constant, OrderTest, TypedTest, WithinTest
from neurosym.feel.types import (
    ORDERED,
    UNTYPED,
    Basic,
    Choice,
    FactOf,
    ListOf,
    Nullable,
    RecordOf,
    Type,
    without_null,
)
from neurosym.text.diagnostic import Report
from neurosym.text.span import NOWHERE
from neurosym.values.unknown import ANYTHING, Between, Domain, OneOf, Unknown
from neurosym.values.value import Range, Value

BASIC = {each.value: each for each in Basic if each is not Basic.NULL}


def resolve_type(words: tree.TypeWords, fact_types: Collection[str], report: Report) -> Type:
    """The type that the words mean; UNTYPED, with a diagnostic, for an unknown name."""
    of = _base(words.base, fact_types, report)
    return Nullable(of) if words.nullable and of != UNTYPED else of


def _base(
    base: tree.NamedType | tree.ChoiceType | tree.ListType | tree.RecordType,
    fact_types: Collection[str],
    report: Report,
) -> Type:
    match base:
        case tree.NamedType():
            name = base.name.text
            if name in fact_types:
                return FactOf(name)
            if name in BASIC:
                return BASIC[name]
            report.add(feel_problems.unknown_type(name, base.name.span, {*fact_types, *BASIC}))
            return UNTYPED
        case tree.ChoiceType():
            _check_once(base.values, report)
            return Choice(tuple(value.text for value in base.values))
        case tree.ListType():
            return ListOf(resolve_type(base.item, fact_types, report))
        case tree.RecordType():
            _check_once([name for name, _ in base.members], report)
            return RecordOf(
                tuple((name.text, resolve_type(member, fact_types, report)) for name, member in base.members)
            )


def _check_once(words: Sequence[Word], report: Report) -> None:
    seen: dict[str, Word] = {}
    for word in words:
        if word.text in seen:
            report.add(problems.declared_twice(word.text, word.span, seen[word.text].span))
        seen.setdefault(word.text, word)


def resolve_tests(name: str, of: Type, tests: Sequence[Test], report: Report) -> tuple[TypedTest, ...]:
    """The constraint's tests, typed against the field; only constants may stand in them."""
    bare = without_null(of)
    typed = []
    for test in tests:
        found = Checker(NOTHING, report).test(test, Constant(None, bare, test.span))
        if found.operand.type == UNTYPED:
            continue
        complaint = _complaint(constant_value(found.operand))
        if complaint is not None:
            report.add(problems.bad_constraint(name, test.span, complaint))
            continue
        typed.append(found)
    return tuple(typed)


def _complaint(value: Value) -> str | None:
    """Why a constraint cannot be relied upon, or None."""
    if isinstance(value, Unknown):
        return "is made of constants"
    if isinstance(value, Range):
        if isinstance(value.low, Unknown) or isinstance(value.high, Unknown):
            return "is made of constants"
        holds = less(value.low, value.high, NOWHERE, or_equal=not (value.low_open or value.high_open))
        return None if holds is True else "allows no value"
    return None


def implied_domain(of: Type, tests: Sequence[TypedTest]) -> Domain:
    """What an unknown value of the type may be. A range decides no ordering where null is allowed (language §5.1)."""
    bare = without_null(of)
    null = frozenset({None}) if isinstance(of, Nullable) else frozenset()
    if isinstance(bare, Choice):
        return OneOf(frozenset(bare.values) | null)
    if bare is Basic.BOOLEAN:
        return OneOf(frozenset({True, False}) | null)
    if null or len(tests) != 1 or bare not in ORDERED:
        return ANYTHING
    return _test_domain(tests[0])


def _test_domain(test: TypedTest) -> Domain:
    value = constant_value(test.operand)
    match test:
        case OrderTest(op=">" | ">="):
            return Between(value, None)
        case OrderTest(op="<" | "<="):
            return Between(None, value)
        case WithinTest() if isinstance(value, Range):
            return Between(value.low, value.high)
        case _:
            return ANYTHING
