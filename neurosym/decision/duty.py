"""Duties of a decision: one per name, key and debtor, with the day that binds (language §5.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.engine.reached import DutyReached
from neurosym.feel.extent import bounds
from neurosym.program.program import Program
from neurosym.values.canonical import Json, canonical_bytes
from neurosym.values.encoding import KeyNames, reason_json, sorted_reasons, wire
from neurosym.values.temporal import Date
from neurosym.values.unknown import Reason, Unknown
from neurosym.values.value import Fact, Value


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty: of several due days the earliest certain one binds; an unknown one may lie anywhere before it."""

    name: str
    fields: tuple[tuple[str, Value], ...]
    owed_by: Value
    is_certain: bool
    due: Date | None
    due_text: str | None  # "2026-03-13", "at the latest 2026-03-13", "unknown", None when no day was declared
    earlier: tuple[tuple[Value, frozenset[Reason]], ...]  # days that may bind instead, and why that is not known
    rules: tuple[str, ...]
    cites: tuple[str, ...]

    def json(self, key_names: KeyNames) -> Json:
        """The duty as decisions write it."""
        return {
            "duty": self.name,
            "fields": {name: wire(value, key_names) for name, value in self.fields},
            "owed_by": wire(self.owed_by),
            "standing": "certain" if self.is_certain else "possible",
            "due": self.due_text,
            "may_be_due": [_may_be_due(day, reasons) for day, reasons in self.earlier],
            "rules": list(self.rules),
            "citations": list(self.cites),
        }


def duties(program: Program, reached: Sequence[DutyReached]) -> tuple[Duty, ...]:
    """The duties that were concluded, one each, ordered by their names, keys and debtors."""
    grouped: dict[bytes, list[DutyReached]] = {}
    for each in reached:
        grouped.setdefault(_identity(program, each), []).append(each)
    return tuple(_duty(sorted(grouped[key], key=_order)) for key in sorted(grouped))


def _identity(program: Program, of: DutyReached) -> bytes:
    keys = {field.name for field in program.duties[of.duty].key_fields}
    fields: Json = [[name, wire(value)] for name, value in of.fields if name in keys]
    return canonical_bytes([of.duty, fields, wire(of.owed_by)])


def _order(of: DutyReached) -> tuple[object, bytes]:
    """Orders duties by what concluded them and what was concluded, whatever was found first."""
    return of.application.order, canonical_bytes([[[name, wire(value)] for name, value in of.fields], wire(of.due)])


def _duty(several: list[DutyReached]) -> Duty:
    certain = [each for each in several if _is_certain(each)]
    shown = certain[0] if certain else several[0]
    days = [each.due for each in certain if isinstance(each.due, Date)]
    due = min(days, default=None)
    doubtful = [each for each in several if not _is_certain(each) or isinstance(each.due, Unknown)]
    preceding = [(each.due, _reasons(each)) for each in doubtful if _may_precede(each.due, due)]
    earlier = list({canonical_bytes(_may_be_due(*each)): each for each in preceding}.values())
    return Duty(
        shown.duty,
        shown.fields,
        shown.owed_by,
        bool(certain),
        due,
        _due_text(due, earlier, has_day=any(each.due is not None for each in several)),
        tuple(earlier),
        tuple(sorted({each.application.provision.id for each in (certain or several)})),
        tuple(dict.fromkeys(cite for each in (certain or several) for cite in each.application.provision.cites)),
    )


def _is_certain(of: DutyReached) -> bool:
    values = (*(value for _, value in of.fields), of.owed_by)
    return of.truth is True and not any(isinstance(value, (Unknown, Fact)) for value in values)


def _reasons(of: DutyReached) -> frozenset[Reason]:
    own = of.truth.reasons if isinstance(of.truth, Unknown) else frozenset()
    return own | (of.due.reasons if isinstance(of.due, Unknown) else frozenset())


def _may_be_due(day: Value, reasons: frozenset[Reason]) -> Json:
    return {"due": wire(day), "reasons": [reason_json(reason) for reason in sorted_reasons(reasons)]}


def _may_precede(day: Value, due: Date | None) -> bool:
    if day is None:
        return False
    low, _ = bounds(day)
    return due is None or not isinstance(low, Date) or low < due


def _due_text(due: Date | None, earlier: Sequence[tuple[Value, frozenset[Reason]]], *, has_day: bool) -> str | None:
    if due is None:
        return "unknown" if has_day else None
    unknown = any(isinstance(day, Unknown) for day, _ in earlier)
    return f"at the latest {due.isoformat()}" if unknown else due.isoformat()
