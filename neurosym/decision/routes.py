"""Whether a judge has the tiers that a ruleset's judgments name."""

from __future__ import annotations

from neurosym.judgment.budget_check import check_budget
from neurosym.judgment.judge import Judge
from neurosym.judgment.route import check_routes, data_classes
from neurosym.program.program import Program
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.failure import InputError


def checked_routes(program: Program, judge: Judge | None) -> tuple[Diagnostic, ...]:
    """What is worth a warning; InputError when a route names a tier that the judge does not have."""
    if judge is None:
        return ()
    report = Report()
    classes = data_classes(program.fact_types.values())
    check_routes(program.judgments.values(), judge.configuration, classes, report)
    check_budget(program.judgments.values(), judge.configuration, report)
    judge.check_models(program.judgments.values(), report)
    report.stop_on_errors(InputError)
    return report.warnings
