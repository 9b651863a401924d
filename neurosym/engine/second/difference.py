"""Where two models differ: facts, outcomes and duties, whether they are certain, and the proof that each has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.engine.model import Model
from neurosym.engine.proof import Prover, subproofs
from neurosym.engine.reached import DutyReached, OutcomeReached
from neurosym.engine.second.derivation import DUE, OWED_BY, Concluded, Derivation, subject_of
from neurosym.engine.second.holding import Holding, Match
from neurosym.feel.extent import plain
from neurosym.program.rule import ConcludeDuty, ConcludeOutcome, Provision
from neurosym.values.canonical import Json, canonical_bytes, digest
from neurosym.values.encoding import domain_json, fact_json, tagged
from neurosym.values.unknown import Unknown
from neurosym.values.value import Fact, Value

CERTAIN, POSSIBLE, ABSENT = "certain", "possible", "not concluded"
Proof: TypeAlias = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is concluded otherwise. A proof is every step by its id; empty where nothing was concluded."""

    shown: Json
    first: str
    second: str
    first_proof: Proof = field(compare=False, repr=False)
    second_proof: Proof = field(compare=False, repr=False)

    @property
    def json(self) -> Json:
        """The difference with both proofs."""
        return {
            "shown": self.shown,
            "engine": {"standing": self.first, "proof": self.first_proof},
            "durable-rules": {"standing": self.second, "proof": self.second_proof},
        }


@dataclass(slots=True)
class _Sighting:
    """One thing as a model has it."""

    shown: Json
    is_certain: bool
    of: object


def differences(model: Model, second: Derivation) -> tuple[Difference, ...]:
    """Every fact, outcome and duty that is certain, possible or absent in the one and otherwise in the other."""
    prover = Prover(model)
    mine, theirs = _sightings(_of_model(model)), _sightings(_of_derivation(second))
    found = []
    for key in sorted(mine.keys() | theirs.keys()):
        first, other = mine.get(key), theirs.get(key)
        if first is None or other is None or first.is_certain != other.is_certain:
            shown = (first or other).shown  # type: ignore[union-attr]
            found.append(
                Difference(shown, _standing(first), _standing(other), _proof(prover, first), _second_proof(other))
            )
    return tuple(found)


def compared(model: Model) -> int:
    """How many facts, outcomes and duties a comparison with the model looks at."""
    return len(_sightings(_of_model(model)))


def _sightings(several: Iterable[_Sighting]) -> dict[bytes, _Sighting]:
    """What was seen, each once; certain where one sighting is."""
    found: dict[bytes, _Sighting] = {}
    for each in several:
        key = canonical_bytes(each.shown)
        if key not in found or each.is_certain:
            found[key] = each
    return found


def _standing(of: _Sighting | None) -> str:
    return ABSENT if of is None else CERTAIN if of.is_certain else POSSIBLE


# --- the two models


def _of_model(model: Model) -> Iterable[_Sighting]:
    for name, of in model.world.program.fact_types.items():
        for entry in model.entries(name) if of.is_derived else ():
            yield _Sighting(_fact(entry.fact), entry.is_certain, entry)
    for outcome in model.outcomes:
        rule = outcome.application.provision.id
        shown = _outcome(rule, outcome.decision, outcome.outcome, outcome.subject)
        yield _Sighting(shown, outcome.truth is True, outcome)
    for duty in model.duties:
        values = {**dict(duty.fields), OWED_BY: duty.owed_by, DUE: duty.due}
        yield _Sighting(_duty(duty.application.provision.id, duty.duty, values), duty.truth is True, duty)


def _of_derivation(second: Derivation) -> Iterable[_Sighting]:
    for name, of in second.program.fact_types.items():
        for held in second.holdings.of(name) if of.is_derived else ():
            yield _Sighting(_fact(held.fact), held.is_certain, held)
    for each in second.reached:
        rule = each.provision.id
        match each.conclusion:
            case ConcludeOutcome(decision=decision, outcome=outcome):
                shown = _outcome(rule, decision, outcome, subject_of(each))
            case ConcludeDuty(duty=duty):
                shown = _duty(rule, duty, {OWED_BY: None, DUE: None, **each.values})
            case _:
                raise AssertionError(each)
        yield _Sighting(shown, each.truth is True, each)


def _fact(fact: Fact) -> Json:
    if fact.unnamed:
        return {"fact": fact.type, "unnamed": True}
    return {"fact": fact.type, "fields": _values(fact.fields)}


def _outcome(rule: str, decision: str, outcome: str, subject: tuple[Value, ...]) -> Json:
    return {"by": rule, "of": decision, "outcome": outcome, "subject": [_value(each) for each in subject]}


def _duty(rule: str, duty: str, values: Mapping[str, Value]) -> Json:
    return {"by": rule, "duty": duty, "fields": _values(values)}


def _values(of: Mapping[str, Value]) -> Json:
    return {name: _value(value) for name, value in of.items()}


def _value(value: Value) -> Json:
    """The value; of an unknown one what it may be, and not why, which the wording of failures decides."""
    match plain(value):
        case Unknown() as unknown:
            return {"unknown": domain_json(unknown.domain)}
        case Fact() as unnamed:
            return {"unnamed": unnamed.type}
        case known:
            return tagged(known)


# --- proofs


def _proof(prover: Prover, of: _Sighting | None) -> Proof:
    if of is None:
        return {}
    match of.of:
        case OutcomeReached() as outcome:
            root = prover.outcome(outcome)
        case DutyReached() as duty:
            root = prover.duty(duty)
        case entry:
            root = prover.fact(entry)  # type: ignore[arg-type]
    return {key: proof.document for key, proof in subproofs([root]).items()}


def _second_proof(of: _Sighting | None) -> Proof:
    """The provisions and the facts they were matched to, from the conclusion down to what was given."""
    steps: Proof = {}
    match of.of if of else None:
        case Concluded() as concluded:
            _step(of.shown, concluded.provision, concluded.match, steps)  # type: ignore[union-attr]
        case Holding() as held:
            _held_step(held, steps)
    return dict(reversed(steps.items()))


def _held_step(held: Holding, steps: Proof) -> str:
    shown = fact_json(held.fact)
    if held.origin is not None:
        return _step(shown, held.origin.provision, held.origin.match, steps)
    return _noted({"shown": shown, "by": "given"}, steps)


def _step(shown: Json, by: Provision, match: Match, steps: Proof) -> str:
    # INVARIANT: a fact is matched only after it was derived, so the walk ends.
    return _noted({"shown": shown, "by": by.id, "matched": [_held_step(held, steps) for held in match]}, steps)


def _noted(document: Json, steps: Proof) -> str:
    key = digest(document)
    steps[key] = document
    return key
