"""The declarations of a ruleset by kind and name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from neurosym.check import problems, tree
from neurosym.check.scenario_tree import ScenarioDeclaration
from neurosym.feel.builtin import FUNCTIONS
from neurosym.feel.tree import Word
from neurosym.feel.types import Basic
from neurosym.text.diagnostic import Report


class Named(Protocol):
    """A declaration with a name."""

    @property
    def name(self) -> Word: ...


N = TypeVar("N", bound=Named)


@dataclass(slots=True)
class Declared:
    """What the files of one ruleset declare. Rules keep all dated versions of an id."""

    rulesets: list[tree.RulesetDeclaration] = field(default_factory=list)
    facts: dict[str, tree.FactDeclaration] = field(default_factory=dict)
    duties: dict[str, tree.FactDeclaration] = field(default_factory=dict)
    parameters: dict[str, tree.ParameterDeclaration] = field(default_factory=dict)
    definitions: dict[str, tree.DefineDeclaration] = field(default_factory=dict)
    judgments: dict[str, tree.JudgmentDeclaration] = field(default_factory=dict)
    decisions: dict[str, tree.DecisionDeclaration] = field(default_factory=dict)
    rules: list[tree.RuleDeclaration] = field(default_factory=list)
    exceptions: list[tree.ExceptionDeclaration] = field(default_factory=list)
    scenarios: list[ScenarioDeclaration] = field(default_factory=list)


def gather(files: Sequence[tree.RulesFile], report: Report) -> Declared:
    """The declarations by kind; a name declared twice is reported, the first one stays."""
    found = Declared()
    for file in files:
        for declaration in file.declarations:
            _sort_in(declaration, found, report)
    _check_names(found, report)
    return found


def _sort_in(declaration: tree.Declaration, found: Declared, report: Report) -> None:
    match declaration:
        case tree.RulesetDeclaration():
            found.rulesets.append(declaration)
        case tree.FactDeclaration():
            _keep(declaration, found.duties if declaration.kind == "duty" else found.facts, report)
        case tree.ParameterDeclaration():
            _keep(declaration, found.parameters, report)
        case tree.DefineDeclaration():
            _keep(declaration, found.definitions, report)
        case tree.JudgmentDeclaration():
            _keep(declaration, found.judgments, report)
        case tree.DecisionDeclaration():
            _keep(declaration, found.decisions, report)
        case tree.RuleDeclaration():
            found.rules.append(declaration)
        case tree.ExceptionDeclaration():
            found.exceptions.append(declaration)
        case ScenarioDeclaration():
            found.scenarios.append(declaration)


def _keep(declaration: N, among: dict[str, N], report: Report) -> None:
    name = declaration.name
    if name.text in among:
        report.add(problems.declared_twice(name.text, name.span, among[name.text].name.span))
    else:
        among[name.text] = declaration


def _check_names(found: Declared, report: Report) -> None:
    """One name, one meaning: what can stand in the same place must not share a name."""
    basic = {each.value for each in Basic}
    callables: dict[str, Word] = {}
    words = [each.name for each in found.definitions.values()] + [each.name for each in found.judgments.values()]
    for word in words:
        if word.text in FUNCTIONS or word.text == "known":
            report.add(problems.name_taken(word.text, word.span, "a built-in function"))
        elif word.text in callables:
            report.add(problems.declared_twice(word.text, word.span, callables[word.text].span))
        callables.setdefault(word.text, word)
    for facts in found.facts.values():
        if facts.name.text in basic:
            report.add(problems.name_taken(facts.name.text, facts.name.span, "a type of the language"))
    targets: dict[str, Word] = {}
    concluded = [each.name for each in (*found.facts.values(), *found.duties.values())]
    for word in (*concluded, *(each.name for each in found.decisions.values())):
        if word.text in targets:
            report.add(problems.declared_twice(word.text, word.span, targets[word.text].span))
        targets.setdefault(word.text, word)
