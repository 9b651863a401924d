"""What names mean where an expression stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from neurosym.feel.types import Type


@dataclass(frozen=True, slots=True)
class Callable:
    """A definition or judgment: its parameters in order, and what it returns."""

    parameters: tuple[tuple[str, Type], ...]
    returns: Type


@dataclass(frozen=True, slots=True)
class Scope:
    """Names in sight. `fields` holds the fields of every fact type."""

    fields: Mapping[str, Mapping[str, Type]]
    parameters: Mapping[str, Type] = field(default_factory=dict)
    definitions: Mapping[str, Callable] = field(default_factory=dict)
    judgments: Mapping[str, Callable] = field(default_factory=dict)
    locals: Mapping[str, Type] = field(default_factory=dict)
    allows_known: bool = False
    item: Type | None = None  # inside a filter: what its items are

    def within(self, more: Mapping[str, Type]) -> Scope:
        """The scope with more local names."""
        return replace(self, locals={**self.locals, **more})

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that can stand by itself."""
        return (*self.locals, *self.parameters)
