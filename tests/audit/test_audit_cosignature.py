"""Cosignatures of witnesses (C2SP tlog-cosignature): they say when, and never pass for a log's own signature."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from neurosym.audit.key import COSIGNATURE, SignerKey, cosigned_at, parse_signer_key, parse_verifier_key
from neurosym.audit.note import Note, Signature, parse_note, sign_note

TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
# The example of the specification; its key is not published.
EXAMPLE = (
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+"
    "mbIUBkBIfZ+qnA==\n"
)
TIME = 1_679_315_147
LOG = SignerKey("example.com/behind-the-sofa", bytes(32))
WITNESS = SignerKey("witness.example.com/w1", b"\x01" * 32, COSIGNATURE)


def cosigned(text: str = TEXT, time: int = TIME, key: SignerKey = WITNESS) -> Note:
    line = Signature(key.name, key.verifier.key_id, key.cosignature(text.encode(), time))
    return Note(text, (*sign_note(text, LOG).signatures, line))


def test_the_time_in_the_example_of_the_specification_is_told() -> None:
    note = parse_note(f"{TEXT}\n{EXAMPLE}".encode())
    assert cosigned_at(note.signatures[0].signature) == TIME
    assert len(note.signatures[0].signature) == 8 + 64


def test_what_is_signed_is_what_the_specification_says() -> None:
    message = f"cosignature/v1\ntime {TIME}\n{TEXT}".encode()
    made = Ed25519PrivateKey.from_private_bytes(WITNESS.seed).sign(message)
    assert WITNESS.cosignature(TEXT.encode(), TIME) == TIME.to_bytes(8) + made


def test_a_note_has_the_signatures_of_the_log_and_of_the_witness() -> None:
    note = parse_note(str(cosigned()).encode())
    assert note.is_signed_by(LOG.verifier)
    assert note.is_signed_by(WITNESS.verifier)


def test_another_time_or_text_is_not_what_was_signed() -> None:
    (line,) = cosigned().signatures[1:]
    later = Signature(line.name, line.key_id, (TIME + 1).to_bytes(8) + line.signature[8:])
    assert not Note(TEXT, (later,)).is_signed_by(WITNESS.verifier)
    assert not Note(TEXT.replace("3\n", "4\n"), (line,)).is_signed_by(WITNESS.verifier)


def test_the_same_secret_is_another_key_for_another_purpose() -> None:
    plain = SignerKey(WITNESS.name, WITNESS.seed)
    assert plain.verifier.key_id != WITNESS.verifier.key_id
    assert not cosigned().is_signed_by(plain.verifier)
    assert not sign_note(TEXT, plain).is_signed_by(WITNESS.verifier)


@pytest.mark.parametrize("key", [LOG, WITNESS])
def test_keys_are_read_as_they_are_written(key: SignerKey) -> None:
    assert parse_signer_key(key.private_text()) == key
    assert parse_verifier_key(str(key.verifier)) == key.verifier


@pytest.mark.parametrize("signature", [b"", bytes(8), b"\xff" * 72])
def test_what_has_no_time_is_no_cosignature(signature: bytes) -> None:
    assert cosigned_at(signature) is None
    assert not WITNESS.verifier.verifies(TEXT.encode(), signature)
