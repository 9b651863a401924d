"""Backtests: what another ruleset would have decided, over the input and the answers that a log recorded.

Nobody is asked. A question that was never asked stays open, and the decision that it keeps open needs an answer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import Enum

from neurosym.audit.entry import Entry
from neurosym.audit.reader import LogReader
from neurosym.decision.decision import Decision
from neurosym.decision.deliberation import Deliberation, deliberate
from neurosym.decision.known_panel import KnownPanel
from neurosym.decision.plan import concluded
from neurosym.decision.recorder import PROOF, codes_of, shown_outcome
from neurosym.decision.replay import Replayer
from neurosym.decision.ruleset import Ruleset
from neurosym.engine.evaluator import compiled_evaluator
from neurosym.engine.verdict import Status
from neurosym.text.failure import DiagnosticsError, Failure, InternalError, LogError, ReplayError
from neurosym.values.canonical import Json
from neurosym.values.unknown import Asked


class BacktestStatus(Enum):
    """How a decision compares when another ruleset makes it."""

    SAME = "same"
    OUTCOME = "outcome changed"
    REASONS = "reasons changed"
    NEEDS_ANSWER = "needs answer"
    REFUSED = "refused"  # the ruleset does not take the recorded input, or cannot decide it
    UNREADABLE = "not replayable"  # the log does not give what was recorded


@dataclass(frozen=True, slots=True)
class Shown:
    """An outcome, or the status of a decision without one, and the rules that it rests on."""

    outcome: str
    rules: tuple[str, ...]

    @property
    def json(self) -> Json:
        """The outcome as reports write it."""
        return {"outcome": self.outcome, "rules": [*self.rules]}


@dataclass(frozen=True, slots=True)
class Compared:
    """One decision as it was made and as the other ruleset makes it; `after` is None where it makes none."""

    entry: Entry
    status: BacktestStatus
    before: Shown
    after: Shown | None = None
    questions: tuple[str, ...] = ()  # the judgments whose answers are missing, once for each question
    message: str | None = None
    size: int = 0  # of both proofs, in bytes: the smaller, the better an example

    @property
    def json(self) -> Json:
        """The comparison as `replay --ruleset --format json` writes it."""
        return {
            "decision": self.entry.decision,
            "seq": self.entry.seq,
            "status": self.status.value,
            "before": self.before.json,
            "after": None if self.after is None else self.after.json,
            "questions": [*self.questions],
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """Decisions that changed in the same way; the example is the one with the smallest proofs."""

    before: str
    after: str
    count: int
    example: Compared

    @property
    def json(self) -> Json:
        """The change as reports write it."""
        return {"from": self.before, "to": self.after, "count": self.count, "example": self.example.json}


@dataclass(slots=True)
class BacktestReport:
    """What became of the decisions of a log; of those that are the same only their number is kept."""

    counts: Counter[BacktestStatus] = field(default_factory=Counter)
    questions: Counter[str] = field(default_factory=Counter)  # missing answers, by judgment
    notable: list[Compared] = field(default_factory=list)  # all that is not the same

    def add(self, compared: Compared) -> None:
        """Count a decision."""
        self.counts[compared.status] += 1
        self.questions.update(compared.questions)
        if compared.status is not BacktestStatus.SAME:
            self.notable.append(compared)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changed into what, the most frequent first. Where the outcome is the same, the rules are told."""
        groups: dict[tuple[str, str], list[Compared]] = {}
        for each in self.notable:
            if each.after is not None and each.status in (BacktestStatus.OUTCOME, BacktestStatus.REASONS):
                groups.setdefault(_change(each.before, each.after), []).append(each)
        found = [
            Change(*names, len(several), min(several, key=lambda each: (each.size, each.entry.seq)))
            for names, several in groups.items()
        ]
        return tuple(sorted(found, key=lambda each: (-each.count, each.before, each.after)))

    @property
    def json(self) -> dict[str, Json]:
        """The report as `replay --ruleset --format json` writes it."""
        return {
            "counts": {status.value: self.counts[status] for status in BacktestStatus},
            "changes": [each.json for each in self.changes],
            "questions": {name: self.questions[name] for name in sorted(self.questions)},
            "decisions": [each.json for each in self.notable],
        }


class Backtester:
    """Compares the decisions of a log with those that a ruleset makes."""

    def __init__(self, log: LogReader, ruleset: Ruleset) -> None:
        self._log = log
        self._ruleset = ruleset
        self._evaluate = compiled_evaluator(ruleset.program)
        self._replayer = Replayer(log)

    def compared(self, entry: Entry) -> Compared:
        """One decision made again by the ruleset. LogError when the log cannot give what it recorded."""
        before = Shown(entry.outcome or "", entry.codes)
        try:
            used, configuration, limits = self._replayer.used(entry)
            effects = self._replayer.effects(entry)
        except (ReplayError, DiagnosticsError) as error:
            return Compared(entry, BacktestStatus.UNREADABLE, before, message=str(error))
        panel = KnownPanel(effects, used.program.judgments, configuration)
        try:
            plan = self._replayer.plan_by(entry, self._ruleset)
            found = deliberate(plan.case, panel, lambda _: None, limits, self._evaluate)
        except (InternalError, LogError):
            raise
        except ReplayError as error:
            return Compared(entry, BacktestStatus.UNREADABLE, before, message=str(error))
        except (DiagnosticsError, Failure) as error:
            return Compared(entry, BacktestStatus.REFUSED, before, message=str(error))
        decision = concluded(plan, found, self._ruleset.digest, limits)
        size = len(self._log.content(entry, PROOF)) + len(decision.proof_bytes)
        return replace(_compared(entry, before, decision, tuple(_unasked(found))), size=size)


def _compared(entry: Entry, before: Shown, decision: Decision, unasked: tuple[str, ...]) -> Compared:
    after = Shown(shown_outcome(decision), codes_of(decision))
    if decision.status is Status.UNDECIDED and unasked:
        status = BacktestStatus.NEEDS_ANSWER
    elif after.outcome != before.outcome:
        status, unasked = BacktestStatus.OUTCOME, ()
    elif after.rules != before.rules:
        status, unasked = BacktestStatus.REASONS, ()
    else:
        status, unasked = BacktestStatus.SAME, ()
    return Compared(entry, status, before, after, unasked)


def _unasked(found: Deliberation) -> list[str]:
    """The judgment of each question that keeps the outcome open and that nobody was asked."""
    asked = [reason.question for reason in found.verdict.reasons if isinstance(reason, Asked)]
    return sorted(each.judgment for each in asked if each in found.matters and not found.matters[each].heard)


def _change(before: Shown, after: Shown) -> tuple[str, str]:
    """What a change is called: by the outcomes, or by the rules where these are the same."""
    if before.outcome != after.outcome:
        return before.outcome, after.outcome
    return _with_rules(before), _with_rules(after)


def _with_rules(shown: Shown) -> str:
    return f"{shown.outcome} by {', '.join(shown.rules) or 'no rule'}"
