"""SQLite's errors in our words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from neurosym.text.failure import LogCorruptError, LogError

# Our statements are fixed, so SQLITE_ERROR (no such table, malformed schema) speaks of the file as well.
CONTENT = ("SQLITE_CORRUPT", "SQLITE_ERROR", "SQLITE_FORMAT", "SQLITE_MISMATCH")
WORDS = {
    "SQLITE_NOTADB": "it is no SQLite database, so it is no log",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "it may only be read",
    "SQLITE_BUSY": "another program is writing to it and does not finish",
    "SQLITE_LOCKED": "another part of this program is writing to it",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_PERM": "it may not be opened",
    "SQLITE_IOERR": "reading or writing the file failed",
    "SQLITE_CONSTRAINT": "what is to be written stands there already",
}


@contextmanager
def log_errors(path: Path) -> Iterator[None]:
    """LogError, or LogCorruptError where the content of the file is at fault, in the place of SQLite's errors."""
    try:
        yield
    except sqlite3.Error as error:
        raise log_error(path, error) from error
    except UnicodeDecodeError as error:
        # A damaged schema may put bytes into SQLite's message that the Python module cannot decode.
        raise LogCorruptError(f"the log `{path}` is damaged: SQLite says so in a text that is no UTF-8") from error


def log_error(path: Path, error: sqlite3.Error) -> LogError:
    """What an error of SQLite means for the log at `path`."""
    name: str = getattr(error, "sqlite_errorname", "")  # errors of the Python module itself have none
    if name.startswith(CONTENT):
        return LogCorruptError(f"the log `{path}` is damaged: {error}")
    words = next((words for code, words in WORDS.items() if name.startswith(code)), str(error))
    return LogError(f"the log `{path}` cannot be used: {words}")
