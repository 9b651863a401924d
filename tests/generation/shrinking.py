"""From a case that fails to a small one that still does, by leaving parts out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from neurosym.text.failure import NeurosymError
from neurosym.values.canonical import Json
from tests.generation.case import Case

ATTEMPTS_MAX = 2_000


def shrunk(case: Case, fails: Callable[[Case], bool]) -> Case:
    """A case of which no declaration, clause, fact, member or answer can be left out without mending it."""
    left = ATTEMPTS_MAX
    smaller = True
    while smaller and left:
        smaller = False
        for candidate in _with_less(case):
            left -= 1
            if _still_fails(candidate, fails):
                case, smaller = candidate, True
                break
            if not left:
                break
    return case


def _still_fails(candidate: Case, fails: Callable[[Case], bool]) -> bool:
    """False for one that is no case any more."""
    try:
        assert candidate.subject
    except (NeurosymError, KeyError, AssertionError):
        return False
    return fails(candidate)


def _with_less(case: Case) -> Iterator[Case]:
    """The case without one part, the largest parts first."""
    blocks = case.rules.replace("\n  ", "\t").splitlines()
    for at in range(1, len(blocks)):
        yield replace(case, rules=_joined([*blocks[:at], *blocks[at + 1 :]]))
    for at, block in enumerate(blocks):
        clauses = block.split("\t")
        for place in range(1, len(clauses)):
            fewer = "\t".join([*clauses[:place], *clauses[place + 1 :]])
            yield replace(case, rules=_joined([*blocks[:at], fewer, *blocks[at + 1 :]]))
    for rules in _with_simpler_expressions(case.rules):
        yield replace(case, rules=rules)
    for facts in _documents_with_less(dict(case.facts)):
        yield replace(case, facts=facts)
    for place in range(len(case.answers)):
        yield replace(case, answers=case.answers[:place] + case.answers[place + 1 :])


def _with_simpler_expressions(rules: str) -> Iterator[str]:
    """The rules with one bracketed part replaced by `true`, by a number, or by a part of itself."""
    for start, end in _brackets(rules):
        inner = [rules[at:to] for at, to in _brackets(rules[start + 1 : end - 1], start + 1) if to <= end]
        for other in ("true", "1", *inner):
            yield rules[:start] + other + rules[end:]


def _brackets(text: str, shift: int = 0) -> list[tuple[int, int]]:
    """Where the outermost parts in brackets begin and end, then those within them."""
    found, opened = [], list[int]()
    for at, sign in enumerate(text):
        if sign == "(":
            opened.append(at)
        elif sign == ")" and opened:
            found.append((len(opened), opened.pop(), at + 1))
    return [(shift + start, shift + end) for _, start, end in sorted(found)]


def _documents_with_less(facts: dict[str, Json]) -> Iterator[dict[str, Json]]:
    for name, rows in facts.items():
        yield {other: each for other, each in facts.items() if other != name}
        if not isinstance(rows, list):
            continue
        for at, row in enumerate(rows):
            yield {**facts, name: [*rows[:at], *rows[at + 1 :]]}
            if isinstance(row, dict):
                for member in row:
                    less: Json = {other: value for other, value in row.items() if other != member}
                    yield {**facts, name: [*rows[:at], less, *rows[at + 1 :]]}


def _joined(blocks: list[str]) -> str:
    return "\n".join(blocks).replace("\t", "\n  ")
