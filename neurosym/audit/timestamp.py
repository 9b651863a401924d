"""Time stamps (RFC 3161): that something existed at a time, in the word of an authority that is not the log's.

A stamp is checked offline, against certificates that whoever checks it trusts. These have to have been valid at the
time of the stamp, not today: a stamp outlives the certificate that it was made with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import (
    Certificate,
    InvalidVersion,
    Name,
    load_der_x509_certificate,
    load_pem_x509_certificates,
)
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, VerificationError, decode_timestamp_response
from rfc3161_client.tsp import PKIStatus, TimeStampResponse
from rfc3161_client.verify import VerifierBuilder

from neurosym.text.failure import LogCorruptError, LogError

PEM = b"-----BEGIN CERTIFICATE-----"
QUERY_TYPE, REPLY_TYPE = "application/timestamp-query", "application/timestamp-reply"  # RFC 3161 §3.4
REPLY_BYTES_MAX = 1_000_000
# What the library raises when it comes upon parts of a certificate that make no sense: it reads them late.
MALFORMED = (ValueError, TypeError, KeyError, InvalidVersion, UnsupportedAlgorithm)


@dataclass(frozen=True, slots=True)
class TimestampQuery:
    """What is sent to an authority (DER), and the number that its reply has to repeat."""

    content: bytes
    nonce: int


@dataclass(frozen=True, slots=True)
class Timestamp:
    """What an authority has signed: at this time (UTC) the message existed. `authority` is the subject of its
    certificate (RFC 4514).
    """

    time: datetime
    authority: str
    serial: int
    policy: str


def timestamp_query(message: bytes) -> TimestampQuery:
    """The query for a stamp over a message that is not empty, by its SHA-512."""
    made = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA512).build()
    assert made.nonce is not None
    return TimestampQuery(made.as_bytes(), made.nonce)


def read_certificates(content: bytes) -> tuple[Certificate, ...]:
    """The certificates in a file, PEM or DER; LogError when there are none."""
    try:
        found = load_pem_x509_certificates(content) if PEM in content else [load_der_x509_certificate(content)]
    except ValueError as error:
        raise LogError("no certificate can be read here: PEM and DER are understood") from error
    return tuple(found)


def read_timestamp(
    reply: bytes, message: bytes, trusted: Sequence[Certificate], *, nonce: int | None = None
) -> Timestamp:
    """What the reply of an authority says of a message. LogCorruptError when it says nothing that holds: not granted,
    over another message, not signed by an authority that leads to a root among those `trusted`, or in reply to another
    query.

    The signer is told by issuer and serial number, as the signature covers them; other certificates that lie in the
    reply mean nothing, and of one that is trusted the reply has no other copy.
    """
    try:
        return _verified(_decoded(reply), message, trusted, nonce)
    except MALFORMED as error:
        raise LogCorruptError("no time stamp: what lies in the reply cannot be read") from error


def _verified(found: TimeStampResponse, message: bytes, trusted: Sequence[Certificate], nonce: int | None) -> Timestamp:
    roots = [each for each in trusted if each.issuer == each.subject]
    others = [each for each in trusted if each.issuer != each.subject]
    if not roots:
        raise LogError("none of the certificates is a root: no stamp can be checked against them")
    named = {(each.issuer, each.serial_number) for each in found.signed_data.signer_infos}
    known = next((each for each in others if (each.issuer, each.serial_number) in named), None)
    signer = known or _embedded(found, named)
    verifier = VerifierBuilder(None, known, others, roots, nonce).build()
    try:
        verifier.verify_message(found, message)
    except VerificationError as error:
        raise LogCorruptError(f"the time stamp does not hold: {error}") from error
    stamp = found.tst_info
    return Timestamp(stamp.gen_time, signer.subject.rfc4514_string(), stamp.serial_number, stamp.policy.dotted_string)


def _decoded(reply: bytes) -> TimeStampResponse:
    if len(reply) > REPLY_BYTES_MAX:
        raise LogCorruptError(f"no time stamp: larger than {REPLY_BYTES_MAX} bytes")
    try:
        found = decode_timestamp_response(reply)
        status = PKIStatus(found.status)
        if status is not PKIStatus.GRANTED:
            raise LogCorruptError(f"the authority gave no time stamp: {status.name.lower().replace('_', ' ')}")
        assert found.tst_info is not None
    except ValueError as error:
        raise LogCorruptError("no time stamp: the bytes are no reply of an authority (RFC 3161)") from error
    return found


def _embedded(found: TimeStampResponse, named: set[tuple[Name, int]]) -> Certificate:
    """The certificate in the reply that the signature names."""
    for each in map(load_der_x509_certificate, found.signed_data.certificates):
        if (each.issuer, each.serial_number) in named:
            return each
    raise LogCorruptError("the certificate that the time stamp was signed with is neither in it nor given")
