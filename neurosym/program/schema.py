"""Fact types, duties and where their values come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from neurosym.feel.typed import TypedTest
from neurosym.feel.types import FactOf, Type, without_null
from neurosym.text.span import NOWHERE, Span
from neurosym.values.unknown import ANYTHING, Domain


@dataclass(frozen=True, slots=True)
class GraphSource:
    """Where a field comes from in the graph: the values of a property, or the subject's own IRI (`property` None)."""

    property: str | None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a fact type. `tests` admit a value when any holds (none: all do); `domain` is what they imply."""

    name: str
    type: Type
    is_key: bool = False
    is_optional: bool = False
    is_subject: bool = False
    data_class: str = "internal"
    tests: tuple[TypedTest, ...] = ()
    domain: Domain = ANYTHING
    source: GraphSource | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def refers_to(self) -> str | None:
        """The fact type whose keys this field holds, or None."""
        bare = without_null(self.type)
        return bare.name if isinstance(bare, FactOf) else None


@dataclass(frozen=True)
class FactType:
    """A type of facts: given by the caller or the graph, or derived by rules."""

    name: str
    label: str
    is_derived: bool
    fields: tuple[Field, ...]
    graph_class: str | None = None  # IRI of the class whose members are its facts
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by their names."""
        return {each.name: each for each in self.fields}

    @cached_property
    def key_fields(self) -> tuple[Field, ...]:
        """The fields that identify a fact."""
        return tuple(each for each in self.fields if each.is_key)


@dataclass(frozen=True)
class DutyType:
    """A duty that rules may conclude, identified by its name, key fields and debtor."""

    name: str
    label: str
    fields: tuple[Field, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @cached_property
    def key_fields(self) -> tuple[Field, ...]:
        """The fields that identify a duty."""
        return tuple(each for each in self.fields if each.is_key)
