"""How good answers are on labelled cases that nothing was learnt from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from neurosym.judgment.answer import AnswerValue, answer_key
from neurosym.judgment.calibration.binomial import upper_bound
from neurosym.judgment.local.local_answer import local_claim
from neurosym.judgment.local.model import LocalModel
from neurosym.judgment.local.training import Taught
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import Digest, Json
from neurosym.values.encoding import wire
from neurosym.values.number import Number, add, negate, normal, number_text
from neurosym.values.unknown import Question

HELD_OUT = 4  # one case in so many is learnt from by nobody
DOUBT = Fraction(1, 40)  # at each end of an interval of 95 percent
FOUR_DIGITS = Decimal("0.0001")

Answering: TypeAlias = Callable[[Question], AnswerValue | None]


@dataclass(frozen=True, slots=True)
class Trial:
    """What somebody answered in how many cases, by the label; None is no answer."""

    name: str
    counts: tuple[tuple[AnswerValue, AnswerValue | None, int], ...]  # label, answer, how often

    @property
    def of(self) -> int:
        """How many cases there were."""
        return sum(count for *_, count in self.counts)

    @property
    def right(self) -> int:
        """How many answers the label agrees with."""
        return sum(count for label, said, count in self.counts if answer_key(label) == answer_key(said))

    @property
    def accuracy(self) -> Number:
        """The share of right answers, rounded down to four places; 0 of none."""
        return normal((Decimal(self.right) / self.of).quantize(FOUR_DIGITS, "ROUND_FLOOR")) if self.of else 0

    @property
    def interval(self) -> tuple[Number, Number]:
        """Where the true share lies with confidence 95 percent (Clopper and Pearson)."""
        wrong = self.of - self.right
        return add(1, negate(upper_bound(wrong, self.of, DOUBT))), upper_bound(self.right, self.of, DOUBT)

    @property
    def json(self) -> Json:
        """The trial as proposals write it."""
        low, high = self.interval
        counts: list[Json] = [
            {"label": wire(label), "said": wire(said), "count": count} for label, said, count in self.counts
        ]
        return {
            "name": self.name,
            "right": self.right,
            "of": self.of,
            "accuracy": number_text(self.accuracy),
            "interval": [number_text(low), number_text(high)],
            "counts": counts,
        }


def is_held_out(case: Digest) -> bool:
    """True for the cases that are kept for trials: which they are depends on the question alone."""
    return int(case.rpartition(":")[2], 16) % HELD_OUT == 0


def tried(name: str, judgment: Judgment, cases: Sequence[Taught], answering: Answering) -> Trial:
    """The trial of somebody who answers, on cases with labels."""
    said: Counter[tuple[int, int]] = Counter()
    places = {answer_key(answer): place for place, answer in enumerate(judgment.answers)}
    options: tuple[AnswerValue | None, ...] = (*judgment.answers, None)
    for case in cases:
        answer = answering(case.question)
        nobody = len(judgment.answers)
        said[places[answer_key(case.answer)], places.get(answer_key(answer), nobody)] += 1
    return Trial(name, tuple((options[label], options[given], said[label, given]) for label, given in sorted(said)))


def by_model(judgment: Judgment, model: LocalModel) -> Answering:
    """The answers of a local model."""
    return lambda question: local_claim(model.answer(judgment, question), judgment).value


def by_majority(judgment: Judgment, cases: Sequence[Taught]) -> Answering:
    """Always the answer that most of these cases have; of equally frequent ones, the one declared first."""
    counts = Counter(answer_key(case.answer) for case in cases)
    best = max(judgment.answers, key=lambda answer: counts[answer_key(answer)])
    return lambda _: best
