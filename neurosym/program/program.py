"""The checked program: data only, immutable, everything resolved and typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from neurosym.feel.typed import Definition, TypedExpr
from neurosym.feel.types import Type
from neurosym.program.judgment import Judgment
from neurosym.program.period import Period
from neurosym.program.rule import Rule, RuleException, Stratum
from neurosym.program.schema import DutyType, FactType
from neurosym.text.span import NOWHERE, Span
from neurosym.values.temporal import Date
from neurosym.values.value import Value


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A parameter's value from a day until the next one's."""

    value: Value
    first: Date
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the law or the house, with its history in the order of its days."""

    name: str
    label: str
    type: Type
    values: tuple[DatedValue, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    def on(self, day: Date) -> DatedValue | None:
        """What holds on the day, or None before the first."""
        in_force = [dated for dated in self.values if dated.first <= day]
        return in_force[-1] if in_force else None


@dataclass(frozen=True, slots=True)
class Need:
    """What an outcome may rest on: `calibrated`, `person` or `no judgment`."""

    kind: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A question with outcomes, from the highest down when ordered."""

    name: str
    label: str
    cites: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]  # name, fact type
    on: TypedExpr
    is_ordered: bool
    outcomes: tuple[str, ...]
    otherwise: str
    undecided: str
    needs: tuple[Need, ...] = ()
    settle_duties: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Program:
    """What a ruleset means. `strata` orders the derived types so that each looks only at finished ones below."""

    name: str
    label: str
    version: str
    cites: tuple[str, ...]
    period: Period
    fact_types: Mapping[str, FactType]
    duties: Mapping[str, DutyType]
    parameters: Mapping[str, Parameter]
    definitions: Mapping[str, Definition]
    judgments: Mapping[str, Judgment]
    decisions: Mapping[str, Decision]
    rules: tuple[Rule, ...]
    exceptions: tuple[RuleException, ...]
    strata: tuple[Stratum, ...]
    vocabulary_digests: tuple[str, ...] = ()


def key_fields(program: Program) -> dict[str, tuple[str, ...]]:
    """The names of the key fields of every fact type."""
    return {name: tuple(field.name for field in of.key_fields) for name, of in program.fact_types.items()}
