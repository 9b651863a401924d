"""What the rules of a grammar stand for: a rule is a choice, a text, a number, a date, a list or a record.

| the rule's body | what it stands for |
|---|---|
| alternatives that are literals | a choice of these texts |
| one terminal, literals around it | its text; of a terminal called NUMBER a number, of DATE a date |
| one rule, more than once, literals around it | a list |
| rules, literals around them | a record with a member for each, null where it is left out, a list where repeated |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from neurosym.grammar import problems
from neurosym.grammar.tree import START, Alternatives, Body, GrammarTree, Literal, Repeated, Rule, Sequence, Use, uses
from neurosym.text.diagnostic import Report


@dataclass(frozen=True, slots=True)
class ChoiceShape:
    """One of these texts."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextShape:
    """What a terminal accepted."""


@dataclass(frozen=True, slots=True)
class NumberShape:
    """A number."""


@dataclass(frozen=True, slots=True)
class DateShape:
    """A day of the calendar."""


@dataclass(frozen=True, slots=True)
class ListShape:
    """Items of one shape."""

    item: Shape


@dataclass(frozen=True, slots=True)
class OptionalShape:
    """Null where the rule is left out."""

    of: Shape


@dataclass(frozen=True, slots=True)
class RecordShape:
    """Members by the names of their rules."""

    members: tuple[tuple[str, Shape], ...]


Shape: TypeAlias = ChoiceShape | TextShape | NumberShape | DateShape | ListShape | OptionalShape | RecordShape
Counts: TypeAlias = dict[str, tuple[int, int]]  # how often a name stands in a body: at least, at most


def shapes_of(tree: GrammarTree, report: Report) -> dict[str, Shape]:
    """The shape of each rule that the start leads to; rules that have none are reported (NS638) and left out."""
    found: dict[str, Shape] = {}
    _shape(tree.rules[START], tree, report, found)
    start = found.get(START)
    if start is not None and not isinstance(start, RecordShape):
        message = f"`{START}` stands for one value, and an answer is a record"
        advice = f"give what stands there a rule of its own, and write `{START}: that_rule`"
        report.add(problems.shapeless(message, tree.rules[START].span, advice))
    return found


def _shape(rule: Rule, tree: GrammarTree, report: Report, found: dict[str, Shape]) -> Shape | None:
    if rule.name in found:
        return found[rule.name]
    shape = _shape_of(rule, tree, report, found)
    if shape is not None:
        found[rule.name] = shape
    return shape


def _shape_of(rule: Rule, tree: GrammarTree, report: Report, found: dict[str, Shape]) -> Shape | None:
    named = counts(rule.body)
    terminals = [name for name in named if name.isupper()]
    if not named:
        return _choice(rule, report)
    if terminals:
        return _leaf(rule, named, report)
    inner = {name: _shape(tree.rules[name], tree, report, found) for name in named}
    known = {name: shape for name, shape in inner.items() if shape is not None}
    if len(known) < len(inner):
        return None
    ((first, (_, most)), *others) = named.items()
    if not others and most > 1:
        return ListShape(known[first])
    return RecordShape(tuple((name, _member(known[name], *named[name])) for name in named))


def _member(shape: Shape, least: int, most: int) -> Shape:
    if most > 1:
        return ListShape(shape)
    return OptionalShape(shape) if least == 0 else shape


def _choice(rule: Rule, report: Report) -> Shape | None:
    options = rule.body.options if isinstance(rule.body, Alternatives) else (rule.body,)
    texts = tuple(option.text for option in options if isinstance(option, Literal))
    if len(texts) == len(options):
        return ChoiceShape(texts)
    message = f"`{rule.name}` has neither a terminal nor a rule, and is no choice of texts"
    report.add(problems.shapeless(message, rule.span, 'write the alternatives as whole texts: `"adverse" | "clear"`'))
    return None


def _leaf(rule: Rule, named: Counts, report: Report) -> Shape | None:
    ((terminal, count), *others) = named.items()
    if others or count != (1, 1):
        message = f"`{rule.name}` has a terminal beside other parts that vary"
        advice = "give the terminal a rule of its own, and use that rule: `title: TEXT`"
        report.add(problems.shapeless(message, rule.span, advice))
        return None
    match terminal:
        case "NUMBER":
            return NumberShape()
        case "DATE":
            return DateShape()
        case _:
            return TextShape()


def counts(body: Body) -> Counts:
    """How often each rule and terminal stands in a body, in the order of their first places."""
    found = _counts(body)
    return {name: found[name] for name in dict.fromkeys(use.name for use in uses(body))}


def _counts(body: Body) -> Counts:
    match body:
        case Literal():
            return {}
        case Use():
            return {body.name: (1, 1)}
        case Repeated():
            return {name: (low * body.low, high * body.high) for name, (low, high) in _counts(body.item).items()}
        case Sequence():
            total: Counts = {}
            for item in body.items:
                for name, (low, high) in _counts(item).items():
                    least, most = total.get(name, (0, 0))
                    total[name] = (least + low, most + high)
            return total
        case Alternatives():
            options = [_counts(option) for option in body.options]
            names = dict.fromkeys(name for option in options for name in option)
            ends = {name: [option.get(name, (0, 0)) for option in options] for name in names}
            return {name: (min(low for low, _ in each), max(high for _, high in each)) for name, each in ends.items()}
