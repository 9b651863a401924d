"""Rules, exceptions and what they conclude."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.feel.typed import Join, TypedExpr, TypedTemplate
from neurosym.program.period import Period
from neurosym.text.span import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class ConcludeFact:
    """A derived fact: an expression for every field of its type."""

    type: str
    fields: tuple[tuple[str, TypedExpr], ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def target(self) -> str:
        """The name an exception uses for it."""
        return self.type


@dataclass(frozen=True, slots=True)
class ConcludeOutcome:
    """An outcome of a decision for a subject: an expression for every parameter of the decision."""

    decision: str
    subject: tuple[tuple[str, TypedExpr], ...]
    outcome: str
    because: TypedTemplate | None
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def target(self) -> str:
        """The name an exception uses for it."""
        return self.decision


@dataclass(frozen=True, slots=True)
class ConcludeDuty:
    """A duty, who owes it and until when."""

    duty: str
    fields: tuple[tuple[str, TypedExpr], ...]
    owed_by: TypedExpr | None
    due: TypedExpr | None
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def target(self) -> str:
        """The name an exception uses for it."""
        return self.duty


Conclusion: TypeAlias = ConcludeFact | ConcludeOutcome | ConcludeDuty


@dataclass(frozen=True, slots=True)
class Rule:
    """For every binding of the join, the conclusions. Dated versions share the id; their periods are disjoint."""

    id: str
    label: str
    cites: tuple[str, ...]
    period: Period
    join: Join
    conclusions: tuple[Conclusion, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """What an exception takes away: one conclusion of a rule or exception, or all of them (`conclusion` None)."""

    of: str
    conclusion: str | None


@dataclass(frozen=True, slots=True)
class RuleException:
    """A rule's binding is not in effect where an exception to it is; it may have exceptions and conclusions itself."""

    id: str
    label: str
    cites: tuple[str, ...]
    period: Period
    targets: tuple[Target, ...]
    join: Join
    conclusions: tuple[Conclusion, ...]
    must_be_proven: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Stratum:
    """Types that are derived together, and whether they may rest on each other."""

    types: tuple[str, ...]
    is_recursive: bool


Provision: TypeAlias = Rule | RuleException
