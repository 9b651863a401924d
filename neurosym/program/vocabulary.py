"""What the ontologies say: the names a ruleset's mapping may use."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an ontology. `range` is the IRI of a class or datatype; empty sets say nothing."""

    iri: str
    domains: frozenset[str] = frozenset()
    ranges: frozenset[str] = frozenset()
    is_functional: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The classes and properties of the ontologies at hand, by IRI, and the digests of the files they came from."""

    classes: frozenset[str] = frozenset()
    properties: dict[str, Property] = field(default_factory=dict)
    namespaces: frozenset[str] = frozenset()  # IRIs that the ontologies define names under
    digests: tuple[str, ...] = ()


EMPTY_VOCABULARY = Vocabulary()
