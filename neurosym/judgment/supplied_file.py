"""The file of `--answers`, read strictly, every problem at once.

```
[{"judgment": "same_person", "args": {"customer": "A", "entry": "L1"}, "answer": "same",
  "quotes": [{"field": "entry.remarks", "start": 0, "text": "..."}], "by": "NAME"}]
```
`quotes` may be left out, and the `start` of a quote, which then counts where it first stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from neurosym.feel.types import type_text
from neurosym.judgment.answer import QuoteClaim
from neurosym.judgment.answer_value import MisfitError, is_allowed, read_value
from neurosym.judgment.supplied import SuppliedAnswer
from neurosym.program.judgment import Judgment
from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.text.span import JsonPath
from neurosym.text.suggestion import did_you_mean
from neurosym.values.canonical import SAFE_INTEGER_MAX, Json, canonical_bytes
from neurosym.values.encoding import wire
from neurosym.values.json_text import read_json

MEMBERS, MEMBERS_OPTIONAL = ("judgment", "args", "answer", "by"), ("quotes",)
QUOTE_MEMBERS, QUOTE_MEMBERS_OPTIONAL = ("field", "text"), ("start",)


def parse_answers(
    content: bytes, name: str, judgments: Mapping[str, Judgment], report: Report
) -> tuple[SuppliedAnswer, ...]:
    """The entries of an answers file, without those that `report` has a problem with.

    NS501 to NS503 not JSON as we read it, NS610 another shape, NS612 the same question twice, NS613 no such judgment,
    NS614 other arguments than the judgment has, NS615 not one of its answers.
    """
    document = read_json(content, name, report)
    if report.has_errors:
        return ()
    if not isinstance(document, list):
        report.add(_problem("NS610", "an answers file is a list of answers", JsonPath(name), None))
        return ()
    found: dict[tuple[str, tuple[tuple[str, bytes], ...]], SuppliedAnswer] = {}
    for number, entry in enumerate(document):
        answer = _answer(entry, JsonPath(name) / number, judgments, report)
        if answer is None:
            continue
        first = found.setdefault((answer.judgment, answer.args), answer)
        if first is not answer:
            message = f"a second answer to the same question of `{answer.judgment}`"
            report.add(_problem("NS612", message, answer.at, f"the first is at {first.at.path}: keep one"))
    return tuple(found.values())


def _answer(entry: Json, at: JsonPath, judgments: Mapping[str, Judgment], report: Report) -> SuppliedAnswer | None:
    members = _members(entry, MEMBERS, MEMBERS_OPTIONAL, at, report)
    if members is None:
        return None
    judgment = judgments.get(name) if isinstance(name := members["judgment"], str) else None
    if judgment is None:
        advice = did_you_mean(name, judgments) if isinstance(name, str) else None
        report.add(_problem("NS613", f"no judgment `{name}` in the ruleset", at / "judgment", advice))
        return None
    args = _args(members["args"], judgment, at / "args", report)
    value = _value(members["answer"], judgment, at / "answer", report)
    quotes = _quotes(members.get("quotes", []), at / "quotes", report)
    by = members["by"]
    if not isinstance(by, str) or not by.strip():
        report.add(_problem("NS610", "`by` is the name of who answers", at / "by", None))
        return None
    if args is None or value is None or quotes is None:
        return None
    return SuppliedAnswer(judgment.name, args, value, quotes, by, at)


def _members(
    entry: Json, needed: tuple[str, ...], optional: tuple[str, ...], at: JsonPath, report: Report
) -> dict[str, Json] | None:
    """The members of an object that has all the needed ones and no stray one, or None with every problem reported."""
    known = needed + optional
    listed = ", ".join(f"`{name}`" for name in known)
    if not isinstance(entry, dict):
        report.add(_problem("NS610", f"an object with {listed} belongs here", at, None))
        return None
    stray = [name for name in entry if name not in known]
    missing = [name for name in needed if name not in entry]
    for name in stray:
        advice = did_you_mean(name, known) or f"there are {listed}"
        report.add(_problem("NS610", f"unknown member `{name}`", at / name, advice))
    for name in missing:
        report.add(_problem("NS610", f"member `{name}` is missing", at, f"there are {listed}"))
    return None if stray or missing else entry


def _args(given: Json, judgment: Judgment, at: JsonPath, report: Report) -> tuple[tuple[str, bytes], ...] | None:
    names = [name for name, _ in judgment.parameters]
    if not isinstance(given, dict) or set(given) != set(names):
        listed = ", ".join(f"`{name}`" for name in names)
        report.add(_problem("NS614", f"`{judgment.name}` is about {listed}", at, "give the key of each"))
        return None
    return tuple((name, canonical_bytes(_key(given[name]))) for name in names)


def _key(given: Json) -> Json:
    """The key with numbers beyond what all JSON readers agree on as text, which is how wires carry them."""
    match given:
        case int() if abs(given) > SAFE_INTEGER_MAX:
            return str(given)
        case list():
            return [_key(part) for part in given]
        case dict():
            return {name: _key(part) for name, part in given.items()}
        case _:
            return given


def _value(given: Json, judgment: Judgment, at: JsonPath, report: Report) -> Json:
    """The answer itself, if the judgment allows it."""
    try:
        found = read_value(given, judgment.returns)
    except MisfitError as error:
        advice = f"`{judgment.name}` returns {type_text(judgment.type)}"
        report.add(_problem("NS615", f"not an answer of `{judgment.name}`: {error}", at, advice))
        return None
    if found is not None and is_allowed(found, judgment.returns):
        return given
    texts = [value for value in judgment.answers if isinstance(value, str)]
    close = did_you_mean(given, texts) if isinstance(given, str) else None
    listed = ", ".join(canonical_bytes(wire(value)).decode("utf-8") for value in judgment.answers)
    advice = f"one of {listed}" if listed else f"`{judgment.name}` returns {type_text(judgment.type)}"
    report.add(_problem("NS615", f"not an answer of `{judgment.name}`", at, close or advice))
    return None


def _quotes(given: Json, at: JsonPath, report: Report) -> tuple[QuoteClaim, ...] | None:
    if not isinstance(given, list):
        report.add(_problem("NS610", "`quotes` is a list", at, None))
        return None
    quotes = [_quote(each, at / number, report) for number, each in enumerate(given)]
    kept = tuple(quote for quote in quotes if quote is not None)
    return kept if len(kept) == len(quotes) else None


def _quote(given: Json, at: JsonPath, report: Report) -> QuoteClaim | None:
    members = _members(given, QUOTE_MEMBERS, QUOTE_MEMBERS_OPTIONAL, at, report)
    if members is None:
        return None
    path, text, start = members["field"], members["text"], members.get("start")
    is_place = start is None or (isinstance(start, int) and not isinstance(start, bool))
    if isinstance(path, str) and isinstance(text, str) and is_place:
        return QuoteClaim(path, text, start if isinstance(start, int) else None)
    report.add(_problem("NS610", "a quote has texts `field` and `text` and a whole number `start`", at, None))
    return None


def _problem(code: str, message: str, at: JsonPath, advice: str | None) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, Label(at), help=advice)
