"""Commands that take the address of a server where they take a log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from neurosym.cli.program import program
from tests.postgres import Server

WORLD = Path(__file__).resolve().parents[1] / "scripts" / "world"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, [str(each) for each in arguments], catch_exceptions=False)


@pytest.fixture
def places(postgres: Server, tmp_path: Path) -> tuple[str, list[str | Path]]:
    """The addresses of a log and its keys, as options name them; the log has a decision."""
    address, keys = postgres.new_database(), postgres.new_database()
    options: list[str | Path] = ["--log-key", tmp_path / "log.key", "--data-keys", keys]
    inputs = ("--input", WORLD / "bob.json", "--facts", WORLD / "facts.json")
    made = run("decide", WORLD / "house", "screen", *inputs, "--log", address, *options)
    assert (made.exit_code, "(logged)" in made.output) == (0, True)
    return address, options


def test_a_log_on_a_server_is_verified_replayed_explained_and_exported(
    places: tuple[str, list[str | Path]], tmp_path: Path
) -> None:
    address, options = places
    data_keys = options[2:]
    assert json.loads(run("log", "verify", address, "--format", "json").stdout)["consistent"] is True
    replayed = json.loads(run("replay", address, *data_keys, "--workers", "2", "--format", "json").stdout)
    assert replayed["counts"]["identical"] == 1
    (decision,) = replayed["decisions"]
    assert "release" in run("explain", address, decision["decision"], *data_keys).stdout
    bundle = tmp_path / "bundle.zip"
    assert run("log", "export", address, bundle, *options).exit_code == 0
    assert run("log", "verify", bundle).exit_code == 0


def test_what_is_encrypted_on_a_server_is_not_read_without_its_keys(places: tuple[str, list[str | Path]]) -> None:
    refused = run("replay", places[0])
    assert refused.exit_code == 4
    assert "say where it lies (--data-keys)" in refused.stderr


def test_a_log_on_a_server_needs_to_be_told_where_its_keys_are(postgres: Server) -> None:
    inputs = ("--input", WORLD / "bob.json", "--facts", WORLD / "facts.json")
    refused = run("decide", WORLD / "house", "screen", *inputs, "--log", postgres.new_database())
    assert refused.exit_code == 4
    assert "say where (--log-key, --data-keys)" in refused.stderr


def test_an_address_with_a_password_is_refused_and_not_repeated() -> None:
    refused = run("log", "verify", "postgresql://me:hunter2@localhost/db")
    assert refused.exit_code != 0
    assert "hunter2" not in refused.output
    assert "password" in refused.output


def test_the_demo_keeps_its_log_in_a_file() -> None:
    refused = run("demo", "--log", "postgresql://me@localhost/db")
    assert (refused.exit_code, "the demo keeps its log in a file" in refused.stderr) == (2, True)
