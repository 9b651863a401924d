"""Decisions as events of the Open Policy Agent's decision log, so that what reads those reads these.

```
{"labels": {"app": "neurosym", "id": ORIGIN}, "decision_id", "trace_id", "bundles": {RULESET: {"revision": DIGEST}},
 "path": "RULESET/DECISION", "input": {"request", "facts"}, "result": DOCUMENT, "erased": [POINTER], "requested_by",
 "timestamp", "req_id": SEQ, "neurosym": {...}}
```
The members are those of https://www.openpolicyagent.org/docs/management-decision-logs (OPA 1.17); what its events have
no member for stands under `neurosym`. A member without content is left out, as OPA does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.decision.case_record import CaseRecord
from neurosym.decision.export.contents import EVERYTHING, NOTHING, Contents
from neurosym.decision.export.correlation import trace_id
from neurosym.decision.export.ruleset_names import RulesetName, RulesetNames
from neurosym.decision.override import newest_overrides
from neurosym.values.canonical import Json

APP = "neurosym"
INPUT, REQUEST, FACTS, RESULT = "/input", "/input/request", "/input/facts", "/result"  # RFC 6901, as OPA erases


def opa_events(
    log: LogReader, decisions: Iterable[Entry], *, facts: bool = False, redacted: bool = False
) -> Iterator[dict[str, Json]]:
    """One event for each entry of a decision, and for each row of one of a batch; one of these in memory at a time.

    `facts` puts what was known beside what was asked. Nothing of any payload is in a `redacted` event: `erased` then
    says what is missing. LogError where the log cannot give what it recorded.
    """
    contents = Contents(log, EVERYTHING if redacted else NOTHING)
    source = _Source(log, contents, RulesetNames(log), newest_overrides(log), log.identity.origin)
    for entry in decisions:
        if entry.kind is EntryKind.BATCH:
            yield from source.row_events(entry, facts=facts)
        else:
            yield source.event(entry, facts=facts)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of one decision beside its envelope; None where it is withheld, or erased."""

    decision: str | None
    case: CaseRecord | None
    decided: dict[str, Json] | None
    own: dict[str, Json]


@dataclass(frozen=True, slots=True)
class _Source:
    log: LogReader
    contents: Contents
    rulesets: RulesetNames
    overrides: Mapping[str, Entry]
    origin: str

    def event(self, entry: Entry, *, facts: bool) -> dict[str, Json]:
        told = _Told(entry.decision, self.contents.case(entry), self.contents.decided(entry), self._own(entry))
        return self._event(entry, told, facts=facts)

    def row_events(self, entry: Entry, *, facts: bool) -> Iterator[dict[str, Json]]:
        """An event for each row of a batch; none where the records of its rows were erased."""
        batch = self.contents.batch(entry)
        if batch is None:
            return
        for record in batch.records:
            own = self._own(entry) | {
                "batch": entry.decision,
                "row": record.row,
                "outcome": record.shown,
                "codes": [*record.codes],
            }
            case, decided = self.contents.row(batch, record)
            yield self._event(entry, _Told(record.decision, case, decided, own), facts=facts)

    def _event(self, entry: Entry, told: _Told, *, facts: bool) -> dict[str, Json]:
        ruleset, case, decided = self.rulesets.of(entry), told.case, told.decided
        given, erased = self._input(entry, case, facts=facts)
        event: dict[str, Json] = {
            "labels": {"app": APP, "id": self.origin},
            "decision_id": told.decision,
            "trace_id": trace_id(self.origin, entry),
            "bundles": {} if ruleset is None else {ruleset.name: {"revision": ruleset.program}},
            "path": _path(ruleset, case),
            "input": given,
            "result": decided,
            "erased": [*erased, *([] if decided is not None else [RESULT])],
            "requested_by": entry.actor,
            "timestamp": entry.stamp.time,
            "req_id": entry.seq,
            APP: told.own,
        }
        return {name: value for name, value in event.items() if value not in (None, "", {}, [])}

    def _input(self, entry: Entry, case: CaseRecord | None, *, facts: bool) -> tuple[dict[str, Json], list[Json]]:
        """What was asked, and the pointers to what of it cannot be told."""
        known = self.contents.facts(entry) if facts else None
        given: dict[str, Json] = {}
        if case is not None:
            given["request"] = case.request.json
        if known is not None:
            given["facts"] = known
        if not given:
            return given, [INPUT]
        missing: list[Json] = [] if case is not None else [REQUEST]
        return given, missing + ([FACTS] if facts and known is None else [])

    def _override(self, entry: Entry) -> Json:
        """Who set the decision aside; the reason, which stands in a payload, is not told."""
        found = self.overrides.get(str(entry.decision))
        if found is None:
            return None
        return {"entry": found.seq, "outcome": found.outcome, "by": found.actor, "time": found.stamp.time}

    def _own(self, entry: Entry) -> dict[str, Json]:
        """What the envelope says beside: nothing in it is from a payload."""
        previous = None if entry.previous is None else self.log.entry(entry.previous).decision
        return {
            "previous": previous,
            "outcome": entry.outcome,
            "codes": [*entry.codes],
            "on": entry.on,
            "clock": entry.stamp.clock,
            "effects": [*entry.effects],
            "override": self._override(entry),
            "digests": {**entry.digests},
            "payloads": {link.name: link.digest for link in entry.payloads},
        }


def _path(ruleset: RulesetName | None, case: CaseRecord | None) -> str:
    names = [] if ruleset is None else [ruleset.name]
    return "/".join(names if case is None else [*names, case.decision])
