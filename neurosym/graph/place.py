"""Where statements stand in the files they came from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from io import BytesIO
from typing import TypeAlias

from pyoxigraph import Literal, Quad, RdfFormat, parse

from neurosym.graph.document import Document
from neurosym.graph.literal import RDF, XSD
from neurosym.text.span import Span

# Literals of these types are always quoted; numbers and booleans may stand bare.
TEXTS = frozenset({f"{XSD}string", f"{RDF}langString"})
Places: TypeAlias = dict[Quad, Span]


class _LineByLine(BytesIO):
    """Gives the parser one line at a time, so that what it has taken tells where a statement ends."""

    def read(self, size: int | None = -1, /) -> bytes:
        return self.readline(-1 if size is None else size)


def places_of(quads: Collection[Quad], documents: Iterable[Document]) -> Places:
    """The place of the first occurrence of each statement. Documents are parsed again: only diagnostics need places."""
    wanted = set(quads)
    places: Places = {}
    for document in documents:
        if len(places) == len(wanted):
            break
        lines = _LineByLine(document.content)
        before = 0
        for quad in parse(lines, document.format):
            if quad in wanted and quad not in places:
                places[quad] = _span(document, quad, before, lines.tell())
            before = lines.tell()
    return places


def places_of_triples(triples: Iterable[str], documents: Iterable[Document]) -> dict[str, Span]:
    """The places of lines of evidence, as a `GraphRow` holds them, in the documents of their snapshot."""
    lines = {quad: line for line in triples for quad in parse(line, RdfFormat.N_QUADS)}
    return {lines[quad]: place for quad, place in places_of(lines.keys(), documents).items()}


def _span(document: Document, quad: Quad, before: int, end: int) -> Span:
    """The object of the statement, or the line where the parser had it complete.

    `before` and `end` are the bytes the parser had taken for the statement before and for this one: whole lines, and
    after a quoted literal also the next token, because a datatype may follow.
    """
    window_start, line_start = (document.content.rfind(b"\n", 0, max(at - 1, 0)) + 1 for at in (before, end))
    window = document.content[window_start:end]
    start, length = max(_occurrences(quad, window))
    if start < 0:
        line = document.content[line_start:end]
        start, length = line_start - window_start + len(line) - len(line.lstrip()), len(line.strip())
    first = _code_points(document.content[: window_start + start])
    return Span(document.source, first, first + _code_points(window[start : start + length]))


def _occurrences(quad: Quad, window: bytes) -> Iterator[tuple[int, int]]:
    """Where each way to write the object occurs last in the window (-1: nowhere), and its length."""
    if isinstance(quad.object, Literal):
        form = quad.object.value.encode()
        for quote in (b'"', b"'"):
            at = window.rfind(quote + form + quote)
            yield (at + 1 if at >= 0 else at), len(form)
        written = b"" if quad.object.datatype.value in TEXTS else form
    else:
        written = local_name(str(quad.object).strip("<>")).encode()
    yield (window.rfind(written) if written else -1), len(written)


def _code_points(text: bytes) -> int:
    return len(text.decode("utf-8", errors="replace"))


def local_name(iri: str) -> str:
    """What follows the last `#`, `/` or `:` of an IRI."""
    return iri[max(iri.rfind(mark) for mark in "#/:") + 1 :]
