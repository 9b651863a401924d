"""What a decision leaves in the log, in the order in which it must be durable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeAlias

from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.key_store import NOBODY, Subjects
from neurosym.audit.log import Log
from neurosym.audit.payload import Payload, PayloadLink
from neurosym.audit.retirement import stop_on_retired
from neurosym.audit.store import Reading
from neurosym.decision.case_record import CaseRecord
from neurosym.decision.data_subjects import DataSubjects
from neurosym.decision.decision import Decision
from neurosym.decision.intake import Document
from neurosym.decision.knowledge import Knowledge
from neurosym.decision.ruleset import Ruleset
from neurosym.engine.verdict import Status
from neurosym.judgment.attempt import Attempt, attempt_json
from neurosym.judgment.configuration import Configuration
from neurosym.values.canonical import Digest, Json, canonical_bytes, digest

CASE, FACTS, GRAPH, RESULT, PROOF, ATTEMPT, SOURCES, ONTOLOGIES, CALIBRATIONS, CONFIGURATION, SECOND_OPINION = (
    "case",
    "facts",
    "graph",
    "result",
    "proof",
    "attempt",
    "sources",
    "ontologies",
    "calibrations",
    "configuration",
    "second opinion",
)

Shared: TypeAlias = dict[int, tuple[object, Payload]]  # by the id of what it is of, which is kept with it


@dataclass(slots=True)
class Recorder:
    """Writes the entries of one engine. The ruleset and the configuration are recorded once, before they are used."""

    log: Log
    ruleset: Ruleset
    actor: str
    data: DataSubjects
    _ruleset_seq: int | None = None
    _configuration_seqs: dict[bytes, int] = field(default_factory=dict)
    _shared: Shared = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def installed(self) -> int:
        """The sequence number of the entry that holds the ruleset. RetiredError when it is out of use."""
        with self._lock:
            if self._ruleset_seq is None:
                self._ruleset_seq = self.log.record(self._ruleset_draft(), self.stop_on_retired).seq
            return self._ruleset_seq

    def configured(self, configuration: Configuration) -> int:
        """The sequence number of the entry that holds the tiers."""
        content = canonical_bytes(configuration.json)
        with self._lock:
            if content not in self._configuration_seqs:
                draft = Draft(kind=EntryKind.CONFIGURATION, actor=self.actor, payloads=((CONFIGURATION, content),))
                self._configuration_seqs[content] = self.log.record(draft).seq
            return self._configuration_seqs[content]

    def _ruleset_draft(self) -> Draft:
        sources: Json = [{"name": source.name, "text": source.text} for source in self.ruleset.sources]
        ontologies: Json = [{"name": name, "text": content.decode()} for name, content in self.ruleset.ontologies]
        return Draft(
            kind=EntryKind.RULESET,
            actor=self.actor,
            digests={"program": self.ruleset.digest},
            outcome=f"{self.ruleset.program.name} {self.ruleset.program.version}".strip(),
            payloads=(
                (SOURCES, canonical_bytes(sources)),
                (ONTOLOGIES, canonical_bytes(ontologies)),
                (CALIBRATIONS, canonical_bytes([each.json for each in self.ruleset.calibrations])),
            ),
        )

    def attempt(self, decision: str, attempt: Attempt, subjects: Subjects) -> int:
        """Record an attempt, in which these subjects' data are; it is durable when this returns, and only then may its
        answer be looked at.
        """
        draft = Draft(
            kind=EntryKind.ANSWER,
            decision=decision,
            actor=attempt.tier,
            outcome="failed" if attempt.failure else "response",
            payloads=((ATTEMPT, attempt_json(attempt)),),
            subjects=subjects,
        )
        return self.log.record(draft).seq

    def decision(
        self,
        decision: Decision,
        case: CaseRecord,
        knowledge: Knowledge,
        effects: tuple[int, ...],
        subjects: Subjects,
        *,
        previous: int | None,
        request_id: str | None,
    ) -> Entry:
        """Record a decision with everything that replay needs; it is about these subjects, and perhaps others.
        RetiredError when its ruleset is out of use.
        """
        subjects |= self.data.of_proofs(decision.proofs.values())
        recorded_case = self.log.encrypted(canonical_bytes(case.json), subjects)
        recorded_result = self.log.encrypted(decision.result_bytes, subjects)
        known = self.known(knowledge)
        payloads: list[tuple[str, bytes | Payload]] = [(CASE, recorded_case), *known]
        payloads += [(RESULT, recorded_result), (PROOF, decision.proof_bytes)]
        payloads += _opinion_payloads(decision.second_opinion.json if decision.second_opinion else None)
        digests = {
            "program": self.ruleset.digest,
            "input": recorded_case.digest,
            "facts": facts_digest([each.digest for name, each in known if name != GRAPH]),
        }
        digests |= {"graph": knowledge.graph_digest} if knowledge.graph_digest else {}
        digests["engine"] = decision.digests["engine"] or digest(None)
        draft = Draft(
            kind=EntryKind.DECISION,
            decision=decision.id,
            actor=self.actor,
            digests=digests,
            on=decision.on.isoformat(),
            effects=effects,
            result=recorded_result.digest,
            outcome=shown_outcome(decision),
            codes=codes_of(decision),
            previous=previous,
            payloads=tuple(payloads),
            subjects=subjects,
            request=request_id,
        )
        return self.log.record(draft, self.stop_on_retired)

    def stop_on_retired(self, reading: Reading) -> None:
        """RetiredError when the log says that the ruleset is out of use."""
        stop_on_retired(reading, self.ruleset.digest)

    def failure(self, decision: str, message: str, opinion: Json = None, subjects: Subjects = NOBODY) -> None:
        """Record that a decision could not be made; where the second opinion is why, with what it says."""
        draft = Draft(
            kind=EntryKind.FAILURE,
            decision=decision,
            actor=self.actor,
            outcome=message[:500],
            payloads=_opinion_payloads(opinion),
            subjects=subjects,
        )
        self.log.record(draft)

    def known(self, knowledge: Knowledge) -> tuple[tuple[str, Payload], ...]:
        """The payloads of facts, and of the graph, with their names; each encrypted once for all who use it."""
        with self._lock:
            before, self._shared = self._shared, {}
            facts = {facts_name(0): self._facts(before, knowledge.facts)}
            for number, part in enumerate(knowledge.parts, 1):
                facts[facts_name(number)] = self._facts(before, part)
            snapshot, rows = knowledge.snapshot, knowledge.rows or ()
            if snapshot is not None:
                nquads = snapshot.nquads
                facts[GRAPH] = self._held(
                    before, snapshot, lambda: self.log.encrypted(nquads(), self.data.of_graph(rows))
                )
        return tuple(facts.items())

    def _facts(self, before: Shared, documents: tuple[Document, ...]) -> Payload:
        def made() -> Payload:
            return self.log.encrypted(_facts_bytes(documents), self.data.of_documents(documents))

        return self._held(before, documents, made)

    def _held(self, before: Shared, of: object, made: Callable[[], Payload]) -> Payload:
        """The payload of something, the same as for the decision before unless its key was destroyed."""
        held = before.get(id(of))
        if held is None or held[0] is not of or not self.log.can_be_read(held[1]):
            held = (of, made())
        self._shared[id(of)] = held
        return held[1]


def facts_name(number: int) -> str:
    """The name of a payload of facts: the first, or a part of them that is logged apart."""
    return FACTS if not number else f"{FACTS} {number + 1}"


def fact_parts(entry: Entry) -> tuple[PayloadLink, ...]:
    """The payloads that hold the facts; LogError when there is none."""
    recorded = {link.name: link for link in entry.payloads}
    found = [entry.link(FACTS)]
    while (name := facts_name(len(found))) in recorded:
        found.append(recorded[name])
    return tuple(found)


def facts_digest(parts: Sequence[Digest]) -> Digest:
    """What an envelope has for the facts: the digest of the one payload, else of the list of their digests."""
    return parts[0] if len(parts) == 1 else digest([*parts])


def _facts_bytes(documents: Sequence[Document]) -> bytes:
    return canonical_bytes([{"name": each.name, "content": each.json} for each in documents])


def _opinion_payloads(opinion: Json) -> tuple[tuple[str, bytes], ...]:
    return () if opinion is None else ((SECOND_OPINION, canonical_bytes(opinion)),)


def shown_outcome(decision: Decision) -> str:
    """What an envelope says of the decision: its outcome, else its status."""
    return decision.outcome or decision.status.value


def codes_of(decision: Decision) -> tuple[str, ...]:
    """The rules that the outcome rests on."""
    if decision.status is not Status.DECIDED:
        return ()
    return tuple(dict.fromkeys(reason.rule for reason in decision.reasons if reason.outcome == decision.outcome))[:64]
