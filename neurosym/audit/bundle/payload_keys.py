"""The keys of single payloads, as a bundle gives them: one line of JSON each.

```
{"digest":"sha256:HEX","key":BASE64 of 76 bytes}
```
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from neurosym.audit.envelope import is_digest
from neurosym.audit.key import decode_base64
from neurosym.audit.key_store import Destroyed, ReadableKeyStore
from neurosym.audit.payload import PAYLOAD_KEY_BYTES, SALT_BYTES, DataKey, PayloadLink
from neurosym.text.diagnostic import Report
from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import Digest, canonical_bytes
from neurosym.values.json_text import read_json


def payload_key(stored: bytes, link: PayloadLink, keys: ReadableKeyStore | None) -> bytes | None:
    """The key of an encrypted payload; None where it was destroyed. LogError when the key store does not have it."""
    assert link.key is not None
    if keys is None:
        raise LogError(
            "the log's key store is not at hand, so that no payload can be opened: say where it lies (--data-keys), "
            "or leave out what is encrypted (--redacted)"
        )
    match keys.key(link.key):
        case DataKey() as found:
            return found.payload_key(stored[:SALT_BYTES])
        case Destroyed():
            return None
        case None:
            raise LogError(f"the key store has no key `{link.key}`, under which the payload `{link.name}` is")


def key_line(digest: Digest, key: bytes) -> bytes:
    """The line that gives a key."""
    return canonical_bytes({"digest": digest, "key": b64encode(key).decode()}) + b"\n"


def parse_keys(content: bytes) -> Mapping[Digest, bytes]:
    """The keys in the lines; LogCorruptError naming the line that gives none, or gives one again."""
    found: dict[Digest, bytes] = {}
    lines = content.split(b"\n")
    if lines.pop():
        raise LogCorruptError("its last line is cut off")
    for number, line in enumerate(lines, 1):
        digest, key = _parse_line(line, number)
        if digest in found:
            raise LogCorruptError(f"its line {number} gives a key again")
        found[digest] = key
    return found


def _parse_line(line: bytes, number: int) -> tuple[Digest, bytes]:
    report = Report()
    document = read_json(line, "line", report)
    if not report.has_errors and isinstance(document, dict):
        digest, text = document.get("digest"), document.get("key")
        if document.keys() == {"digest", "key"} and is_digest(digest) and isinstance(text, str):
            key = decode_base64(text)
            if key is not None and len(key) == PAYLOAD_KEY_BYTES:
                return Digest(str(digest)), key
    raise LogCorruptError(f"its line {number} does not give the key of a payload")
