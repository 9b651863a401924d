"""Canonical bytes (RFC 8785) and digests: the only place where something is serialised to be hashed."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NewType, TypeAlias

import orjson
import rfc8785

# What may be hashed: no floats; integers beyond 2^53-1 and decimals are strings (RFC 7493 §2.2).
Json: TypeAlias = None | bool | int | str | list["Json"] | dict[str, "Json"]
Digest = NewType("Digest", str)

SAFE_INTEGER_MAX = 2**53 - 1


def canonical_bytes(document: Json) -> bytes:
    """The RFC 8785 bytes of a document.

    TypeError for a float, a number out of range or a key that is no text; TypeError or ValueError for a text with a
    lone surrogate.

    orjson sorts keys by code point, RFC 8785 §3.2.3 by UTF-16 unit: they agree while every key is ASCII, and only then
    is the fast path taken.
    """
    if _guard(document):
        return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    return rfc8785.dumps(document)


def is_unicode(text: str) -> bool:
    """False for a text with a lone surrogate, which has no UTF-8 bytes (RFC 8785 §3.2.2.2)."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def digest_bytes(content: bytes) -> Digest:
    """`sha256:` and the hexadecimal SHA-256 of the bytes."""
    return Digest("sha256:" + sha256(content).hexdigest())


def digest(document: Json) -> Digest:
    """The digest of a document's canonical bytes."""
    return digest_bytes(canonical_bytes(document))


def digest_list(items: Iterable[bytes]) -> Digest:
    """The digest of the list whose items have these canonical bytes, in their order."""
    found, comma = sha256(b"["), b""
    for item in items:
        found.update(comma + item)
        comma = b","
    found.update(b"]")
    return Digest("sha256:" + found.hexdigest())


def _guard(document: Json) -> bool:
    """True when the fast path gives the canonical bytes; TypeError when there are none."""
    fast = True
    pending: list[Json] = [document]
    for part in pending:  # which grows meanwhile
        if isinstance(part, dict):
            for key, value in part.items():
                if not isinstance(key, str):
                    raise TypeError("a key is text")
                fast = fast and key.isascii()
                if value.__class__ is not str:
                    pending.append(value)
        elif isinstance(part, list):
            pending += [item for item in part if item.__class__ is not str]
        elif isinstance(part, int):
            if not -SAFE_INTEGER_MAX <= part <= SAFE_INTEGER_MAX:
                raise TypeError("an integer beyond 2^53-1 is written as text")
        elif part is not None and not isinstance(part, str):
            raise TypeError(f"{type(part).__name__} has no canonical form")
    return fast
