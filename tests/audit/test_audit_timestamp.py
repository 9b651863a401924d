"""Time stamps of published authorities, and of one of our own that `openssl ts` plays."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from neurosym.audit.timestamp import Timestamp, read_certificates, read_timestamp, timestamp_query
from neurosym.text.failure import LogCorruptError, LogError
from tests.audit.authority import Authority

HELLO = b"hello"  # what all published ones are over


@pytest.mark.parametrize(
    ("chain", "reply"),
    [
        ("test_tsa", "response.tsr"),
        ("test_tsa", "response-injected-certs.tsr"),
        ("sigstage", "response-sha256.tsr"),
        ("sigstage", "response-sha384.tsr"),
        ("sigstage", "response-sha512.tsr"),
        ("sigstage", "response-no-embedded-cert.tsr"),
        ("identrust", "issue-104.tsr"),
    ],
)
def test_a_published_stamp_holds(vectors: Callable[[str], Path], chain: str, reply: str) -> None:
    folder = vectors("rfc3161") / chain
    trusted = read_certificates((folder / "ts_chain.pem").read_bytes())
    found = read_timestamp((folder / reply).read_bytes(), HELLO, trusted)
    assert found.time.tzinfo is not None
    assert "Spoofed" not in found.authority
    assert found.time < datetime.now(UTC)


@pytest.mark.parametrize(
    ("chain", "reply", "message"),
    [
        ("test_tsa", "other_response.tsr", "does not hold"),
        ("sigstage", "response-invalid-signature.tsr", "does not hold"),
    ],
)
def test_a_published_stamp_that_is_false_does_not_hold(
    vectors: Callable[[str], Path], chain: str, reply: str, message: str
) -> None:
    folder = vectors("rfc3161") / chain
    trusted = read_certificates((folder / "ts_chain.pem").read_bytes())
    with pytest.raises(LogCorruptError, match=message):
        read_timestamp((folder / reply).read_bytes(), HELLO, trusted)


def test_a_stamp_is_over_one_message_and_against_one_root(vectors: Callable[[str], Path]) -> None:
    folder = vectors("rfc3161")
    reply = (folder / "test_tsa" / "response.tsr").read_bytes()
    trusted = read_certificates((folder / "test_tsa" / "ts_chain.pem").read_bytes())
    with pytest.raises(LogCorruptError, match="Mismatch between messages"):
        read_timestamp(reply, b"hullo", trusted)
    with pytest.raises(LogCorruptError, match="Nonce mismatch"):
        read_timestamp(reply, HELLO, trusted, nonce=1)
    other = read_certificates((folder / "sigstage" / "ts_chain.pem").read_bytes())
    with pytest.raises(LogCorruptError, match="does not hold"):
        read_timestamp(reply, HELLO, other)


# --- an authority of our own


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if shutil.which("openssl") is None:
        pytest.skip("there is no `openssl` on this machine")
    return Authority(tmp_path_factory.mktemp("authority"))


def stamped(authority: Authority, message: bytes = HELLO) -> tuple[bytes, int]:
    query = timestamp_query(message)
    return authority.reply(query.content), query.nonce


def test_a_stamp_is_asked_for_and_holds(authority: Authority) -> None:
    reply, nonce = stamped(authority)
    found = read_timestamp(reply, HELLO, read_certificates(authority.root), nonce=nonce)
    assert isinstance(found, Timestamp)
    assert (found.authority, found.policy) == ("CN=Test authority", "1.2.3.4.1")
    assert abs((datetime.now(UTC) - found.time).total_seconds()) < 3_600


def test_each_query_has_a_number_of_its_own(authority: Authority) -> None:
    assert timestamp_query(HELLO).nonce != timestamp_query(HELLO).nonce
    reply, nonce = stamped(authority)
    with pytest.raises(LogCorruptError, match="Nonce mismatch"):
        read_timestamp(reply, HELLO, read_certificates(authority.root), nonce=nonce + 1)


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_no_byte_of_what_was_signed_can_be_changed(authority: Authority) -> None:
    reply, nonce = stamped(authority)
    trusted = read_certificates(authority.root)
    genuine = read_timestamp(reply, HELLO, trusted, nonce=nonce)
    same = 0
    for at, bit in product(range(len(reply)), (0, 1, 5)):
        bent = bytearray(reply)
        bent[at] ^= 1 << bit
        try:
            found = read_timestamp(bytes(bent), HELLO, trusted, nonce=nonce)
        except LogCorruptError:
            continue
        assert found == genuine  # a byte that says nothing
        same += 1
    assert same < 3 * len(reply) / 20


def test_a_certificate_for_something_else_makes_no_stamp(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("there is no `openssl` on this machine")
    with pytest.raises(subprocess.CalledProcessError):
        stamped(Authority(tmp_path, "no_tsa"))


@pytest.mark.parametrize(
    "reply",
    [b"", b"\x30\x00", b"\x30\x05\x30\x03\x02\x01\x02", b"\x30\x05\x30\x03\x02\x01\x00", b"hello", bytes(1_000_001)],
)
def test_bytes_that_are_no_stamp_are_refused(authority: Authority, reply: bytes) -> None:
    with pytest.raises(LogCorruptError, match="no time stamp"):
        read_timestamp(reply, HELLO, read_certificates(authority.root))


@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\n", b"hello"])
def test_bytes_that_are_no_certificate_are_refused(content: bytes) -> None:
    with pytest.raises(LogError, match="no certificate"):
        read_certificates(content)


def test_without_a_root_nothing_can_be_checked(authority: Authority) -> None:
    reply, _ = stamped(authority)
    with pytest.raises(LogError, match="none of the certificates is a root"):
        read_timestamp(reply, HELLO, [])
