"""Duties of a decision: one per name, key and debtor, with the day that binds (language §5.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.decision.duty_group import DutyGroup, groups
from neurosym.engine.reached import DutyReached
from neurosym.program.program import Program
from neurosym.values.canonical import Json, canonical_bytes
from neurosym.values.encoding import KeyNames, reason_json, sorted_reasons, wire
from neurosym.values.temporal import Date
from neurosym.values.unknown import Reason, Unknown
from neurosym.values.value import Value


@dataclass(frozen=True, slots=True)
class DutyContent:
    """One of the contents of a duty that contradict one another, and the provision that concludes it."""

    fields: tuple[tuple[str, Value], ...]
    rule: str
    cites: tuple[str, ...]

    def json(self, key_names: KeyNames) -> Json:
        """The content as decisions write it."""
        fields: Json = {name: wire(value, key_names) for name, value in self.fields}
        return {"fields": fields, "rule": self.rule, "citations": list(self.cites)}


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty: of several due days the earliest certain one binds; an unknown one may lie anywhere before it.

    `conflict` holds its certain contents where some must differ, and is empty otherwise; `open` is why it is not known
    whether there is the duty, when it is due, or what it is about.
    """

    name: str
    fields: tuple[tuple[str, Value], ...]
    owed_by: Value
    is_certain: bool
    due: Date | None
    due_text: str | None  # "2026-03-13", "at the latest 2026-03-13", "unknown", None when no day was declared
    earlier: tuple[tuple[Value, frozenset[Reason]], ...]  # days that may bind instead, and why that is not known
    conflict: tuple[DutyContent, ...]
    rules: tuple[str, ...]
    cites: tuple[str, ...]
    open: frozenset[Reason]

    def json(self, key_names: KeyNames) -> Json:
        """The duty as decisions write it."""
        return {
            "duty": self.name,
            "fields": {name: wire(value, key_names) for name, value in self.fields},
            "owed_by": wire(self.owed_by),
            "standing": "certain" if self.is_certain else "possible",
            "due": self.due_text,
            "may_be_due": [_may_be_due(day, reasons) for day, reasons in self.earlier],
            "conflict": [each.json(key_names) for each in self.conflict],
            "rules": list(self.rules),
            "citations": list(self.cites),
        }


def duties(program: Program, reached: Sequence[DutyReached]) -> tuple[Duty, ...]:
    """The duties that were concluded, one each, ordered by their names, keys and debtors."""
    return tuple(map(_duty, groups(program, reached)))


def _duty(group: DutyGroup) -> Duty:
    first, due = group.settled[0], group.due
    earlier = list({canonical_bytes(_may_be_due(*each)): each for each in group.earlier}.values())
    return Duty(
        first.duty,
        tuple(group.fields),
        first.owed_by,
        bool(group.certain),
        due,
        _due_text(due, earlier),
        tuple(earlier),
        _conflict(group),
        tuple(sorted({each.application.provision.id for each in group.settled})),
        tuple(dict.fromkeys(cite for each in group.settled for cite in each.application.provision.cites)),
        group.open,
    )


def _conflict(group: DutyGroup) -> tuple[DutyContent, ...]:
    """Every certain content with its origin, where some must differ (language §5.2)."""
    if not group.conflicting:
        return ()
    origins = [(each.fields, each.application.provision) for each in group.certain]
    contents = [DutyContent(fields, provision.id, provision.cites) for fields, provision in origins]
    return tuple({canonical_bytes(each.json({})): each for each in contents}.values())


def _may_be_due(day: Value, reasons: frozenset[Reason]) -> Json:
    return {"due": wire(day), "reasons": [reason_json(reason) for reason in sorted_reasons(reasons)]}


def _due_text(due: Date | None, earlier: Sequence[tuple[Value, frozenset[Reason]]]) -> str | None:
    if due is None:
        return "unknown" if earlier else None
    unknown = any(isinstance(day, Unknown) for day, _ in earlier)
    return f"at the latest {due.isoformat()}" if unknown else due.isoformat()
