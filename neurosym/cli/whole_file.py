"""Files that are whole or not there."""

from __future__ import annotations

from pathlib import Path

from neurosym.text.failure import Failure


def write_whole(file: Path, content: bytes) -> None:
    """Write the file beside where it belongs, then put it there; a Failure when that is not possible."""
    beside = file.with_name(f".{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(file)
    except OSError as error:
        raise Failure(f"`{file}` cannot be written: {error.strerror}") from error
