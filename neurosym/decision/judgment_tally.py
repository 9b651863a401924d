"""Counts of what became of the questions of each judgment and of the attempts at each tier."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from neurosym.judgment.attempt import Attempt
from neurosym.judgment.calibration.artefact import Artefact, CalibrationKey
from neurosym.judgment.calibration.binomial import upper_bound
from neurosym.judgment.calibration.drift import Drift, DriftState, Observed, drift
from neurosym.judgment.validation import Disposition
from neurosym.values.canonical import Json
from neurosym.values.number import Number, add, number_text

DOUBT = Fraction(1, 20)  # of the bound of a share of disagreement
PERCENTILES = (50, 95, 100)


@dataclass(slots=True)
class TierTally:
    """What became of the attempts at one tier for one judgment. An attempt shared by several questions counts once for
    each; its time and cost count once.
    """

    attempts: int = 0
    refused: int = 0  # not asked: a budget was spent, or the tier rested
    reused: int = 0
    dispositions: dict[str, int] = field(default_factory=dict)
    read: int = 0
    written: int = 0
    cost: dict[str, Number] = field(default_factory=dict)  # by currency
    is_assumed: bool = False  # some of the cost is an upper bound
    durations_ms: list[int] = field(default_factory=list)
    compared: int = 0  # its valid answers to questions that a person answered too
    disagreed: int = 0

    def note(self, attempt: Attempt) -> None:
        """Count an attempt."""
        if attempt.is_refusal:
            self.refused += 1
            return
        if attempt.reused_from is not None:
            self.reused += 1
            return
        self.attempts += 1
        if attempt.usage is not None:
            self.read += attempt.usage.read
            self.written += attempt.usage.written
        if attempt.cost:
            currency = attempt.currency or ""
            self.cost[currency] = add(self.cost.get(currency, 0), attempt.cost)
            self.is_assumed = self.is_assumed or attempt.cost_is_assumed
        if attempt.duration_ms is not None and attempt.part == 0:
            self.durations_ms.append(attempt.duration_ms)

    def percentile_ms(self, share: int) -> int | None:
        """The time that this share of the attempts did not exceed (nearest rank), or None without any."""
        ranked = sorted(self.durations_ms)
        return ranked[-(-len(ranked) * share // 100) - 1] if ranked else None

    @property
    def accepted(self) -> int:
        """How many of its answers were accepted, by themselves or as one of several voices."""
        return self.dispositions.get(Disposition.ACCEPTED.value, 0)

    @property
    def disagreement_bound(self) -> Number | None:
        """What the share of its answers that a person contradicts does not exceed, with confidence 95 percent (Clopper
        and Pearson); None where nothing was compared.
        """
        return upper_bound(self.disagreed, self.compared, DOUBT) if self.compared else None

    @property
    def json(self) -> Json:
        """The tally as `judgments report --format json` writes it."""
        return {
            "attempts": self.attempts,
            "refused": self.refused,
            "reused": self.reused,
            "dispositions": {name: self.dispositions[name] for name in sorted(self.dispositions)},
            "tokens": {"read": self.read, "written": self.written},
            "cost": {name: number_text(self.cost[name]) for name in sorted(self.cost)},
            "cost_is_assumed": self.is_assumed,
            "duration_ms": {f"p{share}": self.percentile_ms(share) for share in PERCENTILES},
            "compared": self.compared,
            "disagreed": self.disagreed,
            "disagreement_bound": None if self.disagreement_bound is None else number_text(self.disagreement_bound),
        }


@dataclass(slots=True)
class JudgmentTally:
    """What became of the questions of one judgment, over all decisions."""

    possible: int = 0  # questions that the facts raise
    relevant: int = 0  # those that could change an outcome
    asked: int = 0  # those that some tier was asked
    answered: dict[str, int] = field(default_factory=dict)  # accepted answers by tier
    waiting: int = 0
    unanswered: int = 0
    tiers: dict[str, TierTally] = field(default_factory=dict)

    def tier(self, name: str) -> TierTally:
        """The tally of a tier."""
        return self.tiers.setdefault(name, TierTally())

    @property
    def json(self) -> Json:
        """The tally as `judgments report --format json` writes it."""
        return {
            "possible": self.possible,
            "relevant": self.relevant,
            "asked": self.asked,
            "answered": {name: self.answered[name] for name in sorted(self.answered)},
            "waiting": self.waiting,
            "unanswered": self.unanswered,
            "tiers": {name: self.tiers[name].json for name in sorted(self.tiers)},
        }


@dataclass(slots=True)
class JudgmentReport:
    """What the judgments of a log came to. Of decisions made again because of an answer, the newest counts."""

    decisions: int = 0
    undecided: int = 0
    unreadable: list[str] = field(default_factory=list)  # decisions that cannot be executed again
    judgments: dict[str, JudgmentTally] = field(default_factory=dict)
    artefacts: dict[CalibrationKey, Artefact] = field(default_factory=dict)  # the newest of each way of asking
    observed: dict[CalibrationKey, Observed] = field(default_factory=dict)
    period: tuple[str, str] | None = None  # the first and the last decision

    def judgment(self, name: str) -> JudgmentTally:
        """The tally of a judgment."""
        return self.judgments.setdefault(name, JudgmentTally())

    @property
    def drifts(self) -> tuple[Drift, ...]:
        """Each calibration beside what came after it, by judgment and tier."""
        found = [drift(each, self.observed.get(key, Observed())) for key, each in self.artefacts.items()]
        return tuple(
            sorted(found, key=lambda each: (each.artefact.judgment, each.artefact.key.tier, each.artefact.digest))
        )

    @property
    def has_alarm(self) -> bool:
        """True when some tier is not what was calibrated."""
        return any(each.state is DriftState.ALARM for each in self.drifts)

    @property
    def json(self) -> dict[str, Json]:
        """The report as `judgments report --format json` writes it."""
        return {
            "decisions": self.decisions,
            "undecided": self.undecided,
            "unreadable": [*self.unreadable],
            "period": None if self.period is None else [*self.period],
            "judgments": {name: self.judgments[name].json for name in sorted(self.judgments)},
            "drift": [{"judgment": each.artefact.judgment, **each.json} for each in self.drifts],
            "alarm": self.has_alarm,
        }
