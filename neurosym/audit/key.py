"""Signing keys and verifier keys in the text forms of C2SP signed-note and of the Go `note` package.

```
verifier key    NAME+KEYID+base64(TYPE || 32-byte public key)
signing key     PRIVATE+KEY+NAME+KEYID+base64(TYPE || 32-byte seed)
```

KEYID is eight hexadecimal digits: SHA-256(NAME || 0x0A || TYPE || public key)[:4]. TYPE is 0x01 for what a log signs,
and 0x04 for a cosigner, whose signature says when (C2SP tlog-cosignature): eight bytes of seconds since 1970 stand
before it, and the message begins with them, so that a cosignature never passes for a signature.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from unicodedata import category

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from neurosym.text.failure import LogError

ED25519 = b"\x01"  # C2SP signed-note, "Signature types"
COSIGNATURE = b"\x04"
KEY_BYTES = 32
KEY_ID_BYTES = 4
TIME_BYTES, TIME_MAX = 8, 2**63 - 1
PRIVATE = "PRIVATE+KEY+"
KEYS_MAX = 16  # of which what was derived is held


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """What anyone may know: checks signatures. `str()` of it is the verifier key text."""

    name: str
    public: bytes
    type: bytes = ED25519

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart; an identifier, not a proof of anything."""
        return sha256(self.name.encode() + b"\n" + self.type + self.public).digest()[:KEY_ID_BYTES]

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """True when this key made the signature over the message: Ed25519 (RFC 8032), of a cosigner with its time."""
        if self.type == COSIGNATURE:
            time = cosigned_at(signature)
            if time is None:
                return False
            message, signature = cosigned_message(message, time), signature[TIME_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(self.type + self.public).decode()}"


@dataclass(frozen=True, slots=True)
class SignerKey:
    """What must stay secret: makes signatures. Neither `str()` nor `repr()` shows the seed."""

    name: str
    seed: bytes = field(repr=False)
    type: bytes = ED25519

    @property
    def verifier(self) -> VerifierKey:
        """The key that checks what this one signs."""
        public = _private_key(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, public, self.type)

    def signature(self, message: bytes) -> bytes:
        """The Ed25519 signature over the message. RFC 8032."""
        assert self.type == ED25519
        return _private_key(self.seed).sign(message)

    def cosignature(self, message: bytes, time: int) -> bytes:
        """The signature of a cosigner over the message at a time, in seconds since 1970. C2SP tlog-cosignature."""
        assert self.type == COSIGNATURE
        signed = _private_key(self.seed).sign(cosigned_message(message, time))
        return time.to_bytes(TIME_BYTES) + signed

    def private_text(self) -> str:
        """The signing key text: for the key file and nothing else."""
        return f"{PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{b64encode(self.type + self.seed).decode()}"


@lru_cache(KEYS_MAX)
def _private_key(seed: bytes) -> Ed25519PrivateKey:
    """The key of a seed. Deriving it takes longer than signing with it."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def cosigned_message(message: bytes, time: int) -> bytes:
    """What a cosigner signs: the time, then the message. C2SP tlog-cosignature, "Ed25519 signed message"."""
    return b"cosignature/v1\ntime %d\n" % time + message


def cosigned_at(signature: bytes) -> int | None:
    """When a cosignature was made, in seconds since 1970, by its own account; None when it is none."""
    time = int.from_bytes(signature[:TIME_BYTES])
    return time if len(signature) > TIME_BYTES and time <= TIME_MAX else None


def is_key_name(name: str) -> bool:
    """True when a key may bear the name: not empty, no space of any kind, no control character, no plus."""
    return bool(name) and not any(char == "+" or category(char) in {"Zs", "Zl", "Zp", "Cc", "Cs"} for char in name)


def parse_verifier_key(text: str) -> VerifierKey:
    """The key a verifier key text names; LogError when it is none."""
    parts = text.strip().split("+", 2)
    found = _typed_key(parts[2]) if len(parts) == 3 and is_key_name(parts[0]) else None
    if found is not None:
        key = VerifierKey(parts[0], found[1], found[0])
        if str(key) == text.strip():
            return key
    raise LogError("this is no Ed25519 verifier key: one reads `NAME+KEYID+BASE64`, as `log checkpoint` prints it")


def parse_signer_key(text: str) -> SignerKey:
    """The key a signing key text holds; LogError, without a word of the text, when it holds none."""
    parts = text.strip().removeprefix(PRIVATE).split("+", 2)
    found = _typed_key(parts[2]) if len(parts) == 3 and is_key_name(parts[0]) else None
    if found is not None:
        key = SignerKey(parts[0], found[1], found[0])
        if key.private_text() == text.strip():
            return key
    raise LogError("this is no Ed25519 signing key: one reads `PRIVATE+KEY+NAME+KEYID+BASE64`")


def decode_base64(text: str) -> bytes | None:
    """The bytes of a standard base64 text, or None when it is not exactly what encoding those bytes gives.

    The last letter may carry bits that decoding drops. Accepting them would let a signed text be changed unseen.
    """
    try:
        content = b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        return None
    return content if b64encode(content).decode() == text else None


def _typed_key(text: str) -> tuple[bytes, bytes] | None:
    """The type and the 32 bytes of a key."""
    content = decode_base64(text)
    if content is None or len(content) != 1 + KEY_BYTES or content[:1] not in (ED25519, COSIGNATURE):
        return None
    return content[:1], content[1:]
