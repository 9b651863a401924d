"""What keeps a review queue: a database with transactions."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from neurosym.judgment.queue.rows import QueueRows


class QueueStore(Protocol):
    """A database with the tables of a review queue. ProviderError when it cannot be used."""

    @property
    def address(self) -> str:
        """Where it lies: an absolute path, or an address without a password."""
        ...

    def reading(self) -> AbstractContextManager[QueueRows]:
        """The rows as they are at one moment."""
        ...

    def writing(self) -> AbstractContextManager[QueueRows]:
        """The rows in one transaction: durable when the block ends, and undone when it raises."""
        ...

    def close(self) -> None:
        """Give the database back."""
        ...
