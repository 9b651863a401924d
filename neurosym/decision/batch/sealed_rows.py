"""The ciphertexts of a batch's rows, one after the other, in one payload: for each row its input and its result.

```
for each: LENGTH (4 bytes, the highest first) || what `encrypt_payload` stores
```
Each is encrypted under the key of its own data subjects. Who destroys a subject's key makes that subject's rows
unreadable and leaves these bytes, their digest, and every other row as they are.
"""

from __future__ import annotations

from collections.abc import Iterable

from neurosym.text.failure import LogCorruptError

LENGTH_BYTES = 4
PER_ROW = 2  # ciphertexts: input and result


def packed(several: Iterable[bytes]) -> bytes:
    """The ciphertexts as one content."""
    return b"".join(len(each).to_bytes(LENGTH_BYTES, "big") + each for each in several)


def unpacked(content: bytes) -> list[bytes]:
    """The ciphertexts in a content; LogCorruptError when it does not end with one."""
    found, at = [], 0
    while at < len(content):
        start = at + LENGTH_BYTES
        at = start + int.from_bytes(content[at:start], "big")
        if at > len(content) or start > len(content):
            raise LogCorruptError("the sealed rows of a batch end within one")
        found.append(content[start:at])
    return found
