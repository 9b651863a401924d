"""Which construct may stand where: by what it gives and what the place takes."""

from __future__ import annotations

from collections.abc import Mapping

from neurosym.feel.builtin import FUNCTIONS
from neurosym.feel.types import EMPTY_LIST, Basic, Type
from tests.generation.construct import TOTALS, kind_of

TEMPORAL = frozenset({"date", "datetime", "duration", "months"})
ORDERED = TEMPORAL | {"number", "time"}
BASIC = ORDERED | {"text", "boolean"}
VALUE = BASIC | {"fact", "list", "record"}
Kinds = frozenset[str]


def _of(*kinds: str) -> Kinds:
    return frozenset(kinds)


def _taken(wanted: Type) -> Kinds:
    if wanted == EMPTY_LIST:
        return _of("list")
    return VALUE if wanted is Basic.NULL else _of(kind_of(wanted)) & VALUE


def _built_ins() -> tuple[dict[str, Kinds], dict[str, Kinds]]:
    """What each built-in takes in any of its arguments, and what it gives, over kinds that fields are drawn with."""
    takes, gives = {}, {}
    for name, function in FUNCTIONS.items():
        signatures = function.signatures
        takes[f"{name}()"] = frozenset().union(*(_taken(of) for each in signatures for _, of in each.parameters))
        gives[f"{name}()"] = frozenset(kind_of(each.returns) for each in signatures) & VALUE
    return takes, gives


BUILT_IN_TAKES, BUILT_IN_GIVES = _built_ins()
GIVES: Mapping[str, Kinds] = {
    "constant": BASIC | {"null"},
    "fact variable": _of("fact"),
    "variable": BASIC | {"list", "record"},
    "field": VALUE,
    "navigation": VALUE,
    "member": _of("number", "text", "fact"),
    "parameter": BASIC,
    **{f"number {op}": _of("number") for op in ("+", "-", "*", "/", "**")},
    "text +": _of("text"),
    "temporal +": TEMPORAL,
    "temporal -": TEMPORAL,
    "temporal *": _of("duration", "months"),
    "temporal /": _of("duration", "months", "number"),
    "minus": _of("number", "duration", "months"),
    **dict.fromkeys(("order", "equality", "and", "or", "not", "in", "some", "some of a list"), _of("boolean")),
    "if": VALUE | {"range"},
    "definition": VALUE,
    "judgment": _of("boolean", "text"),
    "range": _of("range"),
    **dict.fromkeys(("list", "for", "filter", "collect"), _of("list")),
    "place": VALUE,
    **dict.fromkeys(("sum", "count", "mean"), _of("number")),
    **dict.fromkeys(("min", "max"), ORDERED),
    **BUILT_IN_GIVES,
}
NUMBER, CONDITION, LIST = _of("number"), _of("boolean"), _of("list")
TAKES: Mapping[str, Kinds] = {
    "navigation": _of("fact"),
    "member": _of("record"),
    "field": _of("fact"),
    **{f"number {op}": NUMBER for op in ("+", "-", "*", "/", "**")},
    "text +": _of("text"),
    "temporal +": TEMPORAL,
    "temporal -": TEMPORAL,
    "temporal *": _of("duration", "months", "number"),
    "temporal /": _of("duration", "months", "number"),
    "minus": _of("number", "duration", "months"),
    "order": ORDERED,
    "equality": VALUE | {"null"},
    **dict.fromkeys(("and", "or", "not", "if condition", "some satisfies", "filter condition"), CONDITION),
    "if branch": VALUE | {"range", "null"},
    "in operand": BASIC | {"fact", "record"},
    "in, an order": ORDERED,
    "in, a value": BASIC | {"fact", "record"},
    "in, a range or list": _of("range", "list"),
    "range": ORDERED,
    "list": VALUE,
    "some of a list, its list": LIST,
    "some of a list, its body": CONDITION,
    "for, its list": LIST,
    "for, its body": VALUE,
    "filter, its list": LIST,
    "place, its list": LIST,
    "place number": NUMBER,
    **{f"{function} where": CONDITION for function in TOTALS},
    **{f"{function} item": NUMBER for function in ("sum", "mean")},
    "count item": VALUE,
    "collect item": VALUE,
    "min item": ORDERED,
    "max item": ORDERED,
    "definition": VALUE,
    "judgment": _of("fact"),
    **BUILT_IN_TAKES,
    # --- where an expression begins
    "rule when": CONDITION,
    "cycle when": CONDITION,
    "exception when": CONDITION,
    "proven when": CONDITION,
    "body of a definition": VALUE,
    "key": _of("fact", "text", "number", "date", "time", "datetime"),
    "value": VALUE,
    "subject": _of("fact"),
    "field of a duty": _of("fact", "number"),
    "owed by": _of("text"),
    "due": _of("date"),
    "because": VALUE,
    "known": VALUE,
}
NULL_OR = ("min", "max", "mean", "min()", "max()", "mean()", "place")
# Where a condition or a conclusion begins, names stand for facts alone.
BEGINNINGS = (
    *("rule when", "cycle when", "exception when", "proven when"),
    *("key", "value", "subject", "field of a duty", "owed by", "due", "because", "known"),
)
# Refused for another reason than the kind: what may be null fits no key, and a field of a variable is no navigation.
IMPOSSIBLE = frozenset(
    {
        *((place, name) for place in ("key", "subject", "field of a duty") for name in NULL_OR),
        *(("definition", name) for name in NULL_OR if name != "place"),
        *(("field", name) for name in GIVES if name != "fact variable"),
        ("navigation", "fact variable"),
        *((place, "variable") for place in BEGINNINGS),
    }
)


def allowed() -> frozenset[tuple[str, str]]:
    """Every pair of a place and a construct that the types allow there."""
    found = {(place, name) for place, kinds in TAKES.items() for name, given in GIVES.items() if kinds & given}
    return frozenset(found - IMPOSSIBLE | {("because", "known")})
