"""Whether the names of a grammar lead somewhere: each declared, each used, none into itself."""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.grammar import problems
from neurosym.grammar.tree import START, GrammarTree, Rule, Terminal, Use, uses
from neurosym.text.diagnostic import Report
from neurosym.text.span import Source, Span
from neurosym.text.suggestion import did_you_mean


def check_names(tree: GrammarTree, source: Source, report: Report) -> None:
    """Report names that nobody declares (NS633), rules that contain themselves (NS636), what is not used (NS637)."""
    if START not in tree.rules:
        advice = f"the rule of a whole answer is called `{START}`"
        report.add(problems.unknown_name(START, Span(source, 0, 0), advice))
    known = sorted({*tree.rules, *tree.terminals})
    for rule in tree.rules.values():
        for use in uses(rule.body):
            if use.name not in known:
                report.add(problems.unknown_name(use.name, use.span, did_you_mean(use.name, known)))
    _check_recursion(tree, report)
    reached = {*_reached(tree)}
    declarations: list[Rule | Terminal] = [*tree.rules.values(), *tree.terminals.values()]
    for declared in declarations:
        if START in tree.rules and declared.name not in reached:
            report.add(problems.unused(declared.name, declared.span))


def _check_recursion(tree: GrammarTree, report: Report) -> None:
    """Report each rule that contains itself, at the use that leads back."""
    done: set[str] = set()
    for name in tree.rules:
        path: list[str] = []
        todo = [(name, iter(_used(tree, name)))] if name not in done else []
        path.append(name)
        while todo:
            current, rest = todo[-1]
            use = next(rest, None)
            if use is None:
                done.add(current)
                todo.pop()
                path.pop()
            elif use.name in path:
                report.add(problems.recursive(use.name, use.span))
            elif use.name not in done:
                path.append(use.name)
                todo.append((use.name, iter(_used(tree, use.name))))


def _used(tree: GrammarTree, name: str) -> list[Use]:
    return [use for use in uses(tree.rules[name].body) if use.name in tree.rules]


def _reached(tree: GrammarTree) -> Iterator[str]:
    """The names that the start leads to, itself among them."""
    todo, seen = [START], {START}
    while todo:
        name = todo.pop()
        yield name
        if name not in tree.rules:
            continue
        further = {use.name for use in uses(tree.rules[name].body)} - seen
        seen |= further
        todo += sorted(further)
