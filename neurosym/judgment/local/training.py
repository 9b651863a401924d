"""A head trained on labelled cases: multinomial logistic regression, the same weights for the same cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from neurosym.judgment.answer import AnswerValue, answer_key
from neurosym.judgment.local.fit import fields_read
from neurosym.judgment.local.head import Head, mark_of
from neurosym.judgment.local.material import LAYOUT
from neurosym.judgment.local.model import LocalModel
from neurosym.program.judgment import Judgment
from neurosym.text.failure import ProviderError
from neurosym.values.canonical import Digest, canonical_bytes, digest
from neurosym.values.encoding import tagged
from neurosym.values.unknown import Question

RESTRAINT = 0.1  # the inverse strength of the regularisation: there are more inputs than labelled cases
ROUNDS_MAX = 5_000
TOLERANCE = 1e-8
CASES_MIN = 10


@dataclass(frozen=True, slots=True)
class Taught:
    """A question with the answer that is to be learnt."""

    id: Digest
    question: Question
    answer: AnswerValue


def enough(judgment: Judgment, cases: Sequence[Taught]) -> str | None:
    """Why nothing can be learnt from the cases, or None."""
    given = answers_given(judgment, cases)
    if len(cases) < CASES_MIN:
        return f"{len(cases)} cases to learn from, and {CASES_MIN} are the least"
    if len(given) < 2:
        return "all of them have the same answer"
    return None


def answers_given(judgment: Judgment, cases: Sequence[Taught]) -> tuple[AnswerValue, ...]:
    """The answers that some case has, in the order of the judgment."""
    found = {answer_key(case.answer) for case in cases}
    return tuple(answer for answer in judgment.answers if answer_key(answer) in found)


def train(judgment: Judgment, model: LocalModel, cases: Sequence[Taught]) -> Head:
    """The head that the cases teach, over the inputs that the model gives; ValueError when they are not enough.

    The cases are taken in the order of their ids, so that the order in which they are handed in does not matter.
    """
    if (complaint := enough(judgment, cases)) is not None:
        raise ValueError(complaint)
    ordered = sorted(cases, key=lambda case: case.id)
    answers = answers_given(judgment, ordered)
    places = {answer_key(answer): place for place, answer in enumerate(answers)}
    inputs = [model.inputs(judgment, case.question).numbers for case in ordered]
    weights, bias = _fitted(inputs, [places[answer_key(case.answer)] for case in ordered])
    labels = digest([[case.id, canonical_bytes(tagged(case.answer)).decode("utf-8")] for case in ordered])
    reads = fields_read(judgment)
    encoder = model.encoder.digest
    marks = tuple(sorted(mark_of(case.id) for case in ordered))
    return Head(judgment.name, reads, encoder, LAYOUT, model.features, answers, weights, bias, marks, labels)


def _fitted(
    inputs: Sequence[Sequence[float]], targets: Sequence[int]
) -> tuple[tuple[tuple[float, ...], ...], tuple[float, ...]]:
    """The weights and the bias of each answer. Inputs are brought to one scale, which the weights then contain."""
    np, linear_model, threadpool_limits = _libraries()
    given = np.array(inputs, dtype=np.float64)
    mean, spread = given.mean(axis=0), given.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    with threadpool_limits(limits=1):  # one order of summing, whatever the machine
        regression = linear_model.LogisticRegression(C=RESTRAINT, solver="lbfgs", max_iter=ROUNDS_MAX, tol=TOLERANCE)
        regression.fit((given - mean) / scale, np.array(targets))
    rows, shifts = regression.coef_ / scale, regression.intercept_
    bias = shifts - rows @ mean
    if len(rows) == 1:  # of two answers there is one row, for the second
        rows, bias = np.vstack([np.zeros_like(rows), rows]), np.array([0.0, bias[0]])
    return tuple(tuple(float(each) for each in row) for row in rows), tuple(float(each) for each in bias)


def _libraries() -> tuple[Any, Any, Any]:
    try:
        import numpy as np  # noqa: PLC0415 - heavy, and in an extra
        from sklearn import linear_model  # noqa: PLC0415 - as above
        from threadpoolctl import threadpool_limits  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        raise ProviderError("training needs `pip install 'neurosym[embed]'`") from error
    return np, linear_model, threadpool_limits
