"""The closest name to a misspelt one."""

from __future__ import annotations

import pytest

from neurosym.text.suggestion import closest, did_you_mean


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("amuont", ["id", "amount", "payer"], "amount"),
        ("AMOUNT", ["id", "amount"], "amount"),
        ("party", ["Party", "Payment"], "Party"),
        ("xyz", ["id", "amount"], None),
        ("amount", [], None),
        ("", ["id"], None),
    ],
)
def test_the_closest_name_is_found_whatever_its_case(name: str, known: list[str], found: str | None) -> None:
    assert closest(name, known) == found
    assert did_you_mean(name, known) == (f"did you mean `{found}`?" if found else None)


def test_of_names_equally_close_the_first_by_alphabet_is_suggested() -> None:
    assert closest("payex", ["payer", "payee"]) == closest("payex", ["payee", "payer"]) == "payee"


def test_of_names_that_differ_in_case_alone_the_first_by_alphabet_is_suggested() -> None:
    assert closest("party", ["Party", "PARTY"]) == closest("party", ["PARTY", "Party"]) == "PARTY"
