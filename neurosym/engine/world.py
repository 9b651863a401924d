"""The world of an evaluation: the model so far, the parameters of the day, the answers at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TypeAlias

from neurosym.engine.effort import Effort, place_of
from neurosym.engine.extension import Entry, Extension
from neurosym.engine.join import Plan, bindings, plan
from neurosym.engine.situation import LIMITS, Limits, Situation
from neurosym.feel.evaluation import Evaluator
from neurosym.feel.extent import failed, plain, reasons_of, union
from neurosym.feel.typed import Definition, Join
from neurosym.feel.world import Environment, Read
from neurosym.program.judgment import Judgment
from neurosym.program.program import Program
from neurosym.program.rule import ConcludeFact, Conclusion
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

# What a judgment with its arguments asks, as far as facts that were given tell.
Questions: TypeAlias = dict[tuple[str, tuple[Value, ...]], Question | Unknown]


class ModelWorld:
    """What expressions see of a model while it is being computed, and afterwards."""

    def __init__(
        self, program: Program, situation: Situation, extensions: Mapping[str, Extension], limits: Limits = LIMITS
    ) -> None:
        self.program = program
        self.situation = situation
        self.extensions = extensions
        self.limits = limits
        self.effort = Effort(limits)
        self._efforts: dict[tuple[str, int], Effort] = {}
        self.evaluator = self.noting(None)
        self._plans: dict[int, tuple[Join, Plan]] = {}  # the join is kept, so that its id stays its own
        self.questions: Questions = {}
        self._rests: dict[tuple[int, str], tuple[Join, Join]] = {}

    def noting(self, reads: list[Read] | None) -> Evaluator:
        """An evaluator of this world that notes what values rest on."""
        return Evaluator(self, reads, items_max=self.limits.items_max, look=lambda more: self.effort.look(more))

    def begin(self, provision: str, conclusion: Conclusion) -> None:
        """Count anew what is looked at, for this provision."""
        self.effort = Effort(self.limits, partial(place_of, self.program, provision, conclusion))

    def resume(self, provision: str, conclusion: Conclusion) -> None:
        """Go on counting what is looked at to find the facts that this provision concludes, round after round."""
        name = provision, id(conclusion)
        if not isinstance(conclusion, ConcludeFact) or name not in self._efforts:
            self.begin(provision, conclusion)
            self._efforts[name] = self.effort
        self.effort = self._efforts[name]

    def forget_efforts(self) -> None:
        """Count anew what is looked at, for all provisions."""
        self._efforts.clear()

    def bindings(self, join: Join, environment: Environment) -> Iterator[tuple[Environment, Truth]]:
        """Every binding of the join that is true or unknown."""
        if id(join) not in self._plans:
            self._plans[id(join)] = (join, plan(join))
        return bindings(self._plans[id(join)][1], environment, self.extensions.__getitem__, self.evaluator)

    def without(self, join: Join, name: str) -> Join:
        """The join with one variable taken to be bound already."""
        key = (id(join), name)
        if key not in self._rests:
            variables = tuple(each for each in join.variables if each[0] != name)
            self._rests[key] = (join, Join(variables, join.condition))
        return self._rests[key][1]

    def entries(self, of: Reference) -> Iterator[Entry]:
        """The contents that stand side by side for a key."""
        return iter(self.extensions[of.type].contents(of.key))

    def member(self, of: Reference, name: str) -> Value:
        """The field's value over all contents that stand side by side for the key."""
        entries = list(self.extensions[of.type].contents(of.key))
        if not entries:
            return self._member_of_none(of, name)
        values = [entry.fact.fields[name] for entry in entries]
        if any(entry.is_certain for entry in entries):
            doubts = frozenset[object]().union(*(entry.reasons for entry in entries))
            return union(values, frozenset(doubts))  # type: ignore[arg-type]
        if all(MissingFact(of) in entry.reasons for entry in entries):
            return values[0]
        unnamed = self.extensions[of.type].unnamed
        if unnamed is not None and of.key not in unnamed.fact.found:  # the unnamed fact may be this one
            entries.append(unnamed)
            values.append(unnamed.fact.fields[name])
        return Unknown(frozenset().union(*(entry.reasons for entry in entries)) | reasons_of(*values))

    def _member_of_none(self, of: Reference, name: str) -> Value:
        unnamed = self.extensions[of.type].unnamed
        if unnamed is not None:
            return unnamed.fact.fields[name]
        return failed(f"no {of.type} with this key", NOWHERE)

    def domain(self, type_name: str, name: str) -> Domain:
        """What the field's declared constraint allows."""
        return self.program.fact_types[type_name].by_name[name].domain

    def parameter(self, name: str) -> Value:
        """The parameter's value on the day."""
        parameter = self.program.parameters[name]
        dated = parameter.on(self.situation.on)
        return dated.value if dated else failed(f"`{name}` has no value before its first date", parameter.span)

    def definition(self, name: str) -> Definition:
        """A definition of the program."""
        return self.program.definitions[name]

    # --- judgments

    def answer(self, judgment: str, arguments: tuple[Value, ...]) -> Value:
        """The accepted answer, else unknown over the allowed answers: an open question, or not yet one."""
        declared = self.program.judgments[judgment]
        domain = declared.domain
        asked = self.question(declared, arguments)
        if isinstance(asked, Unknown):
            return Unknown(asked.reasons, domain)
        if asked in self.situation.answers:
            return self.situation.answers[asked]
        standing = self.situation.standings.get(asked, Standing.OPEN)
        return Unknown(frozenset({Asked(asked, standing)}), domain)

    def question(self, judgment: Judgment, arguments: tuple[Value, ...]) -> Question | Unknown:
        """The question about these facts; unknown while an argument, or something it reads, is not known."""
        if any(self.program.fact_types[of].is_derived for _, of in judgment.parameters):
            return self._question(judgment, arguments)
        name = (judgment.name, arguments)  # facts that were given stay as they are
        found = self.questions.get(name)
        if found is None:
            found = self.questions[name] = self._question(judgment, arguments)
        return found

    def _question(self, judgment: Judgment, arguments: tuple[Value, ...]) -> Question | Unknown:
        named: dict[str, Fact | Reference] = {}
        for (name, _), argument in zip(judgment.parameters, arguments, strict=True):
            if isinstance(argument, Unknown):
                return argument
            if argument is None:
                return failed(f"`{name}` is null", judgment.span)
            assert isinstance(argument, (Fact, Reference))
            if isinstance(argument, Fact) and argument.unnamed:
                return Unknown(reasons_of(*argument.fields.values()))
            named[name] = argument
        content: list[tuple[str, Value | Absent]] = []
        for name, member in (*judgment.reads, *judgment.evidence):
            value = self._content(named[name], member)
            if isinstance(value, Unknown):
                return value
            content.append((f"{name}.{member}", value))
        references = tuple((name, _reference(each)) for name, each in named.items())
        return Question(judgment.name, references, tuple(content))

    def _content(self, of: Fact | Reference, member: str) -> Value | Absent:
        value = of.fields[member] if isinstance(of, Fact) else self.member(of, member)
        if isinstance(value, Unknown) and value.reasons == {MissingValue(_reference(of), member)}:
            return ABSENT
        return plain(value)


def _reference(of: Fact | Reference) -> Reference:
    return of.reference if isinstance(of, Fact) else of
