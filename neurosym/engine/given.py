"""The bottom of a model: what was given, what is referred to but was not, and what nobody spoke of (language §5.6)."""

from __future__ import annotations

from collections.abc import Iterable

from neurosym.engine.extension import Entry, Extension
from neurosym.engine.fact_table import references_in
from neurosym.engine.situation import Situation
from neurosym.program.program import Program
from neurosym.program.schema import FactType
from neurosym.values.unknown import ANYTHING, MissingFact, MissingType, NoneOf, Reason, Unknown
from neurosym.values.value import Fact, Reference, Value


def given(program: Program, situation: Situation) -> dict[str, Extension]:
    """The extensions of all fact types before any rule has spoken; derived ones are empty."""
    extensions = {name: Extension() for name in program.fact_types}
    for fact in situation.facts:
        extensions[fact.type].add(Entry(fact, is_certain=True))
    for reference in dangling(program, situation.facts, situation.named):
        extensions[reference.type].add(dangling_entry(program, reference))
    for name in sorted(situation.incomplete):
        extensions[name].add(unnamed_entry(program, name, extensions[name].known_keys()))
    return extensions


def dangling_entry(program: Program, reference: Reference) -> Entry:
    """What is held for a key that something refers to and nobody supplied: possible, all but the key unknown."""
    fact = _dangling_fact(program.fact_types[reference.type], reference)
    return Entry(fact, is_certain=False, reasons=frozenset({MissingFact(reference)}))


def unnamed_entry(program: Program, name: str, found: Iterable[tuple[Value, ...]]) -> Entry:
    """What is held beside the `found` keys of an incomplete type: any number of facts of which nothing is known."""
    reasons: frozenset[Reason] = frozenset({MissingType(name)})
    fact = unnamed_fact(program.fact_types[name], reasons, frozenset(found))
    return Entry(fact, is_certain=False, reasons=reasons)


def dangling(program: Program, facts: Iterable[Fact], named: Iterable[Reference] = ()) -> list[Reference]:
    """The keys of input types that a fact or the request refers to and nobody supplied, in the order they are met."""
    supplied = {fact.reference for fact in facts}
    found: dict[Reference, None] = {}
    waiting = [*named]
    waiting += [reference for fact in facts for value in fact.fields.values() for reference in references_in(value)]
    while waiting:
        reference = waiting.pop()
        if reference in supplied or reference in found or program.fact_types[reference.type].is_derived:
            continue
        found[reference] = None
        waiting.extend(inner for part in reference.key for inner in references_in(part))
    return list(found)


def unnamed_fact(of: FactType, reasons: frozenset[Reason], found: frozenset[tuple[Value, ...]] = frozenset()) -> Fact:
    """The fact that stands for any number of facts of which nothing is known but that their key is none of `found`."""
    fields: dict[str, Value] = {field.name: Unknown(reasons, field.domain) for field in of.fields}
    if len(of.key_fields) == 1 and of.key_fields[0].domain == ANYTHING:
        fields[of.key_fields[0].name] = Unknown(reasons, NoneOf(frozenset(key[0] for key in found)))
    return Fact(of.name, (), fields, unnamed=True, found=found)


def _dangling_fact(of: FactType, reference: Reference) -> Fact:
    keys = {field.name: value for field, value in zip(of.key_fields, reference.key, strict=True)}
    reasons: frozenset[Reason] = frozenset({MissingFact(reference)})
    fields = {field.name: keys.get(field.name, Unknown(reasons, field.domain)) for field in of.fields}
    return Fact(of.name, reference.key, fields)
