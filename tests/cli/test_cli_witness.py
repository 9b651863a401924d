"""`neurosym witness`, as a process: it makes its key, says who it is and where, signs, and ends when it is told to."""

from __future__ import annotations

import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from neurosym.audit.checkpoint import parse_checkpoint
from neurosym.audit.key import parse_verifier_key
from neurosym.audit.log import Log
from neurosym.audit.note import Note, parse_note
from neurosym.audit.witness_request import WitnessRequest, parse_signatures
from neurosym.cli.program import program
from tests.audit.world import answer

PROGRAM = [sys.executable, "-c", "from neurosym.cli import main; main()"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(program, ["witness", *arguments])


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_log_of_ours_is_signed(tmp_path: Path, ending: signal.Signals) -> None:
    with Log.open(tmp_path / "decisions.db") as log:
        log.record(answer("one"))
        note = parse_note(log.checkpoint().encode())
        identity = log.identity
    arguments = ["witness", "--key", "witness.key", "--name", "witness.example/1", "--state", "witness.db"]
    arguments += ["--log", identity.origin, identity.vkey, "--listen", "127.0.0.1:0"]
    with subprocess.Popen([*PROGRAM, *arguments], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        vkey = served.stdout.readline().removeprefix("witness: ").strip()
        port = int(served.stdout.readline().rpartition(":")[2])
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/add-checkpoint", str(WitnessRequest(0, (), note)).encode())
        response = connection.getresponse()
        lines = response.read()
        connection.close()
        served.send_signal(ending)
        assert served.wait(20) == 0
    assert response.status == 200
    assert parse_checkpoint(note.text).size == 2
    assert Note(note.text, parse_signatures(lines)).is_signed_by(parse_verifier_key(vkey))
    assert (tmp_path / "witness.key").stat().st_mode & 0o77 == 0


def test_a_key_that_is_not_there_needs_a_name(tmp_path: Path) -> None:
    key = "log.example+b5b3bd7d+AQ9t"
    ended = run("--key", str(tmp_path / "k"), "--state", str(tmp_path / "s"), "--log", "log.example", key)
    assert ended.exit_code == 2
    assert "no Ed25519 verifier key" in ended.output
    with Log.open(tmp_path / "decisions.db") as log:
        vkey = log.identity.vkey
    ended = run("--key", str(tmp_path / "k"), "--state", str(tmp_path / "s"), "--log", "log.example", vkey)
    assert ended.exit_code == 2
    assert "a new key needs `--name NAME`" in ended.output


def test_the_key_of_a_log_is_none_of_a_witness(tmp_path: Path) -> None:
    with Log.open(tmp_path / "decisions.db") as log:
        vkey = log.identity.vkey
    key = str(tmp_path / "decisions.db.key")
    ended = run("--key", key, "--state", str(tmp_path / "s"), "--log", "log.example", vkey)
    assert ended.exit_code == 4
    assert "a witness has a key of its own" in ended.output


@pytest.mark.parametrize("address", ["8080", ":1", "host:", "host:x", "host:65536"])
def test_an_address_is_a_host_and_a_port(tmp_path: Path, address: str) -> None:
    with Log.open(tmp_path / "decisions.db") as log:
        vkey = log.identity.vkey
    arguments = ["--key", "k", "--state", "s", "--log", "log.example", vkey, "--listen", address]
    ended = run(*arguments)
    assert ended.exit_code == 2
    assert "write HOST:PORT" in ended.output
