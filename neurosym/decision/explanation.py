"""Explanations as data: the steps of a proof, each with its provision, citation and the values read.

The steps form a DAG by the ids of the proofs they show; a step that several others rest on stands once. Text and JSON
are made from this one structure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from neurosym.decision.intake import Origin
from neurosym.judgment.answer import Answer
from neurosym.program.period import Period
from neurosym.values.canonical import Digest, Json
from neurosym.values.encoding import reason_json, wire
from neurosym.values.temporal import Date
from neurosym.values.unknown import Absent, Question, Reason
from neurosym.values.value import Fact, Value


@dataclass(frozen=True, slots=True)
class ProvisionShown:
    """The rule or exception that concludes, in the version in force on the day."""

    id: str
    label: str
    cites: tuple[str, ...]
    period: Period
    place: str  # file, line and column of its text

    @property
    def json(self) -> Json:
        """The provision as explanations write it."""
        return {
            "id": self.id,
            "label": self.label,
            "citations": list(self.cites),
            "from": self.period.first.isoformat() if self.period.first else None,
            "to": self.period.last.isoformat() if self.period.last else None,
            "place": self.place,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition as the author wrote it, and the same with the values that were read."""

    condition: str
    here: str

    @property
    def json(self) -> Json:
        """The finding as explanations write it."""
        return {"condition": self.condition, "here": self.here}


@dataclass(frozen=True, slots=True)
class ParameterShown:
    """A parameter that was read; `value` and `since` are None before its first date."""

    name: str
    label: str
    value: Value
    since: Date | None
    cites: tuple[str, ...]

    @property
    def json(self) -> Json:
        """The parameter as explanations write it."""
        return {
            "name": self.name,
            "label": self.label,
            "value": wire(self.value),
            "since": self.since.isoformat() if self.since else None,
            "citations": list(self.cites),
        }


@dataclass(frozen=True, slots=True)
class Tried:
    """What a tier made of a question."""

    tier: str
    what: str  # answered, abstained, withheld, rejected, failed, skipped, waiting
    reason: str

    @property
    def json(self) -> Json:
        """The attempt as explanations write it."""
        return {"tier": self.tier, "what": self.what, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class JudgmentShown:
    """A judged question. `answer` is what the decision rests on; without one, `standing` says why there is none."""

    judgment: str
    ask: str
    cites: tuple[str, ...]
    question: Question | None  # None while an argument is unknown
    says: str
    answer: Answer | None
    standing: str
    tried: tuple[Tried, ...]

    @property
    def json(self) -> Json:
        """The judgment as explanations write it."""
        args = self.question.args if self.question else ()
        content = self.question.content if self.question else ()
        return {
            "judgment": self.judgment,
            "ask": self.ask,
            "citations": list(self.cites),
            "args": {name: wire(argument) for name, argument in args},
            "read": {path: _content(value) for path, value in content},
            "standing": self.standing,
            "answer": self.answer.json if self.answer else None,
            "tried": [each.json for each in self.tried],
        }


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

    @property
    def json(self) -> Json:
        """The exception as explanations write it."""
        return {
            "exception": self.provision.json,
            "state": self.state,
            "reasons": reasons_json(self.reasons),
            "premises": list(self.premises),
            "parameters": [each.json for each in self.parameters],
            "judgments": [each.json for each in self.judgments],
            "exceptions": [each.json for each in self.exceptions],
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what holds or may hold, and by what. Without a provision it was given, or nobody supplied it."""

    id: Digest
    kind: str  # fact, outcome, duty
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

    @property
    def json(self) -> Json:
        """The step as explanations write it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "says": self.says,
            "fact": _fact(self.fact),
            "standing": "certain" if self.is_certain else "possible",
            "reasons": reasons_json(self.reasons),
            "by": self.provision.json if self.provision else None,
            "given": _origin(self.origin),
            "findings": [each.json for each in self.findings],
            "premises": list(self.premises),
            "parameters": [each.json for each in self.parameters],
            "judgments": [each.json for each in self.judgments],
            "exceptions": [each.json for each in self.exceptions],
        }


@dataclass(frozen=True, slots=True)
class Reliance:
    """How much of a proof rests on judgments: conclusions in all, those that do, and the answers by tier."""

    conclusions: int
    judged: int
    answers: tuple[tuple[str, int], ...]

    @property
    def json(self) -> Json:
        """The number as explanations write it."""
        return {"conclusions": self.conclusions, "judged": self.judged, "answers": dict(self.answers)}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Steps from `roots` down, every step before those it rests on for the first time."""

    roots: tuple[Digest, ...]
    steps: Mapping[Digest, Step]
    reliance: Reliance

    @property
    def json(self) -> dict[str, Json]:
        """The explanation as JSON; nothing is left out, however large it is."""
        return {
            "roots": list(self.roots),
            "steps": [step.json for step in self.steps.values()],
            "rests_on_judgments": self.reliance.json,
        }


def all_exceptions(several: tuple[ExceptionShown, ...]) -> list[ExceptionShown]:
    """The exceptions with those to them, to any depth."""
    return [each for one in several for each in (one, *all_exceptions(one.exceptions))]


def reasons_json(reasons: tuple[tuple[Reason, str], ...]) -> list[Json]:
    """The reasons with their wording."""
    return [{**reason_json(reason), "text": text} for reason, text in reasons]


def _fact(fact: Fact | None) -> Json:
    if fact is None:
        return None
    if fact.unnamed:
        return {"type": fact.type, "unnamed": True}
    return {"type": fact.type, "fields": {name: wire(value) for name, value in fact.fields.items()}}


def _origin(origin: Origin | None) -> Json:
    if origin is None:
        return None
    return {"document": origin.place.document, "path": origin.place.path, "triples": list(origin.triples)}


def _content(value: Value | Absent) -> Json:
    return {"absent": True} if isinstance(value, Absent) else wire(value)
