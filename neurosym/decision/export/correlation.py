"""Names that several exports of one log share: derived from what the log holds, the same in every run."""

from __future__ import annotations

from neurosym.audit.entry import Entry
from neurosym.values.canonical import digest

TRACE_DIGITS, SPAN_DIGITS = 32, 16  # W3C Trace Context §3.2.2: 16 bytes and 8 bytes, in hexadecimal


def trace_id(origin: str, entry: Entry) -> str:
    """The trace of everything that was done for the entry's decision."""
    return _hexadecimal(["trace", origin, entry.decision or entry.seq], TRACE_DIGITS)


def span_id(origin: str, entry: Entry) -> str:
    """The span of what one entry records."""
    return _hexadecimal(["span", origin, entry.seq], SPAN_DIGITS)


def _hexadecimal(of: list[str | int], digits: int) -> str:
    return digest([*of]).removeprefix("sha256:")[:digits]
