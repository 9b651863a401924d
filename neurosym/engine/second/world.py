"""What guards see of the facts: bindings in loops, members, parameters, answers."""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.engine.second.box import COMBINATIONS_MAX, OutsideBoxError, Refusal
from neurosym.engine.second.holding import Holdings
from neurosym.engine.second.stage import FieldIndex, Stage, Stages, Tests, candidates, staged
from neurosym.engine.situation import Situation
from neurosym.feel.evaluation import Evaluator
from neurosym.feel.extent import failed, plain, reasons_of, union
from neurosym.feel.kleene import both
from neurosym.feel.typed import Definition, Join
from neurosym.feel.world import Environment
from neurosym.program.judgment import Judgment
from neurosym.program.program import Program
from neurosym.text.span import NOWHERE
from neurosym.values.unknown import (
    ABSENT,
    Absent,
    Asked,
    Domain,
    MissingFact,
    MissingValue,
    Question,
    Standing,
    Unknown,
)
from neurosym.values.value import Fact, Reference, Truth, Value


class LoopWorld:
    """The world of one evaluation. Totals and negations loop over the facts, up to a bound."""

    def __init__(self, program: Program, situation: Situation, holdings: Holdings) -> None:
        self.program = program
        self.situation = situation
        self.holdings = holdings
        self.evaluator = Evaluator(self)
        self._looked_at = 0
        self._stages: dict[int, tuple[Join, Stages]] = {}  # the join is kept, so that its id stays its own
        self._indexes: dict[tuple[str, str], FieldIndex] = {}

    def bindings(self, join: Join, environment: Environment) -> Iterator[tuple[Environment, Truth]]:
        """Every extension of the environment for which the join is true or unknown, with its truth."""
        if id(join) not in self._stages:
            self._stages[id(join)] = (join, staged(join))
        stages = self._stages[id(join)][1]
        yield from self._bound(stages.each, environment, self._tested(True, stages.first, environment))

    def _bound(
        self, stages: tuple[Stage, ...], environment: Environment, truth: Truth
    ) -> Iterator[tuple[Environment, Truth]]:
        if truth is False:
            return
        if not stages:
            yield environment, truth
            return
        stage, *rest = stages
        wanted = None if stage.wanted is None else plain(self.evaluator.value(stage.wanted, environment))
        for held in candidates(self.holdings, self._indexes, stage, wanted):
            self._count(stage)
            inner = {**environment, stage.name: held.fact}
            here = self._tested(both(truth, held.truth), stage.tests, inner)
            yield from self._bound(tuple(rest), inner, here)

    def _tested(self, truth: Truth, tests: Tests, environment: Environment) -> Truth:
        for test in tests:
            truth = both(truth, self.evaluator.truth(test, environment))
            if truth is False:
                return False
        return truth

    def _count(self, stage: Stage) -> None:
        self._looked_at += 1
        if self._looked_at > COMBINATIONS_MAX:
            reason = f"totals and negations look at more than {COMBINATIONS_MAX} facts, the last of `{stage.type}`"
            raise OutsideBoxError([Refusal(reason, stage.tests[0].span if stage.tests else NOWHERE)])

    def member(self, of: Reference, name: str) -> Value:
        """The field over all contents of the key; unknown while no fact is certain to have it."""
        held = self.holdings.contents(of)
        unnamed = self.holdings.unnamed(of.type)
        if not held:
            return unnamed.fact.fields[name] if unnamed else failed(f"no {of.type} with this key", NOWHERE)
        values = [each.fact.fields[name] for each in held]
        doubts = reasons_of(*(each.truth for each in held))
        if any(each.is_certain for each in held):
            return union(values, doubts)
        if MissingFact(of) in doubts:  # a fact that was referred to has no other content
            return values[0]
        if unnamed is not None and of.key not in unnamed.fact.found:  # it may be this one
            doubts |= unnamed.reasons
            values.append(unnamed.fact.fields[name])
        return Unknown(doubts | reasons_of(*values))

    def domain(self, type_name: str, name: str) -> Domain:
        """What the field's declared constraint allows."""
        return self.program.fact_types[type_name].by_name[name].domain

    def parameter(self, name: str) -> Value:
        """The value that holds on the day; unknown before the first."""
        values = [each.value for each in self.program.parameters[name].values if each.first <= self.situation.on]
        return values[-1] if values else failed(f"`{name}` has no value before its first date", NOWHERE)

    def definition(self, name: str) -> Definition:
        """A definition of the program."""
        return self.program.definitions[name]

    def answer(self, judgment: str, arguments: tuple[Value, ...]) -> Value:
        """The recorded answer; without one unknown over all that may be answered."""
        declared = self.program.judgments[judgment]
        allowed = declared.domain
        asked = self._question(declared, arguments)
        if isinstance(asked, Unknown):
            return Unknown(asked.reasons, allowed)
        if asked in self.situation.answers:
            return self.situation.answers[asked]
        return Unknown(frozenset({Asked(asked, self.situation.standings.get(asked, Standing.OPEN))}), allowed)

    def _question(self, judgment: Judgment, arguments: tuple[Value, ...]) -> Question | Unknown:
        """The question; unknown where it is not known what would be asked."""
        about: dict[str, Fact | Reference] = {}
        for (name, _), argument in zip(judgment.parameters, arguments, strict=True):
            match argument:
                case Reference() | Fact(unnamed=False):
                    about[name] = argument
                case Fact():
                    return Unknown(reasons_of(*argument.fields.values()))
                case Unknown():
                    return argument
                case _:
                    return failed(f"`{name}` is null", judgment.span)
        keys = {name: each.reference if isinstance(each, Fact) else each for name, each in about.items()}
        content: list[tuple[str, Value | Absent]] = []
        for name, field in (*judgment.reads, *judgment.evidence):
            of = about[name]
            value = plain(of.fields[field] if isinstance(of, Fact) else self.member(of, field))
            is_absent = isinstance(value, Unknown) and value.reasons == {MissingValue(keys[name], field)}
            if isinstance(value, Unknown) and not is_absent:
                return value
            content.append((f"{name}.{field}", ABSENT if is_absent else value))
        return Question(judgment.name, tuple(keys.items()), tuple(content))
