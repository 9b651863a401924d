"""The tools that check the code, each with its settings in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.meta.package_code import ROOT

LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


def expect_content(*command: str) -> None:
    """Fails with what a tool says about the checkout, unless it is content."""
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.fail(done.stdout + done.stderr, pytrace=False)


def test_the_linter_finds_nothing() -> None:
    expect_content("-m", "ruff", "check", "--no-cache")


def test_the_formatter_would_change_nothing() -> None:
    expect_content("-m", "ruff", "format", "--check", "--no-cache")


def test_imports_keep_to_the_layers_and_the_doors() -> None:
    expect_content("-c", LINT_IMPORTS, "--no-cache")


@pytest.mark.slow
def test_the_types_hold() -> None:
    expect_content("-m", "mypy")
