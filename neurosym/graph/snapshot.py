"""A snapshot: the graph of one decision, immutable and named by its digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, Quad, Triple

from neurosym.graph.document import Document, beyond_rdf_1_1, read_quads, to_document
from neurosym.graph.mark import first_mark
from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.values.canonical import Digest, digest_bytes

BYTES_MAX = 1 << 28
TRIPLES_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What all documents of a graph state together. Literals keep the form they were written in."""

    digest: Digest
    triple_count: int
    documents: tuple[Document, ...] = field(compare=False, repr=False)
    dataset: Dataset = field(compare=False, repr=False)  # INVARIANT: nobody adds to it or removes from it

    def nquads(self) -> bytes:
        """The canonical N-Quads the digest is of; read as a graph file they give the same snapshot."""
        return canonical_nquads(self.dataset)


def read_graph(documents: Iterable[tuple[str, bytes]], report: Report) -> Snapshot | None:
    """The graph the named files state together, or None with diagnostics, and then nothing is kept of any file.

    NS540 malformed, NS541 a blank node, NS542 beyond RDF 1.1, NS543 too large, NS544 no known ending.
    """
    kept = tuple(to_document(name, content) for name, content in documents)
    found = Report()
    scratch = Dataset(_bounded(kept, found))
    report.extend(found.diagnostics)
    if found.has_errors:
        return None
    # Without blank nodes this changes nothing; the digest is nevertheless of what the standard's operation gives.
    scratch.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return Snapshot(digest_bytes(canonical_nquads(scratch)), len(scratch), kept, scratch)


def canonical_nquads(dataset: Dataset) -> bytes:
    """The statements of a canonicalized dataset, one a line, in the order of code points (W3C RDFC-1.0 §5)."""
    return "".join(sorted(f"{quad} .\n" for quad in dataset)).encode()


def nquads_line(quad: Quad) -> str:
    """The statement as a line of canonical N-Quads, without the line end."""
    return f"{quad} ."


def _bounded(documents: tuple[Document, ...], report: Report) -> Iterator[Quad]:
    if sum(len(document.content) for document in documents) > BYTES_MAX:
        report.add(too_large(f"larger than {BYTES_MAX} bytes"))
        return
    count = 0
    for document in documents:
        for quad in _ground(document, report):
            count += 1
            if count > TRIPLES_MAX:
                report.add(too_large(f"of more than {TRIPLES_MAX} triples"))
                return
            yield quad


def _ground(document: Document, report: Report) -> Iterator[Quad]:
    """The statements up to the first that is not ground RDF 1.1."""
    for quad in read_quads(document, report):
        if isinstance(quad.object, Triple) or (isinstance(quad.object, Literal) and quad.object.direction is not None):
            report.add(beyond_rdf_1_1(document))
            return
        if BlankNode in {type(quad.subject), type(quad.object), type(quad.graph_name)}:
            report.add(blank_node(document))
            return
        yield quad


def blank_node(document: Document) -> Diagnostic:
    """NS541 at the first blank node of the document."""
    place = first_mark(document.source, "blank") or document.everything
    label = Label(place, "it has no name outside this file, so no fact or proof could refer to it")
    advice = "give it an IRI; blank nodes that refer to each other can also make the digest take time without bound"
    return Diagnostic("NS541", Severity.ERROR, "a blank node in the graph", label, help=advice)


def too_large(how: str) -> Diagnostic:
    """NS543: a bound was reached, and the graph was not read."""
    return Diagnostic("NS543", Severity.ERROR, f"a graph {how}", help="read only the part that the ruleset maps")
