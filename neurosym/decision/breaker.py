"""A tier that does not answer is left alone for a while (the pattern known as circuit breaker): with a provider down,
decisions go on to the next tier, or to persons, without each of them waiting for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Lock

FAILURES_MAX = 3  # in a row
REST_SECONDS = 30


class Breaker:
    """How the tiers of an engine do, for all its decisions, in however many threads.

    INVARIANT: while a tier rests, one request at most is let through in `REST_SECONDS`; an answer ends the rest.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        """`seconds` tells the time, from whenever it begins."""
        self._seconds = seconds
        self._lock = Lock()
        self._failures: Counter[str] = Counter()  # in a row, by tier
        self._rests_until: dict[str, float] = {}

    def refusal(self, tier: str) -> str | None:
        """Why the tier is not asked now, or None: then whoever asked for it is let through."""
        with self._lock:
            until = self._rests_until.get(tier)
            if until is None:
                return None
            now = self._seconds()
            if now < until:
                return f"{FAILURES_MAX} attempts in a row failed, and the tier rests for {REST_SECONDS} seconds"
            self._rests_until[tier] = now + REST_SECONDS
            return None

    def note(self, tier: str, *, has_failed: bool) -> None:
        """Take note of how a request ended."""
        with self._lock:
            if not has_failed:
                self._failures.pop(tier, None)
                self._rests_until.pop(tier, None)
                return
            self._failures[tier] += 1
            if self._failures[tier] >= FAILURES_MAX:
                self._rests_until[tier] = self._seconds() + REST_SECONDS
