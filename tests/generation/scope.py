"""What an expression may mention where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Judgment:
    """A judgment; `answer` is what a condition compares it with (None: it is a condition itself)."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    answer: str | None


@dataclass(frozen=True)
class Definition:
    """A definition, the kinds of its arguments, the kind of its value, the fact types that it may read, and whether its
    value is never null.
    """

    name: str
    parameters: tuple[str, ...]
    kind: str
    reads: tuple[str, ...]
    solid: bool


@dataclass(frozen=True)
class Want:
    """What kind of expression is wanted; a solid one is of a type without `or null`."""

    kind: str
    solid: bool = False


@dataclass(frozen=True)
class Scope:
    """Names with the kinds of their values (a fact type: a fact, or a reference to one); types that may be read
    anywhere; types of the cycle, read only where they grow. `joins` counts the joins around.
    """

    variables: Mapping[str, str]
    strict: tuple[str, ...]
    growing: tuple[str, ...] = ()
    joins: int = 0

    def with_variables(self, more: Mapping[str, str]) -> Scope:
        return replace(self, variables={**self.variables, **more})

    def joined(self, more: Mapping[str, str]) -> Scope:
        """Inside a join of the variables."""
        return replace(self.with_variables(more), joins=self.joins + 1)

    def without(self, name: str) -> Scope:
        return replace(self, variables={other: kind for other, kind in self.variables.items() if other != name})

    @property
    def finished(self) -> Scope:
        """Where nothing of the cycle may be read any more."""
        return replace(self, growing=()) if self.growing else self
