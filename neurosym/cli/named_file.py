"""Files named on the command line: read whole, with a diagnostic for those that cannot be."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.text.span import JsonPath
from neurosym.values.size import BYTES_MAX

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file as somebody named it; `-` is standard input."""

    path: str

    @property
    def name(self) -> str:
        """The name that people know it by; bytes of it that are no UTF-8 are written as escapes."""
        if self.path == STANDARD_INPUT:
            return "standard input"
        return os.fsencode(self.path).decode("utf-8", "backslashreplace")

    def content(self, report: Report) -> bytes | None:
        """The bytes, one more at most than any document may have; None and NS517 when they cannot be read."""
        try:
            if self.path == STANDARD_INPUT:
                return sys.stdin.buffer.read(BYTES_MAX + 1) if sys.stdin else b""
            with Path(self.path).open("rb") as file:
                return file.read(BYTES_MAX + 1)
        except OSError as error:
            report.add(_unreadable(self.name, error.strerror or str(error)))
            return None


def _unreadable(name: str, why: str) -> Diagnostic:
    advice = "check the name, or use `-` for standard input"
    return Diagnostic("NS517", Severity.ERROR, f"cannot be read: {why.lower()}", Label(JsonPath(name)), help=advice)
