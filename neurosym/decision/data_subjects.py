"""Whose data are in what a decision leaves behind: the values of fields with the modifier `subject`.

A field that refers to a fact names the data subject too, where the key of that fact does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from neurosym.audit.key_store import NOBODY, Subjects
from neurosym.decision.deliberation import Deliberation
from neurosym.decision.intake import Document, GraphFact
from neurosym.decision.knowledge import Knowledge
from neurosym.engine.fact_table import find_fact, references_in
from neurosym.engine.proof import Proof
from neurosym.feel.types import FactOf, ListOf, Type, without_null
from neurosym.program.program import Program, key_fields
from neurosym.values.canonical import Json, canonical_bytes
from neurosym.values.encoding import wire
from neurosym.values.unknown import Asked, MissingFact, MissingValue, Unknown
from neurosym.values.value import Fact, Reference


@dataclass(frozen=True)
class DataSubjects:
    """Finds the data subjects of a program's facts."""

    program: Program

    @cached_property
    def are_declared(self) -> bool:
        """True when there can be any."""
        return any(each.is_subject for of in self.program.fact_types.values() for each in of.fields)

    def of_documents(self, documents: Iterable[Document]) -> Subjects:
        """Those of fact documents, as the log keeps them."""
        if not self.are_declared:
            return NOBODY
        return frozenset(name for each in documents for name in self._of_document(each.json))

    def of_graph(self, rows: Iterable[GraphFact]) -> Subjects:
        """Those of the facts that a graph gives."""
        if not self.are_declared:
            return NOBODY
        return frozenset(name for row in rows for name in self._of_row(row.type, row.members))

    def of_knowledge(self, knowledge: Knowledge) -> Subjects:
        """Those of facts and graph."""
        return self.of_documents(knowledge.documents) | self.of_graph(knowledge.rows or ())

    def of_facts(self, facts: Iterable[Fact]) -> Subjects:
        """Those of facts."""
        if not self.are_declared:
            return NOBODY
        return frozenset(name for fact in facts for name in self._of_fact(fact))

    def of_proofs(self, proofs: Iterable[Proof]) -> Subjects:
        """Those of the facts that proofs show."""
        if not self.are_declared:
            return NOBODY
        shown = (each for proof in proofs for each in _facts_of(proof))
        return self.of_facts(shown)

    def around(self, references: Iterable[Reference], facts: Collection[Fact]) -> Subjects:
        """Those of facts that are referred to, and of what these refer to in turn."""
        if not self.are_declared:
            return NOBODY
        names: set[str] = set()
        seen: set[Reference] = set()
        waiting = [*references]
        while waiting:
            reference = waiting.pop()
            if reference in seen:
                continue
            seen.add(reference)
            names.update(self._of_json(FactOf(reference.type), wire(reference, self._keys)))
            fact = find_fact(facts, reference)
            if fact is not None:
                names.update(self._of_fact(fact))
                waiting += [each for value in fact.fields.values() for each in references_in(value)]
        return frozenset(names)

    @cached_property
    def _keys(self) -> Mapping[str, tuple[str, ...]]:
        return key_fields(self.program)

    def _of_document(self, content: Json) -> Iterator[str]:
        for name, rows in content.items() if isinstance(content, dict) else ():
            for row in rows if isinstance(rows, list) and name in self.program.fact_types else ():
                if isinstance(row, dict):
                    yield from self._of_row(name, row)

    def _of_fact(self, fact: Fact) -> Iterator[str]:
        known = {name: value for name, value in fact.fields.items() if not isinstance(value, Unknown)}
        yield from self._of_row(fact.type, {name: wire(value, self._keys) for name, value in known.items()})

    def _of_row(self, type_: str, row: Mapping[str, object]) -> Iterator[str]:
        for each in self.program.fact_types[type_].fields:
            value = row.get(each.name)
            if value is None:
                continue
            if each.is_subject:
                yield from _names(value)
            else:
                yield from self._of_json(each.type, value)

    def _of_json(self, type_: Type, value: object) -> Iterator[str]:
        match without_null(type_):
            case ListOf(item=item):
                for each in value if isinstance(value, (list, tuple)) else ():
                    yield from self._of_json(item, each)
            case FactOf(name=name):
                keys = self.program.fact_types[name].key_fields
                parts = value if isinstance(value, Mapping) and len(keys) > 1 else {keys[0].name: value}
                yield from self._of_row(name, parts)
            case _:
                return


def spoken_of(found: Deliberation) -> Iterator[Reference]:
    """What a decision speaks of outside of its proofs: its subject, what was asked, and what is missing."""
    yield from found.case.subject
    for question in found.matters:
        yield from (reference for _, reference in question.args)
    for reason in found.verdict.reasons:
        match reason:
            case Asked(question=question):
                yield from (reference for _, reference in question.args)
            case MissingValue(of=reference) | MissingFact(of=reference):
                yield reference
            case _:
                pass


def _names(value: object) -> Iterator[str]:
    """What a subject is called: its text, or what else names it as canonical JSON; each of a list."""
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _names(each)
    elif isinstance(value, str):
        yield str(value)
    else:
        yield canonical_bytes(value).decode()  # type: ignore[arg-type] # what intake took is JSON


def _facts_of(proof: Proof) -> Iterator[Fact]:
    if proof.fact is not None and not proof.fact.unnamed:
        yield proof.fact
    if proof.derivation is not None:
        bound = proof.derivation.binding.values()
        yield from (each for each in bound if isinstance(each, Fact) and not each.unnamed)
