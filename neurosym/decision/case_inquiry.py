"""Labelled cases put to a tier, outside any decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from itertools import islice

from neurosym.decision.deliberation import check_condition
from neurosym.decision.labels import LabelledCase
from neurosym.decision.ruleset import Ruleset
from neurosym.engine.evaluator import compiled_evaluator
from neurosym.engine.fact_table import fact_set
from neurosym.engine.layout import layouts_of
from neurosym.engine.situation import Situation
from neurosym.judgment.hearing import Consultation, hear
from neurosym.judgment.inquiry import Inquiry
from neurosym.judgment.judge import Judge
from neurosym.judgment.poll import Heard
from neurosym.judgment.route import data_classes
from neurosym.judgment.tier import Skipped, Waiting
from neurosym.program.judgment import Judgment
from neurosym.text.failure import ProviderError

ROUND = 16  # cases put to a tier at the same time, as far as it allows


class CaseInquiries:
    """Puts labelled cases to tiers; checks see the facts of the case, as of a day."""

    def __init__(self, ruleset: Ruleset, judgment: Judgment, on: date) -> None:
        program = ruleset.program
        self._judgment = judgment
        self._trust = ruleset.trust(on)
        self._on = on
        self._evaluate = compiled_evaluator(program)
        self._layouts = layouts_of(program.fact_types)
        self._classes = data_classes(program.fact_types.values())

    def heard(
        self,
        judge: Judge,
        tier: str,
        cases: Iterable[LabelledCase],
        progress: Callable[[int], None] = lambda _: None,
    ) -> list[Heard]:
        """What became of each case at the tier, in their order; `progress` is told how many are done. ProviderError
        when the tier may not be asked.
        """
        found: list[Heard] = []
        rest = iter(cases)
        while several := [*islice(rest, ROUND)]:
            asked = [Consultation(tier, self._inquiry(case)) for case in several]
            for response in hear(asked, judge.configuration, judge, lambda _: None):
                if isinstance(response, Skipped):
                    raise ProviderError(
                        f"tier `{tier}` cannot be asked about `{self._judgment.name}`: {response.reason}"
                    )
                assert not isinstance(response, Waiting)
                found.append(response)
            progress(len(found))
        return found

    def _inquiry(self, case: LabelledCase) -> Inquiry:
        model = self._evaluate(Situation(fact_set(self._layouts, case.facts), self._on))
        return Inquiry(
            self._judgment, case.question, check_condition(model), self._classes, "labelled", trust=self._trust
        )
