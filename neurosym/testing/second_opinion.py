"""Scenarios through both engines: each world's models, checked by durable-rules."""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.engine.evaluator import Evaluate
from neurosym.engine.model import Model
from neurosym.engine.second.opinion import Disagrees, Opinion, SecondOpinion
from neurosym.program.program import Program
from neurosym.program.scenario import Scenario
from neurosym.testing.counter_example import counter_example
from neurosym.testing.scenario import findings
from neurosym.testing.script import ScriptedPanel
from neurosym.text.failure import DiagnosticsError


@dataclass(frozen=True, slots=True)
class ScenarioOpinion:
    """The opinion on one model of a scenario; where it is another, the scenario that shows it."""

    scenario: Scenario
    opinion: Opinion
    counter_example: str | None = None


def second_opinions(
    program: Program, scenario: Scenario, evaluate: Evaluate, second: SecondOpinion
) -> tuple[ScenarioOpinion, ...]:
    """What durable-rules makes of every model of the scenario. A world that is refused at intake has none."""
    try:
        models = _models(program, scenario, evaluate)
    except DiagnosticsError:  # expected or not, `neurosym test` says
        return ()
    return tuple(_opinion(program, scenario, second.on(model), model) for model in models)


def _models(program: Program, scenario: Scenario, evaluate: Evaluate) -> list[Model]:
    found = findings(program, scenario, ScriptedPanel(scenario.judged), evaluate)
    decided = [each.deliberation.model for each in found.decisions.values() if each.deliberation is not None]
    return list({id(model): model for model in (*found.models, *decided)}.values())


def _opinion(program: Program, scenario: Scenario, opinion: Opinion, model: Model) -> ScenarioOpinion:
    if not isinstance(opinion, Disagrees):
        return ScenarioOpinion(scenario, opinion)
    label = f"A second opinion differs: {scenario.label}"
    situation = model.world.situation
    shown = counter_example(program, situation, opinion.differences, scenario.judged, label)
    return ScenarioOpinion(scenario, opinion, shown)
