"""Runs scenarios: each is a world, and every expectation about it is met or says how it is not."""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.check.compilation import Checked
from neurosym.decision.decision import Decision, assemble
from neurosym.decision.deliberation import Case, deliberate
from neurosym.decision.desk import INCOMPLETE
from neurosym.decision.intake import NO_REQUEST, Document, take_in, take_in_standing
from neurosym.decision.situation import situation_of
from neurosym.engine.evaluator import Evaluate, compiled_evaluator
from neurosym.engine.model import Model
from neurosym.feel.types import FactOf
from neurosym.program.program import Program
from neurosym.program.scenario import DecisionExpected, ErrorExpected, Scenario
from neurosym.testing.constant import wire_constant, wire_row
from neurosym.testing.expectation import Findings, unmet
from neurosym.testing.script import ScriptedPanel
from neurosym.testing.settlement import settled_model
from neurosym.text.failure import InputError, NeurosymError
from neurosym.values.canonical import Json


@dataclass(frozen=True, slots=True)
class Outcome:
    """What running a scenario gave. `failures` is empty exactly when it passed."""

    scenario: Scenario
    failures: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """True when every expectation is met."""
        return not self.failures


def run_scenarios(checked: Checked) -> tuple[Outcome, ...]:
    """What every scenario of a ruleset gives, in their order."""
    evaluate = compiled_evaluator(checked.program)
    return tuple(run_scenario(checked.program, scenario, evaluate) for scenario in checked.scenarios)


def run_scenario(program: Program, scenario: Scenario, evaluate: Evaluate) -> Outcome:
    """What one scenario gives. A failure of evaluation fails the scenario with its message."""
    script = ScriptedPanel(scenario.judged)
    wanted = {each.code for each in scenario.expected if isinstance(each, ErrorExpected)}
    try:
        found = findings(program, scenario, script, evaluate)
    except InputError as error:
        codes = {found.code for found in error.diagnostics}
        extra = [f"{found.code}: {found.message}" for found in error.diagnostics if found.code not in wanted]
        return Outcome(scenario, (*extra, *(f"expected error {code}" for code in sorted(wanted - codes))))
    except NeurosymError as error:
        return Outcome(scenario, (str(error),))
    failures = [message for each in scenario.expected for message in unmet(each, found)]
    unused = [each for each in scenario.judged if each not in script.used]
    notes = [f"{each.span}: this answer to `{each.judgment}` was not used" for each in unused]
    notes += [f"{place}: the answer was rejected: {reason}" for place, reason in sorted(script.rejected.items())]
    return Outcome(scenario, tuple(failures), tuple(notes))


def findings(program: Program, scenario: Scenario, script: ScriptedPanel, evaluate: Evaluate) -> Findings:
    """The models and decisions of the scenario's world; InputError when it is refused."""
    decisions: dict[DecisionExpected, Decision] = {}
    for number, expected in enumerate(scenario.expected):
        if isinstance(expected, DecisionExpected):
            decisions[expected] = _decision(program, scenario, expected, script, evaluate, f"scenario-{number}")
    model = None
    if scenario.on is not None:
        model = settled_model(
            program,
            take_in(program, None, NO_REQUEST, take_in_standing(program, [facts_document(program, scenario)])),
            scenario,
            script,
            evaluate,
        )
    return Findings(program, _models(model, decisions), decisions)


def _models(model: Model | None, decisions: dict[DecisionExpected, Decision]) -> tuple[Model, ...]:
    if model is not None:
        return (model,)
    return tuple(each.deliberation.model for each in decisions.values() if each.deliberation is not None)


def _decision(
    program: Program,
    scenario: Scenario,
    expected: DecisionExpected,
    script: ScriptedPanel,
    evaluate: Evaluate,
    name: str,
) -> Decision:
    decision = program.decisions[expected.decision]
    types = dict(decision.parameters)
    request: Json = {
        parameter: wire_constant(program, FactOf(types[parameter]), value) for parameter, value in expected.subject
    }
    intake = take_in(
        program,
        decision,
        Document("expect", request),
        take_in_standing(program, [facts_document(program, scenario)]),
    )
    situation = situation_of(program, decision, intake, scenario.on)
    case = Case(name, program, decision, intake.subject, situation)
    return assemble(deliberate(case, script, lambda _: None, evaluate=evaluate), {}, intake.warnings)


def facts_document(program: Program, scenario: Scenario) -> Document:
    """The scenario's world as a fact file: what it does not give is empty, unless it says that it is not known."""
    rows: dict[str, list[Json]] = {name: [] for name, of in program.fact_types.items() if not of.is_derived}
    for given in scenario.given:
        rows.setdefault(given.type, []).append(wire_row(program, program.fact_types[given.type], given.fields))
    content: dict[str, Json] = {name: list(of) for name, of in rows.items()}
    content[INCOMPLETE] = list(scenario.not_known)
    return Document(f"scenario `{scenario.label}`", content)
