from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from neurosym.feel.types import Basic, Choice, FactOf, ListOf, Type
from neurosym.graph.extraction import GraphRow, extract_facts
from neurosym.graph.place import places_of_triples
from neurosym.graph.problem import PROBLEMS_MAX
from neurosym.graph.snapshot import read_graph
from neurosym.program.schema import FactType, Field, GraphSource
from neurosym.text.diagnostic import Diagnostic, Report, Severity
from neurosym.text.span import Source, Span

Extract = Callable[..., tuple[Mapping[str, tuple[GraphRow, ...]], list[Diagnostic]]]
OWN = "https://neurosym.dev/ns/ownership#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
PARTIES = """\
e:p1 a own:Party ; own:identifier "P1" ; own:name "Anna" .
e:p2 a own:Party ; own:identifier "P2" ; own:name "Acme" .
"""
HOLDING = "e:s1 a own:Shareholding ; own:holder e:p1 ; own:issuer e:p2 ; own:percentage 25.10 .\n"


def thing(*fields: Field) -> dict[str, FactType]:
    """One mapped type `Thing` with a key and these fields."""
    key = Field("id", Basic.TEXT, is_key=True, source=GraphSource(None))
    return {"Thing": FactType("Thing", "", False, (key, *fields), "http://e/Thing")}


def value_field(of: Type) -> Field:
    return Field("value", of, source=GraphSource("http://e/value"))


def only(problems: list[Diagnostic], code: str) -> Diagnostic:
    assert [found.code for found in problems] == [code]
    return problems[0]


def place(found: Diagnostic) -> str:
    assert found.primary is not None
    return str(found.primary.place)


def marked(found: Diagnostic) -> str:
    assert found.primary is not None
    assert isinstance(found.primary.place, Span)
    return found.primary.place.text


def test_members_become_rows_with_keys_for_references(extract: Extract) -> None:
    rows, problems = extract(PARTIES + HOLDING)
    assert problems == []
    assert [row.fields for row in rows["Party"]] == [{"id": "P1", "name": "Anna"}, {"id": "P2", "name": "Acme"}]
    assert [row.fields for row in rows["Owns"]] == [
        {"id": "http://e/s1", "owner": "P1", "owned": "P2", "share": "25.1"}
    ]


def test_evidence_shows_literals_as_they_were_written(extract: Extract) -> None:
    (row,) = extract(PARTIES + HOLDING)[0]["Owns"]
    assert row.evidence["share"] == (f'<http://e/s1> <{OWN}percentage> "25.10"^^<{XSD}decimal> .',)
    assert row.evidence["owner"] == (
        f"<http://e/s1> <{OWN}holder> <http://e/p1> .",
        f'<http://e/p1> <{OWN}identifier> "P1" .',
    )
    assert row.membership == (f"<http://e/s1> {TYPE} <{OWN}Shareholding> .",)
    assert len(row.triples) == 6


def test_evidence_consists_of_lines_of_the_snapshot(ownership_types: dict[str, FactType]) -> None:
    report = Report()
    trig = f"@prefix own: <{OWN}> . @prefix e: <http://e/> . e:g {{ {HOLDING} }} {PARTIES}"
    snapshot = read_graph([("a.trig", trig.encode())], report)
    assert snapshot is not None
    (row,) = extract_facts(snapshot, ownership_types, report)["Owns"]
    assert set(row.triples) <= set(snapshot.nquads().decode().split("\n"))
    assert row.membership[0].endswith("<http://e/g> .")
    assert report.diagnostics == []


def test_evidence_can_be_found_in_its_file(ownership_types: dict[str, FactType]) -> None:
    report = Report()
    turtle = f"@prefix own: <{OWN}> .\n@prefix e: <http://e/> .\n{PARTIES.replace('Anna', 'Änna')}{HOLDING}"
    snapshot = read_graph([("empty.ttl", b""), ("a.ttl", turtle.encode())], report)
    assert snapshot is not None
    (row,) = extract_facts(snapshot, ownership_types, report)["Owns"]
    places = places_of_triples(row.triples, snapshot.documents)
    assert [(str(places[line]), places[line].text) for line in row.evidence["share"]] == [("a.ttl:5:78", "25.10")]
    assert [places[line].text for line in row.evidence["owner"]] == ["p1", "P1"]


def test_graph_without_members_gives_empty_lists_and_unmapped_types_are_left_out(extract: Extract) -> None:
    assert extract("e:a e:b 1 .") == ({"Party": (), "Owns": ()}, [])


def test_absent_optional_value_is_left_out(extract: Extract) -> None:
    rows, _ = extract(PARTIES + 'e:p1 own:birthDate "1971-03-02"^^xsd:date .')
    assert [row.fields.get("born") for row in rows["Party"]] == ["1971-03-02", None]
    assert "born" not in rows["Party"][1].fields


def test_rows_are_ordered_by_key_and_not_by_file(extract: Extract) -> None:
    turtle = "".join(f'e:n{9 - n} a own:Party ; own:identifier "{n}" ; own:name "N" .\n' for n in (3, 1, 2))
    assert [row.fields["id"] for row in extract(turtle)[0]["Party"]] == ["1", "2", "3"]


def test_several_values_are_refused_and_both_statements_shown(extract: Extract) -> None:
    found = only(extract(PARTIES + HOLDING + "e:s1 own:percentage\n 30 .")[1], "NS553")
    assert found.primary is not None
    labels = [found.primary, *found.secondary]
    assert [str(label.place) for label in labels] == ["graph.ttl:6:78", "graph.ttl:8:2"]
    assert ['"25.10"' in label.text for label in labels] == [True, False]
    assert '"30"' in labels[1].text


def test_two_forms_of_one_value_are_one_value_with_both_as_evidence(extract: Extract) -> None:
    rows, problems = extract(PARTIES + HOLDING + "e:s1 own:percentage 25.1 .")
    assert problems == []
    assert rows["Owns"][0].fields["share"] == "25.1"
    assert len(rows["Owns"][0].evidence["share"]) == 2


def test_names_in_several_languages_are_several_values(extract: Extract) -> None:
    turtle = 'e:p a own:Party ; own:identifier "1" ; own:name "Bank"@en , "Banque"@fr .'
    only(extract(turtle)[1], "NS553")


def test_missing_required_value_is_refused_at_the_statement_of_the_class(extract: Extract) -> None:
    rows, problems = extract('e:x a own:Party ; own:identifier "1" .')
    found = only(problems, "NS554")
    assert (place(found), marked(found)) == ("graph.ttl:4:11", "Party")
    assert f"{OWN}name" in found.message
    assert rows["Party"] == ()


def test_required_field_without_source_is_missing(extract: Extract) -> None:
    only(extract("e:a a e:Thing .", thing(Field("value", Basic.TEXT)))[1], "NS554")


def test_binary_float_is_refused(extract: Extract) -> None:
    found = only(extract(PARTIES + HOLDING.replace("25.10", "2.51e1"))[1], "NS551")
    assert marked(found) == "2.51e1"


def test_ill_typed_literal_is_refused_at_its_place(extract: Extract) -> None:
    found = only(extract(PARTIES + HOLDING.replace("25.10", '"é"@fr , "äbc"^^xsd:decimal'))[1][:1], "NS550")
    assert marked(found) == "äbc"


def test_place_of_the_field_is_shown(extract: Extract) -> None:
    span = Span(Source("own.rules", "value: number from e:value"), 0, 5)
    field = replace(value_field(Basic.NUMBER), span=span)
    found = only(extract('e:a a e:Thing ; e:value "x" .', thing(field))[1], "NS552")
    assert [str(label.place) for label in found.secondary] == ["own.rules:1:1"]


@pytest.mark.parametrize(
    ("turtle", "code"),
    [
        ('own:holder "P1"', "NS552"),
        ("own:holder e:nobody", "NS555"),
        ("own:holder e:p3", "NS555"),
    ],
)
def test_reference_without_key_is_refused(turtle: str, code: str, extract: Extract) -> None:
    broken = 'e:p3 own:identifier "1", "2" .\n' + HOLDING.replace("own:holder e:p1", turtle)
    only(extract(PARTIES + broken)[1], code)


def test_reference_to_an_iri_keyed_type_is_the_iri(extract: Extract) -> None:
    types = thing(Field("next", FactOf("Thing"), is_optional=True, source=GraphSource("http://e/next")))
    rows, problems = extract("e:a a e:Thing ; e:next e:b . e:b a e:Thing .", types)
    assert problems == []
    assert [row.fields.get("next") for row in rows["Thing"]] == ["http://e/b", None]


def test_reference_to_an_unmapped_type_takes_a_literal_and_no_iri(extract: Extract) -> None:
    field = Field("party", FactOf("Party"), source=GraphSource("http://e/party"))
    types = thing(field) | {"Party": FactType("Party", "", False, (Field("id", Basic.NUMBER, is_key=True),))}
    rows, problems = extract("e:a a e:Thing ; e:party 7 .", types)
    assert (problems, rows["Thing"][0].fields["party"]) == ([], 7)
    assert "not mapped" in only(extract("e:a a e:Thing ; e:party e:p .", types)[1], "NS555").message
    only(extract('e:a a e:Thing ; e:party "7" .', types)[1], "NS552")


def test_reference_to_a_composite_key_is_refused(extract: Extract) -> None:
    field = Field("pair", FactOf("Pair"), source=GraphSource("http://e/pair"))
    keys = (Field("a", Basic.TEXT, is_key=True), Field("b", Basic.TEXT, is_key=True))
    types = thing(field) | {"Pair": FactType("Pair", "", False, keys)}
    only(extract('e:a a e:Thing ; e:pair "x" .', types)[1], "NS555")


def test_key_that_is_a_reference_is_followed(extract: Extract, ownership_types: dict[str, FactType]) -> None:
    pep = FactType(
        "Pep", "", False, (Field("party", FactOf("Party"), is_key=True, source=GraphSource(None)),), "http://e/Pep"
    )
    note = (
        Field("id", Basic.TEXT, is_key=True, source=GraphSource(None)),
        Field("on", FactOf("Pep"), source=GraphSource("http://e/on")),
    )
    types = ownership_types | {"Pep": pep, "Note": FactType("Note", "", False, note, "http://e/Note")}
    rows, problems = extract(PARTIES + "e:p1 a e:Pep . e:n a e:Note ; e:on e:p1 .", types)
    assert problems == []
    assert rows["Pep"][0].fields == {"party": "P1"}
    assert rows["Note"][0].fields["on"] == "P1"
    assert rows["Note"][0].evidence["on"] == (
        "<http://e/n> <http://e/on> <http://e/p1> .",
        f'<http://e/p1> <{OWN}identifier> "P1" .',
    )


def test_keys_that_refer_to_each_other_are_refused(extract: Extract) -> None:
    def circular(name: str, other: str) -> FactType:
        return FactType(
            name,
            "",
            False,
            (Field("id", FactOf(other), is_key=True, source=GraphSource("http://e/next")),),
            f"http://e/{name}",
        )

    types = {"A": circular("A", "B"), "B": circular("B", "A")}
    assert only(extract("e:x a e:A ; e:next e:x .", types)[1], "NS555")


@pytest.mark.parametrize(
    ("of", "written", "expected"),
    [
        (Basic.TEXT, '"x"', "x"),
        (Basic.TEXT, '"x"@de', "x"),
        (Basic.TEXT, '"http://a"^^xsd:anyURI', "http://a"),
        (Choice(("a", "b")), '"a"', "a"),
        (Basic.NUMBER, "25.10", "25.1"),
        (Basic.NUMBER, "25.0", 25),
        (Basic.NUMBER, "-007", -7),
        (Basic.NUMBER, '"+.5"^^xsd:decimal', "0.5"),
        (Basic.NUMBER, '"5."^^xsd:decimal', 5),
        (Basic.NUMBER, '"-0.0"^^xsd:decimal', 0),
        (Basic.NUMBER, '"200"^^xsd:unsignedByte', 200),
        (Basic.NUMBER, "9007199254740993", "9007199254740993"),
        (Basic.NUMBER, "0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
        (Basic.BOOLEAN, "true", True),
        (Basic.BOOLEAN, '"0"^^xsd:boolean', False),
        (Basic.DATE, '"2014-08-13"^^xsd:date', "2014-08-13"),
        (Basic.TIME, '"10:00:00"^^xsd:time', "10:00:00"),
        (Basic.DATETIME, '"2014-08-13T10:00:00Z"^^xsd:dateTime', "2014-08-13T10:00:00Z"),
        (Basic.DURATION, '"P1DT2H"^^xsd:dayTimeDuration', "P1DT2H"),
        (Basic.MONTHS, '"P14M"^^xsd:yearMonthDuration', "P1Y2M"),
        (ListOf(Basic.TEXT), '"b" , "a" , "b"@de', ["a", "b"]),
        (ListOf(Basic.NUMBER), "2", [2]),
    ],
)
def test_literal_becomes_a_value_of_the_wire(of: Type, written: str, expected: object, extract: Extract) -> None:
    rows, problems = extract(f"e:a a e:Thing ; e:value {written} .", thing(value_field(of)))
    assert problems == []
    value = rows["Thing"][0].fields["value"]
    assert (value, type(value)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("of", "written", "code"),
    [
        (Basic.NUMBER, '"abc"^^xsd:decimal', "NS550"),
        (Basic.NUMBER, '"1e3"^^xsd:decimal', "NS550"),
        (Basic.NUMBER, '" 5"^^xsd:integer', "NS550"),
        (Basic.NUMBER, '"5.0"^^xsd:integer', "NS550"),
        (Basic.NUMBER, '"٣"^^xsd:integer', "NS550"),
        (Basic.NUMBER, '"-1"^^xsd:nonNegativeInteger', "NS550"),
        (Basic.NUMBER, '"256"^^xsd:unsignedByte', "NS550"),
        (Basic.NUMBER, "1." + "1" * 34, "NS550"),
        (Basic.NUMBER, "1" * 500, "NS550"),
        (Basic.NUMBER, "1e0", "NS551"),
        (Basic.NUMBER, '"1"^^xsd:float', "NS551"),
        (Basic.NUMBER, '"1"', "NS552"),
        (Basic.NUMBER, "e:one", "NS552"),
        (Basic.TEXT, "1", "NS552"),
        (Basic.TEXT, "1e0", "NS552"),
        (Basic.TEXT, "e:one", "NS552"),
        (Basic.TEXT, '"x"^^e:unknown', "NS552"),
        (Basic.BOOLEAN, '"True"^^xsd:boolean', "NS550"),
        (Basic.BOOLEAN, "1", "NS552"),
        (Basic.DATE, '"2014-02-30"^^xsd:date', "NS550"),
        (Basic.DATE, '"2014-02-03Z"^^xsd:date', "NS550"),
        (Basic.DATE, '"2014-02-03T00:00:00"^^xsd:dateTime', "NS552"),
        (Basic.DATETIME, '"2014-02-03"^^xsd:date', "NS552"),
        (Basic.DATETIME, '"2014-02-03T24:00:00"^^xsd:dateTime', "NS550"),
        (Basic.DURATION, '"P1Y"^^xsd:duration', "NS550"),
        (Basic.MONTHS, '"P1D"^^xsd:duration', "NS550"),
    ],
)
def test_literal_that_gives_no_value_is_refused(of: Type, written: str, code: str, extract: Extract) -> None:
    rows, problems = extract(f"e:a a e:Thing ; e:value {written} .", thing(value_field(of)))
    assert only(problems, code).severity is Severity.ERROR
    assert rows["Thing"] == ()


def test_iri_as_a_number_is_refused(extract: Extract) -> None:
    types = thing(Field("value", Basic.NUMBER, source=GraphSource(None)))
    only(extract("e:a a e:Thing .", types)[1], "NS552")


def test_only_the_first_problems_are_listed(extract: Extract) -> None:
    turtle = "".join(f"e:n{number} a own:Party .\n" for number in range(PROBLEMS_MAX))
    problems = extract(turtle)[1]
    assert len(problems) == PROBLEMS_MAX + 1
    assert problems[-1].code == "NS559"
    assert problems[-1].message.startswith(f"{PROBLEMS_MAX} more")  # an identifier and a name each


def test_nodes_with_the_properties_but_not_the_class_are_a_warning(extract: Extract) -> None:
    turtle = 'e:q a own:Person ; own:identifier "1" ; own:name "x" . e:r own:name "y" .'
    rows, problems = extract(PARTIES + turtle)
    found = only(problems, "NS556")
    assert found.severity is Severity.WARNING
    assert len(rows["Party"]) == 2
    assert "<http://e/q>" in (found.primary.text if found.primary else "")


def test_class_of_a_similar_name_is_a_warning_when_there_are_no_members(extract: Extract) -> None:
    turtle = "@prefix old: <https://neurosym.dev/ns/Ownership#> . e:s a old:Shareholding ."
    found = only(extract(turtle)[1], "NS557")
    assert found.severity is Severity.WARNING
    assert "ns/Ownership#Shareholding" in found.message
    assert marked(found) == "Shareholding"


def test_class_that_no_graph_can_hold_has_no_members(extract: Extract) -> None:
    types = {
        "Odd": FactType("Odd", "", False, (Field("id", Basic.TEXT, source=GraphSource("a> <b")),), "x> ?p ?o . <y")
    }
    assert extract(PARTIES, types) == ({"Odd": ()}, [])
