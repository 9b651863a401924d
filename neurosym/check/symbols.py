"""Everything declared, with its types: what the rules are checked against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from neurosym.check import problems, tree
from neurosym.check.answer_grammars import AnswerGrammars
from neurosym.check.declared import Declared
from neurosym.check.returns import returns_of
from neurosym.check.types import resolve_type
from neurosym.feel.scope import Callable, Scope
from neurosym.feel.tree import Word
from neurosym.feel.types import Type
from neurosym.program.judgment import Returns, answer_type
from neurosym.program.schema import DutyType, FactType
from neurosym.text.diagnostic import Report


@dataclass(frozen=True, slots=True)
class Symbols:
    """Types of what is declared; definitions are added once their bodies are typed."""

    fact_types: Mapping[str, FactType]
    duties: Mapping[str, DutyType]
    scope: Scope
    decisions: Mapping[str, tuple[tuple[str, Type], ...]]  # parameters
    outcomes: Mapping[str, tuple[str, ...]]  # of each decision
    returns: Mapping[str, Returns]  # of each judgment


def symbols_of(
    declared: Declared,
    types: Mapping[str, FactType],
    duties: Mapping[str, DutyType],
    report: Report,
    grammars: AnswerGrammars,
) -> Symbols:
    """The symbols of the declarations, definitions aside."""
    returns = {name: returns_of(each, types, report, grammars) for name, each in declared.judgments.items()}
    fields = {name: {field.name: field.type for field in of.fields} for name, of in types.items()}
    parameters = {
        name: resolve_type(declaration.type, types, report) for name, declaration in declared.parameters.items()
    }
    judgments = {
        name: Callable(typed_names(declaration.parameters, types, report), answer_type(returns[name]))
        for name, declaration in declared.judgments.items()
    }
    decisions = {
        name: typed_names(declaration.parameters, types, report) for name, declaration in declared.decisions.items()
    }
    outcomes = {
        name: tuple(outcome.text for outcome in declaration.outcomes)
        for name, declaration in declared.decisions.items()
    }
    return Symbols(types, duties, Scope(fields, parameters, {}, judgments), decisions, outcomes, returns)


def typed_names(
    names: tuple[tree.TypedName, ...], types: Mapping[str, FactType], report: Report
) -> tuple[tuple[str, Type], ...]:
    """The names with their types; a name that stands twice is reported."""
    seen: dict[str, Word] = {}
    for each in names:
        if each.name.text in seen:
            report.add(problems.declared_twice(each.name.text, each.name.span, seen[each.name.text].span))
        seen.setdefault(each.name.text, each.name)
    return tuple((each.name.text, resolve_type(each.type, types, report)) for each in names)
