"""Whether what a scenario expects holds, and if not, what was found instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from neurosym.decision.decision import Decision
from neurosym.decision.duty import Duty, duties
from neurosym.decision.wording import reason_text, value_text
from neurosym.engine.extension import Entry
from neurosym.engine.model import Model
from neurosym.engine.verdict import Status
from neurosym.feel.extent import equal
from neurosym.program.program import Program
from neurosym.program.scenario import (
    DecisionExpected,
    DutyExpected,
    ErrorExpected,
    Expected,
    FactExpected,
    MissingExpected,
    Named,
    OpenExpected,
    OutcomeExpected,
    Part,
    PossibleExpected,
    QuestionExpected,
    StandingExpected,
)
from neurosym.testing.constant import written_key
from neurosym.values.unknown import Asked, MissingFact, MissingType, MissingValue, Reason, Standing, Unknown
from neurosym.values.value import Fact, Reference, Value


@dataclass(frozen=True, slots=True)
class Findings:
    """What came of a scenario's world."""

    program: Program
    models: tuple[Model, ...]
    decisions: Mapping[DecisionExpected, Decision]


def unmet(expected: Expected, findings: Findings) -> Iterator[str]:
    """One message for everything about the expectation that does not hold, beginning with its place."""
    for message in _unmet(expected, findings):
        yield f"{expected.span}: {message}"


def _unmet(expected: Expected, findings: Findings) -> Iterator[str]:
    match expected:
        case FactExpected():
            yield from _fact(expected, findings)
        case DutyExpected():
            yield from _duty(expected, findings)
        case DecisionExpected():
            for part in expected.parts:
                yield from _part(part, findings.decisions[expected], findings.program)
        case OpenExpected():
            reasons = [reason for each in findings.decisions.values() for reason in open_reasons(each)]
            yield from _open(expected.part, reasons, findings.program)
        case ErrorExpected():
            yield f"expected error {expected.code}, and nothing was refused"
        case _:
            assert_never(expected)


# --- facts and duties


def _fact(expected: FactExpected, findings: Findings) -> Iterator[str]:
    shown = f"{expected.type}({_shown(expected.fields)})"
    for model in findings.models:
        found = [entry for entry in model.entries(expected.type) if _may_be(entry.fact, expected.fields)]
        certain = [entry for entry in found if entry.is_certain and _is(entry.fact, expected.fields)]
        match expected.standing:
            case "certain" if not certain:
                yield f"{shown} is {'only possible' if found else 'not concluded'}"
            case "possible" if certain:
                yield f"{shown} is certain"
            case "possible" if not found:
                yield f"{shown} is not possible"
            case "no" if found:
                yield f"{shown} is {'certain' if certain else 'possible'}"
            case "certain" if expected.by is not None:
                yield from _by(expected.by, certain, model, shown)


def _by(rule: str, certain: Sequence[Entry], model: Model, shown: str) -> Iterator[str]:
    rules = sorted({name for entry in certain for name in model.concluding.get(entry.fact.reference, ())})
    if rule not in rules:
        yield f"{shown} holds by {', '.join(f'`{each}`' for each in rules) or 'being given'}, not by `{rule}`"


def _duty(expected: DutyExpected, findings: Findings) -> Iterator[str]:
    shown = f"duty {expected.duty}({_shown(expected.fields)})"
    for model in findings.models:
        found = [
            duty
            for duty in duties(findings.program, model.duties)
            if duty.name == expected.duty and _may_match(dict(duty.fields), expected.fields)
        ]
        certain = [duty for duty in found if duty.is_certain and _matches(dict(duty.fields), expected.fields)]
        if expected.is_negated:
            if found:
                yield f"{shown} is {'certain' if certain else 'possible'}"
        elif not certain:
            yield f"{shown} is {_duty_standing(found)}"
        elif expected.due is not None and certain[0].due != expected.due:
            yield f"{shown} {_day(certain[0])}, not {expected.due.isoformat()}"
        elif expected.by is not None and expected.by not in certain[0].rules:
            yield f"{shown} holds by {', '.join(f'`{rule}`' for rule in certain[0].rules)}, not by `{expected.by}`"


def _day(duty: Duty) -> str:
    """When a duty is due, and which known days may bind instead."""
    earlier = sorted({value_text(day) for day, _ in duty.earlier if not isinstance(day, Unknown)})
    binding = f"is due {duty.due_text}" if duty.due_text else "has no due day"
    return f"{binding} (perhaps {', '.join(earlier)})" if earlier else binding


def _duty_standing(found: Sequence[Duty]) -> str:
    """What duties are that may be the one expected, of which none is certain."""
    conflict = [each.rule for duty in found for each in duty.conflict]
    if conflict:
        return f"in conflict: its contents differ by {', '.join(f'`{rule}`' for rule in conflict)}"
    return "only possible" if found else "not concluded"


def _is(fact: Fact, wanted: Named) -> bool:
    return not fact.unnamed and _matches(fact.fields, wanted)


def _may_be(fact: Fact, wanted: Named) -> bool:
    return _may_match(fact.fields, wanted)


def _may_match(fields: Mapping[str, Value], wanted: Named) -> bool:
    return all(equal(written_key(fields[name]), value) is not False for name, value in wanted)


def _matches(fields: Mapping[str, Value], wanted: Named) -> bool:
    return all(equal(written_key(fields[name]), value) is True for name, value in wanted)


# --- decisions


def _part(part: Part, decision: Decision, program: Program) -> Iterator[str]:
    match part:
        case OutcomeExpected():
            if decision.outcome != part.outcome:
                yield f'expected "{part.outcome}", found {_described(decision, program)}'
            elif part.by is not None and part.by not in {
                reason.rule for reason in decision.reasons if reason.outcome == part.outcome
            }:
                rules = sorted({reason.rule for reason in decision.reasons if reason.outcome == part.outcome})
                yield f'"{part.outcome}" is by {", ".join(rules) or "no rule"}, not by `{part.by}`'
        case StandingExpected():
            if decision.status.value != part.standing:
                yield f"expected {part.standing}, found {_described(decision, program)}"
        case PossibleExpected():
            if part.outcome not in decision.possible:
                yield f'"{part.outcome}" is not possible, only {", ".join(decision.possible)}'
        case MissingExpected() | QuestionExpected():
            yield from _open(part, open_reasons(decision), program)
        case _:
            assert_never(part)


def _described(decision: Decision, program: Program) -> str:
    if decision.status is Status.DECIDED:
        reasons = "; ".join(f"{reason.rule}: {reason.text}" for reason in decision.reasons)
        return f'"{decision.outcome}"' + (f" ({reasons})" if reasons else "")
    why = "; ".join(reason_text(program, reason) for reason in open_reasons(decision))
    return f"{decision.status.value} ({', '.join(decision.possible)}) for lack of: {why}"


def open_reasons(decision: Decision) -> list[Reason]:
    """Everything that keeps the decision open; with `settle duties`, also the questions that keep a duty open."""
    found = decision.deliberation
    assert found is not None
    of_duties = [each.open for each in decision.duties] if found.case.decision.settle_duties else []
    asked = [reason for reasons in of_duties for reason in reasons if isinstance(reason, Asked)]
    return list(found.verdict.reasons.union(asked))


def _open(part: MissingExpected | QuestionExpected, reasons: Sequence[Reason], program: Program) -> Iterator[str]:
    if isinstance(part, MissingExpected):
        if not any(_is_missing(reason, part) for reason in reasons):
            yield f"{part.type}{'.' + part.member if part.member else ''} is not among what is missing"
        return
    asked = [each for each in reasons if isinstance(each, Asked) and each.standing is not Standing.EXHAUSTED]
    if part.judgment is None:
        for each in asked:
            yield f"it asks {reason_text(program, each)}"
    elif not any(_is_about(each, part) for each in asked):
        yield f"it does not ask {part.judgment}({_shown(part.args)})"


def _is_missing(reason: Reason, part: MissingExpected) -> bool:
    match reason:
        case MissingType():
            return part.key is None and reason.type == part.type
        case MissingFact():
            return part.member is None and _has_key(reason.of, part)
        case MissingValue():
            return reason.field == part.member and _has_key(reason.of, part)
        case _:
            return False


def _has_key(of: Reference, part: MissingExpected) -> bool:
    if of.type != part.type or part.key is None:
        return False
    return [written_key(value) for value in of.key] == [value for _, value in part.key]


def _is_about(asked: Asked, part: QuestionExpected) -> bool:
    args = {name: written_key(reference) for name, reference in asked.question.args}
    return asked.question.judgment == part.judgment and args == dict(part.args)


def _shown(values: Named) -> str:
    return ", ".join(f"{name}: {value_text(value)}" for name, value in values)
