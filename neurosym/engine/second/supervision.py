"""The worker's life: started, asked, timed, killed. The one place of the engine that knows processes and time."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import IO, Any, Self

from neurosym.text.failure import Failure
from neurosym.values.canonical import Json

TIMEOUT_S = 30  # for one answer: a thousand times what an ordinary one takes
ENDING_S = 5  # until a process that says no more is gone
WORKER = Path(__file__).with_name("worker.py")


class NotInstalledError(Failure):
    """The library that gives second opinions is not installed."""


class WorkerLostError(Failure):
    """The worker was killed, ended by itself, took too long, or says that it failed."""


def stop_if_not_installed() -> None:
    """NotInstalledError unless durable-rules is there. Nothing of it is loaded here."""
    if find_spec("durable") is None:
        raise NotInstalledError(
            "a second opinion needs durable-rules, which is not installed: pip install 'neurosym[second-opinion]'"
        )


class Watch:
    """Kills a process that takes too long; `is_over` tells whether it did."""

    def __init__(self, process: subprocess.Popen[str], timeout_s: int) -> None:
        self.process = process
        self.is_over = False
        self._timer = Timer(timeout_s, self._end)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """Stop watching."""
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        self.process.kill()


class Worker:
    """A process that answers requests. Started with the first; a new one after each loss, and for each new program."""

    def __init__(self, timeout_s: int = TIMEOUT_S) -> None:
        """NotInstalledError without the library."""
        stop_if_not_installed()
        self.timeout_s = timeout_s
        self._process: subprocess.Popen[str] | None = None
        self._networks: list[Json] = []

    @property
    def pid(self) -> int | None:
        """The process, None while there is none."""
        return self._process.pid if self._process else None

    def load(self, networks: list[Json]) -> None:
        """Begin with these networks and no facts. A process never sees the networks of a second program."""
        if networks != self._networks:
            self.stop()
            self._networks = networks
        self._ask({"networks": networks})

    def matches(self, messages: list[Json]) -> list[tuple[str, list[int]]]:
        """What the messages, each with the number of its network, make match: rules, and the `uid`s of what they match.

        WorkerLostError when there is no answer within the time; then the process is gone, and with it all it was told.
        """
        return [(rule, uids) for _, rule, uids in self._ask({"tell": messages})["matches"]]

    def _ask(self, request: Json) -> dict[str, Any]:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        watch = Watch(process, self.timeout_s)
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:  # it is gone, and the exit status says how
            line = ""
        finally:
            watch.cancel()
        if not line.endswith("\n"):
            raise WorkerLostError(self._epitaph(is_late=watch.is_over))
        reply: dict[str, Any] = json.loads(line)
        if "failed" in reply:
            self.stop()
            raise WorkerLostError(f"durable-rules failed: {reply['failed']}")
        return reply

    def stop(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream)

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            # By its path, so that the process loads the library and nothing of ours; -P keeps our folder off its path.
            command = [sys.executable, "-P", str(WORKER)]
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
            )
        return self._process

    def _epitaph(self, *, is_late: bool) -> str:
        """What became of the process, which is stopped."""
        process = self._process
        assert process is not None
        try:
            status = process.wait(ENDING_S)
        except subprocess.TimeoutExpired:  # it closed its output and lives on
            process.kill()
            status = process.wait()
        self.stop()
        if is_late:
            return f"the worker was killed because it gave no answer within {self.timeout_s} seconds"
        if status < 0:
            return f"the worker was killed by signal {signal.Signals(-status).name}"
        return f"the worker ended with status {status}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _close(stream: IO[str]) -> None:
    """Close a pipe whose other end may be gone already."""
    try:
        stream.close()
    except BrokenPipeError:
        return
