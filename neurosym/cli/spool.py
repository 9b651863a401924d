"""What a command found and will show at its end, kept on disk: any number of findings takes no more memory."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Generic, Self, TypeVar

from neurosym.text.failure import Failure

Item = TypeVar("Item")
MEMORY_BYTES = 1 << 20  # up to which nothing goes to disk


class Spool(Generic[Item]):
    """Items in the order in which they came. The file has no name, and is gone when the spool is closed."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile[bytes](max_size=MEMORY_BYTES)
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def add(self, item: Item) -> None:
        """Keep an item. Failure when there is no room."""
        with _written():
            pickle.dump(item, self._file)
        self._count += 1

    def __iter__(self) -> Iterator[Item]:
        with _written():
            self._file.seek(0)
            for _ in range(self._count):
                item: Item = pickle.load(self._file)  # noqa: S301 - of a file that nobody else can open
                yield item


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Failure(f"what was found cannot be kept until it is shown: {error.strerror or error}") from error
