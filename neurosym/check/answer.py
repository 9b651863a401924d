"""Answers as authors write them, in examples and scenarios, read by what the judgment returns."""

from __future__ import annotations

from neurosym.check.constants import constant
from neurosym.check.problems import declared_twice, missing_entry, outside_score, unknown_entry
from neurosym.feel import problems
from neurosym.feel.tree import Expr, ListLiteral, RecordLiteral
from neurosym.feel.types import Choice, ListOf, RecordOf, Type, fits, type_text, without_null
from neurosym.program.judgment import Returns, Score, answer_type
from neurosym.text.diagnostic import Report
from neurosym.values.value import Record, Value


def answer_value(expr: Expr, returns: Returns, report: Report) -> Value:
    """The answer, if the judgment can give it; None, with a diagnostic, when it cannot."""
    value = _value(expr, answer_type(returns), report)
    if isinstance(returns, Score) and isinstance(value, int) and not returns.low <= value <= returns.high:
        report.add(outside_score(value, returns.low, returns.high, expr.span))
    return value


def _value(expr: Expr, of: Type, report: Report) -> Value:
    bare = without_null(of)
    if isinstance(expr, RecordLiteral) and isinstance(bare, RecordOf):
        return _record(expr, bare, report)
    if isinstance(expr, ListLiteral) and isinstance(bare, ListOf):
        return tuple(_value(item, bare.item, report) for item in expr.items)
    found = constant(expr, report)
    if found is None:
        return None
    typed, value = found
    if isinstance(bare, Choice) and isinstance(value, str):
        if value not in bare.values:
            report.add(problems.outside_choice(value, expr.span, bare.values))
    elif not fits(typed.type, of):
        report.add(problems.wrong_type(f"`{type_text(of)}`", typed.type, expr.span))
    return value


def _record(expr: RecordLiteral, of: RecordOf, report: Report) -> Value:
    """The record with its members in the order of their declaration."""
    members = dict(of.members)
    found: dict[str, Value] = {}
    for word, value in expr.entries:
        if word.text in found:
            report.add(declared_twice(word.text, word.span, expr.span))
        elif word.text not in members:
            report.add(unknown_entry(word.text, word.span, tuple(members)))
        else:
            found[word.text] = _value(value, members[word.text], report)
    for name in members:
        if name not in found:
            report.add(missing_entry(name, expr.span))
    return Record(tuple((name, found.get(name)) for name in members))
