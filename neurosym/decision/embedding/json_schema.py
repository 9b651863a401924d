"""JSON schemas (draft 2020-12) of what intake accepts: facts, fact documents, requests.

Whatever intake accepts, the schema accepts. Of what intake refuses, a schema cannot say all: the size of numbers that
are written as text, days that no calendar has, the order of days, and the same key with two contents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TypeAlias, assert_never

from neurosym.feel.evaluation import Evaluator
from neurosym.feel.typed import EqualTest, OrderTest, TypedTest, WithinTest
from neurosym.feel.types import Basic, Choice, FactOf, ListOf, Nullable, RangeOf, RecordOf, Type
from neurosym.feel.world import NO_WORLD
from neurosym.program.program import Decision, Program
from neurosym.program.schema import FactType, Field
from neurosym.values.canonical import Json
from neurosym.values.number import LITERAL_LENGTH_MAX
from neurosym.values.value import Range, Value

Schema: TypeAlias = dict[str, Json]
FactTypes: TypeAlias = Mapping[str, FactType]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
INCOMPLETE = "incomplete"
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?"
SECONDS = r"([0-9]{1,12}(\.[0-9]{1,9})?S)?"
PATTERNS: Mapping[Basic, str] = {
    Basic.NUMBER: r"^-?[0-9]+(\.[0-9]+)?$",
    Basic.DATE: f"^{DAY}$",
    Basic.TIME: f"^{CLOCK}$",
    Basic.DATETIME: f"^{DAY}T{CLOCK}$",
    Basic.DURATION: f"^-?P(?=[0-9T])([0-9]{{1,12}}D)?(T(?=[0-9])([0-9]{{1,12}}H)?([0-9]{{1,12}}M)?{SECONDS})?$",
    Basic.MONTHS: "^-?P(?=[0-9])([0-9]{1,9}Y)?([0-9]{1,9}M)?$",
}
BOUNDS = {">=": "minimum", ">": "exclusiveMinimum", "<=": "maximum", "<": "exclusiveMaximum"}


def object_schema(properties: Mapping[str, Json], required: Iterable[str] | None = None) -> Schema:
    """An object with these members and no others; all are required unless it is said which."""
    names: list[Json] = [*(properties if required is None else required)]
    return {"type": "object", "properties": dict(properties), "required": names, "additionalProperties": False}


def fact_schema(types: FactTypes, of: FactType) -> Schema:
    """The schema of one fact of the type."""
    properties: dict[str, Json] = {each.name: field_schema(types, each) for each in of.fields}
    found = object_schema(properties, [each.name for each in of.fields if not each.is_optional])
    return {"title": of.name, **({"description": of.label} if of.label else {}), **found}


def facts_schema(program: Program) -> Schema:
    """The schema of a document of facts, as `--facts` and `facts=` take it."""
    given = _given(program)
    rows: dict[str, Json] = {each.name: {"type": "array", "items": _named(each)} for each in given}
    rows[INCOMPLETE] = {"type": "array", "items": {"enum": [each.name for each in given]}}
    return {"$schema": DIALECT, "title": f"Facts of {program.name}", **object_schema(rows, ()), "$defs": _defs(program)}


def input_schema(program: Program, decision: Decision) -> Schema:
    """The schema of a request: for each parameter a fact, or the key of one."""
    types = program.fact_types
    subjects: dict[str, Json] = {}
    for name, of in decision.parameters:
        key = key_schema(types, types[of])
        subjects[name] = key if types[of].is_derived else {"anyOf": [_named(types[of]), key]}
    title = decision.label or decision.name
    return {"$schema": DIALECT, "title": title, **object_schema(subjects), "$defs": _defs(program)}


def key_schema(types: FactTypes, of: FactType) -> Schema:
    """The schema of what refers to a fact of the type: its key."""
    if len(of.key_fields) == 1:
        return field_schema(types, of.key_fields[0])
    return object_schema({each.name: field_schema(types, each) for each in of.key_fields})


def field_schema(types: FactTypes, of: Field) -> Schema:
    """The schema of a field's value, with what its constraint says of it."""
    if isinstance(of.type, Nullable):
        return {"anyOf": [_constrained(types, of.type.of, of.tests), {"type": "null"}]}
    return _constrained(types, of.type, of.tests)


def value_schema(types: FactTypes, of: Type) -> Schema:
    """The schema of a value of the type."""
    match of:
        case Nullable():
            return {"anyOf": [value_schema(types, of.of), {"type": "null"}]}
        case Basic():
            return _basic(of, [{"type": "integer"}])
        case Choice():
            return {"enum": [*of.values]}
        case FactOf():
            return key_schema(types, types[of.name])
        case ListOf():
            return {"type": "array", "items": value_schema(types, of.item)}
        case RecordOf():
            return object_schema({name: value_schema(types, member) for name, member in of.members})
        case RangeOf():
            raise AssertionError(of)
        case _:
            assert_never(of)


def _basic(of: Basic, integers: list[Json]) -> Schema:
    match of:
        case Basic.TEXT:
            return {"type": "string"}
        case Basic.BOOLEAN:
            return {"type": "boolean"}
        case Basic.NULL:
            return {"type": "null"}
        case Basic.NUMBER:
            text: Schema = {"type": "string", "pattern": PATTERNS[of], "maxLength": LITERAL_LENGTH_MAX}
            return {"anyOf": [*integers, text]}
        case _:
            return {"type": "string", "pattern": PATTERNS[of]}


def _constrained(types: FactTypes, of: Type, tests: tuple[TypedTest, ...]) -> Schema:
    if of is Basic.NUMBER and tests:
        return _basic(of, [{"type": "integer", **_integer_test(test)} for test in tests])
    return value_schema(types, of)


def _integer_test(test: TypedTest) -> Schema:
    """What a test says of an integer; nothing where a schema has no word for it."""
    value = _constant(test)
    match test:
        case OrderTest():
            return _bound(test.op, value)
        case EqualTest():
            return {"const": value} if isinstance(value, int) else {}
        case WithinTest() if isinstance(value, Range):
            low = _bound(">" if value.low_open else ">=", value.low)
            return low | _bound("<" if value.high_open else "<=", value.high)
        case _:
            return {}


def _bound(word: str, value: Value) -> Schema:
    """A bound of integers: where it lies between two of them, the one inside."""
    if isinstance(value, Decimal):
        is_low = word in (">=", ">")
        return {BOUNDS[word[0] + "="]: int(value.to_integral_value(ROUND_CEILING if is_low else ROUND_FLOOR))}
    return {BOUNDS[word]: value} if isinstance(value, int) else {}


def _constant(test: TypedTest) -> Value:
    """What the test compares with: in a declaration, a constant."""
    return Evaluator(NO_WORLD).value(test.operand, {})


def _given(program: Program) -> list[FactType]:
    """The types that callers give; the others are concluded."""
    return [each for each in program.fact_types.values() if not each.is_derived]


def _defs(program: Program) -> Json:
    return {each.name: fact_schema(program.fact_types, each) for each in _given(program)}


def _named(of: FactType) -> Schema:
    return {"$ref": f"#/$defs/{of.name}"}
