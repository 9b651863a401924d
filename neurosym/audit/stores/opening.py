"""The stores of a log at an address: a file, or a database."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from neurosym.audit.newfile import stands
from neurosym.audit.store import Batch, Identity, ReadableStore, Store
from neurosym.audit.stores.sqlite import SqliteStore, create_sqlite_log
from neurosym.audit.stores.sqlite_reader import SqliteReader
from neurosym.text.failure import LogError


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
    if isinstance(address, Path):
        return stands(address)
    found: bool = _postgres().has_postgres_log(address)
    return found


def create_log(address: str | Path, identity: Identity, first: Batch) -> bool:
    """True when a log with this first batch is now at the address; False when something was there already."""
    if isinstance(address, Path):
        return create_sqlite_log(address, identity, first)
    found: bool = _postgres().create_postgres_log(address, identity, first)
    return found


def _postgres() -> ModuleType:
    try:
        from neurosym.audit.stores import postgres  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise LogError("a log in PostgreSQL needs `pip install 'neurosym[postgres]'`") from error
    return postgres
