"""Whether a condition can hold at all: it is evaluated over facts of which only the declarations are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from neurosym.check.extent import Extent
from neurosym.feel.evaluation import Evaluator
from neurosym.feel.typed import Definition, DefinitionCall, Join, TypedExpr
from neurosym.feel.world import Environment
from neurosym.program.judgment import Judgment
from neurosym.program.program import Parameter
from neurosym.program.schema import FactType
from neurosym.values.unknown import Domain, OneOf, Unknown
from neurosym.values.value import Fact, Reference, Truth, Value

FOLLOWED_MAX = 1_000  # operations of a definition that is looked into wherever it is called


@dataclass(frozen=True, slots=True)
class AnyWorld:
    """Stands for every world: any number of facts, every field anything that its declaration allows."""

    types: Mapping[str, FactType]
    parameters: Mapping[str, Parameter]
    definitions: Mapping[str, Definition]
    judgments: Mapping[str, Judgment]
    extents: Mapping[str, Extent]  # of the definitions

    def can_hold(self, condition: TypedExpr, variables: Mapping[str, str]) -> bool:
        """False when the condition is false in every world, for all facts that the variables may stand for."""
        environment = {name: self._any_fact(of) for name, of in variables.items()}
        return _Following(self).value(condition, environment) is not False

    def bindings(self, join: Join, environment: Environment) -> Iterator[tuple[Environment, Truth]]:
        """One binding, to facts that may or may not exist, unless the condition can never hold for them."""
        extended = {**environment, **{name: self._any_fact(of) for name, of in join.variables}}
        if join.condition is None or _Following(self).value(join.condition, extended) is not False:
            yield extended, Unknown(frozenset())

    def member(self, of: Reference, name: str) -> Value:
        """Anything that the field allows."""
        return Unknown(frozenset(), self.domain(of.type, name))

    def domain(self, type_name: str, name: str) -> Domain:
        """What the field's declared constraint allows."""
        return self.types[type_name].by_name[name].domain

    def parameter(self, name: str) -> Value:
        """Any of the values that the parameter ever has."""
        values = frozenset(dated.value for dated in self.parameters[name].values)
        return Unknown(frozenset(), OneOf(values))

    def answer(self, judgment: str, arguments: tuple[Value, ...]) -> Value:
        """Any answer."""
        del arguments
        return Unknown(frozenset(), self.judgments[judgment].domain)

    def definition(self, name: str) -> Definition:
        """A definition of the ruleset."""
        return self.definitions[name]

    def _any_fact(self, of: str) -> Fact:
        fields: dict[str, Value] = {field.name: Unknown(frozenset(), field.domain) for field in self.types[of].fields}
        return Fact(of, (), fields, unnamed=True)


class _Following(Evaluator):
    """Evaluates conditions in any world. What a large definition gives may be anything: it is not looked into."""

    __slots__ = ()
    world: AnyWorld

    def _definition(self, expr: DefinitionCall, env: Environment) -> Value:
        if self.world.extents[expr.name].operations > FOLLOWED_MAX:
            return Unknown(frozenset())
        return super()._definition(expr, env)

    cases: ClassVar[Mapping[type, Callable[[Any, Any, Environment], Value]]] = {
        **Evaluator.cases,
        DefinitionCall: _definition,
    }
