"""From `Blocked(party: "C")` to what it names in a decision's model: a fact, a duty, or the outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from typing import TypeAlias

from neurosym.decision.deliberation import Deliberation
from neurosym.decision.explanation.step import Proven
from neurosym.decision.explanation.value import written, written_call, written_fact, written_key
from neurosym.engine.verdict import duties_of
from neurosym.feel.parser import parse_expression
from neurosym.feel.tree import Argument, Call, Expr, ListLiteral, Literal, Negation
from neurosym.program.schema import DutyType, FactType
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError
from neurosym.text.span import Source
from neurosym.text.suggestion import closest
from neurosym.values import number
from neurosym.values.canonical import canonical_bytes
from neurosym.values.encoding import wire
from neurosym.values.number import Number
from neurosym.values.value import Value

CLOSE_MAX = 5  # facts suggested to somebody who named one that is not there
COMPARED_MAX = 5_000  # facts looked at for that; comparing texts is slow
LIKENESS_MIN = 0.4
EXAMPLE = 'write a fact as the rules do, such as `Blocked(party: "C")`'


@dataclass(frozen=True, slots=True)
class TheOutcome:
    """The decision itself was named."""


@dataclass(frozen=True, slots=True)
class Miss:
    """Nothing has that name, or several things have; `close` are those that were perhaps meant."""

    message: str
    close: tuple[str, ...] = ()


Target: TypeAlias = tuple[Proven, ...] | TheOutcome | Miss
Wanted: TypeAlias = Mapping[str, Value]  # values by field


def target_of(text: str, found: Deliberation) -> Target:
    """What the text names. InputError NS1xx when it is no expression of the language."""
    report = Report()
    tree = parse_expression(text, Source("--why", text), report)
    report.stop_on_errors(InputError)
    if not isinstance(tree, Call):
        return Miss(EXAMPLE)
    program, name = found.case.program, tree.function.text
    if name == found.case.decision.name:
        return _outcome(tree, found)
    declared = program.fact_types.get(name) or program.duties.get(name)
    if declared is None:
        return _unknown_name(name, found)
    wanted = _wanted(tree.arguments, declared)
    if isinstance(wanted, Miss):
        return wanted
    return _facts(declared, wanted, found) if isinstance(declared, FactType) else _duties(declared, wanted, found)


def _outcome(tree: Call, found: Deliberation) -> TheOutcome | Miss:
    """The decision, when it is named without a subject or with its own."""
    subject = [written(reference) for reference in found.case.subject]
    named = [value for value in (_value(each.value) for each in tree.arguments) if not isinstance(value, Miss)]
    if not tree.arguments or [written(value) for value in named] == subject:
        return TheOutcome()
    return Miss(f"this decision is about {', '.join(subject)}")


def _unknown_name(name: str, found: Deliberation) -> Miss:
    program = found.case.program
    known = [*program.fact_types, *program.duties, found.case.decision.name]
    if name in program.judgments:
        return Miss(f"`{name}` is a judgment: ask for a fact that rests on it")
    close = closest(name, known)
    return Miss(f"`{name}` is no fact type or duty of the ruleset", (close,) if close else tuple(sorted(known)))


def _facts(of: FactType, wanted: Wanted, found: Deliberation) -> tuple[Proven, ...] | Miss:
    entries = [entry for entry in found.model.entries(of.name) if not entry.fact.unnamed]
    matching = [entry for entry in entries if _matches(entry.fact.fields, wanted)]
    several = {entry.fact.reference: written_fact(entry.fact) for entry in matching}
    if len(several) > 1:
        return Miss(f"{len(several)} facts of `{of.name}` fit; say which is meant", _first(several.values()))
    known = {written_key(entry.fact.key): written_fact(entry.fact) for entry in islice(entries, COMPARED_MAX)}
    return tuple(matching) or _none(of.name, wanted, known)


def _duties(of: DutyType, wanted: Wanted, found: Deliberation) -> tuple[Proven, ...] | Miss:
    owed = [duty for duty in duties_of(found.duty_model, found.case.subject) if duty.duty == of.name]
    matching = tuple(duty for duty in owed if _matches(dict(duty.fields), wanted))
    known = {", ".join(written(value) for _, value in duty.fields): written_call(of.name, duty.fields) for duty in owed}
    return matching or _none(of.name, wanted, known)


def _matches(fields: Mapping[str, Value], wanted: Wanted) -> bool:
    return all(canonical_bytes(wire(fields[name])) == canonical_bytes(wire(value)) for name, value in wanted.items())


def _none(name: str, wanted: Wanted, known: Mapping[str, str]) -> Miss:
    """Nothing fits: what comes closest, or all there is when that is little."""
    if not known:
        return Miss(f"no {name} holds, or may hold")
    asked = ", ".join(written(value) for value in wanted.values())
    ranked = sorted((-_likeness(asked, key), key) for key in known)
    least = LIKENESS_MIN if len(known) > CLOSE_MAX else 0
    close = [known[key] for unlike, key in ranked[:CLOSE_MAX] if -unlike >= least]
    return Miss(f"no such {name} holds, or may hold", tuple(close))


def _likeness(asked: str, key: str) -> float:
    """How alike two keys are, their quotation marks aside, from 0 to 1."""
    return SequenceMatcher(None, asked.replace('"', ""), key.replace('"', "")).ratio()


def _first(says: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(says)[:CLOSE_MAX])


# --- what was written


def _wanted(arguments: Sequence[Argument], of: FactType | DutyType) -> Wanted | Miss:
    """The values by their fields: those without a label are the key, in its order."""
    names = [field.name for field in of.fields]
    keys = iter([field.name for field in of.key_fields])
    wanted: dict[str, Value] = {}
    for argument in arguments:
        name = argument.label.text if argument.label else next(keys, None)
        if name is None or name not in names or name in wanted:
            return Miss(f"`{of.name}` has: {', '.join(names)}; each can be named once")
        value = _value(argument.value)
        if isinstance(value, Miss):
            return value
        wanted[name] = value
    return wanted


def _value(expr: Expr) -> Value | Miss:
    match expr:
        case Literal():
            return expr.value
        case Negation(operand=Literal(value=value)) if isinstance(value, Number) and not isinstance(value, bool):
            return number.negate(value)
        case ListLiteral():
            items = [_value(each) for each in expr.items]
            return next((each for each in items if isinstance(each, Miss)), None) or tuple(
                each for each in items if not isinstance(each, Miss)
            )
        case _:
            return Miss(f"`{expr.span.text}` is no value; {EXAMPLE}")
