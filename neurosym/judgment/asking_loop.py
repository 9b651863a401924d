"""The loop on which models are asked: one for a process, in a thread of its own, shared by all who decide.

Whoever decides waits in their own thread, where everything but the network happens: recording, examining, deciding
whom to ask next. So a decision may be made from any thread, one with a running loop among them.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any, TypeVar

T = TypeVar("T")


class AskingLoop:
    """An event loop in a daemon thread. It holds nothing that must be given back: askers close what they open."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="neurosym-asking", daemon=True)
        self._thread.start()

    def start(self, asking: Coroutine[Any, Any, T]) -> Future[T]:
        """The future of a coroutine that runs on the loop now."""
        return asyncio.run_coroutine_threadsafe(asking, self._loop)


_lock = Lock()
_loops: dict[int, AskingLoop] = {}  # by process: the thread of a parent is not in its child


def asking_loop() -> AskingLoop:
    """The loop of this process."""
    with _lock:
        found = _loops.get(os.getpid())
        if found is None:
            _loops.clear()
            found = _loops[os.getpid()] = AskingLoop()
        return found
