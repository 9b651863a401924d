"""The model of a scenario's world with all its judged answers in place."""

from __future__ import annotations

from neurosym.decision.deliberation import check_condition
from neurosym.decision.intake import Intake
from neurosym.decision.possible_questions import open_questions
from neurosym.engine.evaluator import Evaluate
from neurosym.engine.model import Model
from neurosym.engine.situation import LIMITS, Situation
from neurosym.judgment.inquiry import Inquiry
from neurosym.judgment.route import data_classes
from neurosym.program.program import Program
from neurosym.program.scenario import Scenario
from neurosym.testing.script import ScriptedPanel
from neurosym.values.unknown import Question
from neurosym.values.value import Value


def settled_model(
    program: Program, intake: Intake, scenario: Scenario, script: ScriptedPanel, evaluate: Evaluate
) -> Model:
    """The model on the scenario's day once every scripted answer to a question that came up is in place, and what
    must be proven is.
    """
    assert scenario.on is not None
    answers: dict[Question, Value] = {}
    refused: set[Question] = set()
    for _ in range(LIMITS.questions_max):
        situation = Situation(intake.facts, scenario.on, intake.incomplete, answers=answers)
        model = evaluate(situation)
        new = [each for each in open_questions(model) if each not in refused and script.find(each) is not None]
        if not new:
            return evaluate(situation, prior=model)
        for question in new:
            value = _answer(program, model, question, script)
            if value is None:
                refused.add(question)
            else:
                answers[question] = value
    raise AssertionError(scenario.label)


def _answer(program: Program, model: Model, question: Question, script: ScriptedPanel) -> Value:
    judgment = program.judgments[question.judgment]
    inquiry = Inquiry(judgment, question, check_condition(model), data_classes(program.fact_types.values()), "scenario")
    found = script.answer(inquiry, lambda _: None)
    return found.answer.value if found.answer else None
