"""Where a bundle is written: a folder or a zip that appears whole or not at all, and never in the place of another."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from neurosym.audit.newfile import create_file, stands
from neurosym.text.failure import LogError

ZIP_ENDING = ".zip"
# The same bytes for the same files, whenever and wherever they are written. Not compressed: what is encrypted does not
# shrink, and what deflate makes of the rest differs between its implementations.
DATE = (1980, 1, 1, 0, 0, 0)
MADE_BY_UNIX, PLAIN_FILE = 3, 0o100644 << 16


class Destination(Protocol):
    """Takes files, each once; LogError when one cannot be written."""

    def write(self, path: str, chunks: Iterable[bytes]) -> str:
        """The SHA-256 of the file, in hexadecimal digits, once it is written."""
        ...


def create_bundle(place: Path, write: Callable[[Destination], None], check: Callable[[Path], None]) -> None:
    """Let `write` make the bundle, in a zip where the name says so, and `check` look at it before it stands at `place`.

    LogError when something stands there already or it cannot be made. Only the owner may read it.
    """
    if stands(place):
        raise LogError(f"`{place}` is there already: name a place where nothing is")
    if place.suffix.lower() == ZIP_ENDING:
        is_new = create_file(place, lambda draft: _write_zip(draft, write, check))
    else:
        is_new = _create_folder(place, write, check)
    if not is_new:
        raise LogError(f"`{place}` is there by now: somebody else has made it")


def _write_zip(draft: Path, write: Callable[[Destination], None], check: Callable[[Path], None]) -> None:
    with ZipFile(draft, "w", ZIP_STORED) as opened:
        write(_Zip(opened))
    check(draft)
    with draft.open("rb") as file:
        os.fsync(file.fileno())


def _create_folder(place: Path, write: Callable[[Destination], None], check: Callable[[Path], None]) -> bool:
    try:
        draft = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".new", dir=place.parent))
    except OSError as error:
        raise LogError(f"cannot create `{place}`: {error.strerror or error}") from error
    try:
        write(_Folder(draft))
        check(draft)
        if stands(place):
            return False
        draft.rename(place)
    except OSError as error:
        raise LogError(f"cannot create `{place}`: {error.strerror or error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)  # what is left of it when it could not be finished
    return True


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, path: str, chunks: Iterable[bytes]) -> str:
        place = self._root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        found = sha256()
        with place.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
                found.update(chunk)
        return found.hexdigest()


class _Zip:
    def __init__(self, opened: ZipFile) -> None:
        self._opened = opened

    def write(self, path: str, chunks: Iterable[bytes]) -> str:
        info = ZipInfo(path, DATE)
        info.create_system, info.external_attr = MADE_BY_UNIX, PLAIN_FILE
        found = sha256()
        with self._opened.open(info, "w") as file:
            for chunk in chunks:
                file.write(chunk)
                found.update(chunk)
        return found.hexdigest()
