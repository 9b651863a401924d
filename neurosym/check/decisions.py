"""Decisions: their subjects, outcomes and days."""

from __future__ import annotations

from collections.abc import Mapping

from neurosym.check import problems, tree
from neurosym.check.symbols import Symbols
from neurosym.feel import problems as feel_problems
from neurosym.feel.checker import Checker
from neurosym.feel.tree import Word
from neurosym.feel.typed import Constant, Local, Member, TypedExpr
from neurosym.feel.types import UNTYPED, Basic, FactOf
from neurosym.program.program import Decision, Need
from neurosym.text.diagnostic import Report
from neurosym.text.span import Span


def decisions(
    declared: Mapping[str, tree.DecisionDeclaration], symbols: Symbols, report: Report
) -> dict[str, Decision]:
    """The decisions; each has its mandatory clauses, and while undecided never acts on its lowest outcome."""
    return {name: _decision(declaration, symbols, report) for name, declaration in declared.items()}


def _decision(declaration: tree.DecisionDeclaration, symbols: Symbols, report: Report) -> Decision:
    name, at = declaration.name.text, declaration.name.span
    parameters = []
    for parameter, of in symbols.decisions[name]:
        if not isinstance(of, FactOf):
            report.add(problems.unsuitable_argument(name, at))
        parameters.append((parameter, of.name if isinstance(of, FactOf) else ""))
    outcomes = _outcomes(declaration, report)
    otherwise = _one_of(declaration.otherwise, "otherwise", outcomes, declaration, report)
    undecided = _one_of(declaration.undecided, "undecided", outcomes, declaration, report)
    if declaration.ordered and declaration.undecided and outcomes and undecided == outcomes[-1]:
        report.add(problems.lowest_undecided(name, undecided, declaration.undecided.span))
    return Decision(
        name,
        declaration.label,
        tuple(cite.text for cite in declaration.cites),
        tuple(parameters),
        _day(declaration, symbols, report),
        declaration.ordered,
        outcomes,
        otherwise,
        undecided,
        tuple(_need(need, outcomes, report) for need in declaration.needs),
        declaration.settle_duties,
        at,
    )


def _outcomes(declaration: tree.DecisionDeclaration, report: Report) -> tuple[str, ...]:
    found: dict[str, Word] = {}
    for word in declaration.outcomes:
        if word.text in found:
            report.add(problems.declared_twice(word.text, word.span, found[word.text].span))
        found.setdefault(word.text, word)
    if not found:
        advice = 'write `outcomes "block" > "release"`, the highest first'
        report.add(problems.missing_clause("outcomes", declaration.name.text, declaration.name.span, advice))
    return tuple(found)


def _one_of(
    word: Word | None, clause: str, outcomes: tuple[str, ...], declaration: tree.DecisionDeclaration, report: Report
) -> str:
    if word is None:
        report.add(problems.missing_clause(clause, declaration.name.text, declaration.name.span))
        return ""
    if word.text not in outcomes:
        report.add(feel_problems.outside_choice(word.text, word.span, outcomes))
    return word.text


def _need(need: tree.Need, outcomes: tuple[str, ...], report: Report) -> Need:
    if need.outcome.text not in outcomes:
        report.add(feel_problems.outside_choice(need.outcome.text, need.outcome.span, outcomes))
    return Need(need.kind, need.outcome.text)


def _day(declaration: tree.DecisionDeclaration, symbols: Symbols, report: Report) -> TypedExpr:
    name, at = declaration.name.text, declaration.name.span
    if declaration.on is None:
        report.add(problems.missing_clause("on", name, at, "write `on payment.booked_on`: which law is in force"))
        return _nothing(at)
    checker = Checker(symbols.scope, report)
    words = {each.name.text: each.name for each in declaration.parameters}  # one that stands twice was reported
    local = checker.fresh((words[parameter], of) for parameter, of in dict(symbols.decisions[name]).items())
    day = checker.inside(local).check(declaration.on)
    if day.type == UNTYPED:
        return day
    if not _is_required_date(day, symbols):
        report.add(problems.decision_date(name, declaration.on.span))
    return day


def _is_required_date(day: TypedExpr, symbols: Symbols) -> bool:
    if not isinstance(day, Member) or not isinstance(day.base, Local) or not isinstance(day.base.type, FactOf):
        return False
    field = symbols.fact_types[day.base.type.name].by_name[day.name]
    return day.type is Basic.DATE and not field.is_optional


def _nothing(at: Span) -> TypedExpr:
    return Constant(None, UNTYPED, at)
