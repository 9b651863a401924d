"""Judgments: typed functions whose body is a question."""

from __future__ import annotations

from dataclasses import dataclass, field

from neurosym.feel.typed import TypedExpr
from neurosym.feel.types import Basic, Choice
from neurosym.text.span import NOWHERE, Span
from neurosym.values.number import Number
from neurosym.values.temporal import Duration, Months


@dataclass(frozen=True, slots=True)
class Check:
    """A condition over `answer`, `quotes` and the arguments; an answer for which it is not true is rejected."""

    label: str
    condition: TypedExpr


@dataclass(frozen=True, slots=True)
class Step:
    """A tier of the route; an optional one is used when configured."""

    tier: str
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Risk:
    """At most `share` of the accepted answers wrong, with confidence `confidence`."""

    share: Number
    confidence: Number


@dataclass(frozen=True, slots=True)
class Example:
    """A case and its answer, shown to a model."""

    text: str
    answer: str | bool


@dataclass(frozen=True, slots=True)
class Judgment:
    """A question about facts. `reads` and `evidence` are pairs (argument, field); the evidence can be quoted."""

    name: str
    label: str
    parameters: tuple[tuple[str, str], ...]  # name, fact type
    returns: Choice | Basic  # a choice, or Basic.BOOLEAN for yes or no
    ask: str
    cites: tuple[str, ...] = ()
    reads: tuple[tuple[str, str], ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    checks: tuple[Check, ...] = ()
    examples: tuple[Example, ...] = ()
    route: tuple[Step, ...] = ()
    risk: Risk | None = None
    accept_uncalibrated: bool = False
    reuse: Duration | Months | None = None
    audit_percent: Number | None = None
    two_persons: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def answers(self) -> tuple[str, ...] | tuple[bool, ...]:
        """Every value an answer may have."""
        return self.returns.values if isinstance(self.returns, Choice) else (True, False)
