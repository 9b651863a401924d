"""The package's own modules, read as syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "neurosym"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the package: its dotted name, its text and its syntax."""

    name: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def package(self) -> str:
        """The name of the layer: `feel` of `neurosym.feel.lexer`, empty for the package itself."""
        return self.name.split(".")[1] if "." in self.name else ""

    def functions(self) -> Iterator[tuple[str, int]]:
        """Every function with the number of its lines."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield f"{self.name}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every imported module with its line, wherever the import stands."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module, node.lineno


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package, by name."""
    return tuple(_module(path) for path in sorted(PACKAGE.rglob("*.py")))


def _module(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text(encoding="utf-8")
    return Module(name, text, ast.parse(text))
