"""What type checkers make of a user's program: precise types, and a complaint where it is mistaken."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.meta.package_code import PACKAGE, ROOT

USER_CODE = ROOT / "tests" / "typing" / "user_code.txt"
LINES = USER_CODE.read_text(encoding="utf-8").splitlines()
REVEALED = re.compile(r"\s*reveal_type\(.*\)  # (?P<type>.+)$")
MISTAKEN = re.compile(r".*  # error$")
MYPY_LINE = re.compile(r"[^:]+:(?P<line>\d+): (?P<kind>note|error): (?P<text>.*)")
SAID = re.compile(r'Revealed type is "(?P<mypy>.*)"$|Type of ".*" is "(?P<pyright>.*)"$')
# Names as each checker writes them in full.
MODULE = re.compile(r"\b(?:[a-z_]\w*\.)+(?=\w)")


def expected_types() -> dict[int, str]:
    found = {number: REVEALED.match(line) for number, line in enumerate(LINES, start=1)}
    return {number: match["type"] for number, match in found.items() if match is not None}


def mistaken_lines() -> set[int]:
    return {number for number, line in enumerate(LINES, start=1) if MISTAKEN.match(line)}


def simple(type_: str) -> str:
    """A type as the comments write it: names alone, aliases by their name."""
    return MODULE.sub("", type_).replace("NewType ", "")


def revealed(said: dict[int, str]) -> dict[int, str]:
    matches = {line: SAID.match(text) for line, text in said.items()}
    return {line: simple(match["mypy"] or match["pyright"]) for line, match in matches.items() if match}


def is_expected(found: str, expected: str) -> bool:
    """Whether the type is the one; `Json` is a recursive alias, which each checker spells out its own way."""
    pattern = re.escape(expected).replace("Json", ".*")
    return re.fullmatch(pattern, found) is not None


def assert_as_expected(types: dict[int, str], errors: set[int]) -> None:
    wrong = {
        line: (types.get(line), expected)
        for line, expected in expected_types().items()
        if not is_expected(types.get(line, ""), expected)
    }
    assert wrong == {}
    assert errors == mistaken_lines()
    assert len(mistaken_lines()) == 6


def test_the_package_says_that_it_has_types() -> None:
    assert (PACKAGE / "py.typed").exists()


@pytest.mark.slow
def test_mypy_understands_a_users_program(tmp_path: Path) -> None:
    program = tmp_path / "user_code.py"
    program.write_text("\n".join(LINES))
    options = ["--strict", "--no-error-summary", "--no-pretty", "--hide-error-context", "--config-file", os.devnull]
    cache = ["--cache-dir", str(ROOT / ".mypy_cache" / "user")]
    command = [sys.executable, "-m", "mypy", *options, *cache, str(program)]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    said = [match for line in done.stdout.splitlines() if (match := MYPY_LINE.match(line))]
    assert said, done.stderr
    types = {int(match["line"]): match["text"] for match in said if match["kind"] == "note"}
    assert_as_expected(revealed(types), {int(match["line"]) for match in said if match["kind"] == "error"})


@pytest.mark.slow
def test_pyright_understands_a_users_program(tmp_path: Path) -> None:
    program = tmp_path / "user_code.py"
    program.write_text("\n".join(LINES))
    settings = {
        "typeCheckingMode": "standard",
        "extraPaths": [str(ROOT)],
        "reportAttributeAccessIssue": "error",
        "reportUnusedExpression": "none",
        "pythonVersion": "3.11",
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable, str(program)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    said = json.loads(done.stdout)["generalDiagnostics"]
    lines = [(each["range"]["start"]["line"] + 1, each["severity"], each["message"]) for each in said]
    types = {line: message for line, severity, message in lines if severity == "information"}
    assert_as_expected(revealed(types), {line for line, severity, _ in lines if severity == "error"})
