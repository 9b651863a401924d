"""A small log to be exported: a model answers, a person reviews, and the decision is made again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from neurosym.decision.decision import Decision
from neurosym.decision.review import answer_question
from neurosym.judgment.configuration import Configuration, ModelTier, PersonTier
from neurosym.judgment.cost import Price
from neurosym.judgment.dialect import DEFAULT_DIALECT, Dialect
from neurosym.judgment.judge import Judge
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.testing.endpoint import Endpoint, Misbehaviour, answer_by
from neurosym.values.canonical import Json
from tests.audit.world import open_log
from tests.decision.case import PAYMENT, QUOTE, REMARKS, engine_of, screening, supplied, world

CUSTOMER = "Ali Karimi"  # in the facts, and so in every prompt
REVIEWER = "Ada: Lévy, Ph.D. (Paris) 100%"
CLERK = "clerk/7"
MODEL = "maker/small:8b"
SUBJECT = "PAY-1"  # in the request, and so in the result
PARAMETERS = (("seed", 7), ("temperature", "0.5"))


def judge_at(endpoint: Endpoint, folder: Path = Path(), dialect: Dialect = DEFAULT_DIALECT) -> Judge:
    """A judge with a model behind the endpoint, and persons."""
    tier = ModelTier(
        "small",
        endpoint.base_url,
        MODEL,
        ("public",),
        attempts=1,
        parameters=PARAMETERS,
        dialect=dialect,
        concurrent=1,  # so that answers stand in the log in the order of the questions
        output_tokens_max=64,
        price=Price("EUR", per_call=Decimal("1.25")),
    )
    return Judge(Configuration((tier, PersonTier("person", "reviews.db")), folder), {}, {})


def write_reviewed_log(folder: Path) -> tuple[Decision, ...]:
    """`decisions.db`: one decision that waits, its successor after a review, and one with an answer handed in."""
    rules = screening(clauses="accept uncalibrated")
    with Endpoint(respond=answer_by({"LISTED E1": "different"})) as endpoint, open_log(folder / "decisions.db") as log:
        engine = engine_of(rules, log, judge_at(endpoint, folder))
        first = engine.decide("screen", PAYMENT, facts=world("E1", "E2"))
        with ReviewQueue.open(folder / "reviews.db") as queue:
            (item,) = queue.open_items()
            (second,) = answer_question(log, queue, item.question, "same", [REMARKS], None, REVIEWER)
        handed_in = supplied("same", "E1", by=CLERK, quotes=[QUOTE])
        third = engine.decide("screen", PAYMENT, facts=world("E1"), answers=[handed_in])
    return first, second, third


def write_called_log(
    folder: Path,
    *misbehaviours: Misbehaviour,
    dialect: Dialect = DEFAULT_DIALECT,
) -> Decision:
    """`decisions.db`: one decision for which a model was called."""
    rules = screening(clauses="accept uncalibrated")
    with (
        Endpoint(*misbehaviours, respond=answer_by({"LISTED": "different"})) as endpoint,
        open_log(folder / "decisions.db") as log,
    ):
        engine = engine_of(rules, log, judge_at(endpoint, folder, dialect))
        return engine.decide("screen", PAYMENT, facts=world("E1"))


def has_float(document: Json) -> bool:
    """True when any number in the document is a binary float."""
    if isinstance(document, dict):
        return any(has_float(value) for value in document.values())
    if isinstance(document, list):
        return any(has_float(value) for value in document)
    return isinstance(document, float)
