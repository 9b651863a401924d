"""The fields of one member of a class, read from its statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Dataset, Literal, NamedNode, Quad

from neurosym.feel.types import Basic, FactOf, ListOf, Type, type_text, without_null
from neurosym.graph.literal import TYPE, Refusal, literal_value, shown
from neurosym.graph.problem import Problem
from neurosym.program.schema import FactType, Field
from neurosym.values.canonical import Json, canonical_bytes

# A key may be a reference, whose key may be one: as many steps are followed before the mapping counts as circular.
KEY_STEPS_MAX = 8


@dataclass(frozen=True, slots=True)
class MappedGraph:
    """The statements that a mapping speaks of, by subject and property, and the mapping to read them by."""

    fact_types: Mapping[str, FactType]
    statements: Mapping[tuple[NamedNode, str], Sequence[Quad]]

    def values(self, subject: NamedNode, property_iri: str) -> tuple[Quad, ...]:
        """The statements that give the subject a value of the property, in the order of their text."""
        found = self.statements.get((subject, property_iri), ())
        return tuple(found) if len(found) == 1 else tuple(sorted(found, key=str))


def to_mapped_graph(dataset: Dataset, fact_types: Mapping[str, FactType]) -> MappedGraph:
    """The graph as the mapping sees it. The statements are the dataset's own, with literals as they were written."""
    sources = (field.source for of in fact_types.values() for field in of.fields)
    mapped = {TYPE, *(source.property for source in sources if source is not None)}
    statements = defaultdict[tuple[NamedNode, str], list[Quad]](list)
    for quad in dataset:
        if quad.predicate.value in mapped and isinstance(quad.subject, NamedNode):
            statements[quad.subject, quad.predicate.value].append(quad)
    return MappedGraph(fact_types, statements)


@dataclass(frozen=True, slots=True)
class Member:
    """A node of the graph, seen as a fact of a type; `steps` counts the references followed to it."""

    node: NamedNode
    type: FactType
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A value on the wire and the statements it rests on."""

    value: Json
    quads: tuple[Quad, ...] = ()


def read_field(graph: MappedGraph, member: Member, field: Field) -> Found | Problem | None:
    """The field's value; None when it is optional and the graph says nothing; NS55x otherwise."""
    if field.source is None:
        return _absent(member, field, "the mapping has no `from` for it")
    if field.source.property is None:
        return _one(graph, member, field, member.node, ())
    quads = graph.values(member.node, field.source.property)
    if not quads:
        return _absent(member, field, f"the graph gives `{member.node.value}` no `{field.source.property}`")
    found = [_one(graph, member, field, quad.object, (quad,)) for quad in quads]
    for each in found:
        if isinstance(each, Problem):
            return each
    return _together(member, field, [each for each in found if isinstance(each, Found)])


def _together(member: Member, field: Field, found: list[Found]) -> Found | Problem:
    if len(found) == 1 and not isinstance(without_null(field.type), ListOf):
        return found[0]
    distinct = {canonical_bytes(each.value): each.value for each in found}
    quads = tuple(quad for each in found for quad in each.quads)
    if isinstance(without_null(field.type), ListOf):
        return Found([distinct[at] for at in sorted(distinct)], quads)
    if len(distinct) == 1:
        return Found(found[0].value, quads)
    first_of_each = tuple(each.quads[0] for each in found)
    reason = f"the graph gives `{member.node.value}` {len(distinct)} different values"
    return Problem("NS553", field_name(member, field), reason, "keep the one that holds", first_of_each, field)


def _one(graph: MappedGraph, member: Member, field: Field, term: object, quads: tuple[Quad, ...]) -> Found | Problem:
    bare = without_null(field.type)
    item = bare.item if isinstance(bare, ListOf) else bare
    found: Found | Refusal
    if isinstance(item, FactOf):
        found = _key(graph, term, item.name, member.steps + 1)
    else:
        found = _plain(term, item, is_subject=not quads)
    if isinstance(found, Refusal):
        return Problem(found.code, field_name(member, field), found.reason, found.help, quads, field)
    return Found(found.value, quads + found.quads)


def _plain(term: object, wanted: Type, *, is_subject: bool) -> Found | Refusal:
    if isinstance(term, Literal):
        value = literal_value(term, wanted)
        return value if isinstance(value, Refusal) else Found(value)
    assert isinstance(term, NamedNode)  # a snapshot has neither blank nodes nor triple terms
    if is_subject and wanted is Basic.TEXT:
        return Found(term.value)
    return Refusal("NS552", f"the IRI `{term.value}` stands where {type_text(wanted)} is expected")


def _key(graph: MappedGraph, term: object, type_name: str, steps: int) -> Found | Refusal:
    """The key of the fact that a term refers to; NS555 when it has none, and nothing is guessed."""
    target = graph.fact_types[type_name]
    if len(target.key_fields) != 1:
        return Refusal(
            "NS555", f"the key of `{type_name}` has several fields, and a reference from the graph one value"
        )
    if steps > KEY_STEPS_MAX:
        return Refusal("NS555", f"the keys lead from one to the next more than {KEY_STEPS_MAX} times")
    key = target.key_fields[0]
    if isinstance(term, Literal):
        return _literal_key(graph, term, target, key, steps)
    assert isinstance(term, NamedNode)
    if target.graph_class is None:
        reason = f"`{type_name}` is not mapped to the graph, so `{term.value}` is no key of it"
        return Refusal("NS555", reason, f"map `{type_name}` to a class, or state its key as a literal")
    found = read_field(graph, Member(term, target, steps), key)
    if isinstance(found, Found):
        return found
    reason = f"`{term.value}` gives no key of `{type_name}`"
    return Refusal("NS555", f"{reason}: {found.reason}" if found else reason)


def _literal_key(graph: MappedGraph, term: Literal, target: FactType, key: Field, steps: int) -> Found | Refusal:
    if target.graph_class is not None:
        return Refusal("NS552", f"{shown(term)} stands where the IRI of a `{target.name}` is expected")
    if key.refers_to is not None:
        return _key(graph, term, key.refers_to, steps + 1)
    return _plain(term, key.type, is_subject=False)


def _absent(member: Member, field: Field, reason: str) -> Problem | None:
    if field.is_optional:
        return None
    advice = "state it, or declare the field `optional`"
    return Problem("NS554", field_name(member, field), reason, advice, (), field)


def field_name(member: Member, field: Field) -> str:
    """The field as messages name it."""
    return f"`{field.name}` of `{member.type.name}`"
