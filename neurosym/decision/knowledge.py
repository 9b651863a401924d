"""What is known beside the request: fact documents and graphs, read once and used for many decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

from neurosym.decision import problems
from neurosym.decision.intake import Document, GraphFact, Origin, Standing, take_in_standing
from neurosym.program.program import Program
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.escape import printable
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.canonical import SAFE_INTEGER_MAX, Digest, Json, is_unicode
from neurosym.values.number import LITERAL_LENGTH_MAX, number_text
from neurosym.values.temporal import Duration, Months, temporal_text

if TYPE_CHECKING:
    from neurosym.graph.snapshot import Snapshot

FactRows: TypeAlias = Mapping[str, Sequence[object]]
DEPTH_MAX = 64


@dataclass(frozen=True)
class Knowledge:
    """Fact documents in plain JSON, and the graph with the facts that the ruleset's mapping finds in it."""

    facts: tuple[Document, ...] = ()
    snapshot: Snapshot | None = None
    rows: tuple[GraphFact, ...] | None = None
    warnings: tuple[Diagnostic, ...] = field(default=(), compare=False)
    _taken_in: list[tuple[Program, Standing]] = field(default_factory=list, init=False, compare=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, compare=False, repr=False)

    def standing(self, program: Program) -> Standing:
        """The facts of documents and graph by the types of a program, taken in once."""
        with self._lock:  # the threads that come meanwhile wait for the first, instead of taking it all in themselves
            for held, standing in self._taken_in:
                if held is program:
                    return standing
            standing = take_in_standing(program, self.facts, self.rows)
            self._taken_in[:] = [(program, standing)]
        return standing

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
    report = Report()
    plain = tuple(Document(document.name, plain_json(document, report)) for document in facts)
    report.stop_on_errors(InputError)
    return Knowledge(plain) if graphs is None else _with_graph(program, plain, graphs)


def _with_graph(program: Program, plain: tuple[Document, ...], graphs: Sequence[tuple[str, bytes]]) -> Knowledge:
    # Heavy, and needed by nobody who has no graph.
    from neurosym.graph.extraction import extract_facts  # noqa: PLC0415
    from neurosym.graph.snapshot import read_graph  # noqa: PLC0415

    report = Report()
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
    return Knowledge(plain, snapshot, rows, report.warnings)


def plain_json(document: Document, report: Report) -> Json:
    """The document as JSON that can be logged: exact Python values as the wire writes them; floats are refused."""
    return _plain(document.content, JsonPath(document.name), report)


def _plain(value: object, at: JsonPath, report: Report) -> Json:
    if len(at.steps) > DEPTH_MAX:
        report.add(problems.wrong_shape(f"a document of at most {DEPTH_MAX} levels", at))
        return None
    match value:
        case None | bool():
            return value
        case str():
            return _text(value, at, report)
        case int() | Decimal() if _is_too_long(value):
            report.add(problems.unreadable("number", "this number", "more digits than any value has", at))
            return None
        case int():
            return value if -SAFE_INTEGER_MAX <= value <= SAFE_INTEGER_MAX else number_text(value)
        case Decimal() if value.is_finite():
            return format(value, "f")
        case float():
            report.add(problems.binary_float(value, at))
            return None
        case date() | time() | Duration() | Months():
            return temporal_text(value)
        case Mapping():
            return dict(_members(value, at, report))
        case list() | tuple():
            return [_plain(item, at / place, report) for place, item in enumerate(value)]
        case _:
            report.add(problems.wrong_type("value of the language", value, at))
            return None


def _members(of: Mapping[object, object], at: JsonPath, report: Report) -> Iterator[tuple[str, Json]]:
    for name, value in of.items():
        if isinstance(name, str):
            yield _text(name, at, report), _plain(value, at / printable(name), report)
        else:
            report.add(problems.wrong_shape("a text as key", at))


def _text(text: str, at: JsonPath, report: Report) -> str:
    """The text; refused when it holds half a character, which no file could."""
    if text.isascii() or is_unicode(text):
        return text
    report.add(problems.half_character(at))
    return ""


def _is_too_long(value: int | Decimal) -> bool:
    """True for a number that would take more room to write than any value has digits."""
    if isinstance(value, int):
        return value.bit_length() > LITERAL_LENGTH_MAX * 3
    return value.is_finite() and abs(value.adjusted()) + len(value.as_tuple().digits) > LITERAL_LENGTH_MAX
