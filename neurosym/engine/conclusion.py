"""What an application concludes: a fact, an outcome, a duty, with its values."""

from __future__ import annotations

from neurosym.engine.firing import Application
from neurosym.engine.given import unnamed_fact
from neurosym.engine.reached import DutyReached, OutcomeReached
from neurosym.engine.world import ModelWorld
from neurosym.feel.evaluation import passes
from neurosym.feel.extent import failed, plain, reasons_of
from neurosym.feel.typed import TypedExpr
from neurosym.program.program import Program
from neurosym.program.rule import ConcludeDuty, ConcludeFact, ConcludeOutcome
from neurosym.program.schema import Field
from neurosym.text.span import Span
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


def concluded_outcome(application: Application, world: ModelWorld) -> OutcomeReached:
    """The outcome concluded."""
    conclusion = application.conclusion
    assert isinstance(conclusion, ConcludeOutcome)
    subject = tuple(_value(expr, application, world) for _, expr in conclusion.subject)
    return OutcomeReached(conclusion.decision, subject, conclusion.outcome, application)


def concluded_duty(application: Application, world: ModelWorld) -> DutyReached:
    """The duty concluded, with its debtor and day."""
    conclusion = application.conclusion
    assert isinstance(conclusion, ConcludeDuty)
    return DutyReached(
        conclusion.duty,
        tuple((name, _value(expr, application, world)) for name, expr in conclusion.fields),
        _value(conclusion.owed_by, application, world) if conclusion.owed_by else None,
        _value(conclusion.due, application, world) if conclusion.due else None,
        application,
    )


def _value(expr: TypedExpr, application: Application, world: ModelWorld) -> Value:
    """The value; an unnamed fact stays one, because it still knows which keys it has not."""
    return plain(world.evaluator.value(expr, application.environment))
