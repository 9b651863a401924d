"""What an entry of an erasure says was erased. It is not encrypted, so that whoever checks the log can read it.

```
{"keys": [ID], "payloads": [DIGEST], "reason": TEXT}
```
"""

from __future__ import annotations

from collections.abc import Collection

from neurosym.audit.envelope import envelope_fields
from neurosym.values.canonical import Digest, canonical_bytes

ERASED = "erased"


def erased_bytes(keys: Collection[str], payloads: Collection[Digest], reason: str) -> bytes:
    """The payload of an erasure of keys or of payloads."""
    return canonical_bytes({"keys": [*sorted(keys)], "payloads": [*sorted(payloads)], "reason": reason})


def erased_digests(content: bytes) -> tuple[Digest, ...]:
    """The payloads that were erased; LogCorruptError when the bytes do not say it."""
    return tuple(Digest(each) for each in envelope_fields(content).texts("payloads"))


def erased_keys(content: bytes) -> tuple[str, ...]:
    """The keys that were destroyed; LogCorruptError when the bytes do not say it."""
    return envelope_fields(content).texts("keys")
