"""Which accepted answers persons look at all the same: `audit 2%`."""

from __future__ import annotations

import hmac
from fractions import Fraction

from neurosym.values.canonical import Digest, canonical_bytes
from neurosym.values.number import Number

KEY_BYTES = 32


def is_audited(percent: Number, key: bytes, decision: str, question: Digest) -> bool:
    """True for that share of the accepted answers; the same for the same key, decision and question.

    The key is secret and the decision's id is drawn at random: no document, and no model, can tell beforehand which
    answers will be looked at (HMAC with SHA-256, RFC 2104, read as a number from 0 to 1).
    """
    assert len(key) == KEY_BYTES
    drawn = hmac.digest(key, canonical_bytes([decision, question]), "sha256")
    return Fraction(int.from_bytes(drawn, "big"), 256 ** len(drawn)) * 100 < Fraction(percent)
