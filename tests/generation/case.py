"""A case: a whole ruleset as text, facts as JSON, answers by arguments, and what is decided about whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from neurosym.check.compilation import Checked
from neurosym.decision.deliberation import Case as Decided
from neurosym.decision.intake import Document, Intake, take_in, take_in_standing
from neurosym.decision.possible_questions import open_questions
from neurosym.decision.situation import situation_of
from neurosym.engine.model import Model
from neurosym.engine.reference import evaluate
from neurosym.engine.situation import Situation
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Decision, Program
from neurosym.text.span import Source
from neurosym.values.canonical import Json
from neurosym.values.encoding import wire
from neurosym.values.unknown import Question
from neurosym.values.value import Reference, Value

DECISION = "screen"


@dataclass(frozen=True)
class Case:
    """Input as an author and a caller would write it. `answers` maps a judgment and its argument keys to an answer."""

    rules: str
    facts: Mapping[str, Json]
    request: Mapping[str, Json]
    answers: tuple[tuple[str, tuple[Json, ...], str | bool], ...] = ()

    @cached_property
    def checked(self) -> Checked:
        return compile_ruleset([Source("generated.rules", self.rules)])

    @property
    def program(self) -> Program:
        return self.checked.program

    @property
    def decision(self) -> Decision:
        return self.program.decisions[DECISION]

    @cached_property
    def intake(self) -> Intake:
        facts = [Document("facts", dict(self.facts))]
        return take_in(
            self.program,
            self.decision,
            Document("request", dict(self.request)),
            take_in_standing(self.program, facts),
        )

    @property
    def subject(self) -> tuple[Reference, ...]:
        return self.intake.subject

    @cached_property
    def situation(self) -> Situation:
        """The situation with every given answer to a question that comes up in place."""
        return answered(self.program, self.unanswered, self.answer_to)

    @cached_property
    def unanswered(self) -> Situation:
        """The situation before anybody was asked."""
        return situation_of(self.program, self.decision, self.intake, None)

    @cached_property
    def model(self) -> Model:
        return evaluate(self.program, self.situation)

    @property
    def decided(self) -> Decided:
        return Decided("case", self.program, self.decision, self.subject, self.unanswered)

    def answer_to(self, question: Question) -> Value:
        """The given answer, or None."""
        keys = tuple(wire(reference) for _, reference in question.args)
        return next((answer for name, args, answer in self.answers if (name, args) == (question.judgment, keys)), None)

    def __str__(self) -> str:
        return f"{self.rules}\n{dict(self.facts)}\n{dict(self.request)}\n{self.answers}"


def answered(program: Program, situation: Situation, answer_to: Callable[[Question], Value]) -> Situation:
    """The situation once every question that comes up and has an answer is answered."""
    answers: dict[Question, Value] = dict(situation.answers)
    while True:
        situation = replace(situation, answers=answers)
        new = {each: answer_to(each) for each in open_questions(evaluate(program, situation)) if each not in answers}
        new = {question: answer for question, answer in new.items() if answer is not None}
        if not new:
            return situation
        answers = {**answers, **new}
