"""The store that keeps a review queue at an address."""

from __future__ import annotations

from pathlib import Path

from neurosym.judgment.queue.address import address_problem
from neurosym.judgment.queue.store import QueueStore
from neurosym.judgment.stores.sqlite_queue import open_sqlite_queue
from neurosym.text.failure import InputError, ProviderError
from neurosym.text.server_address import is_server_address


def open_store(address: str, now: str, *, make: bool) -> QueueStore:
    """The store at the address; InputError NS628, ProviderError when it cannot be used or what it takes is missing."""
    if not is_server_address(address):
        return open_sqlite_queue(Path(address), now, make=make)
    if (found := address_problem(address)) is not None:
        raise InputError([found])
    try:
        from neurosym.judgment.stores.postgres_queue import open_postgres_queue  # noqa: PLC0415 - an extra
    except ImportError as error:
        missing = "a review queue in PostgreSQL needs `pip install 'neurosym[postgres]'`"
        raise ProviderError(missing) from error
    return open_postgres_queue(address, make=make)
