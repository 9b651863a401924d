"""Rules and exceptions: bindings, conditions, conclusions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from neurosym.check import problems, tree
from neurosym.check.conclusions import conclude
from neurosym.check.symbols import Symbols
from neurosym.feel.checker import Checker
from neurosym.feel.tree import Expr, Variable
from neurosym.feel.typed import Join
from neurosym.feel.types import FactOf, Type
from neurosym.program.period import ALWAYS, Period
from neurosym.program.rule import Provision, Rule, RuleException, Target
from neurosym.text.diagnostic import Report
from neurosym.values.temporal import Date


def rules(declared: Sequence[tree.RuleDeclaration], symbols: Symbols, report: Report) -> tuple[Rule, ...]:
    """The typed rules, by id and then by date."""
    found = []
    for declaration in declared:
        with report.citing(_cites(declaration)):
            found.append(_rule(declaration, symbols, report))
    return tuple(sorted(found, key=_version_order))


def _rule(declaration: tree.RuleDeclaration, symbols: Symbols, report: Report) -> Rule:
    checker = Checker(symbols.scope, report)
    bound = checker.bind(declaration.variables)
    join = join_of(checker, declaration.variables, declaration.condition)
    conclusions = [conclude(each, bound, symbols) for each in declaration.conclusions]
    if not conclusions:
        report.add(problems.missing_clause("then", declaration.name.text, declaration.name.span))
    return Rule(
        declaration.name.text,
        declaration.label,
        _cites(declaration),
        period_of(declaration.effective, report),
        join,
        tuple(each for each in conclusions if each is not None),
        declaration.name.span,
    )


def _cites(declaration: tree.RuleDeclaration | tree.ExceptionDeclaration) -> tuple[str, ...]:
    return tuple(cite.text for cite in declaration.cites)


def exceptions(
    declared: Sequence[tree.ExceptionDeclaration],
    rules_declared: Sequence[tree.RuleDeclaration],
    symbols: Symbols,
    report: Report,
) -> tuple[RuleException, ...]:
    """The typed exceptions by id. Each sees the variables of what it belongs to."""
    variables = _variables_in_sight(declared, rules_declared)
    known = {*variables, *(each.name.text for each in declared)}
    found = []
    for declaration in declared:
        if _has_unknown_target(declaration, known, report) or not _is_anchored(declaration, variables):
            continue  # reported here, or as a circle
        with report.citing(_cites(declaration)):
            found.append(_exception(declaration, _shared(declaration, variables), symbols, report))
    return tuple(
        sorted(found, key=lambda exception: (exception.id, exception.period.first is not None, exception.period.first))
    )


def _exception(
    declaration: tree.ExceptionDeclaration, seen: dict[str, str], symbols: Symbols, report: Report
) -> RuleException:
    local: dict[str, Type] = {name: FactOf(of) for name, of in seen.items() if of in symbols.scope.fields}
    checker = Checker(symbols.scope, report).inside(local)
    bound = checker.bind(declaration.variables)
    conclusions = [conclude(each, bound, symbols) for each in declaration.conclusions]
    return RuleException(
        declaration.name.text,
        declaration.label,
        _cites(declaration),
        period_of(declaration.effective, report),
        tuple(_target(each) for each in declaration.targets),
        join_of(checker, declaration.variables, declaration.condition),
        tuple(each for each in conclusions if each is not None),
        declaration.must_be_proven,
        declaration.name.span,
    )


def join_of(checker: Checker, variables: tuple[Variable, ...], condition: Expr | None) -> Join:
    """The join of the variables under the condition."""
    quiet = Checker(checker.scope, Report()).bind(variables)
    if condition is None:
        return Join(checker.variables(variables), None)
    return Join(checker.variables(variables), Checker(quiet.scope, checker.report).condition(condition))


def _version_order(provision: Provision) -> tuple[str, bool, Date | None]:
    """Orders provisions by id, and the versions of one by the days on which they begin."""
    return provision.id, provision.period.first is not None, provision.period.first


def period_of(declared: tree.Period | None, report: Report) -> Period:
    """The days on which a declaration is in force; NS417 when there are none."""
    if declared is None:
        return ALWAYS
    if declared.last is not None and declared.last < declared.first:
        report.add(problems.empty_period(declared.span))
    return Period(declared.first, declared.last)


def _target(declared: tree.TargetDeclaration) -> Target:
    return Target(declared.rule.text, declared.conclusion.text if declared.conclusion else None)


def _variables_in_sight(
    exceptions_declared: Sequence[tree.ExceptionDeclaration], rules_declared: Sequence[tree.RuleDeclaration]
) -> dict[str, list[dict[str, str]]]:
    """For each rule and exception, the variables that an exception to it sees, one table per dated version."""
    found: dict[str, list[dict[str, str]]] = {}
    for rule in rules_declared:
        found.setdefault(rule.name.text, []).append(_own(rule.variables))
    waiting = list(exceptions_declared)
    while waiting:
        ready = [each for each in waiting if all(target.rule.text in found for target in each.targets)]
        if not ready:
            break  # what remains has unknown targets, or stands in a circle
        for each in ready:
            seen = {**_shared(each, found), **_own(each.variables)}
            found.setdefault(each.name.text, []).append(seen)
        done = set(map(id, ready))
        waiting = [each for each in waiting if id(each) not in done]
    return found


def _has_unknown_target(declaration: tree.ExceptionDeclaration, known: Collection[str], report: Report) -> bool:
    unknown = [target.rule for target in declaration.targets if target.rule.text not in known]
    for word in unknown:
        report.add(problems.unknown_target(word.text, word.span, known))
    return bool(unknown)


def _is_anchored(declaration: tree.ExceptionDeclaration, variables: Collection[str]) -> bool:
    return all(target.rule.text in variables for target in declaration.targets)


def _own(variables: Iterable[Variable]) -> dict[str, str]:
    return {each.name.text: each.type.text for each in variables}


def _shared(declaration: tree.ExceptionDeclaration, variables: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    """The variables that everything the exception belongs to has, by name and type."""
    tables = [table for target in declaration.targets for table in variables.get(target.rule.text, [])]
    if not tables:
        return {}
    return {name: of for name, of in tables[0].items() if all(table.get(name) == of for table in tables)}
