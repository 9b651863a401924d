"""Work that is shared out to processes: what is found is the same, and whatever ends it ends all of it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from neurosym.decision.partition import AHEAD, Part, ProcessLostError, Work, shared_out, usable_processors
from neurosym.text.diagnostic import Diagnostic, Severity
from neurosym.text.failure import DiagnosticsError, InputError, LogCorruptError, NeurosymError

PATIENCE_S = 60  # until a process that should have ended counts as one that never will
PRESSES = 5  # Python does not see an interrupt that falls just before it begins to wait
needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals and named pipes are POSIX's")
DIAGNOSTIC = Diagnostic("NS518", Severity.ERROR, "no such decision")
ERRORS = (InputError([DIAGNOSTIC]), LogCorruptError("entry 4 is missing"), ValueError("not ours"))
BLOCKED = """
import sys
from functools import partial
from neurosym.decision.partition import shared_out
from tests.decision.test_decision_partition import waiting

if __name__ == "__main__":
    try:
        list(shared_out(partial(waiting, sys.argv[1]), [[1], [2], [3]], 2))
    except KeyboardInterrupt:
        sys.exit("interrupted")
"""


@contextmanager
def squaring() -> Iterator[Work[int]]:
    yield lambda part: [each * each for each in part]


@contextmanager
def naming() -> Iterator[Work[tuple[int, list[int]]]]:
    """Each part with the process that had it, which names the parts it had before."""
    before: list[int] = []

    def work(part: Part) -> list[tuple[int, list[int]]]:
        before.extend(part)
        return [(os.getpid(), [*before])]

    yield work


@contextmanager
def failing(error: BaseException, at: int) -> Iterator[Work[int]]:
    def work(part: Part) -> list[int]:
        if at in part:
            raise error
        return [*part]

    yield work


def never_ready(error: NeurosymError) -> AbstractContextManager[Work[int]]:
    raise error


@contextmanager
def dying(at: int) -> Iterator[Work[int]]:
    def work(part: Part) -> list[int]:
        if at in part:
            os.kill(os.getpid(), signal.SIGKILL)
        return [*part]

    yield work


@contextmanager
def waiting(pipe: str) -> Iterator[Work[int]]:
    """Work that never ends, at which it is once it reads from the pipe."""

    def work(part: Part) -> list[int]:
        Path(pipe).read_bytes()
        return [*part]

    yield work


@pytest.mark.parametrize(("processes", "length"), [(1, 1), (1, 7), (2, 7), (3, 1)])
def test_what_is_found_comes_in_the_order_of_the_parts(processes: int, length: int) -> None:
    parts = [range(first, first + length) for first in range(0, 70, length)]
    assert list(shared_out(squaring, parts, processes)) == [each * each for each in range(70)]


def test_one_process_is_this_one() -> None:
    assert list(shared_out(naming, [[1], [2]], 1)) == [(os.getpid(), [1]), (os.getpid(), [1, 2])]


def test_one_part_needs_no_other_process() -> None:
    assert list(shared_out(naming, [[1]], 8)) == [(os.getpid(), [1])]


def test_of_no_parts_nothing_is_found() -> None:
    assert list(shared_out(squaring, [], 2)) == []


def test_a_process_readies_itself_once_and_takes_part_after_part() -> None:
    found = list(shared_out(naming, [[each] for each in range(20)], 2))
    last = dict(found)  # by process
    assert os.getpid() not in last
    assert len(last) <= 2
    assert sorted(part for parts in last.values() for part in parts) == [*range(20)]


def test_few_parts_are_given_out_before_what_is_found_is_taken() -> None:
    taken: list[int] = []

    def parts() -> Iterator[Part]:
        for each in range(1_000):
            taken.append(each)
            yield [each]

    with closing(shared_out(squaring, parts(), 2)) as found:
        assert next(found) == 0
        assert len(taken) <= 2 * AHEAD + 1


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_what_is_raised_in_a_process_is_raised_here(error: Exception, processes: int) -> None:
    found = shared_out(partial(failing, error, 2), [[1], [2], [3]], processes)
    assert next(found) == 1
    with pytest.raises(type(error)) as raised:
        list(found)
    assert type(raised.value) is type(error)
    assert str(raised.value) == str(error)
    if isinstance(raised.value, DiagnosticsError):
        assert raised.value.diagnostics == (DIAGNOSTIC,)


def test_what_keeps_a_process_from_beginning_is_raised_here() -> None:
    with pytest.raises(LogCorruptError, match="entry 4"):
        list(shared_out(partial(never_ready, LogCorruptError("entry 4 is missing")), [[1], [2]], 2))


@needs_posix
def test_a_process_that_is_killed_is_a_failure() -> None:
    with pytest.raises(ProcessLostError, match="ended from outside"):
        list(shared_out(partial(dying, 2), [[1], [2], [3]], 2))
    assert multiprocessing.active_children() == []


@needs_posix
def test_whoever_does_not_want_the_rest_ends_the_processes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found = shared_out(partial(first_then_waiting, str(pipe)), [[each] for each in range(9)], 2)
    assert next(found) == 0
    with pipe.open("wb"):  # opens once another part is at work
        found.close()
        assert multiprocessing.active_children() == []


@contextmanager
def first_then_waiting(pipe: str) -> Iterator[Work[int]]:
    with waiting(pipe) as wait:
        yield lambda part: [0] if 0 in part else wait(part)


@contextmanager
def blocked(pipe: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program in a group of its own whose processes are at work that never ends."""
    os.mkfifo(pipe)
    script = pipe.with_name("blocked.py")
    script.write_text(BLOCKED, encoding="utf-8")
    root = str(Path(__file__).resolve().parents[2])
    with subprocess.Popen(
        [sys.executable, str(script), str(pipe)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": root},
    ) as process:
        try:
            with pipe.open("wb"):  # opens once somebody reads
                yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@needs_posix
def test_an_interrupt_is_answered_once_and_ends_every_process(tmp_path: Path) -> None:
    with blocked(tmp_path / "pipe") as process:
        ended = None
        for _ in range(PRESSES):
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does it
            with suppress(subprocess.TimeoutExpired):
                # Ends when nobody holds the streams any more.
                ended = process.communicate(timeout=PATIENCE_S / PRESSES)
                break
    assert (process.returncode, ended) == (1, (b"", b"interrupted\n"))


@needs_posix
def test_processes_end_when_the_one_that_gave_out_the_work_is_killed(tmp_path: Path) -> None:
    with blocked(tmp_path / "pipe") as process:
        process.kill()
        process.communicate(timeout=PATIENCE_S)
    assert process.returncode == -signal.SIGKILL


def test_there_is_a_processor_to_use() -> None:
    assert usable_processors() >= 1
