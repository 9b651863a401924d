"""Calls: which function is meant, and whether the arguments are its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from neurosym.feel import builtin, problems, tree, typed
from neurosym.feel.builtin import Signature
from neurosym.feel.calendar import known_calendars
from neurosym.feel.types import EMPTY_LIST, UNTYPED, Basic, FactOf, ListOf, Type, fits, type_text, without_null
from neurosym.text.span import Span
from neurosym.values.temporal import Duration, Months, TemporalError, parse_duration

if TYPE_CHECKING:
    from neurosym.feel.checker import Checker

REFUSED = frozenset({"now", "today", "random number", "random"})


def typed_call(checker: Checker, expr: tree.Call) -> typed.TypedExpr:
    """The typed call; problems with the function's name or its arguments are reported."""
    name, scope = expr.function.text, checker.scope
    if name == "known":
        return _known(checker, expr)
    if name in REFUSED:
        checker.report.add(problems.no_clock(name, expr.function.span))
        return checker.broken(expr.span)
    if name in scope.definitions:
        found = scope.definitions[name]
        arguments = _declared(checker, expr, found.parameters)
        return typed.DefinitionCall(name, arguments, found.returns, expr.span) if arguments else _broken(checker, expr)
    if name in scope.judgments:
        judged = scope.judgments[name]
        arguments = _declared(checker, expr, judged.parameters)
        return typed.JudgmentCall(name, arguments, judged.returns, expr.span) if arguments else _broken(checker, expr)
    if name in builtin.FUNCTIONS:
        return _built_in(checker, expr)
    known = {*scope.definitions, *scope.judgments, *builtin.FUNCTIONS}
    checker.report.add(problems.unknown_function(name, expr.function.span, known))
    return checker.broken(expr.span)


def ordered(
    checker: Checker, of: str, names: Sequence[str], given: tuple[tree.Argument, ...], at: Span
) -> dict[str, tree.Expr] | None:
    """The arguments by name, from labels or from their order; None when they are not the declared ones."""
    found: dict[str, tree.Expr] = {}
    start = len(checker.report.diagnostics)
    for place, argument in enumerate(given):
        label = argument.label or tree.Word(names[place] if place < len(names) else "", argument.value.span)
        name, span = label.text, label.span
        if name not in names:
            checker.report.add(problems.unknown_argument(name or f"argument {place + 1}", span, of, names))
        elif name in found:
            checker.report.add(problems.repeated_argument(name, span, of))
        else:
            found[name] = argument.value
    for name in names:
        if name not in found and len(checker.report.diagnostics) == start:
            checker.report.add(problems.missing_argument(name, at, of))
    return found if len(checker.report.diagnostics) == start else None


def _declared(
    checker: Checker, expr: tree.Call, parameters: tuple[tuple[str, Type], ...]
) -> tuple[typed.TypedExpr, ...]:
    names = [name for name, _ in parameters]
    found = ordered(checker, expr.function.text, names, expr.arguments, expr.span)
    if found is None:
        return ()
    arguments = []
    for name, wanted in parameters:
        argument = checker.check(found[name])
        if not fits(argument.type, wanted) and not (
            isinstance(wanted, FactOf) and fits(without_null(argument.type), wanted)
        ):
            checker.report.add(problems.wrong_type(f"`{type_text(wanted)}`", argument.type, found[name].span))
        arguments.append(argument)
    return tuple(arguments)


def _broken(checker: Checker, expr: tree.Call) -> typed.TypedExpr:
    return checker.broken(expr.span)


def _known(checker: Checker, expr: tree.Call) -> typed.TypedExpr:
    if not checker.scope.allows_known:
        checker.report.add(problems.known_in_rule(expr.span))
    found = ordered(checker, "known", ["value"], expr.arguments, expr.span)
    if found is None:
        return checker.broken(expr.span)
    return typed.IsKnown(checker.check(found["value"]), Basic.BOOLEAN, expr.span)


def _built_in(checker: Checker, expr: tree.Call) -> typed.TypedExpr:
    name = expr.function.text
    if name == "duration" and (written := _written_duration(expr)) is not None:
        return typed.Constant(written, Basic.DURATION if isinstance(written, Duration) else Basic.MONTHS, expr.span)
    signatures = builtin.FUNCTIONS[name].signatures
    names = [parameter for parameter, _ in signatures[0].parameters]
    found = ordered(checker, name, names, expr.arguments, expr.span)
    if found is None:
        return checker.broken(expr.span)
    arguments = [checker.check(found[parameter]) for parameter in names]
    for signature in signatures:
        if all(_takes(wanted, each.type) for (_, wanted), each in zip(signature.parameters, arguments, strict=True)):
            _check_calendar(checker, name, arguments)
            return typed.BuiltIn(name, tuple(arguments), signature.returns, expr.span)
    _report_arguments(checker, signatures, arguments)
    return checker.broken(expr.span)


def _written_duration(expr: tree.Call) -> Duration | Months | None:
    """The duration that the call writes out: of which kind it is depends on the text."""
    if len(expr.arguments) != 1 or not isinstance(expr.arguments[0].value, tree.Literal):
        return None
    text = expr.arguments[0].value.value
    try:
        return parse_duration(text) if isinstance(text, str) else None
    except TemporalError:
        return None


def _takes(wanted: Type, given: Type) -> bool:
    bare = without_null(given)
    if wanted == EMPTY_LIST:
        return isinstance(bare, ListOf) or bare == UNTYPED
    return wanted is Basic.NULL or fits(bare, wanted)


def _report_arguments(
    checker: Checker, signatures: tuple[Signature, ...], arguments: Sequence[typed.TypedExpr]
) -> None:
    for place, argument in enumerate(arguments):
        wanted = [signature.parameters[place][1] for signature in signatures]
        if not any(_takes(each, argument.type) for each in wanted):
            text = " or ".join("list" if each == EMPTY_LIST else f"`{type_text(each)}`" for each in wanted)
            checker.report.add(problems.wrong_type(text, argument.type, argument.span))


def _check_calendar(checker: Checker, name: str, arguments: Sequence[typed.TypedExpr]) -> None:
    if name != "business_days_after":
        return
    calendar = arguments[2]
    known = known_calendars()
    if isinstance(calendar, typed.Constant) and isinstance(calendar.value, str) and calendar.value not in known:
        checker.report.add(problems.unknown_calendar(calendar.value, calendar.span, known))
