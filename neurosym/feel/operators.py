"""Which operators apply to which types (OMG DMN 1.5 Tables 53 to 57)."""

from __future__ import annotations

from neurosym.feel.types import UNTYPED, Basic, Choice, Type, without_null

NUMBER, TEXT, DATE, DATETIME = Basic.NUMBER, Basic.TEXT, Basic.DATE, Basic.DATETIME
DURATION, MONTHS = Basic.DURATION, Basic.MONTHS

RESULTS: dict[tuple[str, Basic, Basic], Basic] = {
    **{(op, NUMBER, NUMBER): NUMBER for op in ("+", "-", "*", "/", "**")},
    ("+", TEXT, TEXT): TEXT,
    **{(op, gap, gap): gap for op in ("+", "-") for gap in (DURATION, MONTHS)},
    **{("/", gap, gap): NUMBER for gap in (DURATION, MONTHS)},
    **{("*", gap, NUMBER): gap for gap in (DURATION, MONTHS)},
    **{("*", NUMBER, gap): gap for gap in (DURATION, MONTHS)},
    **{("/", gap, NUMBER): gap for gap in (DURATION, MONTHS)},
    ("-", DATE, DATE): DURATION,
    ("-", DATETIME, DATETIME): DURATION,
    **{(op, day, gap): day for op in ("+", "-") for day in (DATE, DATETIME) for gap in (DURATION, MONTHS)},
    **{("+", gap, day): day for day in (DATE, DATETIME) for gap in (DURATION, MONTHS)},
}


def operation_type(op: str, left: Type, right: Type) -> Type | None:
    """The type of `left op right`, or None where the operator does not apply."""
    mine, theirs = _plain(left), _plain(right)
    if UNTYPED in (mine, theirs):
        return UNTYPED
    if not isinstance(mine, Basic) or not isinstance(theirs, Basic):
        return None
    return RESULTS.get((op, mine, theirs))


def _plain(of: Type) -> Type:
    bare = without_null(of)
    return Basic.TEXT if isinstance(bare, Choice) and bare != UNTYPED else bare
