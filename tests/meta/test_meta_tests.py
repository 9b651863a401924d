"""How tests are written: none sleeps, none replaces our code by a mock."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.meta.package_code import ROOT

FILES = sorted((ROOT / "tests").rglob("*.py"))
MOCKS = frozenset({"unittest.mock", "mock", "pytest_mock"})


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def called(path: Path) -> set[str]:
    return {ast.unparse(node.func).rpartition(".")[2] for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}


def test_every_file_of_tests_has_a_name_of_its_own() -> None:
    names = [path.name for path in FILES if path.name.startswith("test_")]
    assert sorted(names) == sorted(set(names))


def test_no_test_sleeps() -> None:
    assert not [str(path) for path in FILES if "sleep" in called(path)]


def test_no_test_replaces_code_by_a_mock() -> None:
    assert not [str(path) for path in FILES if imported(path) & MOCKS]
