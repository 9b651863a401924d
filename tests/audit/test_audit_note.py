from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from neurosym.audit.key import SignerKey, VerifierKey, parse_signer_key, parse_verifier_key
from neurosym.audit.note import parse_note, sign_note
from neurosym.text.failure import LogCorruptError, LogError

# The example of the Go package golang.org/x/mod/sumdb/note.
NAME = "PeterNeumann"
PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
NOTE = f"{TEXT}\n{LINE}"


def test_keys_read_and_write_as_the_go_package_has_them() -> None:
    signer = parse_signer_key(PRIVATE)
    assert signer.private_text() == PRIVATE
    assert str(signer.verifier) == PUBLIC
    assert parse_verifier_key(PUBLIC) == signer.verifier


def test_a_note_is_signed_to_the_byte_as_the_go_package_signs_it() -> None:
    assert str(sign_note(TEXT, parse_signer_key(PRIVATE))) == NOTE


def test_a_note_is_read_and_its_signature_verifies() -> None:
    note = parse_note(NOTE.encode())
    assert note.text == TEXT
    assert note.is_signed_by(parse_verifier_key(PUBLIC))
    assert str(note) == NOTE


def test_the_example_of_the_specification_verifies(vectors: Callable[[str], Path]) -> None:
    folder = vectors("signed-note")
    note = parse_note((folder / "note.txt").read_bytes())
    assert note.is_signed_by(parse_verifier_key((folder / "vkey.txt").read_text(encoding="utf-8")))


def test_a_changed_text_is_not_signed() -> None:
    note = parse_note(NOTE.replace("answer", "ANSWER").encode())
    assert not note.is_signed_by(parse_verifier_key(PUBLIC))


def test_a_key_of_the_same_name_and_another_id_is_unknown() -> None:
    other = SignerKey(NAME, bytes(32)).verifier
    assert not parse_note(NOTE.encode()).is_signed_by(other)


def test_signatures_of_unknown_keys_are_ignored() -> None:
    note = sign_note(TEXT, SignerKey("other", bytes(32)), parse_signer_key(PRIVATE))
    assert parse_note(str(note).encode()).is_signed_by(parse_verifier_key(PUBLIC))


def test_one_false_signature_in_the_name_of_a_key_spoils_its_true_one() -> None:
    false = parse_note((NOTE + LINE.replace("ZJku", "ZJkv")).encode())
    assert len(false.signatures) == 2
    assert not false.is_signed_by(parse_verifier_key(PUBLIC))


def test_the_text_may_hold_empty_lines() -> None:
    signer = parse_signer_key(PRIVATE)
    note = parse_note(str(sign_note("one\n\ntwo\n", signer)).encode())
    assert note.text == "one\n\ntwo\n"
    assert note.is_signed_by(signer.verifier)


@pytest.mark.parametrize(
    "broken",
    [
        "",
        TEXT,
        f"{TEXT}\n",
        NOTE.removesuffix("\n"),
        NOTE.replace("— ", "- "),
        NOTE.replace("— PeterNeumann ", "— PeterNeumann"),
        NOTE.replace("— PeterNeumann ", "— Peter+Neumann "),
        NOTE.replace("— PeterNeumann ", "—  "),
        NOTE.replace("JnAM=", "JnAN="),  # the same bytes: the last letter has bits that decoding drops
        NOTE.replace("JnAM=", "JnA="),
        NOTE.replace("\nthen", "\r\nthen"),
        f"{TEXT}\n— PeterNeumann x08g\n",
        f"{TEXT}\n" + LINE * 101,
        "x" * 1_000_001,
    ],
)
def test_what_is_no_note_is_refused(broken: str) -> None:
    with pytest.raises(LogCorruptError, match="not a signed note"):
        parse_note(broken.encode())


def test_bytes_that_are_no_utf_8_are_no_note() -> None:
    with pytest.raises(LogCorruptError, match="not UTF-8 at byte 0"):
        parse_note(b"\xff" + NOTE.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        PUBLIC.replace("c74f20a3", "c74f20a4"),
        PUBLIC.replace("c74f20a3", "C74F20A3"),
        PUBLIC.replace("+ARpc", "+AhpC"),
        PUBLIC[:-4],
        PUBLIC.replace("Peter", "Peter "),
        "\udcff" + PUBLIC,
        PRIVATE,
    ],
)
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(LogError, match="no Ed25519 verifier key"):
        parse_verifier_key(text)


@pytest.mark.parametrize("text", ["", PUBLIC, PRIVATE.replace("c74f20a3", "c74f20a4"), PRIVATE[:-1]])
def test_what_is_no_signing_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(LogError, match="no Ed25519 signing key") as refused:
        parse_signer_key(text)
    assert "AYEKFALV" not in str(refused.value)


def test_a_signing_key_does_not_show_its_seed() -> None:
    signer = parse_signer_key(PRIVATE)
    assert "AYEKFALV" not in f"{signer} {signer!r}"
    assert repr(signer.seed) not in repr(signer)


def test_published_ed25519_cases_have_the_published_verdict(vectors: Callable[[str], Path]) -> None:
    suite = json.loads((vectors("wycheproof") / "ed25519_test.json").read_bytes())
    cases = [(group["publicKey"]["pk"], case) for group in suite["testGroups"] for case in group["tests"]]
    assert len(cases) == 151
    for public, case in cases:
        key = VerifierKey("vector", bytes.fromhex(public))
        verdict = key.verifies(bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
        assert verdict is (case["result"] == "valid"), case["tcId"]
