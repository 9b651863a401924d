"""Signing keys and verifier keys in the text forms of C2SP signed-note and of the Go `note` package.

```
verifier key    NAME+KEYID+base64(0x01 || 32-byte public key)
signing key     PRIVATE+KEY+NAME+KEYID+base64(0x01 || 32-byte seed)
```

KEYID is eight hexadecimal digits: SHA-256(NAME || 0x0A || 0x01 || public key)[:4].
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from unicodedata import category

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from neurosym.text.failure import LogError

ED25519 = b"\x01"  # C2SP signed-note, "Signature types"
KEY_BYTES = 32
KEY_ID_BYTES = 4
PRIVATE = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """What anyone may know: checks signatures. `str()` of it is the verifier key text."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart; an identifier, not a proof of anything."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_ID_BYTES]

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """True when this key made the Ed25519 signature over the message. RFC 8032."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(ED25519 + self.public).decode()}"


@dataclass(frozen=True, slots=True)
class SignerKey:
    """What must stay secret: makes signatures. Neither `str()` nor `repr()` shows the seed."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> VerifierKey:
        """The key that checks what this one signs."""
        return VerifierKey(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def signature(self, message: bytes) -> bytes:
        """The Ed25519 signature over the message. RFC 8032."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)

    def private_text(self) -> str:
        """The signing key text: for the key file and nothing else."""
        return f"{PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{b64encode(ED25519 + self.seed).decode()}"


def is_key_name(name: str) -> bool:
    """True when a key may bear the name: not empty, no space of any kind, no control character, no plus."""
    return bool(name) and not any(char == "+" or category(char) in {"Zs", "Zl", "Zp", "Cc", "Cs"} for char in name)


def parse_verifier_key(text: str) -> VerifierKey:
    """The key a verifier key text names; LogError when it is none."""
    parts = text.strip().split("+", 2)
    public = _key_bytes(parts[2]) if len(parts) == 3 and is_key_name(parts[0]) else None
    if public is not None:
        key = VerifierKey(parts[0], public)
        if str(key) == text.strip():
            return key
    raise LogError("this is no Ed25519 verifier key: one reads `NAME+KEYID+BASE64`, as `log checkpoint` prints it")


def parse_signer_key(text: str) -> SignerKey:
    """The key a signing key text holds; LogError, without a word of the text, when it holds none."""
    parts = text.strip().removeprefix(PRIVATE).split("+", 2)
    seed = _key_bytes(parts[2]) if len(parts) == 3 and is_key_name(parts[0]) else None
    if seed is not None:
        key = SignerKey(parts[0], seed)
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


def _key_bytes(text: str) -> bytes | None:
    content = decode_base64(text)
    fits = content is not None and len(content) == 1 + KEY_BYTES and content.startswith(ED25519)
    return content[1:] if content is not None and fits else None
