"""The questions that could be asked in a world, or for a decision, whether or not an outcome turns on them."""

from __future__ import annotations

from collections.abc import Iterable

from neurosym.engine.model import Model
from neurosym.engine.reached import DutyReached, OutcomeReached
from neurosym.values.unknown import Asked, Question, Reason, Unknown
from neurosym.values.value import Reference


def open_questions(model: Model) -> set[Question]:
    """Every question that something in the model rests on."""
    return _questions(model, (*model.outcomes, *model.duties))


def questions_about(model: Model, decision: str, subject: tuple[Reference, ...]) -> set[Question]:
    """Every question that some fact rests on, or an outcome or duty of the subject."""
    return _questions(model, (*model.outcomes_about(decision, subject), *model.duties_about(subject)))


def _questions(model: Model, reached: Iterable[OutcomeReached | DutyReached]) -> set[Question]:
    reasons: set[Reason] = set()
    for extension in model.extensions.values():
        for entry in extension:
            reasons |= entry.reasons
    for each in reached:
        if isinstance(each.truth, Unknown):
            reasons |= each.truth.reasons
    return {reason.question for reason in reasons if isinstance(reason, Asked)}
