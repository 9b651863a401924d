"""A folder of files that nobody but its owner can have written: what lies elsewhere, or belongs to others, is not read.

Where a system has no owners and modes there is no such folder.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SHARED = stat.S_IWGRP | stat.S_IWOTH
FOLDER_MODE, FILE_MODE = 0o700, 0o600
BYTES_MAX = 1 << 28
FILES_MAX = 128  # the least recently used go first


class PrivateFolder:
    """Files by name. A read gives None and a write does nothing where that is impossible or cannot be trusted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str) -> bytes | None:
        """The content of a file that we own and others cannot write to, else None."""
        with suppress(OSError), self._opened() as folder:
            file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, dir_fd=folder)
            with os.fdopen(file, "rb") as stream:
                status = os.fstat(file)
                if stat.S_ISREG(status.st_mode) and _is_ours_alone(status) and status.st_size <= BYTES_MAX:
                    os.utime(file)
                    return stream.read(BYTES_MAX)
        return None

    def write(self, name: str, content: bytes) -> None:
        """Put a file in its place, whole or not at all."""
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                self.path.mkdir(mode=FOLDER_MODE)
            with self._opened() as folder:
                self._write(folder, name, content)
                _remove_oldest(folder)

    def _write(self, folder: int, name: str, content: bytes) -> None:
        draft = f".{name}.{secrets.token_hex(8)}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        file = os.open(draft, flags, FILE_MODE, dir_fd=folder)
        try:
            with os.fdopen(file, "wb") as stream:
                stream.write(content)
            os.replace(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError:
            os.unlink(draft, dir_fd=folder)
            raise

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The folder as a descriptor, so that what is checked is what is used; PermissionError when it is not ours."""
        if not hasattr(os, "geteuid"):
            raise PermissionError(f"nobody owns `{self.path}`")
        folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            if not _is_ours_alone(os.fstat(folder)):
                raise PermissionError(f"others may have written to `{self.path}`")
            yield folder
        finally:
            os.close(folder)


def _is_ours_alone(status: os.stat_result) -> bool:
    return status.st_uid == os.geteuid() and not status.st_mode & SHARED


def _remove_oldest(folder: int) -> None:
    with os.scandir(folder) as found:
        files = sorted((each.stat(follow_symlinks=False).st_mtime_ns, each.name) for each in found)
    for _, name in files[:-FILES_MAX]:
        os.unlink(name, dir_fd=folder)
