"""Overrides: a person sets a decision aside, and another outcome holds from then on.

The decision stays as it was made, and so does its replay: the override is an entry of its own, which names the entry
that it sets aside (`previous`), the decision or an earlier override of it. Who did it is recorded as claimed.
Regulation (EU) 2024/1689 (AI Act), Article 14(4)(d), and Regulation (EU) 2016/679 (GDPR), Article 22(3), ask that a
person can; neither is checked against the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from neurosym.audit.draft import Draft
from neurosym.audit.entry import CLAIMED, Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.event import events_in
from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.audit.store import Reading
from neurosym.decision import recorder as names
from neurosym.decision.recorded import read_object, strict, text_at
from neurosym.decision.replay import Replayer
from neurosym.text.diagnostic import Diagnostic, Severity
from neurosym.text.failure import ErasedError, InputError, LogError
from neurosym.text.suggestion import did_you_mean
from neurosym.values.canonical import Json, canonical_bytes

OVERRIDE = "override"  # the payload


@dataclass(frozen=True, slots=True)
class Override:
    """What a person put in the place of a decision's outcome. `reason` is None where it cannot be read any more."""

    seq: int
    decision: str
    outcome: str
    by: str
    time: str
    reason: str | None

    @property
    def json(self) -> dict[str, Json]:
        """The override as documents write it."""
        return {
            "entry": self.seq,
            "outcome": self.outcome,
            "by": self.by,
            "time": self.time,
            "reason": self.reason,
        }

    @property
    def text(self) -> str:
        """The override in a sentence."""
        why = "for a reason that cannot be read any more" if self.reason is None else f"because {self.reason}"
        return f'set aside by {self.by} at {self.time} (entry {self.seq}): "{self.outcome}" holds, {why}'


def override_decision(log: Log, entry: Entry, outcome: str, reason: str, by: str) -> Override:
    """The override of a logged decision, durable. InputError NS629 when the decision has no such outcome, or it is the
    one that holds already; LogError when the log cannot give or take what is needed, or another overrode it meanwhile.
    """
    with log.store.reading() as reading:
        before = _newest(reading, entry)
    _check_outcome(log, entry, before, outcome)

    def is_newest(reading: Reading) -> None:
        newest = _newest(reading, entry)
        if newest.seq != before.seq:
            raise LogError(f"entry {newest.seq} set the decision aside meanwhile: look at it first")

    content = canonical_bytes({"outcome": outcome, "reason": reason})
    draft = Draft(
        kind=EntryKind.OVERRIDE,
        decision=entry.decision,
        actor=f"{by}{CLAIMED}",
        digests={name: entry.digests[name] for name in ("program",) if name in entry.digests},
        on=entry.on,
        outcome=outcome,
        previous=before.seq,
        payloads=((OVERRIDE, log.encrypted_beside(content, entry.link(names.CASE))),),
    )
    return read_override(log, log.record(draft, is_newest))


def newest_override(log: LogReader, entry: Entry) -> Override | None:
    """What set a logged decision aside, in the end; None when nobody did."""
    with log.store.reading() as reading:
        newest = _newest(reading, entry)
    return None if newest.seq == entry.seq else read_override(log, newest)


def newest_overrides(log: LogReader) -> Mapping[str, Entry]:
    """The entry that set each decision aside in the end, by the id of the decision, of those that were."""
    with log.store.reading() as reading:
        return {str(entry.decision): entry for entry in events_in(reading, EntryKind.OVERRIDE)}


def _check_outcome(log: LogReader, entry: Entry, before: Entry, outcome: str) -> None:
    plan, _, _ = Replayer(log).plan(entry)
    allowed = plan.case.decision.outcomes
    if outcome not in allowed:
        message = f"`{outcome}` is not an outcome of `{plan.case.decision.name}`"
        advice = did_you_mean(outcome, allowed) or f"one of: {', '.join(allowed)}"
        raise InputError([Diagnostic("NS629", Severity.ERROR, message, help=advice)])
    if outcome == before.outcome:
        message = f"`{outcome}` holds already, by entry {before.seq}"
        raise InputError(
            [Diagnostic("NS629", Severity.ERROR, message, help="name the outcome that is to hold instead")]
        )


def _newest(reading: Reading, entry: Entry) -> Entry:
    """The newest override of a decision, or the decision itself."""
    found = entry
    for each in events_in(reading, EntryKind.OVERRIDE):
        found = each if each.decision == entry.decision else found
    return found


def read_override(log: LogReader, entry: Entry) -> Override:
    """The override that an entry is. LogError when the log cannot give what it recorded."""
    try:
        document = read_object(log.content(entry, OVERRIDE), OVERRIDE)
    except ErasedError:
        reason = None
    else:
        reason = text_at(strict(document, {"outcome", "reason"}, OVERRIDE), "reason")
    return Override(entry.seq, str(entry.decision), entry.outcome or "", str(entry.actor), entry.stamp.time, reason)
