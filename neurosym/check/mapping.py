"""Whether a mapping from the graph to fact types agrees with the ontologies, and can give every fact its key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from neurosym.feel.types import Basic, Choice, FactOf, ListOf, Type, type_text, without_null
from neurosym.program.schema import FactType, Field
from neurosym.program.vocabulary import Property, Vocabulary
from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.text.span import Span
from neurosym.text.suggestion import did_you_mean

# RFC 3987 §2.2, as far as Turtle and SPARQL need it: a scheme, and nothing that would end the IRI.
IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LITERAL = "http://www.w3.org/2000/01/rdf-schema#Literal"
BINARY_FLOATS = frozenset({f"{XSD}double", f"{XSD}float"})


def _datatypes(*names: str) -> frozenset[str]:
    return frozenset(f"{XSD}{name}" for name in names)


# The datatypes whose literals each type is read from.
DATATYPES: Mapping[Basic, frozenset[str]] = {
    Basic.TEXT: _datatypes("string", "normalizedString", "token", "language", "anyURI") | {f"{RDF}langString"},
    Basic.NUMBER: _datatypes(
        *("decimal", "integer", "nonPositiveInteger", "negativeInteger", "nonNegativeInteger", "positiveInteger"),
        *("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    ),
    Basic.BOOLEAN: _datatypes("boolean"),
    Basic.DATE: _datatypes("date"),
    Basic.TIME: _datatypes("time"),
    Basic.DATETIME: _datatypes("dateTime", "dateTimeStamp"),
    Basic.DURATION: _datatypes("dayTimeDuration", "duration"),
    Basic.MONTHS: _datatypes("yearMonthDuration", "duration"),
}


@dataclass(frozen=True, slots=True)
class _Mapping:
    fact_types: Mapping[str, FactType]
    vocabulary: Vocabulary


def check_mapping(fact_types: Mapping[str, FactType], vocabulary: Vocabulary, report: Report) -> None:
    """Everything wrong with the mapping goes into `report`: NS230 to NS236 for names, NS330 to NS335 for types.

    A namespace that no ontology defines is a warning (NS232, once): its names cannot be verified.
    """
    mapping = _Mapping(fact_types, vocabulary)
    for of in fact_types.values():
        if of.is_derived:
            report.extend(_derived(of))
        elif of.graph_class is None:
            report.extend(_class_missing(of, field) for field in of.fields if field.source is not None)
        else:
            report.extend(_type_problems(mapping, of, of.graph_class))
    report.extend(_undefined_namespaces(mapping))


def _type_problems(mapping: _Mapping, of: FactType, graph_class: str) -> Iterator[Diagnostic]:
    yield from _name_problem("class", graph_class, mapping.vocabulary.classes, mapping.vocabulary, of.span)
    for field in of.fields:
        if field.source is None:
            if not field.is_optional:
                yield _source_missing(of, field)
        elif field.source.property is None:
            yield from _iri_problem(mapping, field)
        else:
            yield from _property_problems(mapping, graph_class, field, field.source.property)


def _property_problems(mapping: _Mapping, graph_class: str, field: Field, property_iri: str) -> Iterator[Diagnostic]:
    vocabulary = mapping.vocabulary
    yield from _name_problem("property", property_iri, vocabulary.properties, vocabulary, field.span)
    known = vocabulary.properties.get(property_iri, Property(property_iri))
    if known.domains and graph_class in vocabulary.classes - known.domains:
        yield _domain(field, known, graph_class)
    bare = without_null(field.type)
    item = without_null(bare.item) if isinstance(bare, ListOf) else bare
    yield from _value_problem(mapping, field, item, known)


def _value_problem(mapping: _Mapping, field: Field, item: Type, known: Property) -> Iterator[Diagnostic]:
    """What stands against reading values of type `item` from the property."""
    if isinstance(item, FactOf):
        yield from _reference_problem(mapping, field, item, known)
        return
    kind = Basic.TEXT if isinstance(item, Choice) else item
    if not isinstance(kind, Basic) or kind not in DATATYPES:
        yield _unreadable(field)
    elif _is_settled(mapping, known) and not known.ranges & (DATATYPES[kind] | {LITERAL}):
        yield _range(field, item, known)


def _reference_problem(mapping: _Mapping, field: Field, item: FactOf, known: Property) -> Iterator[Diagnostic]:
    target = mapping.fact_types.get(item.name)
    if target is None:
        return  # an unknown type is reported where types are resolved
    classes = known.ranges & mapping.vocabulary.classes
    settled = _is_settled(mapping, known)
    if len(target.key_fields) != 1:
        yield _composite_key(field, target)
    elif target.graph_class is not None:
        if settled and (not classes or target.graph_class in mapping.vocabulary.classes - classes):
            yield _range(field, item, known)
    elif settled and not known.ranges - classes:
        yield _unmapped(field, target)
    elif settled:
        yield from _value_problem(mapping, field, without_null(target.key_fields[0].type), known)


def _iri_problem(mapping: _Mapping, field: Field) -> Iterator[Diagnostic]:
    bare = without_null(field.type)
    target = mapping.fact_types.get(bare.name) if isinstance(bare, FactOf) else None
    if target is None and bare is not Basic.TEXT:
        yield _iri_type(field)
    elif target is not None and len(target.key_fields) != 1:
        yield _composite_key(field, target)
    elif target is not None and target.graph_class is None:
        yield _unmapped(field, target)


def _is_settled(mapping: _Mapping, known: Property) -> bool:
    """True when the property's range consists of classes and datatypes that are known."""
    return bool(known.ranges) and all(each in mapping.vocabulary.classes or _is_datatype(each) for each in known.ranges)


def _is_datatype(iri: str) -> bool:
    return iri.startswith(XSD) or iri in {LITERAL, f"{RDF}langString", f"{RDF}HTML", f"{RDF}XMLLiteral"}


def _name_problem(kind: str, iri: str, known: Iterable[str], vocabulary: Vocabulary, at: Span) -> Iterator[Diagnostic]:
    if not IRI.fullmatch(iri):
        yield _error(
            "NS236", f"`{iri}` is not an IRI", at, "an IRI begins with a scheme and holds no space: `https:...`"
        )
        return
    within = _namespace(iri, vocabulary)
    if within is None or iri in known:
        return
    local = iri.removeprefix(within)
    help_line = did_you_mean(local, (each.removeprefix(within) for each in known if each.startswith(within)))
    code = "NS230" if kind == "class" else "NS231"
    yield _error(code, f"unknown {kind} `{local}` of the ontology `{within}`", at, help_line)


def _namespace(iri: str, vocabulary: Vocabulary) -> str | None:
    """The longest namespace of the ontologies that the IRI lies directly in, or None."""
    holding = [each for each in vocabulary.namespaces if iri.startswith(each) and not set("#/") & set(iri[len(each) :])]
    return max(holding, key=len, default=None)


def _undefined_namespaces(mapping: _Mapping) -> Iterator[Diagnostic]:
    vocabulary = mapping.vocabulary
    seen = set()
    for iri, at in _used_names(mapping.fact_types.values()):
        own = iri[: max(iri.rfind(mark) for mark in "#/:") + 1]
        known = iri in vocabulary.classes or iri in vocabulary.properties or _namespace(iri, vocabulary) is not None
        if known or own in seen or not IRI.fullmatch(iri):
            continue
        seen.add(own)
        message = f"no ontology at hand defines names under `{own}`, so they cannot be verified"
        advice = "put the ontology among the ones given, or check the spelling of the prefix"
        yield Diagnostic("NS232", Severity.WARNING, message, Label(at), help=advice)


def _used_names(fact_types: Iterable[FactType]) -> Iterator[tuple[str, Span]]:
    for of in fact_types:
        if of.graph_class is not None:
            yield of.graph_class, of.span
        for field in of.fields:
            if field.source is not None and field.source.property is not None:
                yield field.source.property, field.span


def _error(code: str, message: str, at: Span, advice: str | None = None) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, Label(at), help=advice)


def _derived(of: FactType) -> Iterator[Diagnostic]:
    if of.graph_class is not None or any(field.source is not None for field in of.fields):
        message = f"`{of.name}` is derived by rules, so it cannot come from the graph"
        yield _error("NS233", message, of.span, "declare a `fact` for what the graph states, and a rule that concludes")


def _class_missing(of: FactType, field: Field) -> Diagnostic:
    message = f"`{field.name}` comes from the graph, but `{of.name}` has no class there"
    return _error("NS234", message, field.span, f"write the class after the label: `fact {of.name} from prefix:Class`")


def _source_missing(of: FactType, field: Field) -> Diagnostic:
    message = f"`{field.name}` has no `from`, so no `{of.name}` of the graph could have it"
    return _error("NS235", message, field.span, "name its property, or declare it `optional`")


def _domain(field: Field, known: Property, graph_class: str) -> Diagnostic:
    message = f"the property `{_local(known.iri)}` is not one of `{_local(graph_class)}`"
    return _error("NS330", message, field.span, f"it is a property of {_locals(known.domains)}")


def _range(field: Field, item: Type, known: Property) -> Diagnostic:
    message = (
        f"`{field.name}` is {type_text(item)}, but the values of `{_local(known.iri)}` are {_locals(known.ranges)}"
    )
    if known.ranges & BINARY_FLOATS:
        return _error("NS331", message, field.span, "binary floats are not exact: the ontology should say xsd:decimal")
    return _error("NS331", message, field.span)


def _unmapped(field: Field, target: FactType) -> Diagnostic:
    message = f"`{field.name}` refers to `{target.name}`, which has no class in the graph, so its IRIs have no key"
    return _error("NS332", message, field.span, f"map `{target.name}` to a class, and its key with `from`")


def _composite_key(field: Field, target: FactType) -> Diagnostic:
    names = ", ".join(f"`{key.name}`" for key in target.key_fields)
    message = f"`{field.name}` refers to `{target.name}`, whose key has several fields: {names}"
    return _error("NS333", message, field.span, "give it a key of one field, or supply these facts outside the graph")


def _unreadable(field: Field) -> Diagnostic:
    message = f"a {type_text(without_null(field.type))} cannot be read from the graph"
    return _error("NS334", message, field.span, "map its parts to fields of their own")


def _iri_type(field: Field) -> Diagnostic:
    message = f"`{field.name}` is {type_text(without_null(field.type))}, but an IRI is text"
    return _error("NS335", message, field.span, "declare it as text, or name a property")


def _local(iri: str) -> str:
    return iri[max(iri.rfind(mark) for mark in "#/:") + 1 :]


def _locals(iris: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted({_local(iri) for iri in iris}))
