"""The facts of a session: what may come and go, checked as at intake, and which types are complete."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from neurosym.decision import problems
from neurosym.decision.desk import Standing
from neurosym.decision.intake import NO_REQUEST, Document, Received, receive, take_in_standing
from neurosym.decision.plain import plain_facts, plain_json
from neurosym.decision.shelf import Origin, Shelf
from neurosym.decision.wire import Reader, RefusedError
from neurosym.engine.alike import Alike
from neurosym.engine.layout import Layout, Row, RowKey
from neurosym.engine.live_fact_table import LiveFactTable
from neurosym.engine.working_memory import WorkingMemory
from neurosym.feel.extent import less
from neurosym.program.program import Program
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.escape import printable
from neurosym.text.failure import InputError
from neurosym.text.span import NOWHERE, JsonPath
from neurosym.values.size import FACTS_MAX

NAME = "session"


@dataclass(frozen=True, slots=True)
class Coming:
    """Facts on their way into a session, by type, and what is then known of the types."""

    rows: Mapping[str, Collection[Row]]
    closed: frozenset[str]
    open: frozenset[str]
    warnings: tuple[Diagnostic, ...] = ()


class HeldFacts:
    """What the documents said of the types of facts held, with the facts themselves in the working memory."""

    def __init__(self, program: Program, memory: WorkingMemory, closed: frozenset[str], open_: frozenset[str]) -> None:
        self.program = program
        self.memory = memory
        self.closed = closed
        self.open = open_
        self._given = frozenset(name for name, of in program.fact_types.items() if not of.is_derived)

    @property
    def standing(self) -> Standing:
        """The facts as those that stand before a request comes."""
        shelves: dict[str, Shelf] = {name: _LiveShelf(table) for name, table in self.memory.tables.items()}
        return Standing(self.memory.facts, shelves, self.closed, self.open, frozenset(), {}, ())

    def incomplete(self, coming: Coming | None = None) -> frozenset[str]:
        """The types of which there may be more facts, once these have come."""
        closed, open_ = (coming.closed, coming.open) if coming else (self.closed, self.open)
        return (self._given - closed) | open_

    def coming(self, document: Document) -> Coming:
        """The facts of a document that are new. InputError with everything that is wrong."""
        rows = self._plainly_right(document.content)
        if rows is not None:
            return Coming(rows, self.closed | rows.keys(), self.open)
        return _coming(receive(self.program, None, NO_REQUEST, self.standing, [self._plain(document)]))

    def instead(self, document: Document) -> Coming:
        """The facts of a document, whatever is held for their keys. InputError with everything that is wrong."""
        told = take_in_standing(self.program, [self._plain(document)])
        report = Report()
        report.extend(told.problems)
        for reference, (_, place) in told.broken.items():
            if reference not in self.memory.facts:
                report.add(problems.nobody(reference, place))
        report.stop_on_errors(InputError)
        rows = {name: table.rows for name, table in told.facts.tables.items() if len(table)}
        return Coming(rows, self.closed | told.closed, self.open | told.open, report.warnings)

    def _plain(self, document: Document) -> Document:
        report = Report()
        plain = plain_facts(self.program, document, report)
        report.stop_on_errors(InputError)
        return plain

    def named(self, keys: Mapping[str, Sequence[object]], report: Report) -> dict[str, list[Row]]:
        """The rows that are held for keys, by type."""
        found: dict[str, list[Row]] = {}
        content = plain_json(Document("keys", keys), report)
        at, reader = JsonPath("keys"), Reader(self.program.fact_types, report)
        for name, several in content.items() if isinstance(content, dict) else ():
            if name not in self._given:
                report.add(problems.unknown_type(name, self._given, at / name))
                continue
            if not isinstance(several, list):
                report.add(problems.wrong_shape("a list of keys", at / name))
                continue
            rows = [self._named(reader, name, given, at / name / place) for place, given in enumerate(several)]
            found[name] = [row for row in rows if row is not None]
        return found

    def _named(self, reader: Reader, name: str, given: object, at: JsonPath) -> Row | None:
        try:
            reference = reader.reference(self.program.fact_types[name], given, at)
        except RefusedError:
            return None
        row = self.memory.tables[name].by_key.get(self.memory.layouts[name].raw_key(reference.key))
        if row is None:
            reader.report.add(problems.not_held(reference, at))
        return row

    def before(self, moment: object, name: str, field: str) -> list[Row]:
        """The rows whose field is before a moment, without doubt. InputError when the moment is none."""
        layout, report = self.memory.layouts[name], Report()
        reader, at = Reader(self.program.fact_types, report), JsonPath("moment")
        try:
            first = reader.field(layout.of.by_name[field], plain_json(Document("moment", moment), report), at)
        except RefusedError:
            first = None
        report.stop_on_errors(InputError)
        column = layout.column[field]
        return [
            row for row in self.memory.tables[name].rows if less(row[column], first, NOWHERE, or_equal=False) is True
        ]

    def _plainly_right(self, content: object) -> dict[str, list[Row]] | None:
        """The rows, where everything is new, of the right form, and refers to what is held; else None."""
        if content.__class__ is not dict:
            return None
        found: dict[str, list[Row]] = {}
        assert isinstance(content, dict)
        if len(self.memory.facts) + sum(len(rows) for rows in content.values() if isinstance(rows, list)) > FACTS_MAX:
            return None
        for name, given in content.items():
            read = self.memory.reader(name) if name in self._given and given.__class__ is list else None
            if read is None:
                return None
            rows: list[Row] = []
            by_key: dict[RowKey, Row] = {}
            left: list[int] = []
            read(given, rows, by_key, [], left, Alike().is_apart)
            if left or not self.memory.tables[name].by_key.keys().isdisjoint(by_key):
                return None
            found[name] = rows
        return found if self._refers_to_held(found) else None

    def _refers_to_held(self, rows: Mapping[str, list[Row]]) -> bool:
        tables = self.memory.tables
        for name, several in rows.items():
            for at, of in self.memory.layouts[name].references:
                held = tables[of].by_key
                if not all(row[at] is None or row[at] in held for row in several):
                    return False
        return True


def _coming(of: Received) -> Coming:
    return Coming(of.rows, of.closed, of.open, of.warnings)


class _LiveShelf(Shelf):
    """Facts of a type that came to a session at some time."""

    def __init__(self, table: LiveFactTable) -> None:
        super().__init__(table.layout, [], table.by_key)

    def origin(self, key: RowKey) -> Origin:
        """A place that names the fact by its key."""
        layout: Layout = self.layout
        named = ", ".join(map(str, layout.reference(key).key))
        return Origin(JsonPath(NAME) / layout.of.name / printable(named))
