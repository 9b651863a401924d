"""Explanations as JSON; nothing is left out, however large they are."""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.decision.explanation.account import Account
from neurosym.decision.explanation.missing import Wanted
from neurosym.decision.explanation.structure import (
    ExceptionShown,
    JudgmentShown,
    ParameterShown,
    ProvisionShown,
    Reliance,
    Step,
)
from neurosym.decision.explanation.why import Why
from neurosym.decision.shelf import Origin
from neurosym.values.canonical import Json
from neurosym.values.encoding import KeyNames, reason_json, wire
from neurosym.values.unknown import Absent, Reason
from neurosym.values.value import Fact, Value

SUMMARY = ("id", "decision", "subject", "on", "status", "outcome", "act_on", "possible")


def why_json(why: Why) -> Json:
    """The explanation: steps in the order of the text, each with the ids of its premises."""
    key_names = why.account.decision.key_names
    writer = _Writer(key_names)
    return {
        **summary_json(why.account),
        "headline": why.headline,
        "note": why.note,
        "missing": [writer.wanted(each) for each in why.missing],
        "asked": [writer.judgment(each) for each in why.asked],
        "duties": [duty.json(key_names) for duty in why.duties],
        "not_proven": list(why.not_proven),
        "roots": list(why.explanation.roots),
        "steps": [writer.step(step) for step in why.explanation.steps.values()],
        "defeated": {
            "roots": list(why.defeated.roots),
            "steps": [writer.step(step) for step in why.defeated.steps.values()],
        },
        "rests_on_judgments": _reliance(why.explanation.reliance),
    }


def missing_json(account: Account, headline: str, missing: tuple[Wanted, ...]) -> Json:
    """What keeps the outcome open, the most useful first."""
    writer = _Writer(account.decision.key_names)
    return {**summary_json(account), "headline": headline, "missing": [writer.wanted(each) for each in missing]}


def summary_json(account: Account) -> dict[str, Json]:
    """Which decision of which entry it is, and what became of it."""
    document = account.decision.json
    program = account.deliberation.case.program
    ruleset: Json = {"name": program.name, "version": program.version, "digest": account.decision.digests["program"]}
    log: Json = {"entry": account.seq, "agrees": True, "same_engine": account.is_same_engine}
    override = None if account.override is None else account.override.json
    decision: Json = {name: document[name] for name in SUMMARY}
    return {"decision": decision, "ruleset": ruleset, "log": log, "override": override}


@dataclass(frozen=True, slots=True)
class _Writer:
    key_names: KeyNames

    def step(self, of: Step) -> Json:
        return {
            "id": of.id,
            "kind": of.kind,
            "says": of.says,
            "fact": self.fact(of.fact),
            "standing": "certain" if of.is_certain else "possible",
            "reasons": _reasons(of.reasons),
            "by": _provision(of.provision) if of.provision else None,
            "given": _origin(of.origin) if of.origin else None,
            "findings": [{"condition": each.condition, "here": each.here} for each in of.findings],
            "premises": list(of.premises),
            "parameters": [self.parameter(each) for each in of.parameters],
            "judgments": [self.judgment(each) for each in of.judgments],
            "exceptions": [self.exception(each) for each in of.exceptions],
        }

    def fact(self, of: Fact | None) -> Json:
        if of is None:
            return None
        if of.unnamed:
            return {"type": of.type, "unnamed": True}
        return {"type": of.type, "fields": {name: self.value(value) for name, value in of.fields.items()}}

    def parameter(self, of: ParameterShown) -> Json:
        return {
            "name": of.name,
            "label": of.label,
            "value": self.value(of.value),
            "since": of.since.isoformat() if of.since else None,
            "citations": list(of.cites),
        }

    def judgment(self, of: JudgmentShown) -> Json:
        question = of.question
        return {
            "judgment": of.judgment,
            "id": of.id,
            "ask": of.ask,
            "citations": list(of.cites),
            "args": {name: self.value(argument) for name, argument in question.args} if question else None,
            "read": {path: self.value(value) for path, value in question.content} if question else None,
            "standing": of.standing,
            "answer": of.answer.json if of.answer else None,
            "tried": [{"tier": each.tier, "what": each.what, "reason": each.reason} for each in of.tried],
        }

    def exception(self, of: ExceptionShown) -> Json:
        return {
            "exception": _provision(of.provision),
            "state": of.state,
            "reasons": _reasons(of.reasons),
            "premises": list(of.premises),
            "parameters": [self.parameter(each) for each in of.parameters],
            "judgments": [self.judgment(each) for each in of.judgments],
            "exceptions": [self.exception(each) for each in of.exceptions],
        }

    def wanted(self, of: Wanted) -> Json:
        return {
            **reason_json(of.reason),
            "text": of.text,
            "outcomes": list(of.outcomes),
            "conclusions": of.conclusions,
            "advice": of.advice,
            "question": self.judgment(of.judgment) if of.judgment else None,
        }

    def value(self, value: Value | Absent) -> Json:
        return {"absent": True} if isinstance(value, Absent) else wire(value, self.key_names)


def _provision(of: ProvisionShown) -> Json:
    return {
        "id": of.id,
        "label": of.label,
        "citations": list(of.cites),
        "from": of.period.first.isoformat() if of.period.first else None,
        "to": of.period.last.isoformat() if of.period.last else None,
        "place": of.place,
    }


def _origin(of: Origin) -> Json:
    return {"document": of.place.document, "path": of.place.path, "triples": list(of.triples)}


def _reasons(reasons: tuple[tuple[Reason, str], ...]) -> list[Json]:
    return [{**reason_json(reason), "text": text} for reason, text in reasons]


def _reliance(of: Reliance) -> Json:
    return {
        "conclusions": of.conclusions,
        "judged": of.judged,
        "answers": dict(of.answers),
        "other_answers": dict(of.others),
    }
