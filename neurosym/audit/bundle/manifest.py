"""The manifest of a bundle: the text of a signed note, which covers every other file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from neurosym.audit.bundle.layout import Extent
from neurosym.text.failure import LogCorruptError

FIRST_LINE = "neurosym bundle 1"
SCOPES = {"whole log": True, "chosen decisions": False}
PAYLOADS = {"with keys": False, "redacted": True}
LINE = re.compile(r"([0-9a-f]{64})  ([\x21-\x7e]{1,200})", re.ASCII)
HEAD_LINES = 4


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which log a bundle is of, how much of it, and the SHA-256 of each file in hexadecimal digits, by path."""

    origin: str
    extent: Extent
    files: Mapping[str, str] = field(repr=False)

    def __str__(self) -> str:
        scope = next(text for text, is_whole in SCOPES.items() if is_whole == self.extent.is_whole)
        payloads = next(text for text, redacted in PAYLOADS.items() if redacted == self.extent.is_redacted)
        files = (f"{self.files[path]}  {path}" for path in sorted(self.files))
        return "".join(f"{line}\n" for line in (FIRST_LINE, self.origin, scope, payloads, *files))


def parse_manifest(text: str) -> Manifest:
    """The manifest that the text of a note is; LogCorruptError naming the line that does not fit."""
    first, *lines = text.removesuffix("\n").split("\n")
    if first != FIRST_LINE:
        raise LogCorruptError(f"its first line is not `{FIRST_LINE}`")
    origin, scope, payloads, *entries = [*lines, "", "", ""] if len(lines) < HEAD_LINES - 1 else lines
    if not origin or scope not in SCOPES or payloads not in PAYLOADS:
        raise LogCorruptError("its first lines do not say of which log it is, and how much of it")
    return Manifest(origin, Extent(SCOPES[scope], PAYLOADS[payloads]), _files(entries))


def _files(lines: list[str]) -> Mapping[str, str]:
    files: dict[str, str] = {}
    last = ""
    for number, line in enumerate(lines, HEAD_LINES + 1):
        found = LINE.fullmatch(line)
        if found is None:
            raise LogCorruptError(f"its line {number} does not name a file as `SHA256  PATH`")
        if found[2] <= last:
            raise LogCorruptError(f"its line {number} is out of order, or names a file again")
        last = found[2]
        files[last] = found[1]
    return files
