"""Which Arrow types rows may have: those whose every value has an exact counterpart in the language.

Apache Arrow Columnar Format 1.5, "Data Types".
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyarrow import types

from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.span import JsonPath

DEPTH_MAX = 32  # of columns within columns; a request has 64 levels
PLAIN = ("null", "boolean", "integer", "decimal", "string", "large_string", "date", "time", "timestamp")
LISTS = ("list", "large_list", "fixed_size_list", "list_view", "large_list_view")
# What Arrow has and the language has not, with what to do about it.
REFUSED = (
    ("binary", "write the bytes as text"),
    ("large_binary", "write the bytes as text"),
    ("binary_view", "write the bytes as text"),
    ("fixed_size_binary", "write the bytes as text"),
    ("duration", "write durations as text: P1DT2H"),
    ("interval", "write durations as text: P1DT2H"),
    ("map", "use a struct, or a list of structs"),
    ("union", "use a column for each of its types"),
    ("run_end_encoded", "decode the column, or use a dictionary"),
)


def wrong_columns(schema: pa.Schema, name: str) -> list[Diagnostic]:
    """What is wrong with the columns of rows: each type without an exact counterpart, and names that stand twice."""
    at = JsonPath(name)
    return [*_twice(schema.names, at), *(found for field in schema for found in _wrong(field.type, at / field.name, 1))]


def _wrong(of: pa.DataType, at: JsonPath, depth: int) -> Iterator[Diagnostic]:
    if depth > DEPTH_MAX:
        yield Diagnostic("NS520", Severity.ERROR, f"more than {DEPTH_MAX} levels of columns", Label(at))
    elif types.is_floating(of):
        advice = "cast it to decimal128, or to text with the digits that are meant"
        yield Diagnostic("NS503", Severity.ERROR, f"a column of binary floats (`{of}`)", Label(at), help=advice)
    elif types.is_struct(of):
        yield from _twice([field.name for field in of], at)
        for field in of:
            yield from _wrong(field.type, at / field.name, depth + 1)
    elif is_of(of, LISTS):
        yield from _wrong(of.value_type, at / "item", depth + 1)
    elif types.is_dictionary(of):
        yield from _wrong(of.value_type, at, depth + 1)
    elif not is_of(of, PLAIN) and not types.is_string_view(of):
        advice = next((advice for kind, advice in REFUSED if is_of(of, (kind,))), "cast it to a type of JSON")
        message = f"a column of the type `{of}`, which the language has no values for"
        yield Diagnostic("NS506", Severity.ERROR, message, Label(at), help=advice)


def is_of(of: pa.DataType, kinds: tuple[str, ...]) -> bool:
    """True when the type is of one of these kinds, as `pyarrow.types` calls them."""
    return any(getattr(types, f"is_{kind}")(of) for kind in kinds)


def _twice(names: list[str], at: JsonPath) -> Iterator[Diagnostic]:
    for name in sorted({each for each in names if names.count(each) > 1}):
        advice = "keep the one that is meant: which of them counts would depend on the reader"
        yield Diagnostic("NS502", Severity.ERROR, f"column `{name}` stands twice", Label(at / name), help=advice)
