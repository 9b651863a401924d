"""Judgments: what is asked, what is shown, what an answer must satisfy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from neurosym.check import problems, tree
from neurosym.check.answer import answer_value
from neurosym.check.constants import constant
from neurosym.check.symbols import Symbols
from neurosym.feel import problems as feel_problems
from neurosym.feel.checker import Checker
from neurosym.feel.types import Basic, FactOf, ListOf, RecordOf, Type, without_null
from neurosym.program.judgment import Check, Example, Judgment, Returns, Risk, Step, answer_type
from neurosym.text.diagnostic import Report
from neurosym.values.temporal import Duration, Months

QUOTE = RecordOf((("field", Basic.TEXT), ("start", Basic.NUMBER), ("text", Basic.TEXT)))
ANSWER, QUOTES = "answer", "quotes"


def judgments(
    declared: Mapping[str, tree.JudgmentDeclaration], symbols: Symbols, report: Report
) -> dict[str, Judgment]:
    """The judgments with typed checks and resolved fields."""
    return {name: _judgment(declaration, symbols, report) for name, declaration in declared.items()}


def _judgment(declaration: tree.JudgmentDeclaration, symbols: Symbols, report: Report) -> Judgment:
    name, at = declaration.name.text, declaration.name.span
    parameters = _parameters(declaration, symbols, report)
    returns = symbols.returns[name]
    evidence = _paths(declaration.evidence, parameters, symbols, report)
    _check_evidence(declaration, evidence, parameters, symbols, report)
    reads = (
        _paths(declaration.reads, parameters, symbols, report)
        if declaration.reads is not None
        else _all_fields(parameters, evidence, symbols)
    )
    if not declaration.ask:
        report.add(problems.missing_clause("ask", name, at, 'write `ask "..."`: the question people and models see'))
    if not declaration.route:
        report.add(problems.missing_clause("route", name, at, "write `route local, person`: who is asked, in order"))
    return Judgment(
        name,
        declaration.label,
        tuple(parameters.items()),
        returns,
        declaration.ask or "",
        tuple(cite.text for cite in declaration.cites),
        reads,
        evidence,
        _checks(declaration, parameters, returns, symbols, report),
        tuple(Example(each.text, answer_value(each.answer, returns, report)) for each in declaration.examples),
        tuple(Step(each.tier.text, each.is_optional) for each in declaration.route),
        Risk(declaration.risk.share, declaration.risk.confidence) if declaration.risk else None,
        declaration.accept_uncalibrated,
        _reuse(declaration, report),
        declaration.audit_percent,
        declaration.two_persons,
        _types((*reads, *evidence), parameters, symbols),
        at,
    )


def _parameters(declaration: tree.JudgmentDeclaration, symbols: Symbols, report: Report) -> dict[str, str]:
    name = declaration.name
    found = {}
    for parameter, of in symbols.scope.judgments[name.text].parameters:
        if isinstance(of, FactOf):
            found[parameter] = of.name
        else:
            report.add(problems.unsuitable_argument(name.text, name.span))
    return found


def _paths(
    paths: tuple[tree.FieldPath, ...], parameters: Mapping[str, str], symbols: Symbols, report: Report
) -> tuple[tuple[str, str], ...]:
    found = []
    for path in paths:
        argument, member = path.argument, path.member
        if argument.text not in parameters:
            report.add(feel_problems.unknown_name(argument.text, argument.span, parameters))
            continue
        of = symbols.fact_types[parameters[argument.text]]
        if member.text not in of.by_name:
            report.add(feel_problems.unknown_field(member.text, member.span, of.name, tuple(of.by_name)))
            continue
        found.append((argument.text, member.text))
    return tuple(found)


def _all_fields(
    parameters: Mapping[str, str], evidence: tuple[tuple[str, str], ...], symbols: Symbols
) -> tuple[tuple[str, str], ...]:
    every = [(parameter, field.name) for parameter, of in parameters.items() for field in symbols.fact_types[of].fields]
    return tuple(path for path in every if path not in evidence)


def _types(
    paths: tuple[tuple[str, str], ...], parameters: Mapping[str, str], symbols: Symbols
) -> tuple[tuple[str, Type], ...]:
    """The type of each field that is read, by its path such as `entry.name`."""
    types = {name: symbols.fact_types[of] for name, of in parameters.items()}
    return tuple((f"{argument}.{member}", types[argument].by_name[member].type) for argument, member in paths)


def _check_evidence(
    declaration: tree.JudgmentDeclaration,
    evidence: tuple[tuple[str, str], ...],
    parameters: Mapping[str, str],
    symbols: Symbols,
    report: Report,
) -> None:
    spans = {(path.argument.text, path.member.text): path.span for path in declaration.evidence}
    for argument, member in evidence:
        field = symbols.fact_types[parameters[argument]].by_name[member]
        if without_null(field.type) is not Basic.TEXT:
            report.add(problems.reads_evidence(f"{argument}.{member}", spans[argument, member]))


def _checks(
    declaration: tree.JudgmentDeclaration,
    parameters: Mapping[str, str],
    returns: Returns,
    symbols: Symbols,
    report: Report,
) -> tuple[Check, ...]:
    local: dict[str, Type] = {name: FactOf(of) for name, of in parameters.items()}
    local |= {ANSWER: answer_type(returns), QUOTES: ListOf(QUOTE)}
    scope = replace(symbols.scope, judgments={}, allows_known=True).within(local)
    checker = Checker(scope, report)
    return tuple(Check(each.label, checker.condition(each.condition)) for each in declaration.checks)


def _reuse(declaration: tree.JudgmentDeclaration, report: Report) -> Duration | Months | None:
    if declaration.reuse is None:
        return None
    found = constant(declaration.reuse, report)
    if found is not None and not isinstance(found[1], (Duration, Months)):
        report.add(feel_problems.wrong_type("duration", found[0].type, declaration.reuse.span))
        return None
    return found[1] if found is not None and isinstance(found[1], (Duration, Months)) else None
