"""The first difference between two JSON documents, by its path."""

from __future__ import annotations

import json

from neurosym.text.diagnostic import Report
from neurosym.text.span import JsonPath
from neurosym.values.json_text import read_json

SHOWN_LENGTH_MAX = 120


def first_difference(then: bytes, now: bytes) -> str:
    """Where two documents first differ, and how: recorded first, executed second."""
    report = Report()
    recorded = read_json(then, "recorded", report)
    if report.has_errors:
        return "the recorded bytes are not JSON"
    executed = read_json(now, "executed", Report())
    return _difference(recorded, executed, JsonPath("")) or "the same content in other bytes"


def _difference(then: object, now: object, at: JsonPath) -> str | None:
    if isinstance(then, dict) and isinstance(now, dict):
        for name in sorted({*then, *now}):
            if name not in then or name not in now:
                return f"{(at / name).path} is only {'recorded' if name in then else 'executed'}"
            if (found := _difference(then[name], now[name], at / name)) is not None:
                return found
        return None
    if isinstance(then, list) and isinstance(now, list):
        for place, (mine, theirs) in enumerate(zip(then, now, strict=False)):
            if (found := _difference(mine, theirs, at / place)) is not None:
                return found
        if len(then) != len(now):
            return f"{at.path} has {len(then)} items recorded and {len(now)} executed"
        return None
    return None if then == now and type(then) is type(now) else f"{at.path} was {_shown(then)} and is {_shown(now)}"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_LENGTH_MAX else text[:SHOWN_LENGTH_MAX] + "..."
