from __future__ import annotations

from dataclasses import replace

import pytest

from neurosym.check.mapping import check_mapping
from neurosym.feel.types import Basic, Choice, FactOf, ListOf, Nullable, RangeOf, Type
from neurosym.program.schema import FactType, Field, GraphSource
from neurosym.program.vocabulary import EMPTY_VOCABULARY, Property, Vocabulary
from neurosym.text.diagnostic import Diagnostic, Report, Severity
from neurosym.text.span import Source, Span

OWN = "https://neurosym.dev/ns/ownership#"
Types = dict[str, FactType]


def check(types: Types, vocabulary: Vocabulary) -> list[Diagnostic]:
    report = Report()
    check_mapping(types, vocabulary, report)
    return report.diagnostics


def with_field(types: Types, name: str, field: Field) -> Types:
    of = types[name]
    others = tuple(each for each in of.fields if each.name != field.name)
    return types | {name: replace(of, fields=(*others, field))}


def own(name: str) -> GraphSource:
    return GraphSource(f"{OWN}{name}")


def test_ownership_mapping_agrees_with_its_ontology(ownership_types: Types, ownership_vocabulary: Vocabulary) -> None:
    assert check(ownership_types, ownership_vocabulary) == []


def test_misspelt_class_is_refused_with_a_suggestion(ownership_types: Types, ownership_vocabulary: Vocabulary) -> None:
    span = Span(Source("own.rules", "fact Owns from own:Shareholdings"), 0, 9)
    types = ownership_types | {"Owns": replace(ownership_types["Owns"], graph_class=f"{OWN}Shareholdings", span=span)}
    (found,) = check(types, ownership_vocabulary)
    assert (found.code, found.help, found.severity) == ("NS230", "did you mean `Shareholding`?", Severity.ERROR)
    assert str(found.primary and found.primary.place) == "own.rules:1:1"


def test_misspelt_property_is_refused_with_a_suggestion(
    ownership_types: Types, ownership_vocabulary: Vocabulary
) -> None:
    types = with_field(ownership_types, "Owns", Field("owner", FactOf("Party"), source=own("hodler")))
    (found,) = check(types, ownership_vocabulary)
    assert (found.code, found.help) == ("NS231", "did you mean `holder`?")
    assert "`hodler`" in found.message


def test_undefined_namespace_is_one_warning(ownership_types: Types) -> None:
    (found,) = check(ownership_types, EMPTY_VOCABULARY)
    assert (found.code, found.severity) == ("NS232", Severity.WARNING)
    assert f"`{OWN}`" in found.message


def test_derived_type_is_refused(ownership_types: Types, ownership_vocabulary: Vocabulary) -> None:
    types = ownership_types | {"Party": replace(ownership_types["Party"], is_derived=True)}
    assert "NS233" in {found.code for found in check(types, ownership_vocabulary)}


def test_derived_type_outside_the_graph_is_fine(ownership_types: Types, ownership_vocabulary: Vocabulary) -> None:
    blocked = FactType("Blocked", "", True, (Field("party", FactOf("Party"), is_key=True),))
    assert check(ownership_types | {"Blocked": blocked}, ownership_vocabulary) == []


@pytest.mark.parametrize(
    ("type_name", "field", "code"),
    [
        ("Payment", Field("payer", Basic.TEXT, source=own("name")), "NS234"),
        ("Owns", Field("note", Basic.TEXT), "NS235"),
        ("Owns", Field("note", Basic.TEXT, source=GraphSource("ownership name")), "NS236"),
        ("Owns", Field("note", Basic.TEXT, source=own("name")), "NS330"),
        ("Owns", Field("share", Basic.TEXT, source=own("percentage")), "NS331"),
        ("Owns", Field("share", ListOf(Basic.BOOLEAN), source=own("percentage")), "NS331"),
        ("Party", Field("born", Basic.DATETIME, source=own("birthDate")), "NS331"),
        ("Owns", Field("owner", Basic.TEXT, source=own("holder")), "NS331"),
        ("Owns", Field("owner", FactOf("Owns"), source=own("holder")), "NS331"),
        ("Owns", Field("other", FactOf("Party"), source=own("percentage")), "NS331"),
        ("Owns", Field("owner", FactOf("Payment"), source=own("holder")), "NS332"),
        ("Owns", Field("owner", FactOf("Payment"), source=GraphSource(None)), "NS332"),
        ("Owns", Field("owner", FactOf("Pair"), source=own("holder")), "NS333"),
        ("Owns", Field("owner", FactOf("Pair"), source=GraphSource(None)), "NS333"),
        ("Owns", Field("share", RangeOf(Basic.NUMBER), source=own("percentage")), "NS334"),
        ("Owns", Field("id", Basic.NUMBER, source=GraphSource(None)), "NS335"),
    ],
)
def test_mapping_that_cannot_work_is_refused(
    type_name: str, field: Field, code: str, ownership_types: Types, ownership_vocabulary: Vocabulary
) -> None:
    pair = FactType("Pair", "", False, (Field("a", Basic.TEXT, is_key=True), Field("b", Basic.TEXT, is_key=True)))
    (found,) = check(with_field(ownership_types | {"Pair": pair}, type_name, field), ownership_vocabulary)
    assert (found.code, found.severity) == (code, Severity.ERROR)


@pytest.mark.parametrize(
    ("type_name", "field"),
    [
        ("Owns", Field("share", Nullable(Basic.NUMBER), source=own("percentage"))),
        ("Owns", Field("share", ListOf(Basic.NUMBER), source=own("percentage"))),
        ("Owns", Field("note", Basic.TEXT, is_optional=True)),
        ("Party", Field("country", Choice(("GB", "US")), source=own("country"))),
        ("Owns", Field("party", FactOf("Party"), source=GraphSource(None))),
        ("Owns", Field("code", FactOf("Payment"), source=own("identifier"))),
    ],
)
def test_mapping_that_can_work_is_accepted(
    type_name: str, field: Field, ownership_types: Types, ownership_vocabulary: Vocabulary
) -> None:
    assert check(with_field(ownership_types, type_name, field), ownership_vocabulary) == []


def vocabulary_of(range_iri: str, *classes: str) -> Vocabulary:
    described = Property(f"{OWN}p", ranges=frozenset({range_iri}))
    return Vocabulary(frozenset({f"{OWN}C", *classes}), {f"{OWN}p": described}, frozenset({OWN}))


def thing(of: Type) -> Types:
    key = Field("id", Basic.TEXT, is_key=True, source=GraphSource(None))
    return {"Thing": FactType("Thing", "", False, (key, Field("p", of, source=own("p"))), f"{OWN}C")}


def test_binary_floats_of_the_ontology_are_refused_with_advice() -> None:
    (found,) = check(thing(Basic.NUMBER), vocabulary_of("http://www.w3.org/2001/XMLSchema#double"))
    assert found.code == "NS331"
    assert "xsd:decimal" in (found.help or "")


def test_any_literal_may_be_any_value() -> None:
    assert check(thing(Basic.DATE), vocabulary_of("http://www.w3.org/2000/01/rdf-schema#Literal")) == []


def test_range_that_no_ontology_defines_says_nothing() -> None:
    assert check(thing(Basic.DATE), vocabulary_of("http://elsewhere/Kind")) == []


def test_name_below_a_namespace_is_not_in_it() -> None:
    types = thing(Basic.TEXT)
    deeper = replace(types["Thing"], graph_class=f"{OWN}deeper/C")
    (found,) = check({"Thing": deeper}, vocabulary_of("http://elsewhere/Kind"))
    assert found.code == "NS232"
