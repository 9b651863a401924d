from __future__ import annotations

import pickle
from hashlib import sha256
from pathlib import Path

import pytest

import neurosym.graph.snapshot as snapshot_module
from neurosym.graph.snapshot import Snapshot, read_graph
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.render import render_text
from neurosym.text.span import Span

PREFIX = "@prefix e: <http://e/> .\n"


def read(*documents: tuple[str, str | bytes]) -> tuple[Snapshot | None, list[Diagnostic]]:
    report = Report()
    encoded = [(name, text.encode() if isinstance(text, str) else text) for name, text in documents]
    return read_graph(encoded, report), report.diagnostics


def accepted(*documents: tuple[str, str | bytes]) -> Snapshot:
    snapshot, problems = read(*documents)
    assert problems == []
    assert snapshot is not None
    return snapshot


def refused(*documents: tuple[str, str | bytes]) -> Diagnostic:
    snapshot, problems = read(*documents)
    assert snapshot is None
    assert len(problems) == 1
    return problems[0]


def place(found: Diagnostic) -> str:
    assert found.primary is not None
    return str(found.primary.place)


def test_digest_is_the_hash_of_the_sorted_statements() -> None:
    turtle = PREFIX + 'e:b e:p "x" .\ne:a e:p 25.10 , "y"@en .'
    lines = (
        '<http://e/a> <http://e/p> "25.10"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
        '<http://e/a> <http://e/p> "y"@en .\n'
        '<http://e/b> <http://e/p> "x" .\n'
    )
    assert accepted(("a.ttl", turtle)).digest == "sha256:" + sha256(lines.encode()).hexdigest()


def test_empty_graph_has_the_digest_of_nothing() -> None:
    snapshot = accepted(("a.ttl", ""))
    assert (snapshot.triple_count, snapshot.digest) == (0, "sha256:" + sha256(b"").hexdigest())


def test_characters_are_escaped_as_canonical_nquads_demand() -> None:
    written = r'"\u0000\u0008\u0009\u000A\u000B\u000C\u000D\u001F\u007F\"\\ é\U0001F303"'
    expected = r'"\u0000\b\t\n\u000B\f\r\u001F\u007F\"\\ é🌃"'
    snapshot = accepted(("a.ttl", f"<http://e/a> <http://e/p> {written} ."))
    assert snapshot.nquads().decode() == f"<http://e/a> <http://e/p> {expected} .\n"


def test_line_separators_inside_literals_do_not_break_a_line() -> None:
    snapshot = accepted(("a.ttl", PREFIX + 'e:b e:p "1\u2028\u00852" . e:a e:p "z" .'))
    assert snapshot.nquads().decode().split("\n")[1] == '<http://e/b> <http://e/p> "1\u2028\u00852" .'


def test_written_form_of_a_number_is_part_of_the_digest() -> None:
    assert accepted(("a.ttl", PREFIX + "e:a e:p 25.10 .")) != accepted(("a.ttl", PREFIX + "e:a e:p 25.1 ."))


def test_snapshot_is_the_same_from_one_file_or_two() -> None:
    together = accepted(("a.ttl", PREFIX + "e:a e:p 1 .\ne:b e:p 2 .\n"))
    apart = accepted(("b.ttl", PREFIX + "e:b e:p 2 . e:a e:p 1 ."), ("a.ttl", PREFIX + "e:a e:p 1 ."))
    assert together == apart
    assert apart.triple_count == 2


def test_snapshot_read_from_its_nquads_is_the_same() -> None:
    trig = PREFIX + 'e:g { e:a e:p "25.10"@de } e:a e:p true .'
    snapshot = accepted(("a.trig", trig))
    assert accepted(("again.nq", snapshot.nquads())) == snapshot


@pytest.mark.parametrize("name", ["a.nt", "a.nq", "a.ttl", "a.trig", "A.TTL"])
def test_ending_tells_the_format(name: str) -> None:
    assert accepted((name, "<http://e/a> <http://e/b> <http://e/c> .\n")).triple_count == 1


def test_byte_order_mark_is_no_content() -> None:
    assert accepted(("a.ttl", b"\xef\xbb\xbf" + PREFIX.encode())).triple_count == 0


def test_unknown_ending_is_refused() -> None:
    assert refused(("a.rdf", "")).code == "NS544"


def test_malformed_file_is_refused_with_line_and_column() -> None:
    found = refused(("a.ttl", PREFIX + 'e:x e:y "äöü" , e:ü , own:holder .\n'))
    assert (found.code, place(found)) == ("NS540", "a.ttl:2:23")
    assert "own" in found.message
    assert isinstance(found.primary and found.primary.place, Span)


def test_place_of_malformed_text_is_underlined() -> None:
    found = refused(("a.ttl", PREFIX + 'e:x e:y "äöü🌃" , own:holder .\n'))
    assert "  |                  ^^^^^^^^^^" in render_text([found])


@pytest.mark.parametrize(
    ("content", "at"),
    [
        (b"@prefix e: <http://e/> .\r\ne:a e:b x:c .\r\n", "a.ttl:2:9"),
        (b"@prefix e: <http://e/> .\re:a e:b x:c .\r", "a.ttl:2:9"),
        (b'@prefix e: <http://e/> .\n\te:a\te:b """\xc3\xa9\n\xc3\xa9""" , x:c .', "a.ttl:3:8"),
        (b'@prefix e: <http://e/> .\ne:a e:b "\xff" .', "a.ttl:2:10"),
        (b"e:a", "a.ttl:1:1"),
        (b"@prefix e: <http://e/> .\ne:a e:b ", "a.ttl:2:9"),
        (b"<a> <http://e/b> 1 .", "a.ttl:1:1"),
    ],
)
def test_place_counts_lines_and_characters(content: bytes, at: str) -> None:
    assert place(refused(("a.ttl", content))) == at


def test_relative_iri_is_refused_with_advice() -> None:
    assert "whole IRI" in (refused(("a.ttl", "<a> <b> <c> .")).help or "")


def test_every_malformed_file_is_reported_and_none_is_kept() -> None:
    snapshot, problems = read(("a.ttl", "e:a"), ("good.ttl", PREFIX), ("b.ttl", PREFIX + "e:x"))
    assert snapshot is None
    assert [place(found) for found in problems] == ["a.ttl:1:1", "b.ttl:2:4"]


def test_shapes_file_with_unbound_prefix_is_refused_at_its_line(outside_data: Path) -> None:
    path = outside_data / "airo" / "high-risk-shacl" / "shapes.ttl"
    found = refused(("shapes.ttl", path.read_bytes()))
    assert (found.code, place(found)) == ("NS540", "shapes.ttl:6:1")


@pytest.mark.parametrize(
    ("turtle", "at"),
    [
        ("e:a e:b [ e:c 1 ] .", "a.ttl:2:9"),
        ('e:é e:b """[ é\n_:""" . # [ _:x\n_:x e:b 1 .', "a.ttl:4:1"),
        ("e:a e:b () , <http://e/_:> , e:c_:d .\ne:a e:b ( # [\n 1 ) .", "a.ttl:3:9"),
        ("e:a e:b e:c\\( , ( # nothing\n) .\n\n [] e:b 1 .", "a.ttl:5:2"),
        ("e:a e:b 'x' , '_:'@en , 'it\\'s' , \"\"\"a\"b\"\"\" , _:n .", "a.ttl:2:47"),
    ],
)
def test_blank_node_is_refused_at_its_place(turtle: str, at: str) -> None:
    found = refused(("a.ttl", PREFIX + turtle))
    assert (found.code, place(found)) == ("NS541", at)
    assert found.help is not None
    assert "IRI" in found.help


def test_blank_node_of_nquads_is_refused_at_its_place() -> None:
    found = refused(("a.nq", '<http://e/a> <http://e/b> "_:" .\n<http://e/a> <http://e/b> "c" _:g .\n'))
    assert (found.code, place(found)) == ("NS541", "a.nq:2:31")


@pytest.mark.parametrize(
    ("turtle", "column"),
    [
        ("e:a e:b <<( e:a e:b e:c )>> .", 9),
        ('e:a e:b "<<(" , "x"@ar--rtl .', 20),
        ("<< e:a e:b e:c >> e:b 1 .", 1),
        ("e:a e:b e:c {| e:d 1 |} .", 13),
        ("e:a e:b e:c ~ e:r .", 13),
    ],
)
def test_beyond_rdf_1_1_is_refused_at_its_place(turtle: str, column: int) -> None:
    found = refused(("a.ttl", PREFIX + turtle))
    assert (found.code, place(found)) == ("NS542", f"a.ttl:2:{column}")


@pytest.mark.parametrize("name", ["a.ttl", "a.nt"])
def test_deeply_nested_triple_terms_are_refused_before_they_are_parsed(name: str) -> None:
    depth = 200_000
    term = "<<( <http://e/a> <http://e/b> " * depth + "<http://e/c>" + " )>>" * depth
    assert refused((name, f"<http://e/a> <http://e/b> {term} .\n")).code == "NS542"


@pytest.mark.parametrize("bound", ["TRIPLES_MAX", "BYTES_MAX"])
def test_graph_beyond_a_bound_is_refused(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [("a.ttl", "<http://e/a> <http://e/b> 1 ."), ("b.ttl", "<http://e/a> <http://e/b> 2 .")]
    accepted(*documents)
    monkeypatch.setattr(snapshot_module, bound, 1)
    assert refused(*documents).code == "NS543"


def test_hostile_message_of_the_parser_is_cut() -> None:
    assert len(refused(("a.ttl", "x" * 100_000)).message) < 300


def test_document_is_a_value() -> None:
    snapshot = accepted(("a.ttl", PREFIX))
    assert pickle.loads(pickle.dumps(snapshot.documents)) == snapshot.documents  # noqa: S301
