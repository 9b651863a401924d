"""Another function in the place of one of a module, for a while: a clock, a network or a disk that a seed decides."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def replaced(module: ModuleType, name: str, by: object) -> Iterator[None]:
    """Within the body, the module has this under the name."""
    found = getattr(module, name)
    setattr(module, name, by)
    try:
        yield
    finally:
        setattr(module, name, found)
