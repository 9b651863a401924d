"""Which accepted answers persons look at all the same."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

import pytest

from neurosym.judgment.audit_share import is_audited
from neurosym.values.canonical import digest
from neurosym.values.number import Number

KEY, OTHER_KEY = sha256(b"one").digest(), sha256(b"another").digest()
QUESTIONS = [digest(number) for number in range(2_000)]


def drawn(percent: Number, key: bytes = KEY, decision: str = "D1") -> list[bool]:
    return [is_audited(percent, key, decision, question) for question in QUESTIONS]


@pytest.mark.parametrize(("percent", "least", "most"), [(2, 20, 65), (Decimal("12.5"), 190, 310), (50, 900, 1_100)])
def test_the_share_is_about_what_is_declared(percent: Number, least: int, most: int) -> None:
    """Within four standard deviations; the keys are fixed, so it always passes or never."""
    for key in (KEY, OTHER_KEY):
        assert least <= sum(drawn(percent, key)) <= most


def test_nothing_and_everything() -> None:
    assert not any(drawn(0))
    assert all(drawn(100))


def test_a_greater_share_holds_the_smaller_one() -> None:
    assert all(more for less, more in zip(drawn(10), drawn(20), strict=True) if less)


def test_it_is_drawn_once_for_a_question_of_a_decision() -> None:
    assert drawn(30) == drawn(30)
    assert drawn(30) != drawn(30, decision="D2")
    assert drawn(30) != drawn(30, OTHER_KEY)


def test_it_is_the_standard_s_mac() -> None:
    """RFC 2104 with SHA-256, written out."""
    block = KEY.ljust(64, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in block) + f'["D1","{QUESTIONS[0]}"]'.encode()).digest()
    mac = int.from_bytes(sha256(bytes(byte ^ 0x5C for byte in block) + inner).digest(), "big")
    percent = Decimal(mac * 100 // 2**256)
    assert not is_audited(percent, KEY, "D1", QUESTIONS[0])
    assert is_audited(percent + 1, KEY, "D1", QUESTIONS[0])
