"""Whether the result that a decision recorded says the same as its envelope."""

from __future__ import annotations

from collections.abc import Mapping

from neurosym.audit.bundle.index import DecisionRow
from neurosym.text.diagnostic import Report
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Json
from neurosym.values.json_text import read_json

CODES_MAX = 64  # as many as an envelope has
DECIDED = "decided"


def disagreement(row: DecisionRow, content: bytes) -> str | None:
    """What the recorded result says otherwise than the envelope; None when both agree. LogCorruptError when it is no
    result.
    """
    document = _document(content)
    outcome = document.get("outcome") or document.get("status")
    if document.get("on") != row.on:
        return "on"
    if outcome != row.outcome:
        return "outcome"
    return None if _codes(document) == row.codes else "codes"


def _codes(document: Mapping[str, Json]) -> tuple[str, ...]:
    """The rules that the outcome rests on."""
    reasons = document.get("reasons")
    if not isinstance(reasons, list):
        raise LogCorruptError("the recorded result has no list `reasons`")
    if document.get("status") != DECIDED:
        return ()
    found: dict[str, None] = {}
    for each in reasons:
        rule = each.get("rule") if isinstance(each, dict) and each.get("outcome") == document.get("outcome") else None
        if isinstance(rule, str):
            found[rule] = None
    return tuple(found)[:CODES_MAX]


def _document(content: bytes) -> Mapping[str, Json]:
    report = Report()
    document = read_json(content, "result", report)
    if report.has_errors or not isinstance(document, dict):
        raise LogCorruptError("the recorded result is no JSON object")
    return document


def entries_used(content: bytes) -> tuple[int, ...]:
    """The entries of the ruleset and of the tiers that a recorded case names."""
    document = _document(content)
    named = (document.get("ruleset"), document.get("configuration"))
    return tuple(each for each in named if isinstance(each, int) and not isinstance(each, bool) and each >= 0)
