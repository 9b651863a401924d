"""From proofs to the steps of an explanation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.decision.duty_group import truth_of
from neurosym.decision.explanation.account import Account
from neurosym.decision.explanation.condition import findings
from neurosym.decision.explanation.judgment import judgment_shown
from neurosym.decision.explanation.provision import provision_shown, provisions_by_id
from neurosym.decision.explanation.reliance import reliance
from neurosym.decision.explanation.structure import ExceptionShown, Explanation, JudgmentShown, ParameterShown, Step
from neurosym.decision.explanation.value import written, written_call, written_fact
from neurosym.decision.wording import reason_text
from neurosym.engine.derivation import ExceptionNote
from neurosym.engine.extension import Entry
from neurosym.engine.model import Model
from neurosym.engine.proof import Proof, Prover
from neurosym.engine.reached import DutyReached, OutcomeReached
from neurosym.engine.verdict import Reached
from neurosym.feel.world import AnswerRead, FactRead, ParameterRead, Read
from neurosym.program.rule import Provision
from neurosym.values.canonical import Digest
from neurosym.values.encoding import sorted_reasons
from neurosym.values.unknown import Reason, Unknown
from neurosym.values.value import Fact, Reference, Truth

Proven: TypeAlias = Entry | Reached | DutyReached | OutcomeReached  # an outcome by itself is a defeated one


def explanation_of(account: Account, proven: Sequence[Proven]) -> Explanation:
    """Why each of these holds or may hold, down to what was given."""
    found = account.deliberation
    model = found.duty_model if any(isinstance(each, DutyReached) for each in proven) else found.model
    teller = _Teller(account, model, Prover(model), provisions_by_id(model))
    heads = [teller.proof(each) for each in proven]
    steps: dict[Digest, Step] = {}
    told = {proof.id: each for proof, each in zip(heads, proven, strict=True)}
    waiting = heads[::-1]
    while waiting:
        proof = waiting.pop()
        if proof.id in steps:
            continue
        steps[proof.id] = step = teller.step(proof, told.get(proof.id))
        below = {premise.id: premise for premise in proof.premises}
        waiting.extend(below[premise] for premise in reversed(step.below))
    return Explanation(tuple(dict.fromkeys(proof.id for proof in heads)), steps, reliance(steps))


@dataclass(frozen=True, slots=True)
class _Teller:
    account: Account
    model: Model
    prover: Prover
    provisions: Mapping[str, Provision]

    def proof(self, of: Proven) -> Proof:
        match of:
            case Entry():
                return self.prover.fact(of)
            case Reached():
                return self.prover.outcome(of.outcome)
            case DutyReached():
                return self.prover.duty(of)
            case OutcomeReached():
                return self.prover.outcome(of)

    def step(self, proof: Proof, of: Proven | None) -> Step:
        """The step of a proof; a premise is a fact of the model."""
        match of:
            case Reached():
                return self.outcome(proof, of)
            case DutyReached():
                return self.duty(proof, of)
            case OutcomeReached():
                return self.concluded(proof, "defeated", self.outcome_says(of), of.truth)
            case Entry() | None:
                return self.fact(proof)

    # --- the three kinds

    def outcome(self, proof: Proof, reached: Reached) -> Step:
        return self.concluded(proof, "outcome", self.outcome_says(reached.outcome), reached.truth)

    def outcome_says(self, of: OutcomeReached) -> str:
        names = [name for name, _ in self.account.deliberation.case.decision.parameters]
        subject = tuple(zip(names, of.subject, strict=True))
        return f"{written_call(of.decision, subject)} is {written(of.outcome)}: {self.model.text(of)}"

    def duty(self, proof: Proof, reached: DutyReached) -> Step:
        owed = "" if reached.owed_by is None else f" owed by {written(reached.owed_by)}"
        due = "" if reached.due is None else f", due {written(reached.due)}"
        says = f"duty {written_call(reached.duty, reached.fields)}{owed}{due}"
        return self.concluded(proof, "duty", says, truth_of(self.model.world.program, reached))

    def fact(self, proof: Proof) -> Step:
        assert proof.fact is not None
        entry = self.entry(proof.fact)
        assert entry is not None
        says = written_fact(proof.fact)
        if proof.derivation is not None:
            return self.concluded(proof, "fact", says, entry.truth)
        origin = self.account.origins.get(proof.fact.reference) if entry.is_certain else None
        reasons = self.reasons(entry.reasons)
        return Step(proof.id, "fact", says, entry.is_certain, reasons, proof.fact, origin=origin)

    def concluded(self, proof: Proof, kind: str, says: str, truth: Truth) -> Step:
        """A step that a provision concludes."""
        derivation = proof.derivation
        assert derivation is not None
        provision = self.provisions[derivation.provision]
        entries = self.entries(derivation.reads)
        return Step(
            proof.id,
            kind,
            says,
            truth is True,
            self.reasons(truth.reasons) if isinstance(truth, Unknown) else (),
            proof.fact,
            provision_shown(provision),
            findings=findings(provision.join.condition, derivation.binding, self.model, entries),
            premises=self.premises(entries),
            parameters=self.parameters(derivation.reads),
            judgments=self.judgments(derivation.reads),
            exceptions=tuple(self.exception(note) for note in derivation.notes),
        )

    # --- what it rests on

    def entries(self, reads: Iterable[Read]) -> list[Entry]:
        """The facts that were read, in the order of reading, as the model holds them in the end."""
        found: dict[int, Entry] = {}
        for read in reads:
            entry = self.entry(read.fact) if isinstance(read, FactRead) else None
            if entry is not None:
                found[id(entry)] = entry
        return list(found.values())

    def entry(self, of: Fact | Reference) -> Entry | None:
        return self.model.extensions[of.type].find(of) if isinstance(of, Fact) else self.model.entry(of)

    def premises(self, entries: Iterable[Entry]) -> tuple[Digest, ...]:
        """The proofs of the facts, in their order; equal ones once."""
        return tuple(dict.fromkeys(self.prover.fact(entry).id for entry in entries))

    def parameters(self, reads: Iterable[Read]) -> tuple[ParameterShown, ...]:
        names = dict.fromkeys(read.name for read in reads if isinstance(read, ParameterRead))
        return tuple(self.parameter(name) for name in names)

    def parameter(self, name: str) -> ParameterShown:
        declared = self.model.world.program.parameters[name]
        dated = declared.on(self.model.world.situation.on)
        if dated is None:
            return ParameterShown(name, declared.label, self.model.world.parameter(name), None, ())
        return ParameterShown(name, declared.label, dated.value, dated.first, dated.cites)

    def judgments(self, reads: Iterable[Read]) -> tuple[JudgmentShown, ...]:
        asked = dict.fromkeys((read.judgment, read.arguments) for read in reads if isinstance(read, AnswerRead))
        return tuple(judgment_shown(self.account.deliberation, *each) for each in asked)

    def exception(self, note: ExceptionNote) -> ExceptionShown:
        return ExceptionShown(
            provision_shown(self.provisions[note.id]),
            note.state,
            self.reasons(note.reasons),
            self.premises(self.entries(note.reads)),
            self.parameters(note.reads),
            self.judgments(note.reads),
            tuple(self.exception(inner) for inner in note.notes),
        )

    def reasons(self, reasons: Iterable[Reason]) -> tuple[tuple[Reason, str], ...]:
        return tuple((each, reason_text(self.model.world.program, each)) for each in sorted_reasons(reasons))
