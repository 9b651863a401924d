"""Pieces of the help of commands."""

from __future__ import annotations

KEEP_LINES = "\b"  # click then leaves the paragraph as it is written


def examples(*lines: str) -> str:
    """The end of a command's help: calls that can be copied."""
    return "\n".join((KEEP_LINES, "Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)))
