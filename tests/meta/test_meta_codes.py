"""Diagnostic codes: each has a page, a place in the code that gives it, and a test that shows it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.text.codes import code_page, known_codes

ROOT = Path(__file__).parent.parent.parent
CODE = re.compile(r"NS\d{3}")
PAGE = re.compile(
    r"# (?P<code>NS\d{3}): (?P<title>[^\n]+[^.\n])\n\n"
    r"## Means\n(?P<means>.+?)\n\n## Avoid\n(?P<avoid>.+?)\n\n## Prefer\n(?P<prefer>.+?)\n\n## Why\n(?P<why>.+?)\n",
    re.DOTALL,
)
USED = frozenset(
    node.value
    for path in (ROOT / "neurosym").rglob("*.py")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
)


def mentioned() -> Iterator[str]:
    for suffix in ("*.py", "*.rules", "*.lark"):
        for path in (ROOT / "tests").rglob(suffix):
            if path.parent.name != "meta":
                yield from CODE.findall(path.read_text(encoding="utf-8"))


def test_every_code_that_is_given_has_a_page() -> None:
    assert sorted(USED - set(known_codes())) == []


def test_every_page_is_about_a_code_that_is_given() -> None:
    assert sorted(set(known_codes()) - USED) == []


def test_every_code_is_shown_by_a_test() -> None:
    assert sorted(USED - set(mentioned())) == []


@pytest.mark.parametrize("code", known_codes())
def test_every_page_says_what_it_means_what_to_avoid_what_to_prefer_and_why(code: str) -> None:
    page = code_page(code)
    assert page is not None
    match = PAGE.fullmatch(page)
    assert match is not None
    assert match["code"] == code


def test_what_is_no_code_has_no_page() -> None:
    assert code_page("NS000") is None
    assert code_page("../codes") is None
