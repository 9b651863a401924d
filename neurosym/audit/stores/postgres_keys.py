"""A key store in PostgreSQL, which several machines share: meant for a database other than the log's, with rights of
its own, since whoever can read both can read everything.

Names of subjects are not in it: a tag stands for each, under a secret of the store. A key that is destroyed leaves its
id, so that its loss is told from a mistake. Secrets go to the server as parameters of statements: one that writes these
into its own log (`log_statement`, `log_min_duration_statement`) writes secrets there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Self, TypeAlias

from neurosym.audit.key_store import NOBODY, Destroyed, Subjects
from neurosym.audit.key_tags import Tags
from neurosym.audit.payload import DataKey, Entropy
from neurosym.audit.stores.postgres_error import Named
from neurosym.audit.stores.postgres_keys_schema import ID_BYTES, KIND, SECRET_BYTES, check_keys, checked_secret
from neurosym.audit.stores.postgres_server import check_server
from neurosym.audit.stores.postgres_session import (
    BEGIN_READING,
    BEGIN_WRITING,
    WAIT_FOR_LOCK_MS,
    Connection,
    Row,
    Session,
    rows_of,
)
from neurosym.text.failure import LogError

Ask: TypeAlias = Callable[..., list[Row]]

KNOWN_MAX = 10_000
KEY = "SELECT secret FROM neurosym_keys.keys WHERE id = %b"
FIND = "SELECT tag, id, secret FROM neurosym_keys.keys WHERE tag = ANY(%b)"
SETS = "SELECT of_set FROM neurosym_keys.members WHERE owner = %b ORDER BY of_set"
OWNERS = "SELECT DISTINCT owner FROM neurosym_keys.members WHERE of_set = ANY(%b)"
LOCK = "SELECT id FROM neurosym_keys.store FOR UPDATE"  # one at a time makes or destroys keys
MAKE = "INSERT INTO neurosym_keys.keys (id, secret, tag) VALUES (%b, %b, %b)"
JOIN = """INSERT INTO neurosym_keys.members (owner, of_set)
  SELECT owner, %b FROM unnest(%b::text[]) AS owner ON CONFLICT DO NOTHING"""
DESTROY = """UPDATE neurosym_keys.keys SET secret = NULL, tag = NULL WHERE secret IS NOT NULL
  AND (id = ANY(%b) OR id IN (SELECT of_set FROM neurosym_keys.members WHERE owner = ANY(%b))) RETURNING id"""
FILE = "SELECT pg_catalog.pg_relation_filenode('neurosym_keys.keys')"
REWRITE = "VACUUM (FULL) neurosym_keys.keys"


class PostgresKeyStore:
    """The keys in a database, for any number of threads, processes and machines."""

    def __init__(self, address: str, entropy: Entropy | None) -> None:
        """`entropy` is None where keys are only read."""
        self._named = Named(KIND, address)
        self._session = Session(self._named, self._check)
        self._entropy = entropy
        self._known: dict[Subjects, DataKey] = {}
        self._identity: tuple[str, Tags] | None = None

    @classmethod
    def open(cls, address: str, entropy: Entropy | None) -> Self:
        """The key store at the address, to be written where there is `entropy`, else to be read. LogError when there is
        none, or everybody may read it.
        """
        found = cls(address, entropy)
        try:
            with found._session.lock, found._session.transaction(BEGIN_READING):
                pass
        except LogError:
            found.close()
            raise
        return found

    @property
    def id(self) -> str:
        """Which key store this is."""
        return self._known_identity[0]

    def key(self, key_id: str) -> DataKey | Destroyed | None:
        """The key of an id; None of one that was never here."""
        rows = self._session.rows(KEY, key_id)
        if not rows:
            return None
        ((secret,),) = rows
        return Destroyed(key_id) if secret is None else DataKey(key_id, checked_secret(secret, self._named))

    def request_tag(self, request: bytes) -> str:
        """What stands for the name of a request."""
        return self._tags.of_request(request)

    def keys_with(self, subject: str) -> Sequence[str]:
        """The ids of the keys that the subject's data are under."""
        own = self._keys(self._session.rows, [self._tags.of_subject(subject)], makes=False)
        if own is None:
            return ()
        return (own[0].id, *(of_set for (of_set,) in self._session.rows(SETS, own[0].id)))

    def owners_of(self, key_ids: Collection[str]) -> frozenset[str]:
        """The keys of those subjects, one by one, whose sets have these keys."""
        rows = self._session.rows(OWNERS, list(key_ids)) if key_ids else ()
        return frozenset(owner for (owner,) in rows)

    def key_of(self, subjects: Subjects) -> DataKey:
        """The key of the data of these subjects together, made and durable if there was none."""
        with self._session.lock:
            known = self._known.get(subjects)
            if known is not None and self.key(known.id) == known:  # another machine may have destroyed it
                return known
            found = self._key_under(self._session.rows, subjects, makes=False) or self._made(subjects)
            if len(self._known) >= KNOWN_MAX:
                self._known.clear()
            self._known[subjects] = found
            return found

    def keys_of(self, several: Collection[Subjects]) -> Mapping[Subjects, DataKey]:
        """As `key_of` for each of them; those that are to be made become durable together."""
        with self._session.lock, self._session.transaction(BEGIN_WRITING, LOCK) as (connection, _):
            ask = _asking(connection)
            made = {each: self._key_under(ask, each, makes=True) for each in dict.fromkeys(several)}
            connection.execute("COMMIT")
        return {each: key for each, key in made.items() if key is not None}

    def destroy(self, key_ids: Collection[str]) -> tuple[str, ...]:
        """The keys that are forgotten, with whose they were: these, and those of sets that their owners are in.

        PostgreSQL overwrites nothing: what a row held stays in its file, as a version that nobody sees, and in the
        write-ahead log. So the table is written anew (VACUUM FULL) and its old file removed, for which nobody else may
        be reading it. LogError when that cannot be done: the keys are destroyed, and their secrets still lie in a file
        of the server. What this does not reach: segments of the write-ahead log until they are recycled, and their
        archive until it is pruned; replicas until they have caught up; dumps and other copies; a row that a transaction
        may still see which began before, until the next VACUUM; the blocks of a disk that a removed file had.
        """
        if not key_ids:
            return ()
        ids = list(key_ids)
        with self._session.lock:
            with self._session.transaction(BEGIN_WRITING, LOCK) as (connection, _):
                gone = sorted(each for (each,) in _asking(connection)(DESTROY, ids, ids))
                connection.execute("COMMIT")
            self._known.clear()
            if gone:
                self._rewrite()
        return tuple(gone)

    def close(self) -> None:
        """Give the connection back."""
        self._session.close()

    def _rewrite(self) -> None:
        advice = f"the keys are destroyed, but files of the server still hold them; let its owner run: {REWRITE}"
        before = self._session.rows(FILE)
        try:
            self._session.rows("SELECT pg_catalog.set_config('lock_timeout', %b, false)", str(WAIT_FOR_LOCK_MS))
            self._session.rows(REWRITE)
            self._session.rows("RESET lock_timeout")
        except LogError as error:
            raise LogError(f"{advice} ({error})") from error
        if self._session.rows(FILE) == before:  # of a table of somebody else, PostgreSQL only says that it did nothing
            raise LogError(advice)

    def _made(self, subjects: Subjects) -> DataKey:
        with self._session.transaction(BEGIN_WRITING, LOCK) as (connection, _):
            made = self._key_under(_asking(connection), subjects, makes=True)
            connection.execute("COMMIT")
        assert made is not None
        return made

    def _key_under(self, ask: Ask, subjects: Subjects, *, makes: bool) -> DataKey | None:
        """The key of subjects; None where there is none and none is to be made."""
        tags = [self._tags.of_subject(each) for each in sorted(subjects)]
        own = self._keys(ask, [self._tags.of_house] if subjects == NOBODY else tags, makes=makes)
        if own is None or len(own) == 1:
            return None if own is None else own[0]
        ids = sorted(each.id for each in own)
        together = self._keys(ask, [self._tags.of_set(ids)], makes=makes)
        if together is not None and makes:
            ask(JOIN, together[0].id, ids)
        return None if together is None else together[0]

    def _keys(self, ask: Ask, tags: Sequence[str], *, makes: bool) -> list[DataKey] | None:
        """The keys that tags stand for, in their order; None where there is not each and none is to be made."""
        rows = ask(FIND, list(tags))
        found = {by: DataKey(key_id, checked_secret(secret, self._named)) for by, key_id, secret in rows}
        for by in tags:
            if by not in found:
                if not makes:
                    return None
                found[by] = self._new_key(ask, by)
        return [found[by] for by in tags]

    def _new_key(self, ask: Ask, by: str) -> DataKey:
        if self._entropy is None:
            raise LogError(f"{self._named} was opened to be read, and a key is to be made")
        made = DataKey(self._entropy(ID_BYTES).hex(), self._entropy(SECRET_BYTES))
        ask(MAKE, made.id, made.secret, by)
        return made

    @property
    def _tags(self) -> Tags:
        return self._known_identity[1]

    @property
    def _known_identity(self) -> tuple[str, Tags]:
        assert self._identity is not None  # since it was opened
        return self._identity

    def _check(self, connection: Connection) -> None:
        found = check_keys(connection, self._named)
        if self._entropy is not None:
            check_server(connection, self._named)
        if self._identity is not None and found != self._identity:
            raise LogError(f"{self._named} is another than it was")
        self._identity = found


def _asking(connection: Connection) -> Ask:
    return lambda query, *values: rows_of(connection, query, values)
