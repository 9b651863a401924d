"""What is known beside the request: fact documents and graphs, read once and used for many decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

from neurosym.decision.desk import Standing
from neurosym.decision.intake import Document, GraphFact, take_in_standing
from neurosym.decision.plain import plain_facts
from neurosym.decision.shelf import Origin
from neurosym.program.program import Program
from neurosym.text.diagnostic import Diagnostic
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.canonical import Digest
from neurosym.values.size import InputReport

if TYPE_CHECKING:
    from neurosym.graph.snapshot import Snapshot

FactRows: TypeAlias = Mapping[str, Sequence[object]]


@dataclass(frozen=True)
class Knowledge:
    """Fact documents in plain JSON, and the graph with the facts that the ruleset's mapping finds in it."""

    facts: tuple[Document, ...] = ()
    parts: tuple[tuple[Document, ...], ...] = ()  # more documents, logged apart because others share them
    snapshot: Snapshot | None = None
    rows: tuple[GraphFact, ...] | None = None
    warnings: tuple[Diagnostic, ...] = field(default=(), compare=False)
    _taken_in: list[tuple[Program, Standing]] = field(default_factory=list, init=False, compare=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, compare=False, repr=False)

    def __reduce__(self) -> tuple[type[Knowledge], tuple[object, ...]]:
        """What was taken in stays behind: it belongs to programs of this process. A graph cannot be sent."""
        return Knowledge, (self.facts, self.parts, self.snapshot, self.rows, self.warnings)

    def standing(self, program: Program) -> Standing:
        """The facts of documents and graph by the types of a program, taken in once."""
        with self._lock:  # the threads that come meanwhile wait for the first, instead of taking it all in themselves
            for held, standing in self._taken_in:
                if held is program:
                    return standing
            standing = take_in_standing(program, self.documents, self.rows)
            self._taken_in[:] = [(program, standing)]
        return standing

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents of facts, in whichever part."""
        return (*self.facts, *(each for part in self.parts for each in part))

    @property
    def graph_digest(self) -> Digest | None:
        """The digest of the graph snapshot, or None without a graph."""
        return self.snapshot.digest if self.snapshot else None


NOTHING_KNOWN = Knowledge()


def gather_knowledge(
    program: Program,
    facts: Sequence[Document] = (),
    graphs: Sequence[tuple[str, bytes]] | None = None,
) -> Knowledge:
    """The knowledge in fact documents and graph files; InputError with every problem of a file.

    Graph files state one graph together; None is not the same as none: a graph closes the types mapped to it.
    """
    report = InputReport()
    plain = tuple(plain_facts(program, document, report) for document in facts)
    report.stop_on_errors(InputError)
    return Knowledge(plain) if graphs is None else _with_graph(program, plain, graphs)


def _with_graph(program: Program, plain: tuple[Document, ...], graphs: Sequence[tuple[str, bytes]]) -> Knowledge:
    # Heavy, and needed by nobody who has no graph.
    from neurosym.graph.extraction import extract_facts  # noqa: PLC0415
    from neurosym.graph.snapshot import read_graph  # noqa: PLC0415

    report = InputReport()
    snapshot = read_graph(graphs, report)
    report.stop_on_errors(InputError)
    assert snapshot is not None
    found = extract_facts(snapshot, program.fact_types, report)
    report.stop_on_errors(InputError)
    rows = tuple(
        GraphFact(name, row.fields, Origin(JsonPath(row.subject), row.triples))
        for name, of in found.items()
        for row in of
    )
    return Knowledge(plain, (), snapshot, rows, report.warnings)
