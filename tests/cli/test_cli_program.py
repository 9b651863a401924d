"""The commands: which there are, what they take, and how what ends them becomes an exit code."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import click
import pytest
from click.testing import CliRunner

from neurosym.cli.exit_code import ExitCode, exit_code_of
from neurosym.cli.program import COMMANDS, program
from neurosym.text.failure import (
    Failure,
    InputError,
    LimitError,
    LogCorruptError,
    LogError,
    NeurosymError,
    ProviderError,
    ReplayError,
    RulesetError,
)

# The contract: design, "Command line". Flags of later work are absent, not ignored.
FLAGS = {
    "demo": {"--log", "--log-key", "--judges"},
    "check": {"--emit", "--second-opinion", "--format"},
    "test": {"--format"},
    "code": set(),
    "decide": {
        *("--input", "--facts", "--graph", "--on", "--answers", "--judges", "--log", "--log-key", "--data-keys"),
        *("--reference", "--second-opinion", "--batch", "--workers", "--output", "--format"),
    },
    "bench": {"--input", "--facts", "--graph", "--on", "--answers", "--rounds", "--seconds", "--format"},
    "explain": {"--why", "--missing", "--row", "--data-keys", "--format"},
    "replay": {"--ruleset", "--html", "--workers", "--data-keys", "--format"},
    "log verify": {"--key", "--anchor", "--witness", "--certificates", "--format"},
    "log checkpoint": {"--log-key", "--data-keys"},
    "log prove": {"--row"},
    "log anchor": {"--anchors"},
    "log succeed": {"--checkpoint", "--log-key", "--data-keys"},
    "log erase": {"--subject", "--decision", "--reason", "--as", "--log-key", "--data-keys"},
    "log hold": {"--subject", "--decision", "--reason", "--as", "--log-key", "--data-keys"},
    "log release": {"--reason", "--as", "--log-key", "--data-keys"},
    "log seal": {"--period", "--as", "--log-key", "--data-keys"},
    "log expire": {"--keep", "--dry-run", "--as", "--log-key", "--data-keys"},
    "log rotate": {"--new-key", "--as", "--log-key", "--data-keys"},
    "log extract": {"--as", "--content", "--redacted", "--output", "--data-keys"},
    "log export": {"--redacted", "--log-key", "--data-keys", "--format"},
    "witness": {"--key", "--name", "--state", "--log", "--listen"},
    "review list": {"--review", "--mine", "--overdue", "--unclaimed", "--as", "--after", "--limit", "--format"},
    "review show": {"--review", "--format"},
    "review claim": {"--review", "--as"},
    "review release": {"--review", "--as"},
    "review assign": {"--review", "--as", "--to", "--to-nobody"},
    "judgments calibrate": {"--ruleset", "--labels", "--judges", "--tier", "--out", "--expires", "--format"},
    "judgments labels": {"--ruleset", "--out", "--data-keys"},
    "judgments distill": {"--ruleset", "--labels", "--log", "--data-keys", "--judges", "--out", "--format"},
    "judgments probe": {"--judges", "--tier", "--format"},
    "judgments redteam": {"--ruleset", "--labels", "--judges", "--tier", "--cases", "--corpus", "--format"},
    "judgments report": {"--html", "--data-keys", "--format"},
    "review answer": {
        *("--review", "--log", "--log-key", "--data-keys", "--as", "--quote", "--reason", "--cannot-tell"),
    },
}
ERRORS = {
    RulesetError([]): 1,
    InputError([]): 1,
    LimitError(""): 4,
    ProviderError(""): 4,
    ReplayError(""): 4,
    LogError(""): 4,
    Failure(""): 4,
    LogCorruptError(""): 5,
}


def command(words: str) -> click.Command:
    found: click.Command = program
    for word in words.split():
        assert isinstance(found, click.Group)
        inner = found.get_command(click.Context(found), word)
        assert inner is not None
        found = inner
    return found


def test_every_command_of_the_overview_is_tested_here() -> None:
    assert set(COMMANDS) == {words.split()[0] for words in FLAGS}


@pytest.mark.parametrize("words", FLAGS)
def test_a_command_has_the_flags_of_the_contract(words: str) -> None:
    options = [each for each in command(words).params if isinstance(each, click.Option)]
    assert {flag for option in options for flag in option.opts} == FLAGS[words]


@pytest.mark.parametrize("words", FLAGS)
def test_a_command_explains_itself_and_its_flags(words: str) -> None:
    found = command(words)
    assert found.help
    assert all(option.help for option in found.params if isinstance(option, click.Option))


@pytest.mark.parametrize("name", list(COMMANDS))
def test_the_overview_leads_to_the_command_that_does_what_it_says(name: str) -> None:
    found = command(name)
    assert found.name == name
    assert str(found.help).split()[0] == COMMANDS[name].summary.split()[0]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_every_error_has_the_exit_code_of_the_contract(error: NeurosymError) -> None:
    assert exit_code_of(error) == ERRORS[error]


def test_no_error_ends_a_command_as_if_all_were_well() -> None:
    kinds = [NeurosymError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    ending = {exit_code_of(kind.__new__(kind)) for kind in kinds}
    assert ending == {ExitCode.PROBLEMS, ExitCode.FAILURE, ExitCode.NOT_VERIFIED}


def test_the_version_is_that_of_the_package() -> None:
    shown = CliRunner().invoke(program, ["--version"])
    assert shown.stdout == f"neurosym {version('neurosym')}\n"


@pytest.mark.parametrize("arguments", [["--help"], ["code", "NS501"], ["chek"]])
def test_what_needs_no_engine_loads_none(arguments: list[str]) -> None:
    code = f"""
import sys
from neurosym.cli.program import program
try:
    program({arguments!r})
except SystemExit:
    pass
loaded = [name for name in sys.modules if name.startswith(("neurosym.decision", "pydantic", "lark", "rdflib"))]
assert not loaded, loaded
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.parametrize("code", ["NS517", "NS518", "NS519"])
def test_a_code_is_found_in_either_case(code: str) -> None:
    for name in (code, code.lower()):
        assert CliRunner().invoke(program, ["code", name]).stdout.startswith(f"# {code}: ")
