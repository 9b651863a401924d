"""Proofs: why a fact, outcome or duty is concluded, down to what was given. Equal proofs share an id (a DAG)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from neurosym.engine.derivation import Derivation, ExceptionNote
from neurosym.engine.extension import Entry
from neurosym.engine.model import Model
from neurosym.engine.reached import DutyReached, OutcomeReached
from neurosym.engine.situation import LIMITS
from neurosym.feel.world import AnswerRead, FactRead, ParameterRead, Read
from neurosym.text.failure import LimitError
from neurosym.values.canonical import Digest, Json, digest
from neurosym.values.encoding import fact_json, reason_json, sorted_reasons, tagged
from neurosym.values.unknown import Absent, Unknown
from neurosym.values.value import Fact, Reference

GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Proof:
    """One step: what is shown, by which provision, from which premises. `document` is all of it, as JSON."""

    id: Digest
    document: dict[str, Json] = field(compare=False, repr=False)
    premises: tuple[Proof, ...] = field(compare=False, repr=False)
    fact: Fact | None = field(compare=False, repr=False, default=None)
    derivation: Derivation | None = field(compare=False, repr=False, default=None)


class Prover:
    """Proofs from one model; facts are proven once, however often they are premises."""

    def __init__(self, model: Model, steps_max: int = LIMITS.proof_steps_max, beside: Prover | None = None) -> None:
        """LimitError is raised when more than `steps_max` facts are to be proven, those of the prover `beside` it
        included.
        """
        self.model = model
        self.steps_max = steps_max
        self._beside = beside
        self._facts: dict[int, Proof] = {}
        self._shown: dict[int, tuple[Fact, Json]] = {}  # by the id of the fact, which is kept with it

    def outcome(self, reached: OutcomeReached) -> Proof:
        """The proof of an outcome, or of its defeat by an exception."""
        shown: dict[str, Json] = {
            "outcome": reached.outcome,
            "defeated": reached.truth is False,
            "of": reached.decision,
            "subject": [tagged(each) for each in reached.subject],
            "text": self.model.text(reached),
        }
        return self._step(shown, self.model.derivation(reached))

    def duty(self, reached: DutyReached) -> Proof:
        """The proof of a duty."""
        shown: dict[str, Json] = {
            "duty": reached.duty,
            "fields": {name: tagged(value) for name, value in reached.fields},
            "owed_by": tagged(reached.owed_by),
            "due": tagged(reached.due),
        }
        return self._step(shown, self.model.derivation(reached))

    def fact(self, entry: Entry) -> Proof:
        """The proof of a fact. Premises come from earlier rounds or strata, so the walk ends."""
        waiting = [entry]
        while waiting:
            last = waiting[-1]
            if id(last) in self._facts:
                waiting.pop()
                continue
            needed = [each for each in self._entries(_all_reads(last.derivation)) if id(each) not in self._facts]
            if needed:
                waiting.extend(needed)
                continue
            if self.count >= self.steps_max:
                at = last.derivation.provision if last.derivation else "what was given"
                raise LimitError(f"more than {self.steps_max} facts in a proof (proof_steps_max); the last by `{at}`")
            self._facts[id(last)] = self._fact_step(waiting.pop())
        return self._facts[id(entry)]

    @property
    def count(self) -> int:
        """How many facts are proven."""
        return len(self._facts) + (0 if self._beside is None else self._beside.count)

    def _fact_step(self, entry: Entry) -> Proof:
        shown: dict[str, Json] = {"fact": self._fact_json(entry.fact)}
        if not entry.is_certain:
            shown["standing"] = "possible"
            shown["reasons"] = [reason_json(reason) for reason in sorted_reasons(entry.reasons)]
        if entry.derivation is None:
            shown["by"] = GIVEN
            return Proof(digest(shown), shown, (), entry.fact)
        return self._step(shown, entry.derivation, entry.fact)

    def _step(self, shown: dict[str, Json], derivation: Derivation, fact: Fact | None = None) -> Proof:
        premises = self._premises(derivation.reads)
        below = [premise for note in derivation.notes for premise in self._note_premises(note)]
        document: dict[str, Json] = {
            **shown,
            "by": derivation.provision,
            "binding": {
                name: self._fact_json(value)
                for name, value in sorted(derivation.binding.items())
                if isinstance(value, Fact)
            },
            "premises": [premise.id for premise in premises],
            "parameters": self._parameters(derivation.reads),
            "answers": self._answers(derivation.reads),
            "exceptions": [self._note(note) for note in derivation.notes],
        }
        every = tuple(dict.fromkeys((*premises, *below)))
        return Proof(digest(document), document, every, fact, derivation)

    def _fact_json(self, fact: Fact) -> Json:
        """The fact as JSON, made once for all the steps that show it."""
        found = self._shown.get(id(fact))
        if found is None:
            found = self._shown[id(fact)] = (fact, fact_json(fact))
        return found[1]

    def _premises(self, reads: Iterable[Read]) -> list[Proof]:
        found = {proof.id: proof for proof in (self.fact(entry) for entry in self._entries(reads))}
        return [found[key] for key in sorted(found)]

    def _note_premises(self, note: ExceptionNote) -> list[Proof]:
        inner = [premise for each in note.notes for premise in self._note_premises(each)]
        return [*self._premises(note.reads), *inner]

    def _entries(self, reads: Iterable[Read]) -> list[Entry]:
        """The entries that were read, in the order of reading."""
        found: dict[int, Entry] = {}
        for read in reads:
            if isinstance(read, FactRead):
                entry = self._entry(read.fact)
                if entry is not None:
                    found[id(entry)] = entry
        return list(found.values())

    def _entry(self, of: Fact | Reference) -> Entry | None:
        if isinstance(of, Fact) and of.unnamed:
            return self.model.extensions[of.type].unnamed
        if isinstance(of, Fact):
            return self.model.extensions[of.type].find(of)
        return self.model.entry(of)

    def _parameters(self, reads: Iterable[Read]) -> list[Json]:
        found: dict[str, Json] = {}
        for read in reads:
            if isinstance(read, ParameterRead):
                dated = self.model.world.program.parameters[read.name].on(self.model.world.situation.on)
                found[read.name] = {
                    "name": read.name,
                    "value": tagged(dated.value) if dated else None,
                    "from": dated.first.isoformat() if dated else None,
                    "cites": list(dated.cites) if dated else [],
                }
        return [found[name] for name in sorted(found)]

    def _answers(self, reads: Iterable[Read]) -> list[Json]:
        """The answers read, by judgment and arguments, with the content that was judged."""
        found: dict[str, Json] = {}
        for read in reads:
            if isinstance(read, AnswerRead):
                shown = self._answer(read)
                found[digest(shown)] = shown
        return [found[key] for key in sorted(found)]

    def _answer(self, read: AnswerRead) -> Json:
        world = self.model.world
        question = world.question(world.program.judgments[read.judgment], read.arguments)
        answer = world.answer(read.judgment, read.arguments)
        shown: dict[str, Json] = {"judgment": read.judgment, "args": [tagged(each) for each in read.arguments]}
        if not isinstance(question, Unknown):
            shown["content"] = {
                name: {"absent": True} if isinstance(value, Absent) else tagged(value)
                for name, value in question.content
            }
        shown["answer"] = {"unknown": True} if isinstance(answer, Unknown) else tagged(answer)
        return shown

    def _note(self, note: ExceptionNote) -> Json:
        return {
            "exception": note.id,
            "state": note.state,
            "premises": [premise.id for premise in self._premises(note.reads)],
            "parameters": self._parameters(note.reads),
            "answers": self._answers(note.reads),
            "reasons": [reason_json(reason) for reason in sorted_reasons(note.reasons)],
            "exceptions": [self._note(each) for each in note.notes],
        }


def _all_reads(derivation: Derivation | None) -> list[Read]:
    if derivation is None:
        return []
    found = list(derivation.reads)
    notes = list(derivation.notes)
    while notes:
        note = notes.pop()
        found += note.reads
        notes += note.notes
    return found


def subproofs(roots: Iterable[Proof]) -> dict[Digest, Proof]:
    """Every proof below the roots, by id; each stands once however often it is used."""
    found: dict[Digest, Proof] = {}
    waiting = list(roots)
    while waiting:
        proof = waiting.pop()
        if proof.id not in found:
            found[proof.id] = proof
            waiting.extend(proof.premises)
    return found
