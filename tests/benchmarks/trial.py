"""What is timed: a trial, made ready before the clock runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

Answer = TypeVar("Answer")
Trial: TypeAlias = Callable[[], Answer]
# Gives a trial for one run. What rules need was done before; what one run leaves behind is none of the next.
Ready: TypeAlias = Callable[[], Trial[Answer]]


@dataclass(frozen=True, slots=True)
class Measured(Generic[Answer]):
    """The answer of a trial that reads a gauge of its own, such as the memory of a process it starts."""

    answer: Answer
    value: float


def repeatable(trial: Trial[Answer]) -> Ready[Answer]:
    """A trial that leaves nothing behind, for any number of runs."""
    return lambda: trial
