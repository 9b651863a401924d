"""Who may do what with a question. Nothing, or the InputError that says why not; pure, and the same for every store."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.judgment.document import same_name
from neurosym.judgment.review import Item, Review, is_settled, latest_reviews
from neurosym.judgment.review_document import value_text
from neurosym.text.diagnostic import Diagnostic, Severity
from neurosym.text.failure import InputError
from neurosym.values.canonical import Json, canonical_bytes, is_unicode

ASK_TO_RELEASE = "ask them to release it"


def check_name(name: str) -> None:
    """A name is a text that people can read."""
    if not name.strip():
        raise refused("NS622", "an answer carries the name of who gives it", "add `--as NAME`")
    if not is_unicode(name) or not name.isprintable():
        raise refused("NS622", "a name has letters alone, and nothing hidden", "write the name as people read it")


def check_claim(item: Item, said: Sequence[Review], name: str) -> None:
    """A question is claimed by one person at a time, who can still settle it."""
    check_name(name)
    _check_assignee(item, name)
    _check_claimant(item, name)
    if is_settled(said, item.persons):
        names = " and ".join(review.by for review in latest_reviews(said))
        raise refused("NS621", f"already answered by {names}", "they may change their answer")
    _check_others(item, said, name)
    if item.persons > 1 and _has_answered(said, name):
        raise refused("NS621", f"{name} has answered it, and another person is wanted", "take another question")


def check_release(item: Item, name: str) -> None:
    """A claim is given back by who has it."""
    check_name(name)
    _check_claimant(item, name)
    if item.claimed_by is None:
        raise refused("NS626", f"{name} has no claim on the question", "there is nothing to give back")


def check_assignment(item: Item, said: Sequence[Review], to: str | None, by: str) -> None:
    """A question is assigned to somebody who can settle it, and not away from who is at work on it."""
    check_name(by)
    if to is None:
        if item.assigned_to is None:
            raise refused("NS626", "the question is assigned to nobody", "there is nothing to give back")
        return
    check_name(to)
    _check_claimant(item, to)
    _check_others(item, said, to)
    if item.persons > 1 and _has_answered(said, to):
        raise refused("NS627", f"{to} has answered it, and another person is wanted", "assign it to somebody else")


def check_review(item: Item, said: Sequence[Review], review: Review) -> None:
    """An answer is allowed, and given by who may give it."""
    check_name(review.by)
    if review.value is not None and not is_among(review.value, item.answers):
        allowed = ", ".join(value_text(value) for value in item.answers)
        raise refused("NS622", f"{value_text(review.value)} is not an allowed answer", f"one of {allowed}, or null")
    _check_assignee(item, review.by)
    _check_others(item, said, review.by)
    _check_claimant(item, review.by)


def is_among(value: Json, answers: Sequence[Json]) -> bool:
    """True when the value is one of the answers; any is where they are not few and so not listed."""
    return not answers or canonical_bytes(value) in {canonical_bytes(answer) for answer in answers}


def refused(code: str, message: str, advice: str) -> InputError:
    """The error that says why something is not done."""
    return InputError([Diagnostic(code, Severity.ERROR, message, help=advice)])


def _check_assignee(item: Item, name: str) -> None:
    if item.assigned_to is not None and same_name(item.assigned_to) != same_name(name):
        message = f"the question is assigned to {item.assigned_to}"
        raise refused("NS625", message, "`neurosym review assign` gives it to somebody else")


def _check_claimant(item: Item, name: str) -> None:
    if item.claimed_by is not None and same_name(item.claimed_by) != same_name(name):
        until = "" if item.claimed_until is None else f" until {item.claimed_until}"
        raise refused("NS621", f"the question is claimed by {item.claimed_by}{until}", ASK_TO_RELEASE)


def _check_others(item: Item, said: Sequence[Review], name: str) -> None:
    others = {same_name(other.by): other.by for other in said if same_name(other.by) != same_name(name)}
    if len(others) >= item.persons:
        raise refused("NS621", f"already answered by {' and '.join(others.values())}", "they may change their answer")


def _has_answered(said: Sequence[Review], name: str) -> bool:
    return any(same_name(review.by) == same_name(name) for review in said)
