from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Dataset, Literal, NamedNode, Quad, RdfFormat, parse, serialize

from neurosym.feel.types import Basic, FactOf
from neurosym.graph.extraction import extract_facts
from neurosym.graph.place import places_of
from neurosym.graph.snapshot import Snapshot, read_graph
from neurosym.graph.vocabulary import read_vocabulary
from neurosym.program.schema import FactType, Field, GraphSource
from neurosym.text.diagnostic import Report
from neurosym.text.render import render_text
from neurosym.text.span import Span
from neurosym.values.number import DIGITS_MAX

XSD = "http://www.w3.org/2001/XMLSchema#"
CHARACTERS = st.characters(codec="utf-8")
TEXTS = st.text(CHARACTERS, max_size=12)
NODES = st.sampled_from("abcdefg").map(lambda name: NamedNode(f"http://e/{name}"))
DATATYPES = st.sampled_from(["string", "decimal", "integer", "date", "double", "boolean"])
LITERALS = st.one_of(
    st.builds(lambda text, of: Literal(text, datatype=NamedNode(f"{XSD}{of}")), TEXTS, DATATYPES),
    st.builds(lambda text: Literal(text, language="de"), TEXTS),
)
QUADS = st.builds(Quad, NODES, NODES, st.one_of(NODES, LITERALS))
GRAPHS = st.lists(QUADS, max_size=12)
ENDINGS = st.sampled_from(["a.ttl", "a.nt", "a.nq", "a.trig"])
# Fragments that together are often almost Turtle: plain random bytes hardly get past the first token.
FRAGMENTS = st.sampled_from(
    [
        *("@prefix e: <http://e/> .", "e:a", "e:b", "a", "<http://e/c>", "<", ">", ".", ";", ",", "\n", "\r", " ", "#"),
        *("[", "]", "(", ")", "_:x", "<<", ">>", "<<(", ")>>", "{", "}", "{|", "|}", "~", "@base", "GRAPH", "\\", "'"),
        *('"', '"""', '"é"', '"x"@de', '"x"@ar--rtl', "25.10", "1e3", "true", "^^", "\u2028", "\ufeff", "\0", "\\u00"),
    ]
)
ALMOST_TURTLE = st.lists(FRAGMENTS, max_size=30).map(lambda parts: " ".join(parts).encode())
HOSTILE = st.one_of(st.binary(max_size=200), ALMOST_TURTLE, ALMOST_TURTLE.map(lambda text: text[:-3] + b"\xff\xc3"))

TYPES = {
    "A": FactType(
        "A",
        "",
        False,
        (
            Field("id", Basic.TEXT, is_key=True, source=GraphSource(None)),
            Field("size", Basic.NUMBER, source=GraphSource("http://e/b")),
            Field("next", FactOf("A"), is_optional=True, source=GraphSource("http://e/c")),
        ),
        "http://e/a",
    ),
}


def read(*documents: tuple[str, bytes]) -> Snapshot:
    report = Report()
    snapshot = read_graph(documents, report)
    assert snapshot is not None, report.diagnostics
    return snapshot


def nquads(quads: list[Quad]) -> bytes:
    return b"".join(f"{quad} .\n".encode() for quad in quads)


@given(graph=GRAPHS, data=st.data())
def test_digest_is_independent_of_the_order_of_statements_and_of_files(graph: list[Quad], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(graph))
    cut = data.draw(st.integers(0, len(graph)))
    apart = read(("b.nq", nquads(shuffled[:cut])), ("a.nq", nquads(shuffled[cut:])))
    assert apart == read(("a.nq", nquads(graph)))


@given(graph=GRAPHS)
def test_digest_of_a_ground_graph_is_that_of_its_sorted_statements(graph: list[Quad]) -> None:
    lines = sorted({f"{quad} .\n" for quad in Dataset(graph)})
    assert read(("a.nq", nquads(graph))).digest == "sha256:" + sha256("".join(lines).encode()).hexdigest()


@given(graph=GRAPHS)
def test_format_does_not_change_the_snapshot(graph: list[Quad]) -> None:
    turtle = serialize((quad.triple for quad in graph), format=RdfFormat.TURTLE, prefixes={"e": "http://e/"})
    assert turtle is not None
    assert read(("a.ttl", turtle)) == read(("a.nq", nquads(graph)))


@given(one=GRAPHS, other=GRAPHS)
def test_different_graphs_have_different_digests(one: list[Quad], other: list[Quad]) -> None:
    same = Dataset(one) == Dataset(other)
    assert (read(("a.nq", nquads(one))).digest == read(("a.nq", nquads(other))).digest) == same


@given(content=HOSTILE, name=ENDINGS)
def test_arbitrary_bytes_give_a_snapshot_or_diagnostics_and_never_both(content: bytes, name: str) -> None:
    report = Report()
    snapshot = read_graph([(name, content)], report)
    assert (snapshot is None) == report.has_errors
    assert all(found.primary is not None for found in report.diagnostics)
    if snapshot is None:
        assert render_text(report.diagnostics)
    else:
        again = read_graph([("again.nq", snapshot.nquads())], report)
        assert again == snapshot
        extract_facts(snapshot, TYPES, report)
        assert render_text(report.diagnostics) or not report.diagnostics


@given(content=HOSTILE, name=ENDINGS)
def test_arbitrary_bytes_give_a_vocabulary_or_diagnostics_and_never_both(content: bytes, name: str) -> None:
    report = Report()
    assert (read_vocabulary([(name, content)], report) is None) == report.has_errors


@given(statements=st.lists(st.tuples(TEXTS, st.sampled_from(["\n", "\r\n", " ", " # é\n"])), min_size=1, max_size=6))
def test_malformed_place_is_where_the_unbound_prefix_stands(statements: list[tuple[str, str]]) -> None:
    before = "@prefix e: <http://e/> .\n" + "".join(f"e:é e:p {Literal(text)} .{end}" for text, end in statements)
    report = Report()
    assert read_graph([("a.ttl", (before + "e:é own:p 1 .").encode())], report) is None
    (found,) = report.diagnostics
    assert found.primary is not None
    assert isinstance(found.primary.place, Span)
    assert found.primary.place.start == len(before) + len("e:é ")
    assert found.primary.place.text == "own:p"


@given(texts=st.lists(st.text(st.sampled_from("aé🌃 .;,[_:#"), min_size=1, max_size=8), min_size=1, unique=True))
def test_every_statement_is_found_where_it_was_written(texts: list[str]) -> None:
    turtle = "@prefix e: <http://e/> .\n" + "".join(f'e:é\n e:p\n  "{text}"\n .\n' for text in texts)
    snapshot = read(("a.ttl", turtle.encode()))
    places = places_of(set(snapshot.dataset), snapshot.documents)
    found = {quad.object.value: place for quad, place in places.items() if isinstance(quad.object, Literal)}
    assert set(found) == set(texts)
    for number, text in enumerate(texts):
        assert found[text].text == text
        assert found[text].source.line_column(found[text].start) == (4 + 4 * number, 4)


@given(
    digits=st.text("0123456789", min_size=1, max_size=DIGITS_MAX),
    scale=st.integers(0, DIGITS_MAX),
    sign=st.sampled_from(["", "+", "-"]),
)
def test_decimals_leave_the_graph_exactly_as_they_were_written(digits: str, scale: int, sign: str) -> None:
    padded = digits.rjust(scale + 1, "0")
    form = f"{sign}{padded[: len(padded) - scale]}.{padded[len(padded) - scale :] or '0'}"
    turtle = f"<http://e/x> a <http://e/a> ; <http://e/b> {form} ."
    report = Report()
    (row,) = extract_facts(read(("a.ttl", turtle.encode())), TYPES, report)["A"]
    assert Decimal(str(row.fields["size"])) == Decimal(form)
    assert row.evidence["size"] == (f'<http://e/x> <http://e/b> "{form}"^^<{XSD}decimal> .',)


@given(graph=GRAPHS, data=st.data())
def test_order_of_statements_is_irrelevant_for_facts_and_findings(graph: list[Quad], data: st.DataObject) -> None:
    statements = [*graph, *(Quad(NamedNode(f"http://e/{name}"), NamedNode(f"{RDF}type"), CLASS) for name in "abc")]
    shuffled = data.draw(st.permutations(statements))
    seen = []
    for each in (statements, shuffled):
        report = Report()
        rows = extract_facts(read(("a.nq", nquads(each))), TYPES, report)
        seen.append((rows, [(found.code, found.message) for found in report.diagnostics]))
    assert seen[0] == seen[1]


@given(graph=GRAPHS)
def test_evidence_alone_gives_the_same_fact(graph: list[Quad]) -> None:
    statements = [*graph, *(Quad(NamedNode(f"http://e/{name}"), NamedNode(f"{RDF}type"), CLASS) for name in "abc")]
    for row in extract_facts(read(("a.nq", nquads(statements))), TYPES, Report())["A"]:
        evidence = "".join(f"{line}\n" for line in row.triples).encode()
        assert set(parse(evidence, RdfFormat.N_QUADS)) <= set(statements)
        (again,) = (
            each
            for each in extract_facts(read(("e.nq", evidence)), TYPES, Report())["A"]
            if each.subject == row.subject
        )
        assert again == row


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
CLASS = NamedNode("http://e/a")
