"""Expression trees, and the text that writes them with every bracket."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import assert_never

from hypothesis import strategies as st

from neurosym.feel.slip import HIDDEN
from neurosym.feel.tree import (
    Argument,
    Arithmetic,
    Between,
    Call,
    Comparison,
    Conditional,
    Expr,
    Filter,
    ForReturn,
    Interval,
    ListLiteral,
    Literal,
    Logical,
    Membership,
    Name,
    Negation,
    Not,
    Path,
    QuantifiedFacts,
    QuantifiedList,
    RecordLiteral,
    Test,
    Total,
    UnaryComparison,
    ValueTest,
    Variable,
    Word,
)
from neurosym.text.span import NOWHERE
from neurosym.values.number import normal, number_text

words = st.sampled_from(["a", "b", "key", "on", "straße", "and", "where", "x1"]).map(lambda name: Word(name, NOWHERE))
functions = st.sampled_from(["f", "sum", "count", "string length", "key"]).map(lambda name: Word(name, NOWHERE))
variables = st.lists(st.builds(Variable, words, words), min_size=1, max_size=3).map(tuple)
orders = st.sampled_from(["<", "<=", ">", ">="])
nowhere = st.just(NOWHERE)
values = st.one_of(
    st.booleans(),
    st.none(),
    st.integers(0, 10**30),
    st.decimals("0.0001", "9999", places=4).map(normal),
    st.text(max_size=6),
    st.dates(),
)
leaves: st.SearchStrategy[Expr] = st.one_of(
    st.builds(Literal, values, nowhere), words.map(lambda word: Name(word.text, NOWHERE))
)


def _larger(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    tests: st.SearchStrategy[Test] = st.one_of(
        st.builds(UnaryComparison, orders, inner, nowhere), st.builds(ValueTest, inner, nowhere)
    )
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    given = st.one_of(
        st.lists(st.builds(Argument, st.none(), inner), max_size=3),
        st.lists(st.builds(Argument, words, inner), max_size=3),
    ).map(tuple)
    iterators = st.lists(st.tuples(words, inner), min_size=1, max_size=2).map(tuple)
    quantifiers = st.sampled_from(["some", "every"])
    return st.one_of(
        st.builds(Path, inner, words, nowhere),
        st.builds(Call, functions, given, nowhere),
        st.builds(Negation, inner, nowhere),
        st.builds(Arithmetic, inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner, nowhere),
        st.builds(Comparison, inner, st.one_of(orders, st.sampled_from(["=", "!="])), inner, nowhere),
        st.builds(Logical, st.sampled_from(["and", "or"]), several, nowhere),
        st.builds(Logical, st.just("implies"), st.tuples(inner, inner), nowhere),
        st.builds(Not, inner, nowhere),
        st.builds(Conditional, inner, inner, inner, nowhere),
        st.builds(Between, inner, inner, inner, nowhere),
        st.builds(Interval, inner, inner, st.booleans(), st.booleans(), nowhere),
        st.builds(Membership, inner, st.lists(tests, min_size=1, max_size=3).map(tuple), nowhere),
        st.builds(ListLiteral, st.lists(inner, max_size=3).map(tuple), nowhere),
        st.builds(QuantifiedList, quantifiers, iterators, inner, nowhere),
        st.builds(ForReturn, iterators, inner, nowhere),
        st.builds(Filter, inner, inner, nowhere),
        st.builds(QuantifiedFacts, quantifiers, variables, inner, nowhere),
        st.builds(Total, functions, inner, variables, st.none() | inner, nowhere),
    )


expressions = st.recursive(leaves, _larger, max_leaves=12)


def written(expr: Expr) -> str:
    """The text of an expression; every operand stands in brackets."""
    match expr:
        case Literal():
            return _literal(expr.value)
        case Name():
            return expr.name
        case Path():
            return f"{_in_brackets(expr.base)}.{expr.member.text}"
        case Call():
            given = [(f"{part.label.text}: " if part.label else "") + written(part.value) for part in expr.arguments]
            return f"{expr.function.text}({', '.join(given)})"
        case Negation():
            return f"-{_in_brackets(expr.operand)}"
        case Not():
            return f"not({written(expr.operand)})"
        case Arithmetic() | Comparison():
            return f"{_in_brackets(expr.left)} {expr.op} {_in_brackets(expr.right)}"
        case Logical():
            return f" {expr.op} ".join(map(_in_brackets, expr.operands))
        case Conditional():
            return f"if {written(expr.condition)} then {written(expr.consequence)} else {written(expr.alternative)}"
        case Between():
            low, high = _in_brackets(expr.low), _in_brackets(expr.high)
            return f"{_in_brackets(expr.operand)} between {low} and {high}"
        case Interval():
            ends = f"{written(expr.low)} .. {written(expr.high)}"
            return f"{'(' if expr.low_open else '['}{ends}{')' if expr.high_open else ']'}"
        case Membership():
            return f"{_in_brackets(expr.operand)} in ({', '.join(map(_test, expr.tests))})"
        case ListLiteral():
            return f"[{', '.join(map(written, expr.items))}]"
        case RecordLiteral():
            return f"{{{', '.join(f'{name.text}: {written(value)}' for name, value in expr.entries)}}}"
        case QuantifiedList():
            lists = ", ".join(f"{name.text} in {written(items)}" for name, items in expr.iterators)
            return f"{expr.quantifier} {lists} satisfies {written(expr.condition)}"
        case ForReturn():
            lists = ", ".join(f"{name.text} in {written(items)}" for name, items in expr.iterators)
            return f"for {lists} return {written(expr.body)}"
        case Filter():
            return f"{_in_brackets(expr.items)}[{written(expr.condition)}]"
        case QuantifiedFacts():
            return f"{expr.quantifier} {_variables(expr.variables)} satisfies {written(expr.condition)}"
        case Total():
            where = f" where {written(expr.condition)}" if expr.condition else ""
            return f"{expr.function.text}({written(expr.item)} for {_variables(expr.variables)}{where})"
        case _:
            assert_never(expr)


def quoted(text: str) -> str:
    """A text literal."""
    escaped = re.sub(r'["\\\n\r]', lambda match: f"\\u{ord(match.group()):04x}", text)
    return f'"{HIDDEN.sub(lambda match: f"{chr(92)}u{ord(match.group()):04x}", escaped)}"'


def _in_brackets(expr: Expr) -> str:
    return written(expr) if isinstance(expr, (Literal, Name)) else f"({written(expr)})"


def _literal(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return number_text(value)
        case str():
            return quoted(value)
        case _:
            return str(value)


def _test(test: Test) -> str:
    return f"{test.op} {_in_brackets(test.operand)}" if isinstance(test, UnaryComparison) else _in_brackets(test.value)


def _variables(bound: tuple[Variable, ...]) -> str:
    return ", ".join(f"{variable.name.text}: {variable.type.text}" for variable in bound)
