"""tests/rules/sentences.md names, for each sentence of language §5, what shows it: all of that is there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROWS = re.compile(r"^\| (5\.\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
SHOWN = re.compile(r"`([\w/]+\.(?:rules|py)): ((?:[^`]|``)+)`(?:<br>|$)")
CODE = re.compile(r"NS\d{3}")
MAP = (TESTS / "rules" / "sentences.md").read_text(encoding="utf-8")
NAMED = [(sentence, *shown) for _, sentence, where in ROWS.findall(MAP) for shown in SHOWN.findall(where)]


@cache
def said_in(file: str) -> str:
    folder = TESTS / "rules" if file.endswith(".rules") else TESTS
    return (folder / file).read_text(encoding="utf-8")


def mark_of(file: str, name: str) -> str:
    """The line, or its beginning, that is to stand in the file."""
    plain = name.replace("``", "`")
    if file.endswith(".py"):
        return f"def {plain}("
    return f"//! {plain}" if CODE.match(plain) else f'scenario "{plain}"\n'


@pytest.mark.parametrize(("sentence", "file", "name"), NAMED)
def test_what_shows_a_sentence_is_there(sentence: str, file: str, name: str) -> None:
    assert mark_of(file, name) in said_in(file), sentence


def test_every_part_of_the_meaning_has_rows_and_every_row_a_place() -> None:
    assert {part for part, _, _ in ROWS.findall(MAP)} == {f"5.{number}" for number in range(1, 12)}
    assert len(ROWS.findall(MAP)) == MAP.count("\n| 5.")
    for _, sentence, where in ROWS.findall(MAP):
        assert "".join(match.group() for match in SHOWN.finditer(where)) == where, sentence
