from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.decision.engine import Engine
from neurosym.decision.intake import Document
from neurosym.decision.ruleset import load
from neurosym.judgment.judge import Judge
from neurosym.text.diagnostic import Report
from neurosym.text.shipped import shipped_path
from neurosym.values.json_text import read_json
from tests.demo_world import FOLDER, demo_register

TIERS = """
[tier.local]
kind = "computed"
[tier.person]
kind = "person"
review = "reviews.db"
"""


def _json(name: str) -> object:
    return read_json((FOLDER / name).read_bytes(), name, Report())


@pytest.mark.slow
def test_every_payment_of_the_demo_ends_as_its_story_says(tmp_path: Path) -> None:
    (tmp_path / "judges.toml").write_text(TIERS, encoding="utf-8")
    judge = Judge.from_config(tmp_path / "judges.toml", {})
    engine = Engine(load(shipped_path("rulesets", "sanctions")), log=None, judge=judge)
    facts = [Document("listings.json", _json("listings.json")), Document("payments", {"Payment": []})]
    known = engine.know(facts, [("world.ttl", (FOLDER / "world.ttl").read_bytes())])
    payments = _json("payments.json")
    assert isinstance(payments, list)
    found = [engine.decide("screen", {"payment": payment}, facts=known) for payment in payments]
    told = [payment.outcome for payment in demo_register().payments]
    assert [decision.outcome or "undecided" for decision in found] == told
    assert all(decision.act_on != "release" for decision in found if decision.outcome is None)
