"""What ontologies say, as the checker needs it: their classes and properties, with hierarchies already followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.term import Node

from neurosym.graph.document import Document, read_quads, to_document
from neurosym.program.vocabulary import Property, Vocabulary
from neurosym.text.diagnostic import Report
from neurosym.values.canonical import digest_bytes

CLASS_KINDS = (RDFS.Class, OWL.Class)
PROPERTY_KINDS = (
    RDF.Property,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
    OWL.AnnotationProperty,
)
PROPERTY_STATEMENTS = (RDFS.domain, RDFS.range, RDFS.subPropertyOf)
EVERYTHING = frozenset({OWL.Thing, RDFS.Resource})  # as a domain or range they say nothing


def read_vocabulary(documents: Iterable[tuple[str, bytes]], report: Report) -> Vocabulary | None:
    """The vocabulary of the ontology files together, or None with NS540 to NS544 in `report`.

    The domains and ranges of a property hold, beside the classes stated, their subclasses and superclasses: whatever
    a member of the stated class may be an instance of. Without statements of its own a property has those of the
    properties above it. Several stated domains add up, as most vocabularies mean them. (W3C RDF Schema 1.1 §3.)
    """
    kept = [to_document(name, content) for name, content in documents]
    found = Report()
    graphs = [_named_triples(document, number, found) for number, document in enumerate(kept)]
    report.extend(found.diagnostics)
    if found.has_errors:
        return None
    together = Graph()
    for graph in graphs:
        together += graph
    return Vocabulary(
        classes=frozenset(_classes(together) | _names(together.objects(None, RDFS.subClassOf))),
        properties={iri: _property(together, URIRef(iri)) for iri in sorted(_properties(together))},
        namespaces=frozenset(each for graph in graphs for each in _namespaces(graph)),
        digests=tuple(sorted(digest_bytes(document.content) for document in kept)),
    )


def _classes(graph: Graph) -> set[str]:
    return _members(graph, CLASS_KINDS) | _names(graph.subjects(RDFS.subClassOf))


def _properties(graph: Graph) -> set[str]:
    return _members(graph, PROPERTY_KINDS).union(*(_names(graph.subjects(says)) for says in PROPERTY_STATEMENTS))


def _namespaces(graph: Graph) -> set[str]:
    """Where the ontology's own names are: under its IRI. (Many also declare a few names of others that they use.)"""
    names = _classes(graph) | _properties(graph)
    ontologies = tuple(_names(graph.subjects(RDF.type, OWL.Ontology)))
    own = {name for name in names if name.startswith(ontologies)}
    return {namespace(name) for name in own or names}


def namespace(iri: str) -> str:
    """The IRI up to its last `#`, else up to its last `/` or `:`."""
    mark = "#" if "#" in iri else "/" if "/" in iri else ":"
    return iri[: iri.rfind(mark) + 1]


def _named_triples(document: Document, number: int, report: Report) -> Graph:
    """The triples between nodes; labels and other literals are for people. Blank nodes keep apart by file number."""
    graph = Graph()
    for quad in read_quads(document, report):
        if not isinstance(quad.object, (Literal, Triple)):
            graph.add((_node(quad.subject, number), URIRef(quad.predicate.value), _node(quad.object, number)))
    return graph


def _node(term: NamedNode | BlankNode | Triple, number: int) -> Node:
    assert not isinstance(term, Triple)  # RDF 1.2 allows one as object only
    return URIRef(term.value) if isinstance(term, NamedNode) else BNode(f"{number} {term.value}")


def _named(nodes: Iterable[Node]) -> Iterator[URIRef]:
    return (node for node in nodes if isinstance(node, URIRef))


def _names(nodes: Iterable[Node]) -> set[str]:
    return {str(node) for node in _named(nodes)}


def _members(graph: Graph, kinds: Iterable[URIRef]) -> set[str]:
    return set().union(*(_names(graph.subjects(RDF.type, kind)) for kind in kinds))


def _property(graph: Graph, node: URIRef) -> Property:
    return Property(
        iri=str(node),
        domains=_stated(graph, node, RDFS.domain),
        ranges=_stated(graph, node, RDFS.range),
        is_functional=(node, RDF.type, OWL.FunctionalProperty) in graph,
    )


def _stated(graph: Graph, node: URIRef, says: URIRef) -> frozenset[str]:
    """The classes a property's domain or range may show as; nothing when it is open."""
    own = list(graph.objects(node, says))
    above = _closure(node, lambda each: graph.objects(each, RDFS.subPropertyOf))
    inherited = own or [stated for upper in above for stated in graph.objects(upper, says)]
    classes = {each for stated in inherited for each in _alternatives(graph, stated)}
    if classes & EVERYTHING:
        return frozenset()
    return frozenset(str(related) for each in classes for related in _related(graph, each))


def _alternatives(graph: Graph, stated: Node) -> Iterator[URIRef]:
    """The class itself, or the named classes of an `owl:unionOf` (OWL 2 §8.1.2)."""
    if isinstance(stated, URIRef):
        yield stated
    for union in graph.objects(stated, OWL.unionOf):
        for cell in _closure(union, lambda each: graph.objects(each, RDF.rest)):
            yield from _named(graph.objects(cell, RDF.first))


def _related(graph: Graph, node: URIRef) -> Iterator[URIRef]:
    yield from _named(_closure(node, lambda each: graph.subjects(RDFS.subClassOf, each)))
    above = _closure(node, lambda each: graph.objects(each, RDFS.subClassOf))
    yield from _named(upper for upper in above if upper not in EVERYTHING)


def _closure(start: Node, step: Callable[[Node], Iterable[Node]]) -> Iterator[Node]:
    """The node and all it leads to, each once. (The library's own closure recurses: long lists overflow it.)"""
    seen, pending = {start}, [start]
    while pending:
        node = pending.pop()
        yield node
        for following in step(node):
            if following not in seen:
                seen.add(following)
                pending.append(following)
