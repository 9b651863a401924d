"""Payloads: encrypted, committed to, and refused when they are not what their entry says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from neurosym.audit.payload import COMMITMENT, DataKey, Payload, PayloadLink, encrypt_payload, open_payload, tag
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import digest_bytes

KEY = DataKey("k", b"\x07" * 32)
MAC = b"\x05" * 32
SALT = b"\x01" * 32
OURS = {"keySize": 256, "ivSize": 96, "tagSize": 128}  # of AES-GCM, in bits


def made(content: bytes = b"what was said") -> Payload:
    return encrypt_payload(content, KEY, lambda size: b"\x09" * size)


def cases(folder: Path, name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The published cases, each with its group."""
    suite = json.loads((folder / f"{name}_test.json").read_bytes())
    found = [(group, case) for group in suite["testGroups"] for case in group["tests"]]
    assert len(found) == suite["numberOfTests"]
    return found


def opened(case: dict[str, Any]) -> bytes:
    """The content of the payload that a published case of AES-GCM becomes."""
    stored = SALT + bytes.fromhex(case["ct"]) + bytes.fromhex(case["tag"])
    link = PayloadLink("case", digest_bytes(stored), "k", tag(MAC, bytes.fromhex(case["msg"])))
    return open_payload(stored, link, lambda _: bytes.fromhex(case["key"]) + bytes.fromhex(case["iv"]) + MAC)


def test_published_cases_of_the_encryption_have_the_published_verdict(vectors: Callable[[str], Path]) -> None:
    published = cases(vectors("wycheproof"), "aes_gcm")
    ours = [case for group, case in published if OURS.items() <= group.items() and not case["aad"]]
    for case in ours:
        if case["result"] == "valid":
            assert opened(case) == bytes.fromhex(case["msg"]), case["tcId"]
        else:
            with pytest.raises(LogCorruptError, match="is not encrypted under the key"):
                opened(case)
    assert [case["result"] for case in ours].count("valid") > 20
    assert [case["result"] for case in ours].count("invalid") > 20


def test_published_cases_of_the_commitment_have_the_published_verdict(vectors: Callable[[str], Path]) -> None:
    for group, case in cases(vectors("wycheproof"), "hmac_sha256"):
        whole = tag(bytes.fromhex(case["key"]), bytes.fromhex(case["msg"])).removeprefix(COMMITMENT)
        is_equal = whole[: group["tagSize"] // 4] == case["tag"]
        assert is_equal == (case["result"] == "valid"), case["tcId"]


def test_what_is_encrypted_is_read_back() -> None:
    payload = made()
    assert open_payload(payload.stored, payload.link("x"), KEY.payload_key) == b"what was said"
    assert b"what was said" not in payload.stored


def test_every_flipped_bit_of_a_payload_is_noticed() -> None:
    payload = made()
    for at in range(len(payload.stored) * 8):
        flipped = bytearray(payload.stored)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(LogCorruptError, match="does not hash to its digest"):
            open_payload(bytes(flipped), payload.link("x"), KEY.payload_key)


def test_another_key_does_not_open_a_payload() -> None:
    payload = made()
    with pytest.raises(LogCorruptError, match="is not encrypted under the key `k`"):
        open_payload(payload.stored, payload.link("x"), DataKey("k", b"\x08" * 32).payload_key)


def test_a_content_that_the_entry_did_not_commit_to_is_refused() -> None:
    payload = made()
    link = PayloadLink("x", payload.digest, payload.key, made(b"something else").commitment)
    with pytest.raises(LogCorruptError, match="is not what its entry committed to"):
        open_payload(payload.stored, link, KEY.payload_key)


def test_contents_alike_are_not_seen_to_be_alike() -> None:
    salts = iter([b"\x01" * 32, b"\x02" * 32])
    one, two = (encrypt_payload(b"alike", KEY, lambda _: next(salts)) for _ in range(2))
    assert one.commitment != two.commitment
    assert one.stored[32:] != two.stored[32:]
