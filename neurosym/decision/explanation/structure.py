"""Explanations as data: the steps of a proof, each with its provision, citation and the values read.

The steps form a DAG by the ids of the proofs they show; a step that several others rest on stands once. Text, JSON
and HTML are made from this one structure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from neurosym.decision.shelf import Origin
from neurosym.judgment.answer import Answer
from neurosym.program.period import Period
from neurosym.text.span import Span
from neurosym.values.canonical import Digest
from neurosym.values.temporal import Date
from neurosym.values.unknown import Question, Reason
from neurosym.values.value import Fact, Value


@dataclass(frozen=True, slots=True)
class ProvisionShown:
    """The rule or exception that concludes, in the version in force on the day."""

    id: str
    label: str
    cites: tuple[str, ...]
    period: Period
    span: Span  # its name in the sources that the log holds

    @property
    def place(self) -> str:
        """File, line and column of its text."""
        return str(self.span)


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition as the author wrote it, and the same with the values that were read."""

    condition: str
    here: str


@dataclass(frozen=True, slots=True)
class ParameterShown:
    """A parameter that was read; `value` and `since` are None before its first date."""

    name: str
    label: str
    value: Value
    since: Date | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What a tier made of a question."""

    tier: str
    what: str  # answered, abstained, withheld, rejected, failed, skipped, waiting
    reason: str


@dataclass(frozen=True, slots=True)
class JudgmentShown:
    """A judged question. `answer` is what the decision rests on; without one, `standing` says why there is none."""

    judgment: str
    ask: str
    cites: tuple[str, ...]
    question: Question | None  # None while an argument is unknown
    id: Digest | None  # the question's, by which the review queue knows it
    says: str
    answer: Answer | None
    standing: str
    tried: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class ExceptionShown:
    """An exception that was considered, and what became of it (engine: ExceptionNote)."""

    provision: ProvisionShown
    state: str
    reasons: tuple[tuple[Reason, str], ...]
    premises: tuple[Digest, ...]
    parameters: tuple[ParameterShown, ...]
    judgments: tuple[JudgmentShown, ...]
    exceptions: tuple[ExceptionShown, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what holds or may hold, and by what. Without a provision it was given, or nobody supplied it."""

    id: Digest
    kind: str  # fact, outcome, duty, or an outcome that was defeated
    says: str
    is_certain: bool
    reasons: tuple[tuple[Reason, str], ...] = ()  # why it is not certain, with their wording
    fact: Fact | None = None
    provision: ProvisionShown | None = None
    origin: Origin | None = None
    findings: tuple[Finding, ...] = ()
    premises: tuple[Digest, ...] = ()
    parameters: tuple[ParameterShown, ...] = ()
    judgments: tuple[JudgmentShown, ...] = ()
    exceptions: tuple[ExceptionShown, ...] = ()

    @property
    def below(self) -> tuple[Digest, ...]:
        """All that the step rests on: its premises, and those of the exceptions that were considered."""
        noted = [premise for each in all_exceptions(self.exceptions) for premise in each.premises]
        return tuple(dict.fromkeys((*self.premises, *noted)))

    @property
    def read(self) -> tuple[JudgmentShown, ...]:
        """The judgments that the step reads itself."""
        noted = [judged for each in all_exceptions(self.exceptions) for judged in each.judgments]
        return tuple(dict.fromkeys((*self.judgments, *noted)))


@dataclass(frozen=True, slots=True)
class Reliance:
    """How much of a proof rests on judgments: conclusions in all, those that do, and the answers by tier.

    `others` counts the answers that were given on the way and that no step reads: they kept rules from concluding.
    """

    conclusions: int
    judged: int
    answers: tuple[tuple[str, int], ...]
    others: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Steps from `roots` down, every step before those it rests on for the first time."""

    roots: tuple[Digest, ...]
    steps: Mapping[Digest, Step]
    reliance: Reliance


def all_exceptions(several: tuple[ExceptionShown, ...]) -> list[ExceptionShown]:
    """The exceptions with those to them, to any depth."""
    return [each for one in several for each in (one, *all_exceptions(one.exceptions))]
