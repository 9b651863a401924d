"""`neurosym log export`, and `neurosym log verify` of what it made."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from neurosym.audit.keyfile import beside, data_keys_beside
from neurosym.audit.reader import LogReader
from neurosym.cli.program import program
from tests.audit.world import tampering
from tests.decision.bundle_case import HOSTILE, logged


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return logged(tmp_path_factory.mktemp("log"))


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made.parent, tmp_path / "own")
    return tmp_path / "own" / made.name


def run(*arguments: object) -> Result:
    return CliRunner().invoke(program, ["log", *map(str, arguments)], catch_exceptions=False)


def document(*arguments: object) -> dict[str, Any]:
    found = json.loads(run(*arguments, "--format", "json").stdout)
    assert isinstance(found, dict)
    return found


def vkey_of(path: Path) -> str:
    with LogReader.open(path) as log:
        return log.identity.vkey


def ids(path: Path) -> list[str]:
    with LogReader.open(path) as log:
        return [str(entry.decision) for entry in log.decisions()]


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_what_is_exported_is_verified_by_the_same_program(made: Path, tmp_path: Path, name: str) -> None:
    ended = run("export", made, tmp_path / name)
    assert ended.exit_code == 0
    assert f"exported: {tmp_path / name}" in ended.stdout
    verified = run("verify", tmp_path / name, "--key", vkey_of(made))
    assert verified.exit_code == 0
    assert "verifies; key verified" in verified.stdout
    assert "unanchored" in verified.stdout


def test_who_exports_keys_is_told_so_and_who_exports_none_is_not(made: Path, tmp_path: Path) -> None:
    assert "hand it over like what they hold" in run("export", made, tmp_path / "full").stderr
    assert "hand it over like what they hold" not in run("export", made, tmp_path / "redacted", "--redacted").stderr


def test_decisions_are_named_by_the_beginnings_of_their_ids(made: Path, tmp_path: Path) -> None:
    first, _, third = ids(made)
    assert document("export", made, tmp_path / "two", first[:6], third)["decisions"] == 2
    assert run("verify", tmp_path / "two").exit_code == 0


def test_an_id_that_no_decision_has_is_refused_and_nothing_is_made(made: Path, tmp_path: Path) -> None:
    ended = run("export", made, tmp_path / "bundle", "zzz", ids(made)[0])
    assert ended.exit_code == 1
    assert "NS518" in ended.output
    assert not list(tmp_path.iterdir())


def test_a_log_that_does_not_verify_is_not_exported(path: Path, tmp_path: Path) -> None:
    with tampering(path) as connection:
        connection.execute("UPDATE payload SET content = zeroblob(100) WHERE seq = 1")
    ended = run("export", path, tmp_path / "bundle")
    assert ended.exit_code == 5
    assert "the log does not verify" in ended.stderr
    assert not (tmp_path / "bundle").exists()


def test_the_key_and_the_key_store_may_lie_elsewhere(path: Path, tmp_path: Path) -> None:
    key, keys = tmp_path / "log.key", tmp_path / "data.keys"
    beside(path).rename(key)
    data_keys_beside(path).rename(keys)
    assert run("export", path, tmp_path / "no").exit_code == 4
    assert run("export", path, tmp_path / "yes", "--log-key", key, "--data-keys", keys).exit_code == 0


def test_a_place_where_something_stands_is_a_failure(made: Path, tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    ended = run("export", made, tmp_path / "bundle")
    assert ended.exit_code == 4
    assert "is there already" in ended.stderr


def test_a_bundle_that_was_changed_does_not_verify_and_the_place_is_named(made: Path, tmp_path: Path) -> None:
    run("export", made, tmp_path / "bundle")
    (tmp_path / "bundle" / "README.txt").write_text("trust me")
    ended = run("verify", tmp_path / "bundle")
    assert ended.exit_code == 5
    assert "README.txt: is not what the manifest says" in ended.stdout
    found = document("verify", tmp_path / "bundle")
    assert (found["consistent"], found["problems"][0]["place"]) == (False, "README.txt")


def test_what_is_no_bundle_is_refused_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "no.zip").write_bytes(b"PK\x03\x04 and so on")
    for name in ("empty", "no.zip"):
        assert run("verify", tmp_path / name).exit_code == 5
    assert run("verify", tmp_path / "not-there").exit_code == 4


def test_a_name_in_a_bundle_neither_moves_the_cursor_nor_makes_lines(made: Path, tmp_path: Path) -> None:
    run("export", made, tmp_path / "bundle")
    (tmp_path / "bundle" / "a\x1b[2J\nb\u202e").write_bytes(b"")
    ended = run("verify", tmp_path / "bundle")
    assert ended.exit_code == 5
    assert "\x1b" not in ended.output
    assert "\u202e" not in ended.output


def test_json_is_one_document(made: Path, tmp_path: Path) -> None:
    found = document("export", made, tmp_path / "bundle")
    assert (found["consistent"], found["whole"], found["redacted"], found["decisions"]) == (True, True, False, 3)
    assert HOSTILE not in json.dumps(found)
