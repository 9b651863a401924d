"""What `neurosym check --second-opinion` says of a ruleset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from neurosym.decision.second_opinion import opinion_line
from neurosym.engine.second.opinion import Agrees, Disagrees, Incident, Refused
from neurosym.testing.second_opinion import ScenarioOpinion
from neurosym.values.canonical import Json


@dataclass(frozen=True, slots=True)
class Comparison:
    """The opinions on the models of a ruleset's scenarios."""

    path: str
    opinions: tuple[ScenarioOpinion, ...]

    @property
    def disagreements(self) -> tuple[ScenarioOpinion, ...]:
        """Where the two engines differ."""
        return tuple(each for each in self.opinions if isinstance(each.opinion, Disagrees))

    @property
    def incidents(self) -> tuple[ScenarioOpinion, ...]:
        """Where the other engine failed."""
        return tuple(each for each in self.opinions if isinstance(each.opinion, Incident))

    @property
    def agreements(self) -> int:
        """How many models are the same."""
        return sum(isinstance(each.opinion, Agrees) for each in self.opinions)

    @property
    def refused(self) -> Counter[str]:
        """What was refused, and how often."""
        return Counter(opinion_line(each.opinion) for each in self.opinions if isinstance(each.opinion, Refused))

    @property
    def json(self) -> Json:
        """The counts, and all that is no agreement."""
        return {
            "path": self.path,
            "models": len(self.opinions),
            "agreed": self.agreements,
            "others": [
                {
                    "scenario": each.scenario.label,
                    "place": str(each.scenario.span),
                    **each.opinion.json,
                    "counter_example": each.counter_example,
                }
                for each in self.opinions
                if not isinstance(each.opinion, Agrees)
            ],
        }


def comparison_lines(of: Comparison) -> Iterator[str]:
    """The counts, every counter-example, what was refused and why, and where the other engine failed."""
    refused, failed = sum(of.refused.values()), f", {len(of.incidents)} failed" if of.incidents else ""
    counts = f"{of.agreements} agreed, {len(of.disagreements)} disagreed, {refused} refused{failed}"
    yield f"{of.path}: second opinions on the scenarios: {counts}"
    yield from (f"  {line}" + (f" ({count} times)" if count > 1 else "") for line, count in sorted(of.refused.items()))
    for each in (*of.disagreements, *of.incidents):
        yield f"{each.scenario.span}: {opinion_line(each.opinion)}"
        yield from (each.counter_example or "").splitlines()
