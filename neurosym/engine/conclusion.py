"""What an application concludes: a fact, an outcome, a duty, with its values."""

from __future__ import annotations

from neurosym.engine.derivation import Derivation
from neurosym.engine.firing import Application, Firing
from neurosym.engine.given import unnamed_fact
from neurosym.engine.model import DutyReached, OutcomeReached
from neurosym.engine.world import ModelWorld
from neurosym.feel.evaluation import passes
from neurosym.feel.extent import failed, plain, reasons_of
from neurosym.feel.typed import TypedExpr, TypedTemplate
from neurosym.program.program import Program
from neurosym.program.rule import ConcludeDuty, ConcludeFact, ConcludeOutcome
from neurosym.program.schema import Field
from neurosym.text.span import Span
from neurosym.values.encoding import wire
from neurosym.values.number import Number, number_text
from neurosym.values.unknown import Unknown
from neurosym.values.value import Fact, Value


def concluded_fact(application: Application, program: Program, world: ModelWorld) -> Fact:
    """The fact concluded; unnamed where its key is unknown, so that its type becomes incomplete (language §5.6)."""
    conclusion = application.conclusion
    assert isinstance(conclusion, ConcludeFact)
    of = program.fact_types[conclusion.type]
    fields: dict[str, Value] = {}
    for name, expr in conclusion.fields:
        value = known_reference(world.evaluator.value(expr, application.environment))
        fields[name] = _admitted(of.by_name[name], value, conclusion.span)
    key = tuple(fields[field.name] for field in of.key_fields)
    reasons = reasons_of(*key)
    if any(isinstance(value, Unknown) for value in key):
        return unnamed_fact(of, reasons)
    return Fact(of.name, key, fields)


def known_reference(value: Value) -> Value:
    """The value with a fact as the reference that names it; an unnamed fact is an unknown reference."""
    named = plain(value)
    return Unknown(reasons_of(*named.fields.values())) if isinstance(named, Fact) else named


def _admitted(field: Field, value: Value, at: Span) -> Value:
    """The value, or unknown where the field's own declaration forbids it."""
    if value is None or isinstance(value, Unknown) or not field.tests:
        return value
    if any(passes(value, test) for test in field.tests):
        return value
    return failed(f"the value lies outside what `{field.name}` declares", at)


def concluded_outcome(application: Application, firing: Firing) -> OutcomeReached:
    """The outcome concluded, with the text shown to people."""
    conclusion = application.conclusion
    assert isinstance(conclusion, ConcludeOutcome)
    return OutcomeReached(
        conclusion.decision,
        tuple(_value(expr, application, firing) for _, expr in conclusion.subject),
        conclusion.outcome,
        _text(conclusion.because, application, firing) if conclusion.because else application.provision.label,
        application.provision,
        application.truth,
        _derivation(application, firing),
    )


def concluded_duty(application: Application, firing: Firing) -> DutyReached:
    """The duty concluded, with its debtor and day."""
    conclusion = application.conclusion
    assert isinstance(conclusion, ConcludeDuty)
    return DutyReached(
        conclusion.duty,
        tuple((name, _value(expr, application, firing)) for name, expr in conclusion.fields),
        _value(conclusion.owed_by, application, firing) if conclusion.owed_by else None,
        _value(conclusion.due, application, firing) if conclusion.due else None,
        application.provision,
        application.truth,
        _derivation(application, firing),
    )


def _value(expr: TypedExpr, application: Application, firing: Firing) -> Value:
    return known_reference(firing.world.evaluator.value(expr, application.environment))


def _derivation(application: Application, firing: Firing) -> Derivation:
    provision, conclusion = application.provision, application.conclusion
    notes = firing.notes(provision.id, conclusion.target, application.environment)
    reads = firing.reads(application)
    return Derivation(provision.id, application.environment, 1, application.truth is True, reads, notes)


def _text(template: TypedTemplate, application: Application, firing: Firing) -> str:
    """The template with its values; what is unknown says so."""
    parts = []
    for part in template.parts:
        if isinstance(part, str):
            parts.append(part)
        else:
            parts.append(shown(_value(part, application, firing)))
    return "".join(parts)


def shown(value: Value) -> str:
    """A value as people read it."""
    if isinstance(value, Unknown):
        return "(unknown)"
    if value is None:
        return "(none)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Number):
        return number_text(value)
    written = wire(value)
    return written if isinstance(written, str) else str(written)
