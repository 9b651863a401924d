"""The tools that check the code, each with its settings in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.meta.package_code import ROOT

LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


def report(*command: str) -> str:
    """What a tool says about the checkout, empty when it is content."""
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_linter_finds_nothing() -> None:
    assert not report("-m", "ruff", "check", "--no-cache")


def test_the_formatter_would_change_nothing() -> None:
    assert not report("-m", "ruff", "format", "--check", "--no-cache")


def test_imports_keep_to_the_layers_and_the_doors() -> None:
    assert not report("-c", LINT_IMPORTS, "--no-cache")


@pytest.mark.slow
def test_the_types_hold() -> None:
    assert not report("-m", "mypy")
