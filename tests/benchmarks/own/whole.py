"""Whole decisions beside the evaluation in them: small requests against a few rules, and the sanctions ruleset."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from neurosym.text.shipped import shipped_path
from tests.benchmarks import ours
from tests.benchmarks.contenders.neurosym import conditions_rules
from tests.benchmarks.trial import Ready, repeatable
from tests.benchmarks.work import conditions

SIZES = (10, 100, 1_000)  # rules
PAYMENTS = (15, 30, 60)  # of the demo world, which are all there are
WORLD = ("rulesets", "sanctions", "demo")

Row = Mapping[str, object]
Answer = list[tuple[str, ...]]  # of each request, the outcomes that are possible


@dataclass(frozen=True, slots=True)
class Work:
    """An engine, what it knows, and requests for one of its decisions."""

    desk: ours.Desk
    decision: str
    requests: tuple[Row, ...]

    @property
    def count(self) -> int:
        """How many decisions one run makes."""
        return len(self.requests)


def small(size: int) -> Work:
    """Requests of 17 fields, and nothing else known."""
    of = conditions.work(size)
    desk = ours.Desk.of_rules(conditions_rules(of.rules))
    return Work(desk, "screen", tuple({"payment": each} for each in of.requests))


def sanctions(size: int) -> Work:
    """So many payments of the demo world, which are all screened against its graph and its list."""
    folder = shipped_path(*WORLD)
    facts = json.loads((folder / "listings.json").read_bytes())
    payments = json.loads((folder / "payments.json").read_bytes())[:size]
    desk = ours.Desk.of_folder(folder.parent, facts, [("world.ttl", (folder / "world.ttl").read_bytes())])
    return Work(desk, "screen", tuple({"payment": each} for each in payments))


def decided_run(work: Work) -> Ready[Answer]:
    """All of it: intake, road, proof and decision."""
    return repeatable(lambda: [work.desk.decided(work.decision, each) for each in work.requests])


def evaluated_run(work: Work) -> Ready[Answer]:
    """The road alone, over requests that were taken in before."""
    cases = [work.desk.case(work.decision, each) for each in work.requests]
    return repeatable(lambda: [work.desk.evaluated(each) for each in cases])
