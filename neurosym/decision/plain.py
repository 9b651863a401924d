"""Input as plain JSON that can be logged: exact Python values and the caller's own objects as the wire has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from neurosym.decision import problems
from neurosym.decision.embedding.instance import choice_of, fact_members, members_of
from neurosym.decision.intake import Document
from neurosym.decision.wire import RefusedError, Written
from neurosym.program.program import Decision, Program
from neurosym.text.diagnostic import Report
from neurosym.text.escape import printable
from neurosym.text.span import JsonPath
from neurosym.values.canonical import SAFE_INTEGER_MAX, Json, is_unicode
from neurosym.values.number import LITERAL_LENGTH_MAX, number_text
from neurosym.values.size import FACTS_MAX, ITEMS_MAX, MEMBERS_MAX, TEXT_LENGTH_MAX, too_much
from neurosym.values.temporal import Duration, Months, temporal_text

DEPTH_MAX = 64


def plain_json(document: Document, report: Report) -> Json:
    """The document as JSON that can be logged: exact Python values as the wire writes them; floats are refused."""
    try:
        return plain_value(document.content, JsonPath(document.name), report)
    except RefusedError:
        return None


def plain_facts(program: Program, document: Document, report: Report) -> Document:
    """A document of facts as JSON; facts may be dataclasses and pydantic models."""
    content = _mapping(document.content)
    if isinstance(content, Mapping):
        content = {name: _rows(program, name, rows) for name, rows in content.items()}
    return Document(document.name, plain_json(Document(document.name, content), report))


def plain_request(program: Program, decision: Decision, document: Document, report: Report) -> Document:
    """A request as JSON; it, and the facts in it, may be dataclasses and pydantic models."""
    content = _mapping(document.content)
    types = {name: program.fact_types[of] for name, of in decision.parameters}
    if isinstance(content, Mapping):
        content = {name: fact_members(types[name], of) if name in types else of for name, of in content.items()}
    return Document(document.name, plain_json(Document(document.name, content), report))


def _mapping(content: object) -> object:
    found = members_of(content)
    return content if found is None else found


def _rows(program: Program, name: object, rows: object) -> object:
    of = program.fact_types.get(name) if isinstance(name, str) else None
    if of is None or not isinstance(rows, (list, tuple)) or all(type(row) is dict for row in rows):
        return rows
    return [fact_members(of, row) for row in rows]


def plain_value(value: object, at: JsonPath, report: Report) -> Json:
    """A part of a document as JSON; floats, and what the language has no values for, are refused.

    RefusedError ends the pass where it is too deep: objects that hold each other have ever more to say.
    """
    if len(at.steps) > DEPTH_MAX:
        report.add(problems.wrong_shape(f"a document of at most {DEPTH_MAX} levels", at))
        raise RefusedError
    if value.__class__ is dict and len(at.steps) < DEPTH_MAX and _is_plain(value):
        return dict(value)
    match value:
        case None | bool():
            return value
        case str():
            return _text(value, at, report)
        case int() | Decimal() if _is_too_long(value):
            report.add(problems.unreadable("number", "this number", "more digits than any value has", at))
            return None
        case int():
            return int(value) if -SAFE_INTEGER_MAX <= value <= SAFE_INTEGER_MAX else Written(number_text(value))
        case Decimal() if value.is_finite():
            return Written(format(value, "f"))
        case float():
            report.add(problems.binary_float(value, at))
            return None
        case date() | time() | Duration() | Months():
            return Written(temporal_text(value))
        case Mapping():
            return dict(_members(value, at, report))
        case list() | tuple():
            count_max = FACTS_MAX if len(at.steps) <= 1 else ITEMS_MAX  # of facts, or of a value
            if len(value) > count_max:
                report.add(too_much(f"{count_max} items", at))
                return None
            return [plain_value(item, at / place, report) for place, item in enumerate(value)]
        case _:
            return _plain_instance(value, at, report)


def _is_plain(of: dict[object, object]) -> bool:
    """True for members that are ready as they are: what most facts are made of."""
    if len(of) > MEMBERS_MAX:
        return False
    for name, value in of.items():
        if name.__class__ is not str or len(name) > TEXT_LENGTH_MAX or not name.isascii():
            return False
        if value.__class__ is str:
            if len(value) > TEXT_LENGTH_MAX or not value.isascii():
                return False
        elif value.__class__ is int:
            if not -SAFE_INTEGER_MAX <= value <= SAFE_INTEGER_MAX:
                return False
        elif value is not None and value is not True and value is not False:
            return False
    return True


def _plain_instance(value: object, at: JsonPath, report: Report) -> Json:
    """What an object of the caller holds, or the value of a member of an enumeration."""
    members = members_of(value)
    if members is not None:
        return dict(_members(members, at, report))
    chosen = choice_of(value)
    if isinstance(chosen, (str, int)):
        return plain_value(chosen, at, report)
    report.add(problems.wrong_type("value of the language", value, at))
    return None


def _members(of: Mapping[Any, object], at: JsonPath, report: Report) -> Iterator[tuple[str, Json]]:
    if len(of) > MEMBERS_MAX:
        report.add(too_much(f"{MEMBERS_MAX} members", at))
        return
    for name, value in of.items():
        if isinstance(name, str):
            yield _text(name, at, report), plain_value(value, at / printable(name), report)
        else:
            report.add(problems.wrong_shape("a text as key", at))


def _text(text: str, at: JsonPath, report: Report) -> str:
    """The text; refused when it holds half a character, which no file could."""
    if len(text) > TEXT_LENGTH_MAX:
        report.add(too_much(f"{TEXT_LENGTH_MAX} characters", at))
        return ""
    if text.isascii() or is_unicode(text):
        return str.__str__(text)  # of an enumeration of texts, too, what is written is the text
    report.add(problems.half_character(at))
    return ""


def _is_too_long(value: int | Decimal) -> bool:
    """True for a number that would take more room to write than any value has digits."""
    if isinstance(value, int):
        return value.bit_length() > LITERAL_LENGTH_MAX * 3
    return value.is_finite() and abs(value.adjusted()) + len(value.as_tuple().digits) > LITERAL_LENGTH_MAX
