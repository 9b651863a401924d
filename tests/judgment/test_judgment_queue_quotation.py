"""The quoted places of the evidence, as a reviewer is shown them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neurosym.judgment.answer import QuoteClaim
from neurosym.judgment.queue.quotation import Quotation, evidence_of, marked, quotations
from neurosym.judgment.review import Item, Review, Statement
from neurosym.values.canonical import Json
from tests.judgment.review_case import item

FIELD = "entry.remarks"


def asked(remarks: Json, *quotes: QuoteClaim) -> Item:
    """A question with these remarks, which the tier `small` quoted."""
    content = tuple((path, remarks if path == FIELD else value) for path, value in item().content)
    return replace(item(), content=content, earlier=(Statement("small", "same", "not calibrated", quotes),))


def shown(text: str, *quotes: QuoteClaim) -> str:
    return marked(text, quotations(asked(text, *quotes), ()))


@pytest.mark.parametrize(
    ("text", "quoted", "expected"),
    [
        ("born in Kerman", ["born"], "«born» in Kerman"),
        ("born in Kerman", ["Kerman"], "born in «Kerman»"),
        ("born in Kerman", ["born in Kerman"], "«born in Kerman»"),
        ("born in Kerman", ["born", "Kerman"], "«born» in «Kerman»"),
        ("born in Kerman", ["born in", "in Kerman"], "«born in Kerman»"),
        ("born in Kerman", ["born in", "orn"], "«born in» Kerman"),
        ("born in Kerman", ["born ", "in"], "«born in» Kerman"),
        ("born in Kerman", ["Tehran"], "born in Kerman"),
        ("born in Kerman", [], "born in Kerman"),
        ("«born» in Kerman", ["Kerman"], "«born» in ⟦Kerman⟧"),
        ("«born» ⟦in⟧ <<Ker>>{{man}}", ["in"], "«born» ⟦in⟧ <<Ker>>{{man}}"),
    ],
)
def test_quoted_places_are_marked(text: str, quoted: list[str], expected: str) -> None:
    assert shown(text, *(QuoteClaim(FIELD, each) for each in quoted)) == expected


def test_an_offset_says_which_of_several_places() -> None:
    assert shown("one or one", QuoteClaim(FIELD, "one", 7)) == "one or «one»"
    assert shown("one or one", QuoteClaim(FIELD, "one")) == "«one» or one"


@pytest.mark.parametrize(
    "quote",
    [
        QuoteClaim(FIELD, "one", 1),
        QuoteClaim(FIELD, "one", -3),
        QuoteClaim(FIELD, "one", 700),
        QuoteClaim(FIELD, ""),
        QuoteClaim("customer.name", "Ali"),
        QuoteClaim("nowhere", "one"),
    ],
)
def test_what_does_not_stand_there_marks_nothing(quote: QuoteClaim) -> None:
    assert quotations(asked("one or one", quote), ()) == ()


def test_lists_and_numbers_have_the_text_that_quotes_are_about() -> None:
    assert evidence_of(asked(["one", 2, ["three", None], True])) == {FIELD: "one\n2\nthree\ntrue"}
    assert evidence_of(asked({"absent": True})) == {}


def test_it_says_who_quotes() -> None:
    quote = QuoteClaim(FIELD, "one")
    found = quotations(asked("one or one", quote), [Review("Ada", "same", (QuoteClaim(FIELD, "or one"),))])
    assert found == (Quotation(FIELD, 0, 3, "small"), Quotation(FIELD, 4, 10, "Ada"))
