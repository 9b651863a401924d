"""Expression trees in one line, so that a test shows text and tree side by side."""

from __future__ import annotations

from typing import assert_never

from neurosym.feel.tree import (
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
)


def sketch(expr: Expr | Test) -> str:
    match expr:
        case Literal():
            return repr(expr.value) if isinstance(expr.value, str) else str(expr.value)
        case Name():
            return expr.name
        case Path():
            return f"{sketch(expr.base)}.{expr.member.text}"
        case Call():
            given = [(f"{part.label.text}:" if part.label else "") + sketch(part.value) for part in expr.arguments]
            return f"<{' '.join(['call', expr.function.text, *given])}>"
        case Negation():
            return f"<neg {sketch(expr.operand)}>"
        case Not():
            return f"<not {sketch(expr.operand)}>"
        case Arithmetic() | Comparison():
            return f"<{expr.op} {sketch(expr.left)} {sketch(expr.right)}>"
        case Logical():
            return f"<{' '.join([expr.op, *map(sketch, expr.operands)])}>"
        case Conditional():
            return f"<if {sketch(expr.condition)} {sketch(expr.consequence)} {sketch(expr.alternative)}>"
        case Between():
            return f"<between {sketch(expr.operand)} {sketch(expr.low)} {sketch(expr.high)}>"
        case Interval():
            ends = f"{sketch(expr.low)}..{sketch(expr.high)}"
            return f"{'(' if expr.low_open else '['}{ends}{')' if expr.high_open else ']'}"
        case Membership():
            return f"<{' '.join(['in', sketch(expr.operand), *map(sketch, expr.tests)])}>"
        case UnaryComparison():
            return f"<{expr.op} {sketch(expr.operand)}>"
        case ValueTest():
            return f"<is {sketch(expr.value)}>"
        case ListLiteral():
            return f"<{' '.join(['list', *map(sketch, expr.items)])}>"
        case RecordLiteral():
            return f"<{' '.join(['record', *(f'{name.text}={sketch(value)}' for name, value in expr.entries)])}>"
        case QuantifiedList():
            lists = [f"{name.text}={sketch(items)}" for name, items in expr.iterators]
            return f"<{' '.join([expr.quantifier, *lists, sketch(expr.condition)])}>"
        case ForReturn():
            lists = [f"{name.text}={sketch(items)}" for name, items in expr.iterators]
            return f"<{' '.join(['for', *lists, sketch(expr.body)])}>"
        case Filter():
            return f"<filter {sketch(expr.items)} {sketch(expr.condition)}>"
        case QuantifiedFacts():
            return f"<{' '.join([expr.quantifier, *_variables(expr.variables), sketch(expr.condition)])}>"
        case Total():
            condition = [sketch(expr.condition)] if expr.condition else []
            parts = [expr.function.text, sketch(expr.item), *_variables(expr.variables), *condition]
            return f"<{' '.join(['total', *parts])}>"
        case _:
            assert_never(expr)


def _variables(variables: tuple[Variable, ...]) -> list[str]:
    return [f"{variable.name.text}:{variable.type.text}" for variable in variables]
