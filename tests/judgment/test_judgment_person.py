"""The person tier: what it puts before persons, and what becomes of it when it cannot."""

from __future__ import annotations

from pathlib import Path

from neurosym.judgment.attempt import Attempt
from neurosym.judgment.configuration import PersonTier
from neurosym.judgment.identity import question_id
from neurosym.judgment.person import PersonAsker
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.judgment.review import ItemKind, Statement
from neurosym.judgment.tier import Request, Waiting
from neurosym.values.temporal import Months
from tests.clock import HandClock
from tests.judgment.case import JUDGMENT, REMARKS, examined, question, said

QUESTION = question_id(JUDGMENT, question())


def request() -> Request:
    """A question that the tier `small` has answered."""
    heard = examined(said("same", ("entry.remarks", "DOB 02 Mar 1971")))
    return Request(JUDGMENT, question(), QUESTION, "D1", earlier=(heard,))


def asker(address: str, folder: Path = Path()) -> PersonAsker:
    return PersonAsker(PersonTier("person", address, Months(1), 5), folder, HandClock())


def test_a_question_gets_the_terms_of_the_tier(queue_address: str) -> None:
    assert asker(queue_address).ask(request()) == Waiting(QUESTION, "person")
    with ReviewQueue.open(queue_address, HandClock()) as queue:
        (item,) = queue.open_items()
        assert (item.kind, item.tier, item.decisions) == (ItemKind.QUESTION, "person", ("D1",))
        assert (item.due, item.claim_minutes) == ("2026-04-02T09:00:00.000000Z", 5)
        assert queue.claim(item.question, "Ada").claimed_until == "2026-03-02T09:05:00.000000Z"


def test_it_says_what_the_tiers_said_and_why_that_did_not_suffice(queue_address: str) -> None:
    asker(queue_address).ask(request())
    with ReviewQueue.open(queue_address) as queue:
        (item,) = queue.open_items()
    (earlier,) = item.earlier
    assert isinstance(earlier, Statement)
    assert (earlier.tier, earlier.said) == ("small", "same")
    assert earlier.reason == "no calibration for this judgment, prompt, model and tier"
    assert [(quote.field, quote.text) for quote in earlier.quotes] == [("entry.remarks", "DOB 02 Mar 1971")]
    assert dict(item.content)["entry.remarks"] == REMARKS


def test_an_accepted_answer_may_be_audited(queue_address: str) -> None:
    asker(queue_address).take_audit(request())
    with ReviewQueue.open(queue_address) as queue:
        (item,) = queue.open_items()
    assert (item.kind, item.question, item.decisions) == (ItemKind.AUDIT, QUESTION, ("D1",))


def test_a_relative_path_starts_at_the_folder_of_the_configuration(tmp_path: Path) -> None:
    asker("reviews.db", tmp_path).ask(request())
    assert (tmp_path / "reviews.db").exists()


def test_a_queue_that_cannot_be_used_is_a_failed_attempt(tmp_path: Path) -> None:
    found = asker(f"postgresql://tester@/reviews?host={tmp_path}").ask(request())
    assert isinstance(found, Attempt)
    assert found.response is None
    assert found.failure is not None
    assert "cannot be used" in found.failure
