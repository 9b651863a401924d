"""The files of a bundle, in a folder or in a zip, by whoever made it: what is no plain file, or has a name that no file
of a bundle has, is refused before anything of it is read.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from errno import EINVAL
from pathlib import Path
from stat import S_ISREG
from typing import Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from neurosym.audit.bundle.layout import ALWAYS, KEYS, TILES, payload_at, proof_at
from neurosym.audit.tile import parse_tile_path
from neurosym.text.failure import LogCorruptError, LogError

CHUNK = 1 << 20
FILES_MAX = 4_000_000  # more than a manifest can name
DEPTH_MAX = 8  # a tile of a log of 10^18 entries lies no deeper
RATIO_MAX = 100  # what deflate makes of envelopes, ten times over; a zip bomb needs a thousand and more
ZIP_START = b"PK"
LINK_BITS = 0o170000
PLAIN_BITS = (0, 0o100000)  # of a zip: no type at all, or a plain file
ENCRYPTED = 0x1


class BundleFiles(Protocol):
    """Files by their paths; every method raises LogCorruptError where a file is not what it should be."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """How many bytes each file has."""
        ...

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of a file, exactly as many as `sizes` says."""
        ...


def is_bundle(path: Path) -> bool:
    """True for a folder or a zip; LogError when that cannot be known."""
    if path.is_dir():
        return True
    try:
        with path.open("rb") as file:
            return file.read(len(ZIP_START)) == ZIP_START
    except FileNotFoundError:
        return False
    except OSError as error:
        raise LogError(f"`{path}` cannot be read: {error.strerror or error}") from error


@contextmanager
def opened_bundle(path: Path) -> Iterator[BundleFiles]:
    """The files of the bundle at `path`; LogCorruptError for what no bundle holds, LogError when it cannot be read."""
    try:
        if path.is_dir():
            yield _Folder(path)
            return
        with ExitStack() as opened:
            with _damage_told():
                archive = opened.enter_context(ZipFile(path))
                found = _Zip(archive, path.stat().st_size)
            yield found
    except OSError as error:
        raise LogError(f"`{path}` cannot be read: {error.strerror or error}") from error


@contextmanager
def _damage_told() -> Iterator[None]:
    """LogCorruptError for all that the standard library raises over a damaged zip."""
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, struct.error, RuntimeError, ValueError, OverflowError) as error:
        raise LogCorruptError(f"the zip is damaged: {error}") from error
    except OSError as error:
        if error.errno != EINVAL:
            raise
        raise LogCorruptError("the zip is damaged: it says that a file begins before the zip does") from error


def read_file(files: BundleFiles, path: str, bytes_max: int) -> bytes:
    """The whole file; LogCorruptError when it is not there or larger than it may be."""
    size = files.sizes.get(path)
    if size is None:
        raise LogCorruptError(f"{path}: is missing")
    if size > bytes_max:
        raise LogCorruptError(f"{path}: takes {size} bytes and {bytes_max} are read at most")
    return b"".join(files.chunks(path))


def check_name(path: str) -> None:
    """LogCorruptError for a path that no file of a bundle has: so none leads out of it or differs by case alone."""
    if path in ALWAYS or path == KEYS or payload_at(path) is not None or proof_at(path) is not None:
        return
    if path.startswith(TILES):
        parse_tile_path(path)
        return
    raise LogCorruptError(f"`{path[:200]}` is no file of a bundle")


class _Folder:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.sizes: dict[str, int] = {}
        self._walk(root, "", 0)

    def _walk(self, folder: Path, prefix: str, depth: int) -> None:
        if depth > DEPTH_MAX:
            raise LogCorruptError(f"`{prefix[:200]}` lies too deep")
        with os.scandir(folder) as found:
            for each in found:
                path = f"{prefix}{each.name}"
                if each.is_symlink():
                    raise LogCorruptError(f"`{path[:200]}` is a link")
                if each.is_dir(follow_symlinks=False):
                    self._walk(Path(each.path), f"{path}/", depth + 1)
                    continue
                check_name(path)
                if not each.is_file(follow_symlinks=False):
                    raise LogCorruptError(f"`{path}` is no plain file")
                _stop_on_many(len(self.sizes))
                self.sizes[path] = each.stat(follow_symlinks=False).st_size

    def chunks(self, path: str) -> Iterator[bytes]:
        handle = os.open(self.root / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            if not S_ISREG(os.fstat(file.fileno()).st_mode):
                raise LogCorruptError(f"{path}: is no plain file")
            left = self.sizes[path]
            while chunk := file.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    break
                yield chunk
        if left:
            raise LogCorruptError(f"{path}: changed while it was read")


class _Zip:
    def __init__(self, opened: ZipFile, bytes_whole: int) -> None:
        self._opened = opened
        self._infos: dict[str, ZipInfo] = {}
        for info in opened.infolist():
            _check_info(info)
            if info.filename in self._infos:
                raise LogCorruptError(f"{info.filename}: stands twice in the zip")
            _stop_on_many(len(self._infos))
            self._infos[info.filename] = info
        self.sizes = {path: info.file_size for path, info in self._infos.items()}
        if sum(self.sizes.values()) > RATIO_MAX * bytes_whole:
            raise LogCorruptError("the zip unfolds to more than it can honestly hold")

    def chunks(self, path: str) -> Iterator[bytes]:
        left = self.sizes[path]
        with _damage_told(), self._opened.open(self._infos[path]) as file:
            while chunk := file.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    break
                yield chunk
        if left:
            raise LogCorruptError(f"{path}: is not as long as the zip says")


def _check_info(info: ZipInfo) -> None:
    """LogCorruptError for what is no plain file of a bundle. The name is looked at as the zip has it: reading it, the
    standard library cuts it at a null byte and turns separators round.
    """
    if info.orig_filename != info.filename:
        raise LogCorruptError(f"`{info.orig_filename[:200]}` is no file of a bundle")
    check_name(info.filename)
    if (info.external_attr >> 16) & LINK_BITS not in PLAIN_BITS:
        raise LogCorruptError(f"{info.filename}: is no plain file")
    if info.flag_bits & ENCRYPTED:
        raise LogCorruptError(f"{info.filename}: is encrypted")
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise LogCorruptError(f"{info.filename}: is compressed in a way that is not read")


def _stop_on_many(count: int) -> None:
    if count >= FILES_MAX:
        raise LogCorruptError(f"more than {FILES_MAX} files")
