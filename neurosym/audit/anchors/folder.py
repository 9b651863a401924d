"""A folder as an anchor: checkpoints are dropped there, one file each, and never changed.

It helps as far as whoever keeps the log cannot change it: a share of somebody else, write-once storage, a bucket with
object lock that is mounted.

```
FOLDER/sha256 of the origin, 16 digits/SIZE in 20 digits.checkpoint
```
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from neurosym.audit.anchor import check_contains
from neurosym.audit.checkpoint import parse_checkpoint
from neurosym.audit.newfile import create_file, stands
from neurosym.audit.note import NOTE_BYTES_MAX, Note, parse_note
from neurosym.audit.reader import LogReader
from neurosym.text.failure import LogCorruptError, LogError

ENDING = ".checkpoint"
FILE = re.compile(r"[0-9]{20}\.checkpoint")
FOLDER_DIGITS = 16


@dataclass(frozen=True, slots=True)
class FolderAnchor:
    """Checkpoints in a folder, those of several logs beside one another."""

    name: str
    folder: Path

    def check(self, log: LogReader) -> None:
        """LogCorruptError when the newest checkpoint there contradicts the log."""
        newest = self._newest(log)
        if newest is not None:
            check_contains(log, read_checkpoint(newest), str(newest))

    def submit(self, log: LogReader) -> str:
        """Drop the newest checkpoint; one of the same size stays as it is."""
        self.check(log)
        content = log.checkpoint().encode()
        place = self.file(log, parse_checkpoint(parse_note(content).text).size)
        is_new = self.keep(place, content)
        return f"{'dropped' if is_new else 'was there already'}: {place}"

    def file(self, log: LogReader, size: int, ending: str = ENDING) -> Path:
        """Where the checkpoint of a size lies."""
        return self._folder_of(log) / f"{size:020}{ending}"

    def keep(self, place: Path, content: bytes) -> bool:
        """True when the file is new. LogError when it cannot be written."""
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LogError(f"cannot create `{place.parent}`: {error.strerror or error}") from error
        return create_file(place, lambda draft: _write(draft, content))

    def _newest(self, log: LogReader) -> Path | None:
        folder = self._folder_of(log)
        if not stands(folder):
            return None
        return max((each for each in folder.iterdir() if FILE.fullmatch(each.name)), default=None)

    def _folder_of(self, log: LogReader) -> Path:
        return self.folder / sha256(log.identity.origin.encode()).hexdigest()[:FOLDER_DIGITS]


def read_checkpoint(path: Path) -> Note:
    """The note in a file. LogError when it cannot be read, LogCorruptError when it is none."""
    try:
        with path.open("rb") as file:
            content = file.read(NOTE_BYTES_MAX + 1)
    except OSError as error:
        raise LogError(f"`{path}` cannot be read: {error.strerror or error}") from error
    try:
        return parse_note(content)
    except LogCorruptError as error:
        raise LogCorruptError(f"`{path}`: {error}") from error


def _write(draft: Path, content: bytes) -> None:
    draft.write_bytes(content)
