"""Scenarios: names resolved, values read; whether the values are right is for intake to say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from neurosym.check import problems
from neurosym.check import scenario_tree as tree
from neurosym.check.answer import answer_value
from neurosym.check.constants import constant
from neurosym.check.symbols import Symbols
from neurosym.feel import problems as feel_problems
from neurosym.feel.tree import Argument, Expr, ListLiteral, Word
from neurosym.program.scenario import (
    DecisionExpected,
    DutyExpected,
    ErrorExpected,
    Expected,
    FactExpected,
    GivenFact,
    JudgedAnswer,
    MissingExpected,
    Named,
    OpenExpected,
    OutcomeExpected,
    Part,
    PossibleExpected,
    QuestionExpected,
    Scenario,
    StandingExpected,
)
from neurosym.text.diagnostic import Report
from neurosym.values.temporal import Date
from neurosym.values.value import Value


@dataclass(frozen=True, slots=True)
class ScenarioChecker:
    """Checks scenarios against what is declared. `provisions` are the ids of rules and exceptions."""

    symbols: Symbols
    provisions: Collection[str]
    report: Report

    def scenario(self, declared: tree.ScenarioDeclaration) -> Scenario:
        """The scenario with its constants."""
        expected = tuple(found for each in declared.expected if (found := self._expected(each)) is not None)
        if declared.on is None:
            for each in expected:
                if isinstance(each, FactExpected) or (isinstance(each, DutyExpected) and not _has_decision(expected)):
                    self.report.add(problems.scenario_without_day(each.span))
                    break
        for word in declared.not_known:
            self._is_type(word)
        return Scenario(
            declared.label.text,
            declared.on,
            tuple(self._given(each) for each in declared.given),
            tuple(word.text for word in declared.not_known),
            tuple(self._judged(each) for each in declared.judged),
            expected,
            declared.label.span,
        )

    # --- the world

    def _given(self, declared: tree.Given) -> GivenFact:
        self._is_type(declared.type)
        return GivenFact(declared.type.text, self._named(declared.arguments), declared.span)

    def _judged(self, declared: tree.Judged) -> JudgedAnswer:
        names = self._judgment_names(declared.judgment)
        args = self._named(declared.arguments, declared.judgment, names)
        answer = self._answer(declared.judgment.text, declared.answer)
        return JudgedAnswer(declared.judgment.text, args, answer, declared.quotes, declared.span)

    def _answer(self, judgment: str, expr: Expr) -> Value:
        """The answer, if the judgment can give it."""
        returns = self.symbols.returns.get(judgment)
        return None if returns is None else answer_value(expr, returns, self.report)

    # --- what must hold

    def _expected(self, declared: tree.Expectation) -> Expected | None:
        match declared:
            case tree.ExpectFact():
                return self._fact(declared)
            case tree.ExpectDuty():
                return self._duty(declared)
            case tree.ExpectDecision():
                return self._decision(declared)
            case tree.ExpectOpen():
                return OpenExpected(self._open(declared.part), declared.span)
            case tree.ExpectError():
                return ErrorExpected(declared.code.text, declared.span)

    def _fact(self, declared: tree.ExpectFact) -> FactExpected | None:
        if not self._is_type(declared.type):
            return None
        names = tuple(self.symbols.fact_types[declared.type.text].by_name)
        fields = self._named(declared.arguments, declared.type, names, is_whole=False)
        return FactExpected(declared.type.text, fields, declared.standing, self._by(declared.by), declared.span)

    def _duty(self, declared: tree.ExpectDuty) -> DutyExpected | None:
        of = self.symbols.duties.get(declared.duty.text)
        if of is None:
            self.report.add(problems.unknown_conclusion(declared.duty.text, declared.duty.span, self.symbols.duties))
            return None
        names = tuple(field.name for field in of.fields)
        fields = self._named(declared.arguments, declared.duty, names, is_whole=False)
        due = self._value(declared.due) if declared.due is not None else None
        if due is not None and not isinstance(due, Date):
            self.report.add(problems.not_constant(declared.span))
            due = None
        return DutyExpected(declared.duty.text, fields, declared.is_negated, due, self._by(declared.by), declared.span)

    def _decision(self, declared: tree.ExpectDecision) -> DecisionExpected | None:
        name = declared.decision
        parameters = self.symbols.decisions.get(name.text)
        if parameters is None:
            known = (*self.symbols.decisions, *self.symbols.fact_types)
            self.report.add(problems.unknown_conclusion(name.text, name.span, known))
            return None
        subject = self._named(declared.arguments, name, tuple(parameter for parameter, _ in parameters))
        outcomes = self.symbols.outcomes[name.text]
        parts = tuple(self._part(part, outcomes) for part in declared.parts)
        return DecisionExpected(name.text, subject, parts, declared.span)

    def _part(
        self,
        part: tree.IsOutcome | tree.IsStanding | tree.IsPossible | tree.IsMissing | tree.Asks,
        outcomes: tuple[str, ...],
    ) -> Part:
        match part:
            case tree.IsOutcome():
                self._is_outcome(part.outcome, outcomes)
                return OutcomeExpected(part.outcome.text, self._by(part.by))
            case tree.IsStanding():
                return StandingExpected(part.standing)
            case tree.IsPossible():
                self._is_outcome(part.outcome, outcomes)
                return PossibleExpected(part.outcome.text)
            case tree.IsMissing() | tree.Asks():
                return self._open(part)

    def _open(self, part: tree.IsMissing | tree.Asks) -> MissingExpected | QuestionExpected:
        if isinstance(part, tree.Asks):
            if part.judgment is None:
                return QuestionExpected(None, ())
            names = self._judgment_names(part.judgment)
            return QuestionExpected(part.judgment.text, self._named(part.arguments, part.judgment, names))
        if not self._is_type(part.type):
            return MissingExpected(part.type.text, None, None)
        of = self.symbols.fact_types[part.type.text]
        keys = tuple(field.name for field in of.key_fields)
        key = self._named(part.key, part.type, keys) if part.key is not None else None
        if part.member is not None and part.member.text not in of.by_name:
            found = feel_problems.unknown_field(part.member.text, part.member.span, of.name, tuple(of.by_name))
            self.report.add(found)
        return MissingExpected(part.type.text, key, part.member.text if part.member else None)

    # --- names and values

    def _is_type(self, word: Word) -> bool:
        known = word.text in self.symbols.fact_types
        if not known:
            self.report.add(feel_problems.unknown_type(word.text, word.span, self.symbols.fact_types))
        return known

    def _is_outcome(self, word: Word, outcomes: tuple[str, ...]) -> None:
        if word.text not in outcomes:
            self.report.add(feel_problems.outside_choice(word.text, word.span, outcomes))

    def _by(self, word: Word | None) -> str | None:
        if word is not None and word.text not in self.provisions:
            self.report.add(problems.unknown_target(word.text, word.span, self.provisions))
        return word.text if word else None

    def _judgment_names(self, word: Word) -> tuple[str, ...]:
        found = self.symbols.scope.judgments.get(word.text)
        if found is None:
            self.report.add(feel_problems.unknown_function(word.text, word.span, self.symbols.scope.judgments))
            return ()
        return tuple(name for name, _ in found.parameters)

    def _named(
        self,
        arguments: Sequence[Argument],
        owner: Word | None = None,
        names: tuple[str, ...] = (),
        *,
        is_whole: bool = True,
    ) -> Named:
        """Names and constants; against the declared names when an owner is given, all of them when `is_whole`."""
        found: dict[str, Value] = {}
        for place, argument in enumerate(arguments):
            label = argument.label or Word(names[place] if place < len(names) else "", argument.value.span)
            if owner is not None and names and label.text not in names:
                self.report.add(feel_problems.unknown_argument(label.text, label.span, owner.text, names))
            elif label.text in found:
                self.report.add(feel_problems.repeated_argument(label.text, label.span, owner.text if owner else "it"))
            found[label.text] = self._value(argument.value)
        for name in names if is_whole else ():
            if owner is not None and name not in found:
                self.report.add(feel_problems.missing_argument(name, owner.span, owner.text))
        return tuple(found.items())

    def _value(self, expr: Expr) -> Value:
        """The constant; a list may mix types, because the key of several fields is written as one."""
        if isinstance(expr, ListLiteral):
            return tuple(self._value(item) for item in expr.items)
        found = constant(expr, self.report)
        return found[1] if found else None


def _has_decision(expected: tuple[Expected, ...]) -> bool:
    return any(isinstance(each, DecisionExpected) for each in expected)
