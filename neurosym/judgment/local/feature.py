"""Hand-declared features: what an expression says of the fields that a judgment reads, as a number for a model.

```
[tier.embedded.features]
names = "similar(customer.name, entry.name)"
born = "customer.born = entry.born"
```
An expression sees the parameters of the judgment as records of the fields that it reads, and nothing else: no other
fact, and no answer. So the same question always has the same features.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from neurosym.feel.checker import Checker
from neurosym.feel.evaluation import Evaluator
from neurosym.feel.parser import parse_expression
from neurosym.feel.scope import Scope
from neurosym.feel.typed import TypedExpr
from neurosym.feel.types import Basic, FactOf, ListOf, Nullable, RecordOf, Type, type_text, without_null
from neurosym.feel.world import NO_WORLD
from neurosym.judgment.local.problems import unsuitable_feature
from neurosym.program.judgment import Judgment
from neurosym.text.diagnostic import Report
from neurosym.text.failure import LimitError
from neurosym.text.span import Source
from neurosym.values.number import number_text
from neurosym.values.unknown import Absent, MissingValue, Question, Unknown
from neurosym.values.value import Record, Value

# Pairs of a feature's name and its expression as the author wrote it.
Declared: TypeAlias = tuple[tuple[str, str], ...]
Evaluate: TypeAlias = Callable[[TypedExpr, Mapping[str, Value]], Value]
evaluate_alone: Evaluate = Evaluator(NO_WORLD).value
FEATURE_MAX = 10**15  # beyond it, a sum over all inputs would be that one number


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature with its typed expression."""

    name: str
    expression: TypedExpr


@dataclass(frozen=True, slots=True)
class Shown:
    """What a feature came to: a number, true or false, or None where that is not known."""

    name: str
    value: int | Decimal | bool | None

    @property
    def text(self) -> str | bool | None:
        """The value as documents write it."""
        return self.value if self.value is None or isinstance(self.value, bool) else number_text(self.value)

    @property
    def numbers(self) -> tuple[float, float]:
        """The value, 0 where it is not known, and 1 where it is not known."""
        return (0.0, 1.0) if self.value is None else (float(self.value), 0.0)


def typed_features(judgment: Judgment, declared: Declared, tier: str, report: Report) -> tuple[Feature, ...]:
    """The features of a judgment, those left out that are reported: NS675, or what is wrong with the expression."""
    scope = Scope(fields={}).within(_records(judgment))
    found = []
    for name, text in declared:
        source = Source(f"tier.{tier}.features.{name}", text)
        reading = Report()
        tree = parse_expression(text, source, reading)
        typed = None if tree is None else Checker(scope, reading).check(tree)
        bare = None if typed is None else without_null(typed.type)
        if typed is not None and not reading.has_errors and bare not in (Basic.NUMBER, Basic.BOOLEAN):
            reading.add(unsuitable_feature(name, f"a {type_text(typed.type)}", typed.span))
        for each in reading.diagnostics:
            report.add(each)
        if typed is not None and not reading.has_errors:
            found.append(Feature(name, typed))
    return tuple(found)


def shown_features(
    features: Sequence[Feature], question: Question, evaluate: Evaluate = evaluate_alone
) -> tuple[Shown, ...]:
    """What the features say of a question. LimitError when one says a number that is too large to be weighed."""
    environment = _environment(question)
    return tuple(Shown(each.name, _value(each.name, evaluate(each.expression, environment))) for each in features)


def _value(name: str, found: Value) -> int | Decimal | bool | None:
    if not isinstance(found, bool | int | Decimal):
        return None
    if not -FEATURE_MAX <= found <= FEATURE_MAX:
        raise LimitError(f"the feature `{name}` is beyond {FEATURE_MAX}, and a model cannot weigh it")
    return found


def _records(judgment: Judgment) -> dict[str, Type]:
    """The parameters as records of what is read of them. References are left out: what they lead to is not read."""
    members: dict[str, dict[str, Type]] = {name: {} for name, _ in judgment.parameters}
    for path, of in judgment.types:
        argument, _, member = path.partition(".")
        if not _has_reference(of):
            members[argument][member] = of
    return {name: RecordOf(tuple(found.items())) for name, found in members.items()}


def _has_reference(of: Type) -> bool:
    match of:
        case FactOf():
            return True
        case Nullable():
            return _has_reference(of.of)
        case ListOf():
            return _has_reference(of.item)
        case _:
            return False


def _environment(question: Question) -> dict[str, Value]:
    members: dict[str, list[tuple[str, Value]]] = {name: [] for name, _ in question.args}
    references = dict(question.args)
    for path, value in question.content:
        argument, _, member = path.partition(".")
        missing = Unknown(frozenset({MissingValue(references[argument], member)}))
        members[argument].append((member, missing if isinstance(value, Absent) else value))
    return {name: Record(tuple(pairs)) for name, pairs in members.items()}
