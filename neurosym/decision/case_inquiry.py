"""Inquiries of labelled cases, outside any decision."""

from __future__ import annotations

from datetime import date

from neurosym.decision.deliberation import check_condition
from neurosym.decision.labels import LabelledCase
from neurosym.decision.ruleset import Ruleset
from neurosym.engine.evaluator import compiled_evaluator
from neurosym.engine.fact_table import fact_set
from neurosym.engine.layout import layouts_of
from neurosym.engine.situation import Situation
from neurosym.judgment.inquiry import Inquiry
from neurosym.judgment.route import data_classes
from neurosym.program.judgment import Judgment


class CaseInquiries:
    """Makes inquiries of labelled cases, whose checks see the facts of the case."""

    def __init__(self, ruleset: Ruleset, judgment: Judgment, on: date) -> None:
        program = ruleset.program
        self._judgment = judgment
        self._trust = ruleset.trust(on)
        self._on = on
        self._evaluate = compiled_evaluator(program)
        self._layouts = layouts_of(program.fact_types)
        self._classes = data_classes(program.fact_types.values())

    def inquiry(self, case: LabelledCase) -> Inquiry:
        """The inquiry of a case."""
        model = self._evaluate(Situation(fact_set(self._layouts, case.facts), self._on))
        return Inquiry(
            self._judgment, case.question, check_condition(model), self._classes, "labelled", trust=self._trust
        )
