"""What several decisions of a log share, read once: rulesets, tiers, and what was known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from neurosym.audit.entry import Entry
from neurosym.audit.reader import LogReader
from neurosym.decision import recorder as names
from neurosym.decision.knowledge import Knowledge, gather_knowledge
from neurosym.decision.recorded import document_from, read_object, read_objects, strict, text_at
from neurosym.decision.ruleset import Ruleset, checked_ruleset
from neurosym.engine.evaluator import Evaluate, compiled_evaluator
from neurosym.judgment.calibration.artefact import Artefact
from neurosym.judgment.calibration.artefact_document import read_artefact
from neurosym.judgment.configuration import Configuration
from neurosym.judgment.configuration_file import read_configuration
from neurosym.text.diagnostic import Report
from neurosym.text.failure import ReplayError
from neurosym.text.span import Source
from neurosym.values.canonical import canonical_bytes

KEPT_MAX = 16  # rulesets and tiers at once: every engine that opens a log records its own


@dataclass(frozen=True, slots=True)
class Executable:
    """A recorded ruleset, ready to decide by."""

    ruleset: Ruleset
    evaluate: Evaluate


class SharedRecord:
    """The rulesets, tiers and facts of one log. A ruleset that was recorded several times is compiled once."""

    def __init__(self, log: LogReader) -> None:
        self._log = log
        self.executable = lru_cache(KEPT_MAX)(self._read_executable)  # by the entry that holds it
        self.configuration = lru_cache(KEPT_MAX)(self._read_configuration)
        self._compiled = lru_cache(KEPT_MAX)(_executable)  # by what was recorded
        self._held: tuple[tuple[object, ...], Knowledge] | None = None

    def knowledge(self, entry: Entry, ruleset: Ruleset, *, has_graph: bool) -> Knowledge:
        """What was known when a decision was made; kept until a decision knew something else."""
        recorded = {link.name: link for link in entry.payloads}
        if has_graph != (names.GRAPH in recorded):
            raise ReplayError("the recorded case and the entry differ on whether there was a graph")
        graph = recorded.get(names.GRAPH)
        parts = names.fact_parts(entry)
        key = (parts, graph, ruleset.digest)
        if self._held is None or self._held[0] != key:
            documents = [each for part in parts for each in read_objects(self._log.payload(part), "facts")]
            facts = [document_from(each, "facts") for each in documents]
            graphs = None if graph is None else [("snapshot.nq", self._log.payload(graph))]
            self._held = (key, gather_knowledge(ruleset.program, facts, graphs))
        return self._held[1]

    def _read_executable(self, seq: int) -> Executable:
        entry = self._log.entry(seq)
        contents = (self._log.content(entry, name) for name in (names.SOURCES, names.ONTOLOGIES, names.CALIBRATIONS))
        return self._compiled(*contents)

    def _read_configuration(self, seq: int) -> Configuration:
        content = self._log.content(self._log.entry(seq), names.CONFIGURATION)
        return read_configuration(read_object(content, "configuration"))


def _executable(sources: bytes, ontologies: bytes, calibrations: bytes) -> Executable:
    found = checked_ruleset(
        [Source(name, text) for name, text in _texts(sources, "sources")],
        [(name, text.encode()) for name, text in _texts(ontologies, "ontologies")],
    )
    return Executable(found.calibrated(_calibrations(calibrations)), compiled_evaluator(found.program))


def _texts(content: bytes, name: str) -> list[tuple[str, str]]:
    """The names and texts of recorded files."""
    files = [strict(each, {"name", "text"}, name) for each in read_objects(content, name)]
    return [(text_at(each, "name"), text_at(each, "text")) for each in files]


def _calibrations(content: bytes) -> tuple[Artefact, ...]:
    """The calibrations that lay beside a recorded ruleset."""
    report = Report()
    documents = read_objects(content, "calibrations")
    found = [read_artefact(canonical_bytes(each), "calibrations", report) for each in documents]
    if report.has_errors:
        raise ReplayError("the recorded calibrations are not what was recorded")
    return tuple(each for each in found if each is not None)
