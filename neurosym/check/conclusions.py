"""What rules conclude: facts, outcomes, duties."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.check import problems, tree
from neurosym.check.symbols import Symbols
from neurosym.feel import problems as feel_problems
from neurosym.feel.calls import ordered
from neurosym.feel.checker import Checker
from neurosym.feel.tree import Argument, Expr, Template, Word
from neurosym.feel.typed import TypedExpr, TypedTemplate
from neurosym.feel.types import UNTYPED, Basic, Type, fits, type_text, without_null
from neurosym.program.rule import ConcludeDuty, ConcludeFact, ConcludeOutcome, Conclusion
from neurosym.text.span import Span


def conclude(declared: tree.Conclusion, checker: Checker, symbols: Symbols) -> Conclusion | None:
    """The typed conclusion, or None when it names nothing that can be concluded."""
    match declared:
        case tree.FactConclusion():
            return _fact(declared, checker, symbols)
        case tree.OutcomeConclusion():
            return _outcome(declared, checker, symbols)
        case tree.DutyConclusion():
            return _duty(declared, checker, symbols)


def typed_fields(
    of: Word, wanted: Sequence[tuple[str, Type]], given: tuple[Argument, ...], checker: Checker, at: Span
) -> tuple[tuple[str, TypedExpr], ...]:
    """An expression of the right type for every wanted field, in declared order; empty after a problem."""
    found = ordered(checker, of.text, [name for name, _ in wanted], given, at)
    if found is None:
        return ()
    typed = []
    for name, wanted_type in wanted:
        value = checker.check(found[name])
        if not fits(value.type, wanted_type):
            checker.report.add(problems.wrong_field_type(name, wanted_type, value.type, value.span))
        typed.append((name, value))
    return tuple(typed)


def _fact(declared: tree.FactConclusion, checker: Checker, symbols: Symbols) -> Conclusion | None:
    name = declared.type
    of = symbols.fact_types.get(name.text)
    if of is None:
        known = [each for each, found in symbols.fact_types.items() if found.is_derived]
        checker.report.add(problems.unknown_conclusion(name.text, name.span, (*known, *symbols.decisions)))
        return None
    if not of.is_derived:
        checker.report.add(problems.concludes_input(name.text, name.span))
        return None
    wanted = [(field.name, field.type) for field in of.fields]
    return ConcludeFact(
        name.text, typed_fields(name, wanted, declared.arguments, checker, declared.span), declared.span
    )


def _outcome(declared: tree.OutcomeConclusion, checker: Checker, symbols: Symbols) -> Conclusion | None:
    name = declared.decision
    if name.text not in symbols.decisions:
        checker.report.add(problems.unknown_conclusion(name.text, name.span, symbols.decisions))
        return None
    subject = typed_fields(name, symbols.decisions[name.text], declared.arguments, checker, declared.span)
    outcomes = symbols.outcomes[name.text]
    if declared.outcome.text not in outcomes:
        checker.report.add(feel_problems.outside_choice(declared.outcome.text, declared.outcome.span, outcomes))
    because = _template(declared.because, checker) if declared.because else None
    return ConcludeOutcome(name.text, subject, declared.outcome.text, because, declared.span)


def _template(declared: Template, checker: Checker) -> TypedTemplate:
    allowing = checker.allowing_known()
    return TypedTemplate(tuple(part if isinstance(part, str) else allowing.check(part) for part in declared.parts))


def _duty(declared: tree.DutyConclusion, checker: Checker, symbols: Symbols) -> Conclusion | None:
    name = declared.duty
    of = symbols.duties.get(name.text)
    if of is None:
        checker.report.add(problems.unknown_conclusion(name.text, name.span, symbols.duties))
        return None
    wanted = [(field.name, field.type) for field in of.fields]
    fields = typed_fields(name, wanted, declared.arguments, checker, declared.span)
    owed_by = _clause(declared.owed_by, Basic.TEXT, checker)
    due = _clause(declared.due, Basic.DATE, checker)
    return ConcludeDuty(name.text, fields, owed_by, due, declared.span)


def _clause(declared: Expr | None, wanted: Basic, checker: Checker) -> TypedExpr | None:
    if declared is None:
        return None
    found = checker.check(declared)
    if not fits(without_null(found.type), wanted) and found.type != UNTYPED:
        checker.report.add(feel_problems.wrong_type(f"`{type_text(wanted)}`", found.type, declared.span))
    return found
