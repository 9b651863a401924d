"""The stores of a log at an address, and its key store: in a file, or in a database."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from neurosym.audit.key_store import KeyStore, ReadableKeyStore
from neurosym.audit.newfile import stands
from neurosym.audit.payload import Entropy
from neurosym.audit.store import Batch, Identity, ReadableStore, Store
from neurosym.audit.stores.sqlite import SqliteStore, create_sqlite_log
from neurosym.audit.stores.sqlite_keys import SqliteKeyStore, create_sqlite_keys
from neurosym.audit.stores.sqlite_reader import SqliteReader
from neurosym.text.failure import LogError

NO_POSTGRES_KEYS = "a key store in PostgreSQL needs `pip install 'neurosym[postgres]'`"


def open_store(address: str | Path) -> Store:
    """The log at an address, to be written. LogError when there is none, or it cannot be used."""
    return SqliteStore.open(address) if isinstance(address, Path) else _postgres().PostgresStore.open(address)


def open_reader(address: str | Path) -> ReadableStore:
    """The log at an address, to be read. LogError when there is none, or it cannot be used."""
    if isinstance(address, Path):
        return SqliteReader.open(address)
    found: ReadableStore = _postgres().PostgresReader.open(address)
    return found


def has_log(address: str | Path) -> bool:
    """True when there is something at an address where a log would lie."""
    return stands(address) if isinstance(address, Path) else bool(_postgres().has_postgres_log(address))


def create_log(address: str | Path, identity: Identity, first: Batch) -> bool:
    """True when a log with this first batch is now at the address; False when something was there already."""
    if isinstance(address, Path):
        return create_sqlite_log(address, identity, first)
    return bool(_postgres().create_postgres_log(address, identity, first))


def open_key_store(address: str | Path, entropy: Entropy) -> KeyStore:
    """The key store at an address, to be written. LogError when there is none, or others may read it."""
    if isinstance(address, Path):
        return SqliteKeyStore.open(address, entropy)
    found: KeyStore = _postgres_keys().PostgresKeyStore.open(address, entropy)
    return found


def read_key_store(address: str | Path) -> ReadableKeyStore:
    """The key store at an address, to be read. LogError as of `open_key_store`."""
    if isinstance(address, Path):
        return SqliteKeyStore.read(address)
    found: ReadableKeyStore = _postgres_keys().PostgresKeyStore.open(address, None)
    return found


def has_key_store(address: str | Path) -> bool:
    """True when there is something at an address where a key store would lie."""
    return stands(address) if isinstance(address, Path) else bool(_postgres_keys_schema().has_postgres_keys(address))


def create_key_store(address: str | Path, entropy: Entropy) -> bool:
    """True when a new key store is now at the address; False when something was there already."""
    if isinstance(address, Path):
        return create_sqlite_keys(address, entropy)
    return bool(_postgres_keys_schema().create_postgres_keys(address, entropy))


def _postgres() -> ModuleType:
    try:
        from neurosym.audit.stores import postgres  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise LogError("a log in PostgreSQL needs `pip install 'neurosym[postgres]'`") from error
    return postgres


def _postgres_keys() -> ModuleType:
    try:
        from neurosym.audit.stores import postgres_keys  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise LogError(NO_POSTGRES_KEYS) from error
    return postgres_keys


def _postgres_keys_schema() -> ModuleType:
    try:
        from neurosym.audit.stores import postgres_keys_schema  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise LogError(NO_POSTGRES_KEYS) from error
    return postgres_keys_schema
