"""The program as a process: streams that break, a key that interrupts, a terminal that is or is not there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

import pytest

from neurosym.audit.reader import LogReader
from neurosym.audit.verification import verify_log
from tests.audit.world import write_small_log

WORLD = Path(__file__).parent.parent / "scripts" / "world"
PROGRAM = [sys.executable, "-W", "error", "-c", "from neurosym.cli import main; main()"]
PLAIN = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "TERM"}}
PRESSES, PATIENCE = 4, 20  # how often, and seconds in between
DECIDE = ["decide", "house", "screen", "--facts", "facts.json", "--input"]

needs_posix = pytest.mark.skipif(os.name != "posix", reason="pipes, signals and terminals of POSIX")


def run(*arguments: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    options: dict[str, object] = {"cwd": WORLD, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.run([*PROGRAM, *arguments], check=False, **options)  # type: ignore[call-overload, no-any-return]


def test_the_installed_script_is_the_program() -> None:
    script = Path(sys.executable).with_name("neurosym")
    if not script.exists():
        pytest.skip("the package is not installed here: no `neurosym` beside the interpreter")
    ended = subprocess.run([script, "--version"], capture_output=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, f"neurosym {version('neurosym')}\n".encode())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["code", "NS501"], 0),
        (["check", "nowhere"], 1),
        (["code", "NS000"], 2),
        ([*DECIDE, "ann.json", "--format", "json"], 3),
        (["log", "verify", "nowhere.db"], 4),
    ],
)
def test_the_process_ends_with_the_code(arguments: list[str], code: int) -> None:
    ended = run(*arguments)
    assert ended.returncode == code
    assert b"Traceback" not in ended.stderr


@needs_posix
def test_a_reader_that_goes_away_is_no_crash() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = run("code", "NS501", stdout=writing)
    finally:
        os.close(writing)
    assert ended.returncode == 141
    assert ended.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_disk_is_a_failure(form: str, tmp_path: Path) -> None:
    write_small_log(tmp_path / "small.db")
    arguments = ["log", "verify", str(tmp_path / "small.db"), "--format", form]
    with Path("/dev/full").open("wb") as full:
        ended = run(*arguments, stdout=full)
        assert ended.returncode == 4
        assert b"the output cannot be written" in ended.stderr
        assert run(*arguments, stdout=full, stderr=full).returncode == 4


@needs_posix
def test_a_closed_standard_output_is_a_failure() -> None:
    ended = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *PROGRAM, "code", "NS501"], cwd=WORLD, stderr=subprocess.PIPE, check=False
    )
    assert ended.returncode == 4
    assert ended.stderr == b"failure: standard output is closed\n"


def interrupted(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """What a program wrote that was interrupted. Python does not see an interrupt that falls just before it begins to
    wait for something to read; so whoever waits presses the key once more.
    """
    for _ in range(PRESSES):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=PATIENCE)
    process.kill()
    raise AssertionError("interrupts do not end it")


@needs_posix
def test_an_interrupt_ends_with_a_line_and_leaves_a_log_that_verifies(tmp_path: Path) -> None:
    pipe = tmp_path / "input.json"
    os.mkfifo(pipe)
    # The interrupt may fall between opening a file and closing it, of which Python would warn.
    command = [*PROGRAM, *DECIDE, str(pipe), "--log", str(tmp_path / "decisions.db")]
    command[command.index("error")] = "ignore"
    with (
        subprocess.Popen(command, cwd=WORLD, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
        pipe.open("wb"),  # opens once the program reads
    ):
        written, said = interrupted(process)
    assert (process.returncode, written, said) == (130, b"", b"interrupted\n")
    with LogReader.open(tmp_path / "decisions.db") as log:
        assert verify_log(log).is_consistent


@contextmanager
def terminal() -> Iterator[tuple[int, int]]:
    """The two ends of a terminal: what shows, and what is written to."""
    shown, written = os.openpty()
    try:
        yield shown, written
    finally:
        os.close(shown)
        os.close(written)


def seen_on_terminal(*arguments: str, stream: str, **environment: str) -> str:
    """What somebody at a terminal sees of one stream, the other being a pipe."""
    with terminal() as (shown, written):
        run(*arguments, **{stream: written}, env={**PLAIN, "TERM": "xterm", **environment})
        os.write(written, b"\x04")
        seen = b""
        while not seen.endswith(b"\x04"):
            seen += os.read(shown, 65536)
        return seen.decode()


@needs_posix
def test_diagnostics_have_colour_on_a_terminal_unless_nobody_wants_it() -> None:
    assert "\x1b[1;31merror[NS217]" in seen_on_terminal("check", "nowhere", stream="stdout")
    assert "\x1b" not in seen_on_terminal("check", "nowhere", stream="stdout", NO_COLOR="1")
    assert b"\x1b" not in run("check", "nowhere", env={**PLAIN, "TERM": "xterm"}).stdout


@needs_posix
def test_progress_is_shown_on_a_terminal_and_leaves_the_pipe_alone() -> None:
    seen = seen_on_terminal("test", "house", "--format", "json", stream="stderr")
    assert "running scenarios [############............]  50% of 2" in seen
