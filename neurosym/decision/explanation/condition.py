"""Conditions with the values that a proof read: what the author wrote, and the same with figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from neurosym.decision.explanation.structure import Finding
from neurosym.decision.explanation.value import written
from neurosym.engine.extension import Entry, Extension
from neurosym.engine.model import Model
from neurosym.engine.world import ModelWorld
from neurosym.feel.evaluation import Evaluator
from neurosym.feel.typed import And, Compare, DefinitionCall, EqualTest, In, OrderTest, TypedExpr, TypedTest, WithinTest
from neurosym.feel.world import Environment
from neurosym.values.value import Value


def findings(
    condition: TypedExpr | None, environment: Environment, model: Model, premises: Iterable[Entry]
) -> tuple[Finding, ...]:
    """Every part of a condition with its values, as far as these premises show them.

    A total that grew after the conclusion was drawn is shown as the proof has it, which is why the model itself is not
    asked.
    """
    if condition is None:
        return ()
    return tuple(_Reading(Evaluator(_premise_world(model, premises))).findings(condition, environment))


class _PremiseWorld(ModelWorld):
    """The premises alone, with the answers of the whole model: a question reads more than the condition does."""

    def __init__(self, whole: ModelWorld, extensions: dict[str, Extension]) -> None:
        super().__init__(whole.program, whole.situation, extensions)
        self.whole = whole

    def answer(self, judgment: str, arguments: tuple[Value, ...]) -> Value:
        return self.whole.answer(judgment, arguments)


def _premise_world(model: Model, premises: Iterable[Entry]) -> ModelWorld:
    extensions = {name: Extension() for name in model.world.program.fact_types}
    for entry in premises:
        extensions[entry.fact.type].add(entry)
    return _PremiseWorld(model.world, extensions)


@dataclass(frozen=True, slots=True)
class _Reading:
    evaluator: Evaluator

    def findings(self, expr: TypedExpr, environment: Environment) -> Iterable[Finding]:
        match expr:
            case And():
                for part in expr.parts:
                    yield from self.findings(part, environment)
            case DefinitionCall():
                called = self.evaluator.world.definition(expr.name)
                arguments = [self.evaluator.value(each, environment) for each in expr.arguments]
                yield from self.findings(called.body, dict(zip(called.parameters, arguments, strict=True)))
            case _:
                yield Finding(source_text(expr), self.here(expr, environment))

    def here(self, expr: TypedExpr, environment: Environment) -> str:
        """The expression with its values: both sides of a comparison, else the value of the whole."""
        match expr:
            case Compare():
                return f"{self.value(expr.left, environment)} {expr.op} {self.value(expr.right, environment)}"
            case In():
                tests = [self.test(each, environment) for each in expr.tests]
                among = tests[0] if len(tests) == 1 else f"({', '.join(tests)})"
                return f"{self.value(expr.operand, environment)} in {among}"
            case _:
                return self.value(expr, environment)

    def value(self, expr: TypedExpr, environment: Environment) -> str:
        return written(self.evaluator.value(expr, environment))

    def test(self, test: TypedTest, environment: Environment) -> str:
        operand = self.value(test.operand, environment)
        match test:
            case OrderTest():
                return f"{test.op} {operand}"
            case EqualTest() | WithinTest():
                return operand


def source_text(expr: TypedExpr) -> str:
    """What the author wrote, on one line."""
    return " ".join(expr.span.text.split())
