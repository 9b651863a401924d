"""Findings: what is legal and probably not meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from neurosym.check import problems
from neurosym.feel.typed import Compare, Constant, In, Join, JudgmentCall, TypedExpr, TypedTemplate
from neurosym.feel.walk import descendants, locals_in
from neurosym.program.program import Program
from neurosym.program.rule import ConcludeFact, ConcludeOutcome, Conclusion, Provision
from neurosym.program.schema import FactType
from neurosym.text.diagnostic import Report


def lint(program: Program, report: Report) -> None:
    """Report uncited provisions, unused variables, types that nothing reads, unchecked permissive answers."""
    for rule in program.rules:
        if not rule.cites:
            report.add(problems.uncited("rule", rule.id, rule.span))
        _unused(rule, locals_below(rule), report)
    for exception in program.exceptions:
        if not exception.cites:
            report.add(problems.uncited("exception", exception.id, exception.span))
        _unused(exception, locals_below(exception), report)
    _unread(program, report)
    _permissive(program, report)


def expressions(provision: Provision) -> list[TypedExpr]:
    """Every expression of a rule or exception."""
    found = [provision.join.condition] if provision.join.condition is not None else []
    for conclusion in provision.conclusions:
        found += _concluding(conclusion)
    return found


def locals_below(provision: Provision) -> frozenset[str]:
    """The names that the condition and the conclusions mention."""
    return frozenset().union(*(locals_in(expr) for expr in expressions(provision)))


def _concluding(conclusion: Conclusion) -> list[TypedExpr]:
    if isinstance(conclusion, ConcludeFact):
        return [value for _, value in conclusion.fields]
    if isinstance(conclusion, ConcludeOutcome):
        because = conclusion.because or TypedTemplate(())
        inside = [part for part in because.parts if not isinstance(part, str)]
        return [value for _, value in conclusion.subject] + inside
    ends = [end for end in (conclusion.owed_by, conclusion.due) if end is not None]
    return [value for _, value in conclusion.fields] + ends


def _unused(provision: Provision, mentioned: frozenset[str], report: Report) -> None:
    for name, _ in provision.join.variables:
        if name not in mentioned:
            report.add(problems.unused_variable(name, provision.span))


def _unread(program: Program, report: Report) -> None:
    read = {of for join in _joins(program) for _, of in join.variables}
    read |= {of for decision in program.decisions.values() for _, of in decision.parameters}
    read |= {of for judgment in program.judgments.values() for _, of in judgment.parameters}
    read |= _referred(program.fact_types, read)
    for name, of in program.fact_types.items():
        if name not in read:
            report.add(problems.never_read(name, of.span))


def _joins(program: Program) -> Iterable[Join]:
    provisions: Sequence[Provision] = (*program.rules, *program.exceptions)
    roots = [expr for provision in provisions for expr in expressions(provision)]
    roots += [definition.body for definition in program.definitions.values()]
    yield from (provision.join for provision in provisions)
    for root in roots:
        yield from (node for node in descendants(root) if isinstance(node, Join))


def _referred(types: Mapping[str, FactType], read: set[str]) -> set[str]:
    """Types that are reached by following references from those that are read."""
    found: set[str] = set()
    waiting = set(read)
    while waiting:
        name = min(waiting)
        waiting.discard(name)
        if name in types and name not in found:
            found.add(name)
            waiting |= {field.refers_to for field in types[name].fields if field.refers_to}
    return found


def _permissive(program: Program, report: Report) -> None:
    """An answer that no rule compares with leads to the lowest outcome; it needs a check that mentions it."""
    lowest = [each for each in program.decisions.values() if each.is_ordered and each.otherwise == each.outcomes[-1]]
    if not lowest:
        return
    raising = _compared(program)
    for judgment in program.judgments.values():
        checked = {
            node.value
            for check in judgment.checks
            for node in descendants(check.condition)
            if isinstance(node, Constant)
        }
        for answer in judgment.answers:
            used = judgment.name in {name for name, _ in raising}
            if used and isinstance(answer, str) and (judgment.name, answer) not in raising and answer not in checked:
                found = problems.permissive_answer(judgment.name, answer, lowest[0].name, judgment.span)
                report.add(found)


def _compared(program: Program) -> set[tuple[str, object]]:
    """Judgments with the answers that conditions ask for."""
    found: set[tuple[str, object]] = set()
    bodies = [definition.body for definition in program.definitions.values()]
    provisions: Sequence[Provision] = (*program.rules, *program.exceptions)
    for root in [*bodies, *(expr for provision in provisions for expr in expressions(provision))]:
        for node in descendants(root):
            if isinstance(node, Compare) and node.op == "=":
                for call, value in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(call, JudgmentCall) and isinstance(value, Constant):
                        found.add((call.name, value.value))
            elif isinstance(node, In) and isinstance(node.operand, JudgmentCall):
                constants = [each for test in node.tests for each in descendants(test.operand)]
                found |= {(node.operand.name, each.value) for each in constants if isinstance(each, Constant)}
    return found
