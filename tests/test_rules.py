"""Runs tests/rules/**/*.rules: each file is a small ruleset whose scenarios pass, with its diagnostics marked in place.

Marks are comments at the end of the line they speak of:
    //! NS203 part of the message     this diagnostic, error or warning, begins on this line
    //! fails part of the message     the expectation that begins on this line does not hold
    //! note part of the message      running the scenarios says this of the line
    //! aside NS901, NS903            on a line of its own: what this file is not about
A file has exactly the diagnostics, failures and notes that it marks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from neurosym.check.compilation import Checked
from neurosym.lang.compilation import compile_ruleset
from neurosym.testing.scenario import run_scenarios
from neurosym.text.diagnostic import Diagnostic
from neurosym.text.failure import RulesetError
from neurosym.text.span import Source, Span

ROOT = Path(__file__).parent / "rules"
FILES = sorted(ROOT.rglob("*.rules"))
MARK = re.compile(r"//! *(NS\d{3}|fails|note) *(.*?) *(?=//!|$)")
ASIDE = re.compile(r"^//! aside (.*)$", re.MULTILINE)
PLACED = re.compile(r".*?:(\d+):\d+: (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Marked:
    """Something said of a line: a code, `fails` or `note`, and the words."""

    line: int
    kind: str
    words: str


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rules_mean_what_their_scenarios_expect_and_say_what_is_marked(path: Path) -> None:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    aside = {code.strip() for codes in ASIDE.findall(source.text) for code in codes.split(",")}
    found = [each for each in said_of(source) if each.kind not in aside]
    wanted = marks_of(source)
    assert [(each.line, each.kind) for each in found] == [(each.line, each.kind) for each in wanted], found
    for each, mark in zip(found, wanted, strict=True):
        assert mark.words in each.words


def said_of(source: Source) -> list[Marked]:
    """Everything that compiling a ruleset and running its scenarios says, in the order of its lines."""
    try:
        checked = compile_ruleset([source])
    except RulesetError as error:
        return sorted(map(diagnosed, error.diagnostics))
    return sorted([*map(diagnosed, checked.warnings), *tried(checked)])


def diagnosed(found: Diagnostic) -> Marked:
    assert found.primary is not None
    place = found.primary.place
    assert isinstance(place, Span)
    return Marked(place.source.line_column(place.start)[0], found.code, found.message)


def tried(checked: Checked) -> list[Marked]:
    """The failures and notes of the scenarios; a ruleset without an expectation would test nothing."""
    assert any(scenario.expected for scenario in checked.scenarios)
    said = []
    for outcome in run_scenarios(checked):
        for kind, messages in (("fails", outcome.failures), ("note", outcome.notes)):
            for message in messages:
                match = PLACED.fullmatch(message)
                assert match is not None, (outcome.scenario.label, message)
                said.append(Marked(int(match[1]), kind, match[2]))
    return said


def marks_of(source: Source) -> list[Marked]:
    lines = enumerate(source.text.splitlines(), start=1)
    return sorted(Marked(number, *match.groups()) for number, line in lines for match in MARK.finditer(line))
