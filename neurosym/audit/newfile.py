"""Files that appear whole or not at all, and never in the place of another."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from neurosym.text.failure import LogError

BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite may leave beside a database


def create_file(path: Path, write: Callable[[Path], None]) -> bool:
    """True when `write` made the file and it now stands at `path`; False when something stood there already.

    It is written under another name first and linked into place, so that nobody ever sees half of it, and of two who
    create it at once one wins. Only the owner may read it. LogError when it cannot be made.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise _cannot_create(path, error) from error
    draft = Path(name)
    try:
        write(draft)
        os.link(draft, path)
        _sync_folder(path.parent)
    except FileExistsError:
        return False
    except OSError as error:
        raise _cannot_create(path, error) from error
    finally:
        for ending in BESIDE:
            Path(f"{draft}{ending}").unlink(missing_ok=True)
    return True


def stands(path: Path) -> bool:
    """True when there is something at `path`; LogError when that cannot be known."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise LogError(f"`{path}` cannot be reached: {error.strerror or error}") from error
    return True


def _sync_folder(folder: Path) -> None:
    # A file is safe against a power cut only when its name is.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _cannot_create(path: Path, error: OSError) -> LogError:
    return LogError(f"cannot create `{path}`: {error.strerror or error}")
