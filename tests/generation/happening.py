"""What the facts of a case make of its program: which doubts meet which constructs, and how the decision ends."""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.decision.deliberation import deliberate
from neurosym.decision.duty import Duty, duties
from neurosym.engine.extension import Extension
from neurosym.engine.situation import Limits
from neurosym.feel.typed import Aggregate, Join, SomeFact
from neurosym.feel.walk import descendants
from neurosym.program.program import Program
from neurosym.program.rule import Provision, RuleException
from neurosym.values.unknown import Asked, Failed, MissingFact, MissingType, MissingValue, Unknown
from tests.generation.case import Case
from tests.generation.construct import TOTALS
from tests.generation.panel import ForgetfulPanel

Pair = tuple[str, str]
SITES = ("rule", "exception", "some", *sorted(TOTALS))
STATES = (
    "nothing",
    "certain fact",
    "possible fact",
    "unnamed fact",
    "fact nobody supplied",
    "unknown value",
    "null",
    "contents that differ",
    "contents that may differ",
)
ENDS = ("decided", "undecided", "conflict", "decided either way", "burdens")
REASONS = ("question", "missing value", "missing fact", "missing type", "failure")
DUTIES = (
    *("certain", "possible", "contents that conflict"),
    *("no due day", "due day", "due at the latest", "due day unknown", "may be due earlier"),
)
DEBTS = ("unknown key", "unknown debtor")


def allowed_happenings() -> frozenset[Pair]:
    """What can happen to a program, as pairs."""
    found = {(site, state) for site in SITES for state in STATES}
    found |= {(each, end) for each in ("ordered", "unordered") for end in (*ENDS, *REASONS)}
    return frozenset(found | {("duty", each) for each in (*DUTIES, *DEBTS)})


def happenings(case: Case) -> Iterator[Pair]:
    """The doubts that joins meet, the ends of the decision, the reasons of its S, and its duties."""
    states = {name: frozenset(_states(of)) for name, of in case.model.extensions.items()}
    for site, join in _joins(case.program):
        yield from ((site, state) for _, of in join.variables for state in states[of])
    kind = "ordered" if case.decision.is_ordered else "unordered"
    yield from ((kind, end) for end in _ends(case))
    for each in duties(case.program, case.model.duties):
        yield from (("duty", word) for word in _of_duty(each))


def _joins(program: Program) -> Iterator[tuple[str, Join]]:
    provisions: tuple[Provision, ...] = (*program.rules, *program.exceptions)
    for provision in provisions:
        yield "exception" if isinstance(provision, RuleException) else "rule", provision.join
        for node in descendants(provision.join):
            if isinstance(node, SomeFact):
                yield "some", node.join
            elif isinstance(node, Aggregate):
                yield node.function, node.join


def _states(of: Extension) -> Iterator[str]:
    entries = list(of)
    if not entries:
        yield "nothing"
    for each in entries:
        yield "certain fact" if each.is_certain else "unnamed fact" if each.fact.unnamed else "possible fact"
        if any(isinstance(reason, MissingFact) and reason.of == each.fact.reference for reason in each.reasons):
            yield "fact nobody supplied"
        if None in each.fact.fields.values():
            yield "null"
        if each.is_certain and any(isinstance(value, Unknown) for value in each.fact.fields.values()):
            yield "unknown value"
    for contents in map(of.contents, of.known_keys()):
        certain = sum(each.is_certain for each in contents)
        if certain > 1:
            yield "contents that differ"
        elif len(contents) > 1:
            yield "contents that may differ"


def _ends(case: Case) -> Iterator[str]:
    found = deliberate(case.decided, ForgetfulPanel(case), lambda _: None, Limits(combinations_max=32))
    yield "decided either way" if found.either_way is not None else found.verdict.status.value
    if found.burdens:
        yield "burdens"
    for reason in found.verdict.reasons:
        match reason:
            case Asked():
                yield "question"
            case MissingValue():
                yield "missing value"
            case MissingFact():
                yield "missing fact"
            case MissingType():
                yield "missing type"
            case Failed():
                yield "failure"


def _of_duty(of: Duty) -> Iterator[str]:
    yield "certain" if of.is_certain else "possible"
    match of.due_text:
        case None:
            yield "no due day"
        case "unknown":
            yield "due day unknown"
        case text:
            yield "due at the latest" if text.startswith("at") else "due day"
    if of.earlier:
        yield "may be due earlier"
    if of.conflict:
        yield "contents that conflict"
    if not of.is_certain and any(isinstance(value, Unknown) for _, value in of.fields):
        yield "unknown key"
    if isinstance(of.owed_by, Unknown):
        yield "unknown debtor"
