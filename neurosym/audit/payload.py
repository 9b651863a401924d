"""Payloads: 32 random bytes, then the content, encrypted under the key of those whose data it is; hashed whole.

```
payload key     HKDF-SHA256(secret of the data key, salt, "neurosym payload 2")
                = 32 bytes for AES, 12 bytes of nonce, 32 bytes for HMAC
stored          SALT (32 bytes) || AES-256-GCM(content)
digest          SHA-256(stored)
commitment      HMAC-SHA256(content)
```

The salt is of one payload alone, and so is its key: it can be given to somebody who may read this payload and no other.
Without the key nobody can find out by guessing what a digest or a commitment stands for. The commitment binds the
content where AES-GCM would not: one ciphertext can be made to fit two keys.

What is nobody's data and has to be read by whoever checks the log (`key` is None) is the salt and the content.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import Digest, digest_bytes

SALT_BYTES = 32
PAYLOAD_BYTES_MAX = 1 << 29  # below the 10^9 bytes SQLite takes in one cell
INFO = b"neurosym payload 2"
AES_BYTES, NONCE_BYTES, HMAC_BYTES = 32, 12, 32
PAYLOAD_KEY_BYTES = AES_BYTES + NONCE_BYTES + HMAC_BYTES
COMMITMENT = "hmac-sha256:"

Entropy: TypeAlias = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class DataKey:
    """The secret that the payloads of somebody are encrypted under. Envelopes name it by its id."""

    id: str
    secret: bytes = field(repr=False)

    def payload_key(self, salt: bytes) -> bytes:
        """The key of the one payload that has this salt. RFC 5869."""
        return HKDF(SHA256(), PAYLOAD_KEY_BYTES, salt, INFO).derive(self.secret)


@dataclass(frozen=True, slots=True)
class PayloadLink:
    """What a payload is to an entry, its digest, and by which key it is read; `commitment` is None where no key is."""

    name: str
    digest: Digest
    key: str | None = None
    commitment: str | None = None


@dataclass(frozen=True, slots=True)
class Payload:
    """Content as stored. One payload may stand in many entries and is stored once."""

    digest: Digest
    stored: bytes = field(repr=False)
    key: str | None = None
    commitment: str | None = None

    def link(self, name: str) -> PayloadLink:
        """What an entry says of it."""
        return PayloadLink(name, self.digest, self.key, self.commitment)


def salt_payload(content: bytes, entropy: Entropy) -> Payload:
    """The content for everybody to read, with fresh salt; LogError when it is larger than a store takes."""
    _check_size(content)
    stored = _salt(entropy) + content
    return Payload(digest_bytes(stored), stored)


def encrypt_payload(content: bytes, key: DataKey, entropy: Entropy) -> Payload:
    """The content encrypted under the key; LogError when it is larger than a store takes."""
    _check_size(content)
    salt = _salt(entropy)
    aes, nonce, mac = _parts(key.payload_key(salt))
    stored = salt + AESGCM(aes).encrypt(nonce, content, None)
    return Payload(digest_bytes(stored), stored, key.id, tag(mac, content))


def open_payload(stored: bytes, link: PayloadLink, payload_key: Callable[[bytes], bytes]) -> bytes:
    """The content of stored bytes; LogCorruptError when they are not what the link says.

    `payload_key` gives the key for a salt; it is not called for a payload that is not encrypted.
    """
    if len(stored) < SALT_BYTES or digest_bytes(stored) != link.digest:
        raise LogCorruptError(f"payload {link.digest} does not hash to its digest")
    if link.key is None:
        return stored[SALT_BYTES:]
    aes, nonce, mac = _parts(payload_key(stored[:SALT_BYTES]))
    try:
        content = AESGCM(aes).decrypt(nonce, stored[SALT_BYTES:], None)
    except InvalidTag as error:
        raise LogCorruptError(f"payload {link.digest} is not encrypted under the key `{link.key}`") from error
    if not hmac.compare_digest(tag(mac, content), link.commitment or ""):
        raise LogCorruptError(f"payload {link.digest} is not what its entry committed to")
    return content


def tag(secret: bytes, content: bytes) -> str:
    """The HMAC-SHA256 of a content, written as envelopes write it. RFC 2104."""
    return f"{COMMITMENT}{hmac.digest(secret, content, 'sha256').hex()}"


def _parts(of_payload: bytes) -> tuple[bytes, bytes, bytes]:
    nonce_end = AES_BYTES + NONCE_BYTES
    return of_payload[:AES_BYTES], of_payload[AES_BYTES:nonce_end], of_payload[nonce_end:]


def _salt(entropy: Entropy) -> bytes:
    salt = entropy(SALT_BYTES)
    assert len(salt) == SALT_BYTES
    return salt


def _check_size(content: bytes) -> None:
    if len(content) > PAYLOAD_BYTES_MAX:
        raise LogError(f"a payload of {len(content)} bytes: at most {PAYLOAD_BYTES_MAX} fit")
