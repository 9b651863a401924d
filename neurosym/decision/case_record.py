"""The case as the log keeps it: what was asked, with which entries and limits, so that replay can ask it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from neurosym.decision.environment import limits_document
from neurosym.decision.intake import Document
from neurosym.decision.recorded import document_from, object_at, read_object, strict, text_at, whole_at
from neurosym.engine.situation import Limits
from neurosym.text.failure import ReplayError
from neurosym.values import temporal
from neurosym.values.canonical import Json
from neurosym.values.temporal import TemporalError

VERSION = 2
MEMBERS = frozenset({"v", "decision", "request", "on", "graph", "ruleset", "configuration", "limits", "asked_on"})
LIMIT_NAMES = frozenset(each.name for each in fields(Limits))


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A decision's input beside its facts. `ruleset` and `configuration` are sequence numbers of the entries used."""

    decision: str
    request: Document
    on: date | None
    has_graph: bool
    ruleset: int
    configuration: int | None
    limits: Limits
    asked_on: date  # the day (of UTC) on which models were asked: a calibration holds until one

    @property
    def json(self) -> dict[str, Json]:
        """The document that the log keeps."""
        return {
            "v": VERSION,
            "decision": self.decision,
            "request": {"name": self.request.name, "content": self.request.json},
            "on": self.on.isoformat() if self.on else None,
            "graph": self.has_graph,
            "ruleset": self.ruleset,
            "configuration": self.configuration,
            "limits": limits_document(self.limits),
            "asked_on": self.asked_on.isoformat(),
        }

    def is_same_request(self, other: CaseRecord) -> bool:
        """True when the same was asked as of the same day, by whatever ruleset."""
        return (self.decision, self.request, self.on) == (other.decision, other.request, other.on)


def read_case_record(content: bytes) -> CaseRecord:
    """The case that the bytes are; ReplayError unless it is exactly what `CaseRecord.json` writes."""
    case = strict(read_object(content, "case"), MEMBERS, "case")
    if case["v"] != VERSION:
        raise ReplayError(f"the recorded case is of version {case['v']}, and this neurosym reads version {VERSION}")
    limits = strict(object_at(case, "limits"), LIMIT_NAMES, "case")
    return CaseRecord(
        decision=text_at(case, "decision"),
        request=document_from(object_at(case, "request"), "case"),
        on=None if case["on"] is None else _day(case, "on"),
        has_graph=_truth(case, "graph"),
        ruleset=whole_at(case, "ruleset"),
        configuration=None if case["configuration"] is None else whole_at(case, "configuration"),
        limits=Limits(**{name: whole_at(limits, name) for name in LIMIT_NAMES}),
        asked_on=_day(case, "asked_on"),
    )


def _day(case: Mapping[str, Json], name: str) -> date:
    try:
        return temporal.parse_date(text_at(case, name))
    except TemporalError as error:
        raise ReplayError(f"the recorded case has no date `{name}`: {error}") from error


def _truth(case: Mapping[str, Json], name: str) -> bool:
    found = case[name]
    if not isinstance(found, bool):
        raise ReplayError(f"the recorded case has neither true nor false for `{name}`")
    return found
