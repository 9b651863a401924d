"""Whether a text gives a key away, in whatever spelling it came back: a recorded key would be a leaked one."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

NO_KEY = "none"  # an endpoint without a key gets this word, never one that lies about in the environment
HALF_LENGTH_MIN = 8  # shorter halves of keys stand in texts by chance
ESCAPE = re.compile(rb"\\u00([0-9a-fA-F]{2})")
SPACING = bytes(byte for byte in range(256) if not chr(byte).isascii() or not chr(byte).isalnum())


def gives_away(key: str, *texts: bytes) -> bool:
    """True when one of the texts holds the key, or half of it: as it is, in pieces, escaped, in base64 or in hex."""
    spellings = set(_spellings(key.encode("ascii")))
    squeezed = {_squeezed(form) for text in texts for form in _forms(text)}
    whole = key.encode("ascii")
    return any(whole in text for text in texts) or any(each in text for each in spellings for text in squeezed)


def _forms(text: bytes) -> Iterator[bytes]:
    """The text, and what it says to those who resolve the escapes of JSON or of addresses."""
    yield text
    yield ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), text)
    yield unquote_to_bytes(text)


def _spellings(key: bytes) -> Iterator[bytes]:
    """What to look for in texts without spacing and signs; in capitals and small letters where they mean the same."""
    bare = _squeezed(key)
    half = len(bare) // 2
    parts = [key, key[: len(key) // 2], key[len(key) // 2 :]]
    yield from (each for each in (bare[:half], bare[half:]) if len(each) >= HALF_LENGTH_MIN)
    if len(bare) >= HALF_LENGTH_MIN:
        yield bare
    for part in parts:
        if len(_squeezed(part)) >= HALF_LENGTH_MIN:
            yield part.hex().encode()
            yield part.hex().upper().encode()
            yield from (_squeezed(_aligned(part, lead)) for lead in range(3))


def _aligned(part: bytes, lead: int) -> bytes:
    """The base64 of the part behind `lead` other bytes, without the letters that depend on its neighbours."""
    coded = base64.b64encode(bytes(lead) + part)
    first = -(-lead * 8 // 6)
    return coded[first : (lead + len(part)) * 8 // 6]


def _squeezed(text: bytes) -> bytes:
    return text.translate(None, SPACING)
