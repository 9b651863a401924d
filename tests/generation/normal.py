"""Models of the engine and of the oracle in one form, so that they can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from neurosym.engine.model import Model
from neurosym.engine.proof import Prover
from neurosym.engine.verdict import duties_of, verdict
from neurosym.feel.extent import equal, plain
from neurosym.program.program import Decision
from neurosym.program.rule import ConcludeDuty, ConcludeOutcome
from neurosym.values.unknown import Failed, Reason, Unknown
from neurosym.values.value import Fact, Reference, Truth, Value
from tests.oracle import Oracle

Form = object


@dataclass(frozen=True)
class Held:
    """A key (None: the unnamed fact) with its contents, whether it is certain, and why not."""

    of: Reference | str
    is_certain: bool
    reasons: Form
    contents: frozenset[Form]


def reasons_form(reasons: Iterable[Reason]) -> Form:
    """Reasons, failures all alike: their wording is not compared."""
    return frozenset("failed" if isinstance(each, Failed) else each for each in reasons)


def value_form(value: Value) -> Form:
    if isinstance(value, Fact) and value.unnamed:
        return "unnamed"
    if isinstance(value, Unknown):
        return ("unknown", reasons_form(value.reasons), value.domain)
    return type(value).__name__, plain(value)


def truth_form(truth: Truth) -> Form:
    return truth if isinstance(truth, bool) else reasons_form(truth.reasons)


def _held(entries: Iterable[tuple[Fact, bool, frozenset[Reason]]]) -> frozenset[Held]:
    grouped: dict[Reference | str, list[tuple[Fact, bool, frozenset[Reason]]]] = {}
    for fact, certain, reasons in entries:
        grouped.setdefault(fact.type if fact.unnamed else fact.reference, []).append((fact, certain, reasons))
    found = []
    for key, several in grouped.items():
        doubts = frozenset[Reason]().union(*(reasons for _, certain, reasons in several if not certain))
        contents = frozenset(
            (certain, tuple(value_form(value) for value in fact.fields.values())) for fact, certain, _ in several
        )
        found.append(Held(key, any(certain for _, certain, _ in several), reasons_form(doubts), contents))
    return frozenset(found)


def facts_of_model(model: Model) -> frozenset[Held]:
    return _held((e.fact, e.is_certain, e.reasons) for of in model.extensions.values() for e in of)


def facts_of_oracle(oracle: Oracle) -> frozenset[Held]:
    return _held((held.fact, held.certain, held.reasons) for of in oracle.held.values() for held in of)


def conclusions_of_model(model: Model) -> frozenset[Form]:
    outcomes = [
        (each.application.provision.id, each.outcome, tuple(map(value_form, each.subject)), truth_form(each.truth))
        for each in model.outcomes
        if each.truth is not False
    ]
    duties = [
        (
            each.application.provision.id,
            each.duty,
            tuple(value_form(value) for _, value in each.fields),
            value_form(each.owed_by),
            value_form(each.due),
            truth_form(each.truth),
        )
        for each in model.duties
        if each.truth is not False
    ]
    return frozenset((*outcomes, *duties))


def conclusions_of_oracle(oracle: Oracle) -> frozenset[Form]:
    found: list[Form] = []
    for each in oracle.reached:
        id_, truth = each.provision.id, truth_form(each.truth)
        values = {name: value_form(value) for name, value in each.values.items()}
        match each.conclusion:
            case ConcludeOutcome():
                found.append((id_, each.conclusion.outcome, tuple(values.values()), truth))
            case ConcludeDuty():
                owed, due = values.pop("owed by", value_form(None)), values.pop("due", value_form(None))
                found.append((id_, each.conclusion.duty, tuple(values.values()), owed, due, truth))
    return frozenset(found)


def conflicts(oracle: Oracle) -> list[Reference]:
    """Keys with certain contents of which some field's values are never equal (language §5.2)."""
    certain: dict[Reference, list[Fact]] = {}
    for held in (each for of in oracle.held.values() for each in of if each.certain):
        certain.setdefault(held.fact.reference, []).append(held.fact)
    return [of for of, contents in certain.items() if any(_differ(*pair) for pair in combinations(contents, 2))]


def _differ(one: Fact, other: Fact) -> bool:
    return any(equal(value, other.fields[name]) is False for name, value in one.fields.items())


def proofs_of_model(model: Model, decision: Decision, subject: tuple[Reference, ...]) -> tuple[list[str], ...]:
    """The digests of the proofs of all facts, of what is concluded about the decision, and of what is defeated."""
    prover, found = Prover(model), verdict(model, decision, subject)
    outcomes = (*(each.outcome for each in found.reached), *found.defeated)
    return (
        sorted(prover.fact(entry).id for name in model.extensions for entry in model.entries(name)),
        sorted(prover.outcome(each).id for each in outcomes),
        sorted(prover.duty(each).id for each in duties_of(model, subject)),
    )
