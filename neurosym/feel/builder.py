"""Trees of expressions: what Lark calls after each production of `grammars/feel.lark`, by the production's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from neurosym.feel.lexeme import Lexeme
from neurosym.feel.lexer import EXPRESSION_WORDS
from neurosym.feel.literal import date_of, number_of, temporal_of, text_of
from neurosym.feel.nesting import shallow
from neurosym.feel.syntax import RefusedError, reserved_word, unsupported
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

WORDS = {"true": True, "false": False, "null": None}


class Productions:
    """The callbacks of a grammar: the methods of its builders, each given the parts of its production one by one."""

    def __init__(self, *builders: object) -> None:
        for builder in builders:
            for name in dir(builder):
                if not name.startswith("_"):
                    setattr(self, name, _spread(getattr(builder, name)))


def _spread(build: Callable[..., Any]) -> Callable[[list[Any]], Any]:
    return lambda parts: build(*parts)


def bound_name(lexeme: Lexeme) -> Word:
    """The name that a variable or argument gets; NS116 is reported when no expression could mention it."""
    word = lexeme.word
    if word.text in EXPRESSION_WORDS:
        lexeme.reading.add(reserved_word(word.text, word.span))
    return word


class ExpressionBuilder:
    """One method per production; brackets, commas and keywords are parts too, and `_` where nothing is made of them."""

    def expression(self, expr: Expr) -> Expr:
        """The expression, no deeper than later passes can follow."""
        return shallow(expr)

    def unary_tests(self, *parts: Test | Lexeme) -> tuple[Test, ...]:
        """The tests, each no deeper than later passes can follow."""
        return tuple(shallow(part) for part in parts if not isinstance(part, Lexeme))

    # --- operators

    def junction(self, *parts: Any) -> Logical:
        """A chain of `and`, of `or`, or one `implies`."""
        return Logical(parts[1].text, parts[::2], parts[0].span.to(parts[-1].span))

    def comparison(self, left: Expr, op: Lexeme, right: Expr) -> Comparison:
        """`left = right`."""
        return Comparison(left, op.text, right, left.span.to(right.span))

    def between(self, operand: Expr, _between: Lexeme, low: Expr, _and: Lexeme, high: Expr) -> Between:
        """`operand between low and high`."""
        return Between(operand, low, high, operand.span.to(high.span))

    def member_of_tests(self, operand: Expr, _in: Lexeme, _open: Lexeme, *tests: Test | Lexeme) -> Membership:
        """`operand in (test, test)`."""
        close = tests[-1]
        return Membership(operand, tuple(_without_signs(tests)), operand.span.to(close.span))

    def member_by_order(self, operand: Expr, _in: Lexeme, op: Lexeme, bound: Expr) -> Membership:
        """`operand in <5`."""
        return Membership(operand, (self.order_test(op, bound),), operand.span.to(bound.span))

    def member_of_value(self, operand: Expr, _in: Lexeme, value: Expr) -> Membership:
        """`operand in value`, a range or a list."""
        return Membership(operand, (ValueTest(value, value.span),), operand.span.to(value.span))

    def order_test(self, op: Lexeme, operand: Expr) -> UnaryComparison:
        """`>= 0`."""
        return UnaryComparison(op.text, operand, op.span.to(operand.span))

    def value_test(self, value: Expr) -> ValueTest:
        """`[0..100]` or a value."""
        return ValueTest(value, value.span)

    def arithmetic(self, left: Expr, op: Lexeme, right: Expr) -> Arithmetic:
        """`left + right`."""
        return Arithmetic(left, op.text, right, left.span.to(right.span))

    def negation(self, minus: Lexeme, operand: Expr) -> Negation:
        """`-operand`."""
        return Negation(operand, minus.span.to(operand.span))

    def not_(self, word: Lexeme, _open: Lexeme, operand: Expr, close: Lexeme) -> Not:
        """`not(operand)`."""
        return Not(operand, word.span.to(close.span))

    # --- names, literals, brackets

    def path(self, base: Expr, _dot: Lexeme, member: Lexeme) -> Path:
        """`base.member`."""
        return Path(base, member.word, base.span.to(member.span))

    def name(self, name: Lexeme) -> Name:
        """A name by itself."""
        return Name(name.text, name.span)

    def literal(self, lexeme: Lexeme) -> Literal:
        """The value of a literal."""
        match lexeme.type:
            case "NUMBER":
                return Literal(number_of(lexeme), lexeme.span)
            case "TEXT":
                return Literal(text_of(lexeme), lexeme.span)
            case "DATE":
                return Literal(date_of(lexeme), lexeme.span)
            case "AT_LITERAL":
                return Literal(temporal_of(lexeme), lexeme.span)
            case _:
                return Literal(WORDS[lexeme.text], lexeme.span)

    def group(self, opening: Lexeme, expr: Expr, close: Lexeme) -> Expr:
        """The expression itself; its place takes in the brackets."""
        return replace(expr, span=opening.span.to(close.span))

    def list_(self, opening: Lexeme, *parts: Any) -> ListLiteral:
        """`[item, item]`."""
        return ListLiteral(tuple(_without_signs(parts)), opening.span.to(parts[-1].span))

    def interval(self, opening: Lexeme, low: Expr, _dots: Lexeme, high: Expr, close: Lexeme) -> Interval:
        """`[low..high]`; a round bracket leaves its end out."""
        return Interval(low, high, opening.text == "(", close.text == ")", opening.span.to(close.span))

    # --- calls, totals, tails

    def call(self, function: Lexeme, _open: Lexeme, *rest: Any) -> Call:
        """`function(arguments)`."""
        return Call(function.word, rest[0] if len(rest) > 1 else (), function.span.to(rest[-1].span))

    def arguments(self, *parts: Argument | Lexeme) -> tuple[Argument, ...]:
        """The arguments in their order."""
        return tuple(_without_signs(parts))

    def argument(self, *parts: Any) -> Argument:
        """`value` or `label: value`."""
        return Argument(parts[0].word if len(parts) > 1 else None, parts[-1])

    def total(self, function: Lexeme, _open: Lexeme, item: Expr, _for: Lexeme, *rest: Any) -> Total:
        """`function(item for v: Fact where condition)`."""
        condition = rest[2] if len(rest) > 2 else None
        return Total(function.word, item, rest[0], condition, function.span.to(rest[-1].span))

    def conditional(self, if_: Lexeme, test: Expr, _then: Lexeme, yes: Expr, _else: Lexeme, no: Expr) -> Conditional:
        """`if condition then consequence else alternative`."""
        return Conditional(test, yes, no, if_.span.to(no.span))

    def quantified_list(
        self, quantifier: Lexeme, iterators: tuple[tuple[Word, Expr], ...], _satisfies: Lexeme, condition: Expr
    ) -> QuantifiedList:
        """`some name in list satisfies condition`."""
        return QuantifiedList(quantifier.text, iterators, condition, quantifier.span.to(condition.span))

    def quantified_facts(
        self, quantifier: Lexeme, variables: tuple[Variable, ...], _satisfies: Lexeme, condition: Expr
    ) -> QuantifiedFacts:
        """`some v: Fact satisfies condition`."""
        return QuantifiedFacts(quantifier.text, variables, condition, quantifier.span.to(condition.span))

    def for_return(
        self, word: Lexeme, iterators: tuple[tuple[Word, Expr], ...], _return: Lexeme, body: Expr
    ) -> ForReturn:
        """`for name in list return body`."""
        return ForReturn(iterators, body, word.span.to(body.span))

    def filter(self, items: Expr, _open: Lexeme, condition: Expr, close: Lexeme) -> Filter:
        """`list[condition]`."""
        return Filter(items, condition, items.span.to(close.span))

    def iterators(self, *parts: Any) -> tuple[tuple[Word, Expr], ...]:
        """Names and the lists that they run over."""
        return tuple(_without_signs(parts))

    def iterator(self, name: Lexeme, _in: Lexeme, items: Expr) -> tuple[Word, Expr]:
        """`name in list`."""
        return bound_name(name), items

    def variables(self, *parts: Any) -> tuple[Variable, ...]:
        """Variables in their order."""
        return tuple(_without_signs(parts))

    def variable(self, label: Lexeme, kind: Lexeme) -> Variable:
        """`v: Fact`."""
        return Variable(bound_name(label), kind.word)

    def context(self, opening: Lexeme, *parts: Any) -> RecordLiteral:
        """`{name: value}`."""
        written = [part for part in parts if not isinstance(part, Lexeme) or part.type == "LABEL"]
        entries = zip(written[::2], written[1::2], strict=True)
        return RecordLiteral(tuple((label.word, value) for label, value in entries), opening.span.to(parts[-1].span))

    # --- parts of FEEL that have their productions and no trees yet

    def function_literal(self, word: Lexeme, *parts: Any) -> Expr:
        """`function(x) y`."""
        raise RefusedError(unsupported("functions as values are", word.span.to(parts[-1].span), "use `define`"))

    def instance_of(self, operand: Expr, _instance: Lexeme, _of: Lexeme, kind: Lexeme) -> Expr:
        """`operand instance of type`."""
        advice = "types are known when the rules are checked"
        raise RefusedError(unsupported("`instance of` is", operand.span.to(kind.span), advice))


def _without_signs(parts: tuple[Any, ...]) -> list[Any]:
    return [part for part in parts if not isinstance(part, Lexeme)]
