from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.check.mapping import DATATYPES
from neurosym.feel.types import Basic
from neurosym.graph.extraction import extract_facts
from neurosym.graph.literal import READERS
from neurosym.graph.snapshot import read_graph
from neurosym.graph.vocabulary import namespace, read_vocabulary
from neurosym.program.schema import FactType
from neurosym.program.vocabulary import Vocabulary
from neurosym.text.diagnostic import Report
from neurosym.text.shipped import shipped_path
from neurosym.values.canonical import digest_bytes

OWN = "https://neurosym.dev/ns/ownership#"
PREFIXES = """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix e: <http://e/> .
"""


def read(turtle: str) -> Vocabulary:
    report = Report()
    vocabulary = read_vocabulary([("v.ttl", (PREFIXES + turtle).encode())], report)
    assert vocabulary is not None, report.diagnostics
    return vocabulary


def names(iris: frozenset[str]) -> set[str]:
    return {iri.removeprefix("http://e/") for iri in iris}


def test_ownership_has_its_classes_and_properties(ownership_vocabulary: Vocabulary) -> None:
    assert {iri.removeprefix(OWN) for iri in ownership_vocabulary.classes} == {
        *("Party", "Person", "Organisation", "Shareholding")
    }
    assert {iri.removeprefix(OWN) for iri in ownership_vocabulary.properties} == {
        *("identifier", "name", "birthDate", "country", "holder", "issuer", "percentage")
    }
    assert ownership_vocabulary.namespaces == {OWN}
    assert all(each.is_functional for each in ownership_vocabulary.properties.values())


def test_domain_reaches_superclasses_and_subclasses_of_the_stated_one() -> None:
    vocabulary = read(
        "e:A rdfs:subClassOf e:Top . e:B rdfs:subClassOf e:A . e:C rdfs:subClassOf e:Top . e:p rdfs:domain e:A ."
    )
    assert names(vocabulary.properties["http://e/p"].domains) == {"Top", "A", "B"}


def test_union_of_classes_is_each_of_them() -> None:
    vocabulary = read("e:p rdfs:range [ a owl:Class ; owl:unionOf ( e:A e:B ) ] .")
    assert names(vocabulary.properties["http://e/p"].ranges) == {"A", "B"}


def test_property_without_domain_has_that_of_the_property_above() -> None:
    vocabulary = read(
        "e:p rdfs:subPropertyOf e:q . e:q rdfs:domain e:A . e:r rdfs:subPropertyOf e:q ; rdfs:domain e:B ."
    )
    assert names(vocabulary.properties["http://e/p"].domains) == {"A"}
    assert names(vocabulary.properties["http://e/r"].domains) == {"B"}


@pytest.mark.parametrize("everything", ["owl:Thing", "rdfs:Resource"])
def test_domain_of_everything_says_nothing(everything: str) -> None:
    assert read(f"e:p rdfs:domain {everything} .").properties["http://e/p"].domains == frozenset()


def test_circular_hierarchy_and_list_end() -> None:
    vocabulary = read(
        "e:A rdfs:subClassOf e:B . e:B rdfs:subClassOf e:A . e:p rdfs:subPropertyOf e:p ; rdfs:domain e:A ;"
        " rdfs:range [ owl:unionOf _:l ] . _:l rdf:first e:A ; rdf:rest _:l ."
    )
    assert names(vocabulary.properties["http://e/p"].domains) == {"A", "B"}


def test_long_hierarchy_is_followed_to_its_end() -> None:
    chain = " ".join(f"e:C{number} rdfs:subClassOf e:C{number + 1} ." for number in range(3000))
    assert "http://e/C3000" in read(chain + " e:p rdfs:domain e:C0 .").properties["http://e/p"].domains


def test_names_of_others_that_an_ontology_declares_do_not_make_their_namespace_its_own() -> None:
    vocabulary = read("<http://e> a owl:Ontology . e:A a owl:Class . <http://other/title> a owl:AnnotationProperty .")
    assert vocabulary.namespaces == {"http://e/"}
    assert "http://other/title" in vocabulary.properties


def test_blank_labels_of_two_files_are_two_nodes() -> None:
    report = Report()
    files = [
        (name, f"{PREFIXES} {subject} rdfs:range _:u . _:u owl:unionOf ( {member} ) .".encode())
        for name, subject, member in (("a.ttl", "e:p", "e:A"), ("b.ttl", "e:q", "e:B"))
    ]
    vocabulary = read_vocabulary(files, report)
    assert vocabulary is not None
    assert names(vocabulary.properties["http://e/p"].ranges) == {"A"}
    assert vocabulary.digests == tuple(sorted(digest_bytes(content) for _, content in files))


def test_malformed_ontology_is_refused() -> None:
    report = Report()
    assert read_vocabulary([("v.ttl", b"e:A a e:B ."), ("w.ttl", PREFIXES.encode())], report) is None
    assert [(found.code, str(found.primary and found.primary.place)) for found in report.diagnostics] == [
        ("NS540", "v.ttl:1:1")
    ]


@pytest.mark.parametrize(
    ("iri", "expected"), [("http://a/b#c", "http://a/b#"), ("http://a/b/c", "http://a/b/"), ("urn:a:b", "urn:a:")]
)
def test_namespace_ends_at_the_last_mark(iri: str, expected: str) -> None:
    assert namespace(iri) == expected


@pytest.mark.parametrize("path", ["airo/airo.ttl", "dpv/dpv.ttl", "dpv/dpv-owl.ttl"])
def test_published_ontologies_are_read(path: str, outside_data: Path) -> None:
    report = Report()
    file = outside_data / path
    vocabulary = read_vocabulary([(file.name, file.read_bytes())], report)
    assert vocabulary is not None
    assert report.diagnostics == []
    assert len(vocabulary.classes) > 50
    assert len(vocabulary.namespaces) == 1


def test_checker_and_reader_take_the_same_datatypes() -> None:
    assert {kind: set(readers) for kind, readers in READERS.items()} == {
        kind: set(of) for kind, of in DATATYPES.items()
    }
    assert set(READERS) == set(Basic) - {Basic.NULL}


def test_shipped_ontology_can_be_part_of_a_snapshot() -> None:
    report = Report()
    path = shipped_path("ontologies", "ownership.ttl")
    assert read_graph([(path.name, path.read_bytes())], report) is not None
    assert report.diagnostics == []


def test_example_of_the_readme_gives_facts(ownership_types: dict[str, FactType]) -> None:
    report = Report()
    text = shipped_path("ontologies", "README.md").read_text(encoding="utf-8")
    turtle = text.split("```turtle\n")[1].split("```")[0]
    snapshot = read_graph([("README.ttl", turtle.encode())], report)
    assert snapshot is not None
    rows = extract_facts(snapshot, ownership_types, report)
    assert report.diagnostics == []
    assert [row.fields["name"] for row in rows["Party"]] == ["Anna Example", "Acme Ltd"]
    assert [(row.fields["owner"], row.fields["owned"], row.fields["share"]) for row in rows["Owns"]] == [
        ("P1", "P2", "25.1")
    ]
