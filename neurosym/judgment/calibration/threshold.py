"""From which score on answers are accepted: fixed-sequence learn-then-test (Angelopoulos, Bates, Candès, Jordan and
Lei, "Learn then Test", Annals of Applied Statistics 2025, section 4), with exact binomial tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from neurosym.judgment.calibration.binomial import tail, upper_bound
from neurosym.values.number import Number, normal

STEPS = 100
SCORES: tuple[Number, ...] = tuple(normal(Decimal(step) / STEPS) for step in range(STEPS, -1, -1))
LEARNING = Fraction(1, 4)  # of the labelled cases only say where the sequence begins


@dataclass(frozen=True, slots=True)
class Graded:
    """A valid answer to a labelled case: its score in [0..1], and whether the label says the same."""

    score: Number
    is_right: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """Answers with at least the score `least` are accepted. `bound` is what their share of wrong ones was shown not to
    exceed, by the `wrong` among `accepted` of the `tested` cases.
    """

    least: Number
    tested: int
    accepted: int
    wrong: int
    bound: Number


def promise(learning: Sequence[Graded], tested: Sequence[Graded], risk: Fraction, doubt: Fraction) -> Promise | None:
    """The lowest score that can be promised, or None: with probability at least `1 - doubt` over the tested cases, at
    most the share `risk` of the answers that it accepts is wrong, in cases that are exchangeable with them.

    The scores are tested from the one where the learning cases give most hope down, each with the whole `doubt`, until
    one fails. INVARIANT: where the sequence begins depends on no tested case; else the promise would be none.
    """
    begin = _begin(learning, risk)
    found = None
    for least in SCORES[SCORES.index(begin) :] if begin is not None else ():
        accepted, wrong = _counts(tested, least)
        if accepted == 0 or tail(wrong, accepted, risk) > doubt:
            break
        found = least, accepted, wrong
    if found is None:
        return None
    least, accepted, wrong = found
    return Promise(least, len(tested), accepted, wrong, upper_bound(wrong, accepted, doubt))


def _begin(learning: Iterable[Graded], risk: Fraction) -> Number | None:
    """The highest of the scores whose accepted answers speak most clearly for a smaller share of wrong ones."""
    cases = [*learning]
    hopes = [(tail(wrong, accepted, risk), least) for least in SCORES for accepted, wrong in [_counts(cases, least)]]
    best, begin = min(hopes, key=lambda hope: (hope[0], -hope[1]))
    return begin if best < 1 else None


def _counts(cases: Iterable[Graded], least: Number) -> tuple[int, int]:
    accepted = [each for each in cases if each.score >= least]
    return len(accepted), sum(not each.is_right for each in accepted)
