"""A key store in one SQLite file that only its owner may read.

Names of subjects are not in it: a tag stands for each, under a secret of the store. A key that is destroyed leaves its
id, so that its loss is told from a mistake.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from threading import RLock
from typing import Self

from neurosym.audit.key_store import NOBODY, Destroyed, Subjects
from neurosym.audit.key_tags import Tags
from neurosym.audit.newfile import create_file, stands
from neurosym.audit.payload import DataKey, Entropy
from neurosym.audit.stores.sqlite_connection import connect, ensure_wal, transaction
from neurosym.audit.stores.sqlite_error import log_errors
from neurosym.text.failure import LogCorruptError, LogError

APPLICATION_ID = 0x4E53_4B53  # "NSKS"
FORMAT = 1
SECRET_BYTES, ID_BYTES = 32, 12
KNOWN_MAX = 10_000
TABLES = (
    """CREATE TABLE store (
  id TEXT NOT NULL PRIMARY KEY,
  format INTEGER NOT NULL,
  tagging BLOB NOT NULL
)""",
    """CREATE TABLE keys (
  id TEXT NOT NULL PRIMARY KEY,
  secret BLOB,
  tag TEXT UNIQUE
)""",
    """CREATE TABLE members (
  owner TEXT NOT NULL REFERENCES keys (id),
  of_set TEXT NOT NULL REFERENCES keys (id),
  PRIMARY KEY (owner, of_set)
) WITHOUT ROWID""",
)


def create_sqlite_keys(path: Path, entropy: Entropy) -> bool:
    """True when a new key store now lies at `path`; False when something lay there already. LogError otherwise."""

    def write(draft: Path) -> None:
        with log_errors(path), closing(connect(draft, "mode=rw")) as connection:
            ensure_wal(connection, path)
            with transaction(connection, "BEGIN IMMEDIATE"):
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                for statement in TABLES:
                    connection.execute(statement)
                row = (entropy(ID_BYTES).hex(), FORMAT, entropy(SECRET_BYTES))
                connection.execute("INSERT INTO store (id, format, tagging) VALUES (?, ?, ?)", row)
                connection.execute("COMMIT")

    return create_file(path, write)


class SqliteKeyStore:
    """The keys in a file, for any number of threads and processes."""

    def __init__(self, path: Path, connection: sqlite3.Connection, entropy: Entropy | None) -> None:
        """`entropy` is None where keys are only read."""
        self.path = path
        self._connection = connection
        self._entropy = entropy
        self._lock = RLock()
        self._known: dict[Subjects, DataKey] = {}
        self._seen = -1  # what others have changed, by SQLite's count
        self.id, self._tags = self._identity()

    @classmethod
    def open(cls, path: Path, entropy: Entropy) -> Self:
        """The key store in the file, to be written. LogError when there is none, or others may read it."""
        return cls._opened(path, "mode=rw", entropy)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The key store in the file, to be read. LogError as of `open`."""
        # As of logs: one that nobody has open is read without making files beside it.
        is_in_use = stands(Path(f"{path}-wal"))
        return cls._opened(path, "mode=ro" if is_in_use else "mode=ro&immutable=1", None)

    @classmethod
    def _opened(cls, path: Path, query: str, entropy: Entropy | None) -> Self:
        _check_access(path)
        with log_errors(path), ExitStack() as opened:
            connection = connect(path, query)
            opened.callback(connection.close)
            _check_tables(connection, path)
            connection.execute("PRAGMA secure_delete = ON")
            if entropy is not None:
                ensure_wal(connection, path)
            found = cls(path, connection, entropy)
            opened.pop_all()
        return found

    def key(self, key_id: str) -> DataKey | Destroyed | None:
        """The key of an id; None of one that was never here."""
        with self._lock, log_errors(self.path):
            row = self._connection.execute("SELECT secret FROM keys WHERE id = ?", (key_id,)).fetchone()
        if row is None:
            return None
        return Destroyed(key_id) if row[0] is None else DataKey(key_id, self._secret(row[0]))

    def request_tag(self, request: bytes) -> str:
        """What stands for the name of a request."""
        return self._tags.of_request(request)

    def keys_with(self, subject: str) -> Sequence[str]:
        """The ids of the keys that the subject's data are under."""
        query = "SELECT of_set FROM members WHERE owner = ? ORDER BY of_set"
        with self._lock, log_errors(self.path):
            own = self._find(self._tags.of_subject(subject))
            if own is None:
                return ()
            return (own.id, *(of_set for (of_set,) in self._connection.execute(query, (own.id,))))

    def key_of(self, subjects: Subjects) -> DataKey:
        """The key of the data of these subjects together, made and durable if there was none."""
        return self.keys_of((subjects,))[subjects]

    def keys_of(self, several: Collection[Subjects]) -> Mapping[Subjects, DataKey]:
        """As `key_of` for each of them; those that are to be made become durable together."""
        with self._lock, log_errors(self.path):
            (seen,) = self._connection.execute("PRAGMA data_version").fetchone()
            if seen != self._seen:  # another process may have destroyed some
                self._known.clear()
                self._seen = seen
            found = {each: known for each in several if (known := self._known.get(each)) is not None}
            wanted = [each for each in dict.fromkeys(several) if each not in found]
            if wanted:
                with transaction(self._connection, "BEGIN IMMEDIATE"):
                    made = {each: self._made(each) for each in wanted}
                    self._connection.execute("COMMIT")
                if len(self._known) + len(made) > KNOWN_MAX:
                    self._known.clear()
                self._known |= made
                found |= made
            return found

    def owners_of(self, key_ids: Collection[str]) -> frozenset[str]:
        """The keys of those subjects, one by one, whose sets have these keys."""
        query = "SELECT owner FROM members WHERE of_set = ?"
        with self._lock, log_errors(self.path):
            each = (self._connection.execute(query, (key_id,)).fetchall() for key_id in key_ids)
            return frozenset(owner for rows in each for (owner,) in rows)

    def destroy(self, key_ids: Collection[str]) -> tuple[str, ...]:
        """The keys that are forgotten, with whose they were: these, and those of sets that their owners are in."""
        statement = (
            "UPDATE keys SET secret = NULL, tag = NULL WHERE secret IS NOT NULL"
            " AND (id = ?1 OR id IN (SELECT of_set FROM members WHERE owner = ?1)) RETURNING id"
        )
        gone: list[str] = []
        with self._lock, log_errors(self.path):
            with transaction(self._connection, "BEGIN IMMEDIATE"):
                for key_id in sorted(key_ids):
                    gone += [found for (found,) in self._connection.execute(statement, (key_id,)).fetchall()]
                self._connection.execute("COMMIT")
            self._known.clear()
            # What was overwritten is still in the write-ahead log until that is folded into the file.
            (busy, *_) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise LogError(f"the keys are destroyed, but `{self.path}-wal` still holds them: another program reads")
        return tuple(sorted(gone))

    def close(self) -> None:
        """Give the file back."""
        with self._lock, log_errors(self.path):
            self._connection.close()

    def _identity(self) -> tuple[str, Tags]:
        row = self._connection.execute("SELECT id, format, tagging FROM store").fetchone()
        if row is None or row[1] != FORMAT or not isinstance(row[0], str):
            raise LogCorruptError(f"the key store `{self.path}` is damaged, or of another format than {FORMAT}")
        return row[0], Tags(self._secret(row[2]))

    def _made(self, subjects: Subjects) -> DataKey:
        if subjects == NOBODY:
            return self._find_or_make(self._tags.of_house)
        members = [self._find_or_make(self._tags.of_subject(each)) for each in sorted(subjects)]
        if len(members) == 1:
            return members[0]
        names = sorted(each.id for each in members)
        found = self._find_or_make(self._tags.of_set(names))
        self._connection.executemany(
            "INSERT OR IGNORE INTO members (owner, of_set) VALUES (?, ?)", [(each, found.id) for each in names]
        )
        return found

    def _find(self, by: str) -> DataKey | None:
        row = self._connection.execute("SELECT id, secret FROM keys WHERE tag = ?", (by,)).fetchone()
        return None if row is None else DataKey(str(row[0]), self._secret(row[1]))

    def _find_or_make(self, by: str) -> DataKey:
        found = self._find(by)
        if found is not None:
            return found
        if self._entropy is None:
            raise LogError(f"the key store `{self.path}` was opened to be read, and a key is to be made")
        made = DataKey(self._entropy(ID_BYTES).hex(), self._entropy(SECRET_BYTES))
        self._connection.execute("INSERT INTO keys (id, secret, tag) VALUES (?, ?, ?)", (made.id, made.secret, by))
        return made

    def _secret(self, cell: object) -> bytes:
        if isinstance(cell, bytes) and len(cell) == SECRET_BYTES:
            return cell
        raise LogCorruptError(f"the key store `{self.path}` is damaged: a secret has not {SECRET_BYTES} bytes")


def _check_access(path: Path) -> None:
    """LogError when there is no such file, or others than its owner may read it."""
    try:
        others = stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
    except OSError as error:
        raise LogError(f"the key store `{path}` cannot be read: {error.strerror or error}") from error
    if others and os.name == "posix":
        raise LogError(f"the key store `{path}` may be read by others; make it yours alone: chmod 600 {path}")


def _check_tables(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise LogError(f"`{path}` is no key store: it is a database of another program, or an empty file")
    found = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")]
    if found != list(TABLES):
        raise LogCorruptError(f"the key store `{path}` is damaged: its tables are not as they were made")
