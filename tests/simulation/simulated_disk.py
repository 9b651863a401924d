"""A disk of which every write, truncation and sync is known, and what a power cut may leave of it.

What was written to a file since it was last forced out may survive or not, each write by itself and each sector of a
write by itself (a sector is written whole or not at all, which SQLite relies on: SQLITE_IOCAP_POWERSAFE_OVERWRITE).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TypeAlias

SECTOR_BYTES = 512


@dataclass(frozen=True, slots=True)
class Write:
    offset: int
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Truncate:
    size: int


@dataclass(frozen=True, slots=True)
class Delete:
    pass


Change: TypeAlias = Write | Truncate | Delete


class Loss(Enum):
    """What becomes of changes that were not forced out."""

    NONE = "all are there"
    ALL = "all are lost"
    END = "all are lost but the first"
    SOME = "some are lost and some are torn"


@dataclass(frozen=True, slots=True)
class DiskFile:
    """What is certain to be there (None: no file), and what was changed since."""

    durable: bytes | None = None
    changes: tuple[Change, ...] = ()

    def after(self, loss: Loss, random: Random) -> bytes | None:
        """What is there once the power is back."""
        match loss:
            case Loss.NONE:
                kept = self.changes
            case Loss.ALL:
                kept = ()
            case Loss.END:
                kept = self.changes[: random.randint(0, len(self.changes))]
            case Loss.SOME:
                kept = tuple(part for change in self.changes for part in _torn(change, random))
        content = self.durable
        for change in kept:
            content = _changed(content, change)
        return content


Files: TypeAlias = Mapping[str, DiskFile]


class SimulatedDisk:
    """Remembers what is done to files that lie in a real folder. `watch` is called after each change."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.files: dict[str, DiskFile] = {}
        self.trace: list[str] = []
        self.random = random
        self.rate = 0.0  # at which it fails
        self.faults = 0
        self.watch: Callable[[], None] = lambda: None
        for each in sorted(folder.iterdir()):
            self.files[each.name] = DiskFile(each.read_bytes())

    def change(self, name: str, change: Change) -> None:
        held = self.files.get(name, DiskFile())
        self.files[name] = replace(held, changes=(*held.changes, change))
        self.trace.append(f"{name}: {change}")
        self.watch()

    def sync(self, name: str) -> None:
        held = self.files.get(name, DiskFile())
        self.files[name] = DiskFile(held.after(Loss.NONE, self.random))
        self.trace.append(f"{name}: sync")
        self.watch()

    def fails(self, what: str) -> bool:
        """True when this time it does not work."""
        if self.random.random() >= self.rate:
            return False
        self.faults += 1
        self.trace.append(f"fault: {what}")
        return True


def write_image(files: Files, folder: Path, loss: Loss, random: Random) -> None:
    """The files as a power cut leaves them."""
    folder.mkdir()
    for name, file in sorted(files.items()):
        content = file.after(loss, random)
        if content is not None:
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600)


def _changed(content: bytes | None, change: Change) -> bytes | None:
    held = content or b""
    match change:
        case Delete():
            return None
        case Truncate(size=size):
            return held[:size].ljust(size, b"\0")
        case Write(offset=offset, content=written):
            return held[:offset].ljust(offset, b"\0") + written + held[offset + len(written) :]


def _torn(change: Change, random: Random) -> tuple[Change, ...]:
    """What is left of a change: all, nothing, or some of the sectors that it touches."""
    fate = random.random()
    if fate < 0.4:
        return (change,)
    if fate < 0.7 or not isinstance(change, Write):
        return ()
    end = change.offset + len(change.content)
    cuts = [change.offset, *range((change.offset // SECTOR_BYTES + 1) * SECTOR_BYTES, end, SECTOR_BYTES), end]
    parts = [
        Write(start, change.content[start - change.offset : stop - change.offset]) for start, stop in pairwise(cuts)
    ]
    return tuple(part for part in parts if random.random() < 0.5)
