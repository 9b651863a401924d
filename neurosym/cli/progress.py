"""Progress of long work: on a terminal, and never in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import click

from neurosym.cli.output import is_terminal

WIDTH = 24
CLEAR = "\r\x1b[K"


class Progress:
    """A line on standard error that says how far the work is, and is gone when it ends.

    With a name alone it says what is being done; call it with how many are done, and of how many, to say more.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._is_shown = is_terminal(sys.stderr)
        self._shown = ""

    def __enter__(self) -> Self:
        self._show(f"{self.name} ...")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._show("")

    def __call__(self, done: int, total: int) -> None:
        """Say how far it is; the line is written only when it changes by a percent or a step of the bar."""
        if self._is_shown:
            share = done / total if total else 1
            filled = round(share * WIDTH)
            self._show(f"{self.name} [{'#' * filled}{'.' * (WIDTH - filled)}] {int(share * 100):3}% of {total}")

    def so_far(self, count: int, what: str) -> None:
        """Say how many there were already, where nobody knows how many there will be."""
        self._show(f"{self.name}: {count} {what} so far")

    def reached(self, one: int, of: Sequence[int]) -> None:
        """Say that the work on several has come to this one of them."""
        self(of.index(one) + 1, len(of))

    def _show(self, line: str) -> None:
        if self._is_shown and line != self._shown:
            click.echo(f"{CLEAR}{line}", nl=False, err=True)
            self._shown = line
