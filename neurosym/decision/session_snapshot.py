"""What a session holds as bytes, from which it is made again."""

from __future__ import annotations

from neurosym.decision import problems
from neurosym.decision.intake import Document
from neurosym.decision.knowledge import Knowledge, gather_knowledge
from neurosym.program.program import Program
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError
from neurosym.values.canonical import Json, canonical_bytes
from neurosym.values.json_text import read_json

VERSION = 1
MEMBERS = {"v", "facts", "types", "graph"}
NAME = "snapshot"


def snapshot_bytes(facts: dict[str, list[Json]], types: Json, nquads: bytes | None) -> bytes:
    """Facts by type, the document that says which types are complete, and the graph. Equal sessions, equal bytes."""
    document: Json = {
        "v": VERSION,
        "facts": {name: [*sorted(rows, key=canonical_bytes)] for name, rows in facts.items()},
        "types": types,
        "graph": None if nquads is None else nquads.decode(),
    }
    return canonical_bytes(document)


def snapshot_knowledge(program: Program, content: bytes) -> Knowledge:
    """The knowledge that a snapshot holds. InputError NS533 when it is none."""
    report = Report()
    document = read_json(content, NAME, report)
    if report.has_errors or not isinstance(document, dict):
        raise InputError([problems.no_snapshot("it is not a JSON object")])
    if document.keys() != MEMBERS:
        raise InputError([problems.no_snapshot(f"it has not the members {', '.join(sorted(MEMBERS))}")])
    if document["v"] != VERSION:
        raise InputError([problems.no_snapshot(f"its version is not {VERSION}")])
    graph = document["graph"]
    if not (graph is None or isinstance(graph, str)):
        raise InputError([problems.no_snapshot("its graph is no text")])
    documents = [Document(NAME, document["types"]), Document(NAME, document["facts"])]
    graphs = None if graph is None else [("snapshot.nq", graph.encode())]
    return gather_knowledge(program, documents, graphs)
