"""The reference evaluator: the meaning of a program, as plainly as it can be said (language §5).

Strata from the bottom up; within one, rounds in which every provision sees what the round before left (Jacobi), until
nothing changes. Certain and possible are computed together: a conclusion is certain when everything it rests on is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from neurosym.engine.conclusion import concluded_fact
from neurosym.engine.derivation import Derivation, ExceptionNote
from neurosym.engine.extension import Entry, Extension, content
from neurosym.engine.firing import Application, Firing, Provisions, in_force
from neurosym.engine.given import given, unnamed_fact
from neurosym.engine.model import Model
from neurosym.engine.reasons import replaced, resolved
from neurosym.engine.situation import LIMITS, Limits, Situation
from neurosym.engine.world import ModelWorld
from neurosym.feel.extent import reasons_of
from neurosym.feel.world import FactRead, Read
from neurosym.program.program import Program
from neurosym.program.rule import ConcludeFact, Stratum
from neurosym.program.schema import FactType
from neurosym.text.failure import LimitError
from neurosym.text.span import NOWHERE
from neurosym.values.canonical import canonical_bytes
from neurosym.values.encoding import wire
from neurosym.values.unknown import Failed, Reason, RestsOn, Unknown
from neurosym.values.value import Fact, Reference, Truth


def evaluate(
    program: Program,
    situation: Situation,
    limits: Limits = LIMITS,
    prior: Model | None = None,
    contested: frozenset[Reference] = frozenset(),
) -> Model:
    """The model of a program in a situation. With `prior`, the model of the same situation without burdens, what must
    be proven and cannot be asked counts as false. Derived facts that are `contested` count as possible only, for the
    final reason that their contents conflict. LimitError when a bound is reached.
    """
    return _Evaluation(program, situation, limits, prior, contested).model()


class _Evaluation:
    """One run: the extensions grow stratum by stratum."""

    def __init__(
        self,
        program: Program,
        situation: Situation,
        limits: Limits,
        prior: Model | None,
        contested: frozenset[Reference],
    ) -> None:
        self.program = program
        self.limits = limits
        self.prior = prior
        self.extensions = given(program, situation)
        self.world = ModelWorld(program, situation, self.extensions, limits)
        self.provisions: Provisions = in_force(program, situation.on)
        self.firing = Firing(self.world, self.provisions, self._resolve, burdens=prior is not None)
        self.contested = contested
        self.facts_count = 0
        self.provision = ""  # the one that concluded something last

    def model(self) -> Model:
        for stratum in self.program.strata:
            self._finish(stratum, self._rounds(stratum))
        return Model(self.firing)

    # --- one stratum

    def _rounds(self, stratum: Stratum) -> list[tuple[Fact, Application]]:
        """Every fact of the stratum with every application that concludes it, once nothing changes any more."""
        for number in range(1, self.limits.rounds_max + 1):
            found = []
            for application in self.firing.applications(
                lambda conclusion: isinstance(conclusion, ConcludeFact) and conclusion.type in stratum.types
            ):
                found.append((concluded_fact(application, self.program, self.world), application))
                self.world.effort.keep(len(found))
            if not self._merge(found, number, stratum) or not stratum.is_recursive:
                return found
        raise LimitError(f"more than {self.limits.rounds_max} rounds (rounds_max); {self._last(stratum)}")

    def _merge(self, found: Iterable[tuple[Fact, Application]], number: int, stratum: Stratum) -> bool:
        """Take over what a round concluded; True when anything is new, or has become certain."""
        better: dict[RestsOn, list[tuple[Entry, Application]]] = {}
        for fact, application in found:
            fresh = Entry(fact, is_certain=application.truth is True and not fact.unnamed)
            held = self.extensions[fact.type].find(fact)
            if held is None or (fresh.is_certain and not held.is_certain):
                better.setdefault(fresh.name, []).append((fresh, application))
        changes = [self._best(candidates, number, stratum) for candidates in better.values()]
        for entries in changes:
            for entry in entries:
                self._hold(entry, stratum)
        return bool(changes)

    def _best(self, candidates: list[tuple[Entry, Application]], number: int, stratum: Stratum) -> list[Entry]:
        """One entry for each content of a key, with the least of its derivations; certain before possible."""
        chosen: dict[object, tuple[Entry, Application]] = {}
        ordered = candidates
        if len(candidates) > 1:
            ordered = sorted(candidates, key=lambda each: (not each[0].is_certain, each[1].order))
        for entry, application in ordered:
            chosen.setdefault(content(entry.fact), (entry, application))
        for entry, application in chosen.values():
            moving = stratum.types if stratum.is_recursive and entry.is_certain else ()
            entry.derived = self._derivation(application, number, moving, is_certain=entry.is_certain)
            if not entry.is_certain:
                entry.reasons = frozenset({entry.name})
        return [entry for entry, _ in chosen.values()]

    def _hold(self, entry: Entry, stratum: Stratum) -> None:
        self.provision = entry.derivation.provision if entry.derivation else ""
        held = self.extensions[entry.fact.type].find(entry.fact)
        if held is not None:
            held.is_certain, held.reasons, held.derived = entry.is_certain, frozenset(), entry.derived
            return
        self.facts_count += 1
        if self.facts_count > self.limits.facts_max:
            raise LimitError(f"more than {self.limits.facts_max} derived facts (facts_max); {self._last(stratum)}")
        if entry.fact.unnamed:
            entry.fact = unnamed_fact(self.program.fact_types[entry.fact.type], entry.reasons)
        self.extensions[entry.fact.type].add(entry)

    def _last(self, stratum: Stratum) -> str:
        """Where the evaluation stands, for people."""
        types = ", ".join(f"`{name}`" for name in stratum.types)
        return f"the last by `{self.provision}` in the stratum of {types}"

    def _derivation(
        self, application: Application, number: int, moving: tuple[str, ...], *, is_certain: bool
    ) -> Derivation:
        """The derivation with its premises. What is certain inside a cycle rests on what was certain before it, so that
        no proof comes to rest on itself when a possible fact of the `moving` types becomes certain later.
        """
        notes = self.firing.notes(application.provision.id, application.conclusion.target, application.environment)
        reads = tuple(read for read in self.firing.reads(application) if not self._is_doubtful(read, moving))
        return Derivation(application.provision.id, application.environment, number, is_certain, reads, notes)

    def _is_doubtful(self, read: Read, moving: tuple[str, ...]) -> bool:
        if not isinstance(read, FactRead) or read.fact.type not in moving or isinstance(read.fact, Reference):
            return False
        held = self.extensions[read.fact.type].find(read.fact)
        return held is None or not held.is_certain

    def _finish(self, stratum: Stratum, found: list[tuple[Fact, Application]]) -> None:
        """Replace the names of possible facts by the reasons they rest on."""
        direct: dict[RestsOn, frozenset[Reason]] = {}
        for fact, application in found:
            entry = self.extensions[fact.type].find(fact)
            assert entry is not None
            if not entry.is_certain:
                direct[entry.name] = direct.get(entry.name, frozenset()) | doubts_of(fact, application.truth)
        final = resolved(direct)
        for name in stratum.types:
            settle(self.program.fact_types[name], self.extensions[name], final)
        for reference in self.contested:
            if reference.type in stratum.types:
                self._contest(reference)

    def _contest(self, reference: Reference) -> None:
        for entry in self.extensions[reference.type].contents(reference.key):
            entry.is_certain, entry.reasons = False, entry.reasons | {conflict_reason(reference)}

    def _resolve(self, reasons: frozenset[Reason]) -> frozenset[Reason]:
        """The reasons in full; those of the stratum at work as the prior model knows them, which is never fewer."""
        return in_full(self.prior, reasons)


def in_full(prior: Model | None, reasons: frozenset[Reason]) -> frozenset[Reason]:
    """The reasons with every possible fact replaced by what it rests on in the model before."""
    if prior is None or not any(isinstance(reason, RestsOn) for reason in reasons):
        return reasons
    return replaced(
        reasons, {each: reasons_held(prior.extensions, each) for each in reasons if isinstance(each, RestsOn)}
    )


def settle(of: FactType, extension: Extension, final: Mapping[RestsOn, frozenset[Reason]]) -> None:
    """Give the entries of a finished stratum the reasons that they rest on in the end."""
    for entry in list(extension):
        if isinstance(entry.derived, Derivation) and entry.derived.notes:
            notes = tuple(told(note, final) for note in entry.derived.notes)
            entry.derived = replace(entry.derived, notes=notes)
        if not entry.is_certain:
            entry.reasons = replaced(entry.reasons, final)
        if entry.fact.unnamed:
            entry.fact = unnamed_fact(of, entry.reasons)


def told(note: ExceptionNote, final: Mapping[RestsOn, frozenset[Reason]]) -> ExceptionNote:
    """What became of an exception, with the names of possible facts replaced by the reasons they rest on."""
    notes = tuple(told(inner, final) for inner in note.notes)
    return replace(note, reasons=replaced(note.reasons, final), notes=notes)


def reasons_held(extensions: Mapping[str, Extension], of: RestsOn) -> frozenset[Reason]:
    """The reasons of a possible fact as finished extensions hold them."""
    if isinstance(of.of, str):
        unnamed = extensions[of.of].unnamed
        return unnamed.reasons if unnamed else frozenset()
    contents = extensions[of.of.type].contents(of.of.key)
    return frozenset().union(*(entry.reasons for entry in contents))


def doubts_of(fact: Fact, truth: Truth) -> frozenset[Reason]:
    """Why a conclusion is only possible: its condition is unknown, or which fact it is of."""
    own = truth.reasons if isinstance(truth, Unknown) else frozenset()
    return own | reasons_of(*fact.fields.values()) if fact.unnamed else own


def conflict_reason(of: Reference) -> Reason:
    """Why nothing certain can be said of a fact whose contents differ (language §5.2)."""
    key = ", ".join(canonical_bytes(wire(part)).decode() for part in of.key)
    return Failed(f"different contents were concluded for {of.type}({key})", NOWHERE)
