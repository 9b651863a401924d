"""The rows of a report of judgments, for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from neurosym.decision.judgment_tally import JudgmentTally, TierTally
from neurosym.judgment.calibration.drift import Drift
from neurosym.values.number import Number, number_text

QUESTIONS = ("judgment", "possible", "relevant", "asked", "answered", "waiting", "unanswered")
TIERS = ("judgment", "tier", "attempts", "answers", "reused", "refused", "cost", "p50 ms", "p95 ms", "contradicted")
DRIFTS = ("judgment", "tier", "state", "cases", "distance", "by chance", "looked at", "contradicted")
NOTHING = "-"


def question_row(name: str, tally: JudgmentTally) -> list[str | int]:
    """How many questions of a judgment came how far."""
    answered = sum(tally.answered.values())
    return [name, tally.possible, tally.relevant, tally.asked, answered, tally.waiting, tally.unanswered]


def tier_rows(judgment: str, tally: JudgmentTally) -> Iterator[list[str | int]]:
    """What became of the attempts at each tier."""
    for name, each in sorted(tally.tiers.items()):
        times = [NOTHING if (found := each.percentile_ms(share)) is None else str(found) for share in (50, 95)]
        counts = [each.attempts, each.accepted, each.reused, each.refused]
        yield [judgment, name, *counts, _cost(each.cost), *times, _contradicted(each)]


def drift_row(found: Drift) -> list[str | int]:
    """A tier beside its calibration."""
    key = found.artefact.key
    shown: list[str | int] = [found.artefact.judgment, key.tier, found.state.value, found.cases]
    return [*shown, number_text(found.distance), number_text(found.allowed), found.audited, found.contradicted]


def _cost(cost: Mapping[str, Number]) -> str:
    return ", ".join(f"{number_text(cost[name])} {name}" for name in sorted(cost)) or NOTHING


def _contradicted(tally: TierTally) -> str:
    bound = tally.disagreement_bound
    if bound is None:
        return NOTHING
    return f"{tally.disagreed} of {tally.compared} (at most {number_text(bound * 100)} %)"
