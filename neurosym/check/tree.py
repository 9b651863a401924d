"""Declarations as the author wrote them. `lang` builds them from text; every name is still a string with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.check.scenario_tree import ScenarioDeclaration
from neurosym.feel.tree import Argument, Expr, Template, Test, Variable, Word
from neurosym.text.span import Source, Span
from neurosym.values.number import Number
from neurosym.values.temporal import Date


@dataclass(frozen=True, slots=True)
class Period:
    """`effective from first to last`, both days included; `last` is None when it has no end."""

    first: Date
    last: Date | None
    span: Span = field(compare=False, repr=False)


# --- types and facts


@dataclass(frozen=True, slots=True)
class NamedType:
    """`text`, `number`, ... or the name of a fact type."""

    name: Word


@dataclass(frozen=True, slots=True)
class ChoiceType:
    """`"USD" | "EUR"`."""

    values: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class ListType:
    """`list of item`."""

    item: TypeWords


@dataclass(frozen=True, slots=True)
class RecordType:
    """`record {name: type, ...}`."""

    members: tuple[tuple[Word, TypeWords], ...]


@dataclass(frozen=True, slots=True)
class TypeWords:
    """`TYPE [or null] [constraint]`; the constraint is a list of unary tests, any of which admits the value."""

    base: NamedType | ChoiceType | ListType | RecordType
    nullable: bool
    constraint: tuple[Test, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GraphName:
    """`prefix:local`, a name of the graph; `local` is None for `iri`."""

    prefix: Word
    local: Word | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FieldDeclaration:
    """`name: TYPE modifiers`; `source` is `from own:holder` (a GraphName) or `from iri` (its prefix is `iri`)."""

    name: Word
    type: TypeWords
    is_key: bool = False
    is_optional: bool = False
    is_subject: bool = False
    data_class: Word | None = None  # public internal personal secret
    source: GraphName | None = None


@dataclass(frozen=True, slots=True)
class FactDeclaration:
    """`fact|derived|duty Name "label" [from own:Class]` and its fields."""

    kind: str
    name: Word
    label: str
    source: GraphName | None
    fields: tuple[FieldDeclaration, ...]
    cites: tuple[Word, ...]
    span: Span = field(compare=False, repr=False)


# --- parameters, definitions, rules


@dataclass(frozen=True, slots=True)
class DatedValue:
    """`= value from date cite "..."`; it holds until the next date."""

    value: Expr
    first: Date
    cites: tuple[Word, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ParameterDeclaration:
    """`parameter name: TYPE` and its dated values."""

    name: Word
    label: str
    type: TypeWords
    values: tuple[DatedValue, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TypedName:
    """`name: TYPE` of a definition's, judgment's or decision's argument."""

    name: Word
    type: TypeWords


@dataclass(frozen=True, slots=True)
class DefineDeclaration:
    """`define name(arguments) = body`."""

    name: Word
    parameters: tuple[TypedName, ...]
    body: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FactConclusion:
    """`then Listed(party: p, entry: e)`."""

    type: Word
    arguments: tuple[Argument, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OutcomeConclusion:
    """`then screen(payment: p) is "block" because "..."`."""

    decision: Word
    arguments: tuple[Argument, ...]
    outcome: Word
    because: Template | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DutyConclusion:
    """`then duty report(payment: p) owed by "bank" due d`."""

    duty: Word
    arguments: tuple[Argument, ...]
    owed_by: Expr | None
    due: Expr | None
    span: Span = field(compare=False, repr=False)


Conclusion: TypeAlias = FactConclusion | OutcomeConclusion | DutyConclusion


@dataclass(frozen=True, slots=True)
class RuleDeclaration:
    """`rule id "label"`: for every binding of `variables` that satisfies `condition`, the conclusions."""

    name: Word
    label: str
    cites: tuple[Word, ...]
    effective: Period | None
    variables: tuple[Variable, ...]
    condition: Expr | None
    conclusions: tuple[Conclusion, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TargetDeclaration:
    """`rule` or `rule.conclusion`: what an exception belongs to."""

    rule: Word
    conclusion: Word | None


@dataclass(frozen=True, slots=True)
class ExceptionDeclaration:
    """`exception id to targets "label"`."""

    name: Word
    label: str
    targets: tuple[TargetDeclaration, ...]
    cites: tuple[Word, ...]
    effective: Period | None
    variables: tuple[Variable, ...]
    condition: Expr | None
    must_be_proven: bool
    conclusions: tuple[Conclusion, ...]
    span: Span = field(compare=False, repr=False)


# --- decisions and judgments


@dataclass(frozen=True, slots=True)
class Need:
    """`needs calibrated|person|no judgment for "outcome"`; `kind` holds the words before `for`."""

    kind: str
    outcome: Word


@dataclass(frozen=True, slots=True)
class DecisionDeclaration:
    """`decision name(arguments) "label"`; outcomes from the highest down when ordered."""

    name: Word
    label: str
    parameters: tuple[TypedName, ...]
    cites: tuple[Word, ...]
    on: Expr | None
    ordered: bool
    outcomes: tuple[Word, ...]
    otherwise: Word | None
    undecided: Word | None
    needs: tuple[Need, ...]
    settle_duties: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ReturnsYesNo:
    """`returns yes or no`."""


@dataclass(frozen=True, slots=True)
class ReturnsChoice:
    """`returns "same" | "different"`."""

    values: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class ReturnsScore:
    """`returns score 0..10`."""

    low: Number
    high: Number
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ReturnsRecord:
    """`returns record {verdict: "adverse" | "clear"}`."""

    words: TypeWords

    @property
    def of(self) -> RecordType:
        """Its members."""
        assert isinstance(self.words.base, RecordType)
        return self.words.base


@dataclass(frozen=True, slots=True)
class ReturnsMatching:
    """`returns text matching "media.lark"`."""

    grammar: Word


Returns: TypeAlias = ReturnsYesNo | ReturnsChoice | ReturnsScore | ReturnsRecord | ReturnsMatching


@dataclass(frozen=True, slots=True)
class FieldPath:
    """`customer.name`: a field of a judgment's argument."""

    argument: Word
    member: Word
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class CheckClause:
    """`check "label" expression`."""

    label: str
    condition: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Example:
    """`example "text" is answer`."""

    text: str
    answer: Expr
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RouteStep:
    """A tier to ask; an optional one (`small?`) is used when configured."""

    tier: Word
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Risk:
    """`risk at most share with confidence level`."""

    share: Number
    confidence: Number
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class JudgmentDeclaration:
    """`judgment name(arguments) returns ...` and its clauses."""

    name: Word
    label: str
    parameters: tuple[TypedName, ...]
    returns: Returns
    ask: str | None
    cites: tuple[Word, ...]
    reads: tuple[FieldPath, ...] | None
    evidence: tuple[FieldPath, ...]
    checks: tuple[CheckClause, ...]
    examples: tuple[Example, ...]
    route: tuple[RouteStep, ...]
    risk: Risk | None
    accept_uncalibrated: bool
    reuse: Expr | None
    audit_percent: Number | None
    two_persons: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """`prefix own "IRI"`."""

    name: Word
    iri: Word


@dataclass(frozen=True, slots=True)
class RulesetDeclaration:
    """`ruleset name "label"` and its clauses."""

    name: Word
    label: str
    version: Word | None
    cites: tuple[Word, ...]
    effective: Period | None
    prefixes: tuple[Prefix, ...]
    span: Span = field(compare=False, repr=False)


Declaration: TypeAlias = (
    RulesetDeclaration
    | FactDeclaration
    | ParameterDeclaration
    | DefineDeclaration
    | RuleDeclaration
    | ExceptionDeclaration
    | DecisionDeclaration
    | JudgmentDeclaration
    | ScenarioDeclaration
)


@dataclass(frozen=True, slots=True)
class RulesFile:
    """One source file's declarations in their order."""

    source: Source = field(compare=False, repr=False)
    declarations: tuple[Declaration, ...]
