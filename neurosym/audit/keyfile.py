"""The file of the signing key: outside the database, readable by its owner only."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from neurosym.audit.key import ED25519, KEY_BYTES, SignerKey, parse_signer_key
from neurosym.audit.newfile import create_file
from neurosym.audit.payload import Entropy
from neurosym.text.failure import LogError

KEY_FILE_BYTES_MAX = 4096


def beside(log: Path) -> Path:
    """Where the key of a log lies unless its owner says otherwise."""
    return log.with_name(f"{log.name}.key")


def data_keys_beside(log: Path) -> Path:
    """Where the key store of a log lies unless its owner says otherwise."""
    return log.with_name(f"{log.name}.keys")


def anchors_beside(log: Path) -> Path:
    """Where checkpoints of a log, with what others signed of them, are kept unless its owner says otherwise."""
    return log.with_name(f"{log.name}.anchors")


def create_key(path: Path, entropy: Entropy, name: str | None = None, type_: bytes = ED25519) -> bool:
    """True when a new key now lies at `path`; False when something lay there already. LogError when it cannot.

    Without a name it is called after a number that is drawn.
    """
    key = SignerKey(name or f"neurosym-log/{entropy(8).hex()}", entropy(KEY_BYTES), type_)

    def write(draft: Path) -> None:
        with draft.open("w", encoding="utf-8") as file:
            file.write(key.private_text() + "\n")
            file.flush()
            os.fsync(file.fileno())

    return create_file(path, write)


def read_key(path: Path) -> SignerKey:
    """The key in the file; LogError when there is none, when it is malformed or when others may read it."""
    try:
        with path.open("rb") as file:
            others = stat.S_IMODE(os.fstat(file.fileno()).st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
            content = file.read(KEY_FILE_BYTES_MAX)
    except OSError as error:
        raise LogError(f"the key `{path}` cannot be read: {error.strerror or error}") from error
    if others and os.name == "posix":
        raise LogError(f"the key `{path}` may be read by others; make it yours alone: chmod 600 {path}")
    try:
        return parse_signer_key(content.decode("utf-8"))
    except (UnicodeDecodeError, LogError) as error:
        raise LogError(f"`{path}` holds no signing key: one reads `PRIVATE+KEY+NAME+KEYID+BASE64`") from error
