"""Signed notes (C2SP signed-note): a text, an empty line, and one line per signature.

TEXT, which ends with a newline
<empty line>
— NAME base64(4-byte key id || signature)
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from neurosym.audit.key import KEY_ID_BYTES, SignerKey, VerifierKey, decode_base64, is_key_name
from neurosym.text.failure import LogCorruptError

NOTE_BYTES_MAX = 1_000_000
SIGNATURES_MAX = 100
DASH = "— "


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line. The key id tells which key of that name is meant."""

    name: str
    key_id: bytes
    signature: bytes

    def is_by(self, key: VerifierKey) -> bool:
        """True when the line claims to be made by the key; whether it is remains to be checked."""
        return self.name == key.name and self.key_id == key.key_id

    def __str__(self) -> str:
        return f"{DASH}{self.name} {b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it; the text means nothing until `is_signed_by` is true."""

    text: str
    signatures: tuple[Signature, ...]

    def is_signed_by(self, key: VerifierKey) -> bool:
        """True when the key signed the text and every signature that claims to be the key's is the key's.

        Signatures of other keys are ignored, as the specification demands.
        """
        claimed = [line for line in self.signatures if line.is_by(key)]
        return bool(claimed) and all(key.verifies(self.text.encode(), line.signature) for line in claimed)

    def __str__(self) -> str:
        return self.text + "\n" + "".join(str(line) for line in self.signatures)


def sign_note(text: str, *keys: SignerKey) -> Note:
    """The note of a text that ends with a newline, signed by each key."""
    assert text.endswith("\n")
    return Note(text, tuple(Signature(key.name, key.verifier.key_id, key.signature(text.encode())) for key in keys))


def parse_note(content: bytes, *, bytes_max: int = NOTE_BYTES_MAX) -> Note:
    """The note of these bytes, signatures unchecked; LogCorruptError when they are none, or more than `bytes_max`."""
    whole = _note_text(content, bytes_max)
    at = whole.rfind("\n\n")
    if at < 0 or not whole.endswith("\n") or at + 2 == len(whole):
        raise LogCorruptError("not a signed note: the signatures stand after an empty line, each on a line of its own")
    lines = whole[at + 2 : -1].split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise LogCorruptError(f"not a signed note: more than {SIGNATURES_MAX} signatures")
    return Note(whole[: at + 1], tuple(_parse_signature(line) for line in lines))


def _note_text(content: bytes, bytes_max: int) -> str:
    if len(content) > bytes_max:
        raise LogCorruptError(f"not a signed note: larger than {bytes_max} bytes")
    try:
        whole = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LogCorruptError(f"not a signed note: not UTF-8 at byte {error.start}") from error
    if any(char < " " and char != "\n" for char in whole):
        raise LogCorruptError("not a signed note: it holds a control character")
    return whole


def _parse_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    content = decode_base64(encoded)
    if not line.startswith(DASH) or not is_key_name(name) or content is None or len(content) <= KEY_ID_BYTES:
        raise LogCorruptError("not a signed note: a signature line reads `— NAME BASE64`")
    return Signature(name, content[:KEY_ID_BYTES], content[KEY_ID_BYTES:])
