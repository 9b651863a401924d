"""The closest known name to a misspelt one."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


LIKENESS_MIN = 0.6  # below, a suggestion would only puzzle


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None when none is like it; equal closeness goes to the first by alphabet."""
    found = [(-_likeness(name.casefold(), candidate.casefold()), candidate) for candidate in known]
    likely = [each for each in found if -each[0] >= LIKENESS_MIN]
    return min(likely)[1] if likely else None


def _likeness(left: str, right: str) -> float:
    return SequenceMatcher(None, right, left).ratio()


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """The help line that suggests the closest name, or None."""
    close = closest(name, known)
    return f"did you mean `{close}`?" if close else None
