"""Generated functions as they are called: within the limits, and with the author's place for what goes wrong inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from traceback import walk_tb
from typing import Any

from neurosym.engine.compiled.reach import Reach
from neurosym.engine.compiled.runtime import INEXACT
from neurosym.engine.effort import Effort
from neurosym.text.failure import InternalError

Function = Callable[..., Any]
# What generated code raises when this package is wrong; whatever it raises on purpose is none of them.
DEFECTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RecursionError,
    TypeError,
    ValueError,
)


class Watched:
    """One of a case's generated functions: the one that counts where the other could look at too much."""

    def __init__(
        self, fast: Function | None, reach: Reach, effort: Effort, counting: Callable[[], Mapping[str, Function]]
    ) -> None:
        """Without the `fast` function, always by the one that counts."""
        self._fast = fast
        self._reach = reach
        self._effort = effort
        self._make = counting
        self._each: tuple[int, int] | None = None  # bounds for one row, where they stay the same

    def __call__(self, rows: Any, *others: Any) -> Any:
        """What the function gives; LimitError when it looks at too much, or keeps too much."""
        function = self._fast
        if function is None or not self._effort.affords(*self._bounds(len(rows))):
            function = self._counting
        try:
            return function(rows, *others)
        except INEXACT:
            raise
        except DEFECTS as error:
            raise internal_error(error, self._reach.files, self._effort.place()) from error

    def _bounds(self, rows: int) -> tuple[int, int]:
        if self._each is None and self._reach.is_constant:
            self._each = self._reach.looked(1), self._reach.kept(1)
        if self._each is not None:
            looked, kept = self._each
            return looked * rows, kept * rows
        return self._reach.looked(rows), self._reach.kept(rows)

    @cached_property
    def _counting(self) -> Function:
        return self._make()[self._reach.name]


def internal_error(error: BaseException, files: frozenset[str], place: str) -> InternalError:
    """What is said of an error of this package: the author's line that was being computed, in one of these files."""
    lines = [f"{frame.f_code.co_filename}:{number}" for frame, number in walk_tb(error.__traceback__)]
    inside = [line for line in lines if line.rpartition(":")[0] in files]
    at = f" at {inside[-1]}" if inside else ""
    return InternalError(f"internal error{at} {place}: {type(error).__name__}: {error}")
