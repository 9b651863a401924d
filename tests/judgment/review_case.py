"""Questions and answers of the review queue, as its tests use them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from neurosym.judgment.answer import QuoteClaim
from neurosym.judgment.identity import question_id
from neurosym.judgment.review import Item, Review, Statement, review_item
from neurosym.judgment.tier import Request
from neurosym.text.codes import code_page
from neurosym.text.failure import InputError
from neurosym.values.unknown import ABSENT
from tests.judgment.case import JUDGMENT, question

REVIEW = Review("Ada", "same", (QuoteClaim("entry.remarks", "DOB 02 Mar 1971", None),), "the dates agree")
QUOTED = QuoteClaim("entry.remarks", "Mar 1971", 7)


def item(remarks: str = "DOB 02 Mar 1971", decision: str = "D1", persons: int = 1) -> Item:
    """A question about these remarks, which one tier before could not settle."""
    judgment = replace(JUDGMENT, two_persons=persons == 2)
    asked = question(remarks=remarks, born=ABSENT)
    made = review_item("person", Request(judgment, asked, question_id(judgment, asked), decision))
    return replace(made, earlier=(Statement("small", "same", "no calibration", (QUOTED,)),))


@contextmanager
def refusal(code: str) -> Iterator[None]:
    """Fails unless the block is refused with the code, which has a page."""
    with pytest.raises(InputError) as error:
        yield
    assert [found.code for found in error.value.diagnostics] == [code]
    assert code_page(code) is not None
