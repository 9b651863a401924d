"""Constants of scenarios on the wire. A key of several fields is written as a list, in the order of the fields."""

from __future__ import annotations

from neurosym.feel.types import FactOf, Type, without_null
from neurosym.program.program import Program
from neurosym.program.scenario import Named
from neurosym.program.schema import FactType
from neurosym.values.canonical import Json
from neurosym.values.encoding import wire
from neurosym.values.value import Reference, Value


def wire_row(program: Program, of: FactType, fields: Named) -> dict[str, Json]:
    """The members of a given fact as a fact file would hold them."""
    row: dict[str, Json] = {}
    for name, value in fields:
        field = of.by_name.get(name)
        row[name] = wire(value) if field is None else wire_constant(program, field.type, value)
    return row


def wire_constant(program: Program, of: Type, value: Value) -> Json:
    """One constant; a list where a reference is wanted is the key of a fact."""
    bare = without_null(of)
    if isinstance(bare, FactOf) and isinstance(value, tuple):
        keys = program.fact_types[bare.name].key_fields
        if len(keys) == len(value):
            return {key.name: wire_constant(program, key.type, part) for key, part in zip(keys, value, strict=True)}
    return wire(value)


def written_key(value: Value) -> Value:
    """A reference as scenarios write it: its key, a list when it has several fields."""
    if not isinstance(value, Reference):
        return value
    parts = tuple(written_key(part) for part in value.key)
    return parts[0] if len(parts) == 1 else parts
