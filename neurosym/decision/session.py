"""Sessions: working memory that lives. Facts come and go, and decisions are made over what is held."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from threading import RLock
from typing import TYPE_CHECKING

from neurosym.decision import problems
from neurosym.decision.decision import Decision
from neurosym.decision.fact_archive import FactArchive, fact_lists
from neurosym.decision.held_facts import NAME, Coming, HeldFacts
from neurosym.decision.intake import Document, Received, receive
from neurosym.decision.knowledge import Knowledge
from neurosym.decision.plain import plain_request
from neurosym.decision.plan import Plan, planned
from neurosym.decision.session_snapshot import snapshot_bytes
from neurosym.decision.situation import decision_named
from neurosym.engine.compiled.delta import Delta, Rows
from neurosym.engine.fact_table import FactSet
from neurosym.engine.layout import Layout, Row
from neurosym.engine.working_memory import WorkingMemory
from neurosym.program.program import Program
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.canonical import Json

if TYPE_CHECKING:
    from neurosym.decision.engine import Engine, Facts, Request
    from neurosym.judgment.supplied import SuppliedAnswer


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of what follows from the facts, by the law of the session's day; nothing where it has none."""

    program: Program = field(repr=False)
    layouts: Mapping[str, Layout] = field(repr=False)
    delta: Delta = field(repr=False)
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def concluded(self) -> dict[str, list[Json]]:
        """The facts that follow for certain now and did not before, by type, as the wire has them."""
        return self._derived(self.delta.added)

    @property
    def withdrawn(self) -> dict[str, list[Json]]:
        """Those that followed before and do not any more."""
        return self._derived(self.delta.removed)

    def _derived(self, rows: Mapping[str, Rows]) -> dict[str, list[Json]]:
        found = {
            (name, number): row
            for name, several in rows.items()
            if self.program.fact_types[name].is_derived
            for number, row in enumerate(several)
        }
        return fact_lists(self.program, self.layouts, found)


class Session:
    """Facts that are held between decisions. Any number of threads may use it; what they ask for is done in turn.

    A decision is what `Engine.decide` makes over the same facts, and is replayed from the log without the session.
    Event times are fields like any others: a window is a condition over them, and no clock is asked.
    """

    def __init__(self, engine: Engine, knowledge: Knowledge, on: date | None = None) -> None:
        """Holds the facts of some knowledge. With `on`, what follows by the law of that day is kept up to date from the
        start, and every change tells what became of it. InputError when the facts are refused.
        """
        self.engine = engine
        self.on = on
        self._program = engine.ruleset.program
        self._knowledge = knowledge
        self._lock = RLock()
        self._memory = WorkingMemory(engine.evaluators.compiled, engine.limits)
        self._archive = FactArchive(self._program, self._memory.layouts)
        self._header: tuple[Document, ...] = ()
        standing = knowledge.standing(self._program)
        report = Report()
        report.extend(standing.problems)
        report.stop_on_errors(InputError)
        self._held = HeldFacts(self._program, self._memory, standing.closed, standing.open)
        self._of_graph = _only_in_graph(self._program, knowledge, standing.facts)
        rows: dict[str, Collection[Row]] = {name: table.rows for name, table in standing.facts.tables.items()}
        self._memory.change({}, rows, self._held.incomplete())
        for name, several in rows.items():
            self._archive.add(name, (row for row in several if row not in self._of_graph.get(name, ())))
        if on is not None:
            self._memory.state(on)

    def __len__(self) -> int:
        return len(self._memory.facts)

    # --- facts

    def add(self, facts: Facts) -> Changes:
        """Hold more facts, given as to `Engine.know`. InputError when one of them is refused: then none is added.

        The same contents for a key that is held say nothing new; other contents are refused, as at intake.
        """
        with self._lock:
            coming = self._held.coming(Document("facts", facts))
            return self._changed({}, coming)

    def retract(self, keys: Mapping[str, Sequence[object]]) -> Changes:
        """Hold facts no more, named by type and key. InputError when one of them is not held: then none goes."""
        with self._lock:
            return self._changed(self._named(keys), self._staying())

    def replace(self, facts: Facts) -> Changes:
        """Hold these facts instead of what is held for their keys, if anything is."""
        with self._lock:
            coming = self._held.instead(Document("facts", facts))
            tables = self._memory.tables
            keys = {name: [tables[name].layout.key(row) for row in rows] for name, rows in coming.rows.items()}
            removed = {name: tables[name].held(several) for name, several in keys.items()}
            self._refuse_of_graph(removed, JsonPath("facts"))
            return self._changed(removed, coming)

    def retract_before(self, moment: object, type_: str, field_: str) -> Changes:
        """Hold no more the facts of a type whose field, an event time, is before a moment: what no window reaches."""
        with self._lock:
            return self._changed({type_: self._held.before(moment, type_, field_)}, self._staying())

    def facts(self, name: str, on: date | None = None) -> list[Json]:
        """The facts of a type that are held, or that follow for certain by the law of a day (else of the session's)."""
        with self._lock:
            named = {(name, number): row for number, row in enumerate(self._rows(name, on or self.on))}
            return fact_lists(self._program, self._memory.layouts, named).get(name, [])

    def _rows(self, name: str, day: date | None) -> Collection[Row]:
        if not self._program.fact_types[name].is_derived:
            return self._memory.tables[name].rows
        if day is None:
            raise ValueError(f"`{name}` is derived: say by the law of which day")
        return self._memory.state(day).table(name).rows

    def _staying(self) -> Coming:
        return Coming({}, self._held.closed, self._held.open)

    def _changed(self, removed: Mapping[str, Sequence[Row]], coming: Coming) -> Changes:
        """The working memory, the documents and what is known of the types change together, or not at all."""
        found = self._memory.change(removed, coming.rows, self._held.incomplete(coming))
        if (coming.closed, coming.open) != (self._held.closed, self._held.open):
            self._held.closed, self._held.open, self._header = coming.closed, coming.open, ()
        for name, gone in removed.items():
            self._archive.remove(name, gone)
        for name, come in coming.rows.items():
            self._archive.add(name, come)
        own = next((delta for state, delta in found if self.on is not None and state.situation.on == self.on), Delta())
        return Changes(self._program, self._memory.layouts, own, coming.warnings)

    def _named(self, keys: Mapping[str, Sequence[object]]) -> dict[str, list[Row]]:
        """The rows that keys name. InputError with every key that names nothing."""
        report = Report()
        found = self._held.named(keys, report)
        report.stop_on_errors(InputError)
        self._refuse_of_graph(found, JsonPath("keys"))
        return found

    def _refuse_of_graph(self, rows: Mapping[str, Sequence[Row]], at: JsonPath) -> None:
        layouts = self._memory.layouts
        refused = [
            problems.of_graph(layouts[name].reference(layouts[name].key(row)), at / name)
            for name, several in rows.items()
            for row in several
            if row in self._of_graph.get(name, ())
        ]
        if refused:
            raise InputError(refused)

    # --- decisions

    def decide(
        self,
        decision: str,
        request: Request,
        *,
        on: date | None = None,
        answers: Sequence[SuppliedAnswer] = (),
        request_id: str | None = None,
    ) -> Decision:
        """The decision over the facts held, durable in the log before it is returned; errors as of `Engine.decide`.

        Facts of the request count for this decision alone. The session goes on, so that the decision holds its proofs
        as documents; explanations come from the log.
        """
        wanted = decision_named(self._program, decision)
        document = request if isinstance(request, Document) else Document("request", request)
        report = Report()
        plain = plain_request(self._program, wanted, document, report)
        report.stop_on_errors(InputError)
        with self._lock:
            received = receive(self._program, wanted, plain, self._held.standing)
            with self._together_with(received):
                intake = received.over(self._memory.facts)
                trust = self.engine.trust()
                plan = planned(self._program, self.engine.new_id(), wanted, intake, plain, self._known(), on, trust)
                decided = self._carried_out(plan, answers, request_id)
        return decided

    def _carried_out(self, plan: Plan, answers: Sequence[SuppliedAnswer], request_id: str | None) -> Decision:
        evaluate = self.engine.evaluators.over(self._memory, plan.case.situation.on)
        return self.engine.carry_out(plan, evaluate, answers=answers, request_id=request_id).detached()

    @contextmanager
    def _together_with(self, received: Received) -> Iterator[None]:
        """For the time being, hold what a request brings."""
        before = self._memory.incomplete
        if received.rows:
            self._memory.shift({}, received.rows, received.incomplete)
        try:
            yield
        finally:
            if received.rows:
                self._memory.shift(received.rows, {}, before)

    # --- what is kept of it

    def _known(self) -> Knowledge:
        """What is held as the log keeps it; without a log nobody writes documents."""
        of = self._knowledge
        if self.engine.log is None:
            return Knowledge((), (), of.snapshot, of.rows, of.warnings)
        return Knowledge(self._head(), self._archive.parts(), of.snapshot, of.rows, of.warnings)

    def _head(self) -> tuple[Document, ...]:
        """The document that says which types are complete, though there be no fact of them."""
        if not self._header:
            content: dict[str, Json] = {name: [] for name in sorted(self._held.closed)}
            content["incomplete"] = [*sorted(self._held.open)]
            self._header = (Document(NAME, content),)
        return self._header

    def snapshot(self) -> bytes:
        """All that is held, from which `Engine.restored` makes the session again. Equal sessions give equal bytes."""
        with self._lock:
            held = {
                (name, key): row
                for name, table in self._memory.tables.items()
                for key, row in table.by_key.items()
                if row not in self._of_graph.get(name, ())
            }
            facts = fact_lists(self._program, self._memory.layouts, held)
            graph = self._knowledge.snapshot
            return snapshot_bytes(facts, self._head()[0].json, None if graph is None else graph.nquads())


def _only_in_graph(program: Program, knowledge: Knowledge, facts: FactSet) -> Mapping[str, frozenset[Row]]:
    """The facts that no document gives."""
    if knowledge.snapshot is None:
        return {}
    told = Knowledge(knowledge.facts, knowledge.parts).standing(program).facts
    return {name: frozenset(table.rows) - {*told.tables[name].rows} for name, table in facts.tables.items()}
