"""Answers as JSON: the schema they have to fit, and the values that JSON stands for, by what a judgment returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from neurosym.feel.basic_value import basic_value
from neurosym.feel.types import Basic, Choice, FactOf, ListOf, Nullable, RangeOf, RecordOf, Type
from neurosym.judgment.answer import AnswerValue
from neurosym.program.judgment import Parsed, Returns, Score, answer_type
from neurosym.values.canonical import Json
from neurosym.values.number import NumberError
from neurosym.values.temporal import TemporalError
from neurosym.values.value import Record, Value

TEXT_LENGTH_MAX = 4_000  # of one text in an answer: longer ones quote nothing, they copy
ITEMS_MAX = 100  # of one list in an answer
NUMBER_PATTERN = r"-?[0-9]{1,30}(\.[0-9]{1,20})?"


class MisfitError(ValueError):
    """The JSON stands for no value of the type; the message is ours and the author's alone."""


def value_schema(returns: Returns) -> dict[str, Json]:
    """The JSON schema of an answer, in the closed subset that structured outputs take; null abstains."""
    if isinstance(returns, Score):
        scores: list[Json] = [*range(returns.low, returns.high + 1), None]
        return {"type": ["integer", "null"], "enum": scores}
    if isinstance(returns, Parsed):
        return {"type": ["string", "null"]}
    return _schema(Nullable(answer_type(returns)))


def _schema(of: Type) -> dict[str, Json]:
    match of:
        case Nullable():
            return _or_null(_schema(of.of))
        case Basic.BOOLEAN:
            return {"type": "boolean", "enum": [True, False]}
        case Basic.TEXT:
            return {"type": "string"}
        case Basic.NUMBER:
            return {"type": "string", "pattern": f"^{NUMBER_PATTERN}$"}
        case Basic():
            return {"type": "string", "description": WRITTEN[of]}
        case Choice():
            return {"type": "string", "enum": [*of.values]}
        case ListOf():
            return {"type": "array", "items": _schema(of.item)}
        case RecordOf():
            return closed_object({name: _schema(member) for name, member in of.members})
        case FactOf() | RangeOf():
            raise AssertionError(of)
        case _:
            assert_never(of)


def closed_object(members: dict[str, Json]) -> dict[str, Json]:
    """The schema of an object with exactly these members."""
    required: list[Json] = [*members]
    return {"type": "object", "properties": {**members}, "required": required, "additionalProperties": False}


def _or_null(schema: Json) -> dict[str, Json]:
    assert isinstance(schema, dict)
    kind = schema["type"]
    found: dict[str, Json] = {**schema, "type": [*kind, "null"] if isinstance(kind, list) else [kind, "null"]}
    if isinstance(allowed := schema.get("enum"), list):
        found["enum"] = [*allowed, None]
    return found


WRITTEN = {
    Basic.DATE: "a date, such as 2026-03-01",
    Basic.TIME: "a time of day, such as 09:30:00",
    Basic.DATETIME: "a date and time, such as 2026-03-01T09:30:00",
    Basic.DURATION: "a duration in days and less, such as P3DT12H",
    Basic.MONTHS: "a duration in years and months, such as P1Y6M",
    Basic.NULL: "null",
}


def read_value(found: Json, returns: Returns) -> AnswerValue | None:
    """The answer that the JSON stands for; None abstains. MisfitError when it stands for none.

    Which of several texts or scores are allowed is not looked at: `is_allowed` does that. Where a grammar reads the
    answers, a text is read by it; persons and programs may hand in the record that it would come to.
    """
    match returns:
        case Score() if isinstance(found, int) and not isinstance(found, bool):
            return found
        case Parsed() if isinstance(found, str):
            return read_text(found, returns)
        case Score() | Choice() | Basic():
            if found is None or isinstance(found, (str, bool)):
                return found
            raise MisfitError("not exactly the members of the schema, with their types")
        case _:
            return None if found is None else _read(found, answer_type(returns), "the answer")


class GrammarError(MisfitError):
    """The text is none of the grammar."""


def read_text(found: str, returns: Parsed) -> AnswerValue:
    """What the grammar reads in a text; GrammarError when it does not accept it."""
    from neurosym.grammar.answer_grammar import GrammarMismatchError, known_grammar  # noqa: PLC0415 - heavy: lark

    try:
        return known_grammar(returns.grammar, returns.text).parse(found)
    except GrammarMismatchError as error:
        raise GrammarError(str(error)) from error


def _read(found: Json, of: Type, where: str) -> Value:
    match of, found:
        case Nullable(), None:
            return None
        case Nullable(), _:
            return _read(found, of.of, where)
        case Choice(), str():
            return found
        case Basic.TEXT, str() if not 0 < len(found) <= TEXT_LENGTH_MAX:
            raise MisfitError(f"{where} is empty or longer than {TEXT_LENGTH_MAX} characters")
        case Basic(), _:
            return _basic(found, of, where)
        case ListOf(), list() if len(found) <= ITEMS_MAX:
            return tuple(_read(item, of.item, f"an item of {where}") for item in found)
        case RecordOf(), dict() if set(found) == {name for name, _ in of.members}:
            return Record(tuple((name, _read(found[name], member, f"`{name}`")) for name, member in of.members))
        case _:
            raise MisfitError(f"{where} does not have the members and types of the schema")


def _basic(found: Json, of: Basic, where: str) -> Value:
    try:
        value = basic_value(of, found)
    except (NumberError, TemporalError) as error:
        raise MisfitError(f"{where} is no {of.value}") from error
    if value is None:
        raise MisfitError(f"{where} is no {of.value}")
    return value


def is_allowed(value: AnswerValue, returns: Returns) -> bool:
    """True when the value is an answer that the judgment allows."""
    if isinstance(returns, Score):
        return isinstance(value, int) and not isinstance(value, bool) and returns.low <= value <= returns.high
    return _fits(value, answer_type(returns))


def _fits(value: Value, of: Type) -> bool:
    match of:
        case Nullable():
            return value is None or _fits(value, of.of)
        case Choice():
            return isinstance(value, str) and value in of.values
        case Basic.BOOLEAN:
            return isinstance(value, bool)
        case ListOf():
            return isinstance(value, tuple) and all(_fits(item, of.item) for item in value)
        case RecordOf():
            return isinstance(value, Record) and all(
                _fits(item, member) for (_, item), (_, member) in zip(value.items, of.members, strict=True)
            )
        case _:
            return True  # read by its type already


def with_texts(value: Value, of: Type, change: Callable[[str], str]) -> Value:
    """The answer with its free texts changed."""
    match of, value:
        case Nullable(), _ if value is not None:
            return with_texts(value, of.of, change)
        case Basic.TEXT, str():
            return change(value)
        case ListOf(), tuple():
            return tuple(with_texts(item, of.item, change) for item in value)
        case RecordOf(), Record():
            pairs = zip(value.items, of.members, strict=True)
            return Record(tuple((name, with_texts(item, member, change)) for (name, item), (_, member) in pairs))
        case _:
            return value


def free_texts(value: Value, of: Type) -> Iterator[str]:
    """The texts in an answer that its author did not fix beforehand: they must stand in the evidence."""
    match of, value:
        case Nullable(), _ if value is not None:
            yield from free_texts(value, of.of)
        case Basic.TEXT, str():
            yield value
        case ListOf(), tuple():
            for item in value:
                yield from free_texts(item, of.item)
        case RecordOf(), Record():
            for (_, item), (_, member) in zip(value.items, of.members, strict=True):
                yield from free_texts(item, member)
        case _:
            return
