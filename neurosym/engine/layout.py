"""Rows: a fact as a tuple of plain values in the order of its fields, with keys in the place of references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from neurosym.feel.types import FactOf, ListOf, RecordOf, Type, without_null
from neurosym.program.schema import FactType, Field
from neurosym.values.unknown import Unknown
from neurosym.values.value import Fact, Reference, Value

Row: TypeAlias = tuple[Any, ...]
RowKey: TypeAlias = Any  # the value of a single key field, or the tuple of several


@dataclass(frozen=True)
class Layout:
    """How the facts of one type lie in rows. `layouts` holds those of all types."""

    of: FactType
    layouts: Mapping[str, Layout]

    @cached_property
    def column(self) -> Mapping[str, int]:
        """The column of every field."""
        return {field.name: at for at, field in enumerate(self.of.fields)}

    @cached_property
    def key_columns(self) -> tuple[int, ...]:
        """The columns of the key."""
        return tuple(at for at, field in enumerate(self.of.fields) if field.is_key)

    @cached_property
    def references(self) -> tuple[tuple[int, str], ...]:
        """The columns that hold keys of other facts, with their types."""
        return tuple((at, field.refers_to) for at, field in enumerate(self.of.fields) if field.refers_to is not None)

    @cached_property
    def has_plain_key(self) -> bool:
        """True when the key is one value and no reference."""
        return len(self.key_columns) == 1 and all(at != self.key_columns[0] for at, _ in self.references)

    @cached_property
    def holders(self) -> tuple[int, ...]:
        """The columns whose values may hold references inside: lists and records."""
        return tuple(
            at for at, field in enumerate(self.of.fields) if isinstance(without_null(field.type), (ListOf, RecordOf))
        )

    @cached_property
    def types_referred_to(self) -> frozenset[str]:
        """The types to whose facts a row may refer, inside lists and records too."""
        inside = (facts_in(self.of.fields[at].type) for at in self.holders)
        return frozenset(of for _, of in self.references).union(*inside)

    @cached_property
    def has_values(self) -> bool:
        """True when facts with one key may differ in their contents."""
        return len(self.key_columns) < len(self.of.fields)

    def tells_apart(self, columns: Sequence[int]) -> bool:
        """True when no two facts have the same values in these columns."""
        is_whole = set(self.key_columns) <= set(columns)
        return is_whole and not (self.of.is_derived and self.has_values)

    def may_be_unknown(self, column: int) -> bool:
        """True when a fact that is certain may have no known value here."""
        field = self.of.fields[column]
        return field.is_optional or (self.of.is_derived and not field.is_key)

    # --- facts to rows

    def row(self, of: Fact) -> Row:
        """The row of a named fact."""
        fields = of.fields
        if not self.references:
            return tuple([fields[name] for name in self.column])
        return tuple([self.raw(fields[name]) for name in self.column])

    def key(self, of: Row) -> RowKey:
        """The key of a row."""
        columns = self.key_columns
        return tuple([of[at] for at in columns]) if len(columns) > 1 else of[columns[0]]

    def raw(self, value: Value) -> Any:
        """The value as it stands in a row."""
        if isinstance(value, Reference):
            return self.layouts[value.type].raw_key(value.key)
        if isinstance(value, Fact) and not value.unnamed:
            return self.layouts[value.type].raw_key(value.key)
        return value

    def raw_key(self, key: Sequence[Value]) -> RowKey:
        """The key of a fact of this type as rows have it."""
        if self.has_plain_key:
            return key[0]
        parts = tuple(map(self.raw, key))
        return parts if len(parts) > 1 else parts[0]

    # --- rows to facts

    def fact(self, row: Row) -> Fact:
        """The fact of a row."""
        if not self.references:
            fields: dict[str, Value] = dict(zip(self.column, row, strict=True))
            return Fact(self.of.name, tuple([row[at] for at in self.key_columns]), fields)
        fields = {field.name: self._value(field, raw) for field, raw in zip(self.of.fields, row, strict=True)}
        return Fact(self.of.name, tuple(fields[field.name] for field in self.of.key_fields), fields)

    def reference(self, key: RowKey) -> Reference:
        """The reference to the fact of this type that has the key."""
        if self.has_plain_key:
            return Reference(self.of.name, (key,))
        parts = key if len(self.key_columns) > 1 else (key,)
        fields = self.of.key_fields
        return Reference(self.of.name, tuple(self._value(*each) for each in zip(fields, parts, strict=True)))

    def _value(self, field: Field, raw: Any) -> Value:
        target = field.refers_to
        if target is None or raw is None or isinstance(raw, (Unknown, Fact)):
            return raw  # type: ignore[no-any-return]
        return self.layouts[target].reference(raw)


def facts_in(of: Type) -> frozenset[str]:
    """The types of the facts that values of the type are or hold."""
    match without_null(of):
        case FactOf(name=name):
            return frozenset({name})
        case ListOf(item=item):
            return facts_in(item)
        case RecordOf(members=members):
            return frozenset[str]().union(*(facts_in(member) for _, member in members))
        case _:
            return frozenset()


def layouts_of(types: Mapping[str, FactType]) -> dict[str, Layout]:
    """The layouts of all fact types of a program."""
    found: dict[str, Layout] = {}
    for name, of in types.items():
        found[name] = Layout(of, found)
    return found
