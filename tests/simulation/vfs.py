"""SQLite on a simulated disk: a virtual file system of SQLite that tells the disk what it does, and connections to it.

The module `sqlite3` takes no file system of Python's; `apsw` does. Its connections are given the face of the other's,
as far as our store looks at it, so that the store's own code runs on them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any

import apsw

from neurosym.audit.stores.sqlite_connection import PRAGMAS
from tests.simulation.simulated_disk import Delete, SimulatedDisk, Truncate, Write

NAMES = count()


class RecordingVfs(apsw.VFS):
    """The machine's own file system, and word of it to a disk."""

    def __init__(self, disk: SimulatedDisk) -> None:
        self.name = f"recording-{next(NAMES)}"
        self.disk = disk
        super().__init__(self.name, "")

    def xOpen(self, name: Any, flags: list[int]) -> RecordingFile:  # noqa: N802 - SQLite's name, as those below
        return RecordingFile(self.disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802
        super().xDelete(filename, syncdir)
        self.disk.change(Path(filename).name, Delete())


class RecordingFile(apsw.VFSFile):
    """A file of it."""

    def __init__(self, disk: SimulatedDisk, name: Any, flags: list[int]) -> None:
        found = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = Path(found or "temporary").name
        self._disk = disk
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        if self._disk.fails("the disk is full"):
            raise apsw.FullError
        super().xWrite(data, offset)
        self._disk.change(self._name, Write(offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self._disk.change(self._name, Truncate(newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        if self._disk.fails("the disk does not sync"):
            raise apsw.IOError
        super().xSync(flags)
        self._disk.sync(self._name)


class Rows:
    """What a statement gave."""

    def __init__(self, rows: Sequence[tuple[object, ...]]) -> None:
        self._rows = iter(rows)

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        return self._rows

    def fetchone(self) -> tuple[object, ...] | None:
        return next(self._rows, None)

    def fetchmany(self, size: int) -> list[tuple[object, ...]]:
        return list(islice(self._rows, size))

    def fetchall(self) -> list[tuple[object, ...]]:
        return list(self._rows)


class ApswConnection:
    """A connection of apsw with the face of one of sqlite3."""

    def __init__(self, path: Path, vfs: RecordingVfs, checkpoint_pages: int) -> None:
        self._connection = apsw.Connection(str(path), vfs=vfs.name)
        for pragma in (*PRAGMAS, f"PRAGMA wal_autocheckpoint = {checkpoint_pages}"):
            self.execute(pragma)

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Rows:
        try:
            return Rows(self._connection.execute(statement, tuple(values)).fetchall())
        except apsw.Error as error:
            raise _translated(error) from error

    def executemany(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            self.execute(statement, row)

    def close(self) -> None:
        try:
            self._connection.close()
        except apsw.Error as error:
            raise _translated(error) from error


def _translated(error: apsw.Error) -> sqlite3.Error:
    # An error that our file system raised passes through SQLite and comes out as it was, without its code.
    raised = {apsw.FullError: "SQLITE_FULL", apsw.IOError: "SQLITE_IOERR"}
    found = sqlite3.OperationalError(str(error))
    found.sqlite_errorname = raised.get(type(error)) or str(apsw.mapping_result_codes[error.result])  # type: ignore[attr-defined]
    return found
