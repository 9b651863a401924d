"""Graph files: which format, where something stands in them, and what they state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath

from pyoxigraph import Quad, RdfFormat, parse

from neurosym.graph.mark import TRIPLE_TERM, first_mark
from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.text.span import Source, Span

FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MESSAGE_LENGTH_MAX = 200  # the parser repeats the token it stumbled over, however long
# The parser drops a triple term recursively: 100,000 nested ones overflow the stack of the whole process.
TRIPLE_TERMS_MAX = 100
PARSER_PREAMBLE = re.compile(r"Parser error (?:at|between|from|on) .*?: ")
LONE_RETURN = re.compile(r"\r(?!\n)")


@dataclass(frozen=True)
class Document:
    """A graph file as it was read."""

    name: str
    content: bytes = field(repr=False)

    @cached_property
    def source(self) -> Source:
        """The text; a carriage return alone ends a line for the parser, so it does here."""
        text = self.content.decode("utf-8", errors="replace")
        return Source(self.name, LONE_RETURN.sub("\n", text))

    @property
    def format(self) -> RdfFormat | None:
        """The format that the ending of the name stands for, or None."""
        return FORMATS.get(PurePath(self.name).suffix.lower())

    @property
    def everything(self) -> Span:
        """The first character: where to point when no better place is known."""
        return Span(self.source, 0, 0)


def to_document(name: str, content: bytes) -> Document:
    """The document, without the byte order mark some editors put in front."""
    return Document(name, content.removeprefix(BYTE_ORDER_MARK))


def read_quads(document: Document, report: Report) -> Iterator[Quad]:
    """What the document states, in its order; ends early with NS540 (malformed), NS542 or NS544 in the report."""
    if document.format is None:
        report.add(unknown_ending(document))
        return
    if document.content.count(TRIPLE_TERM.encode()) > TRIPLE_TERMS_MAX:
        report.add(beyond_rdf_1_1(document))
        return
    try:
        yield from parse(document.content, document.format)
    except SyntaxError as error:
        report.add(malformed(document, error))


def malformed(document: Document, error: SyntaxError) -> Diagnostic:
    """NS540 at the place where the parser stopped. Its columns count code points, as ours do."""
    start = _offset(document.source, error.lineno or 1, error.offset or 1)
    end = _offset(document.source, error.end_lineno or 1, error.end_offset or 1)
    said = PARSER_PREAMBLE.sub("", error.msg, count=1)[:MESSAGE_LENGTH_MAX]
    message = f"the graph cannot be read: {said[:1].lower()}{said[1:]}"
    place = Span(document.source, start, max(start, end))
    return Diagnostic("NS540", Severity.ERROR, message, Label(place), help=_advice(said))


def beyond_rdf_1_1(document: Document) -> Diagnostic:
    """NS542 at the first triple term or text direction."""
    place = first_mark(document.source, "beyond") or document.everything
    message = "triple terms, annotations and text directions are RDF 1.2"
    advice = "state it as triples of its own: a digest by RDFC-1.0 is defined for RDF 1.1"
    return Diagnostic("NS542", Severity.ERROR, message, Label(place), help=advice)


def unknown_ending(document: Document) -> Diagnostic:
    """NS544 for a file whose name does not tell its format."""
    message = f"the ending of `{document.name}` stands for no format of graphs"
    advice = "use .ttl for Turtle, .nt for N-Triples, .nq for N-Quads or .trig for TriG"
    return Diagnostic("NS544", Severity.ERROR, message, Label(document.everything), help=advice)


def _offset(source: Source, line: int, column: int) -> int:
    starts = source.line_starts
    if line > len(starts):
        return len(source.text)
    return min(starts[line - 1] + column - 1, len(source.text))


def _advice(said: str) -> str | None:
    if said.startswith("The prefix "):
        return "declare it first: `@prefix name: <IRI> .`"
    if said.startswith("No scheme found"):
        return "write the whole IRI: a relative one would depend on where the file lies"
    return None
