"""The report of a log: what was possible, relevant, asked and believed, what it cost, who said otherwise."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from neurosym.audit.log import Log
from neurosym.decision.engine import Engine
from neurosym.decision.judgment_report import judgment_report
from neurosym.decision.judgment_tally import TierTally
from neurosym.decision.review import answer_question
from neurosym.judgment.budget import Allowance, Budget
from neurosym.judgment.configuration import Configuration, ModelTier, PersonTier
from neurosym.judgment.cost import Price
from neurosym.judgment.judge import Judge
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.testing.endpoint import Endpoint
from tests.audit.world import open_log
from tests.decision.case import EMBARGO, PAYMENT, RULES, screening, world
from tests.decision.test_decision_endpoint import says_different
from tests.judgment.case import completion, model_attempt


def judge_at(endpoint: Endpoint, folder: Path, cost: str = "9") -> Judge:
    small = ModelTier("small", endpoint.base_url, "m", ("public",))
    small = replace(small, output_tokens_max=1, price=Price("USD", per_call=Decimal("0.25")))
    tiers = (small, PersonTier("person", "reviews.db"))
    return Judge(Configuration(tiers, folder, Budget("USD", day=Allowance(Decimal(cost)))), {}, {})


def test_what_was_possible_relevant_asked_and_answered_is_told_apart(tmp_path: Path) -> None:
    with Endpoint(respond=says_different) as endpoint, open_log(tmp_path / "decisions.db") as log:
        engine = Engine(screening(), log=log, judge=judge_at(endpoint, tmp_path))
        engine.decide("screen", PAYMENT, facts=world("E1", "E2", "E3"))
        found = judgment_report(log).judgments["same"]
        assert (found.possible, found.relevant, found.asked) == (3, 3, 3)
        assert (found.waiting, found.unanswered, found.answered) == (3, 0, {})
        small = found.tiers["small"]
        assert (small.attempts, small.dispositions, small.cost) == (3, {"withheld": 3}, {"USD": Decimal("0.75")})
        assert len(small.durations_ms) == 3


def test_what_cannot_change_an_outcome_is_possible_and_not_relevant(tmp_path: Path) -> None:
    with Endpoint(respond=says_different) as endpoint, open_log(tmp_path / "decisions.db") as log:
        rules = screening(rules=RULES + EMBARGO)
        engine = Engine(rules, log=log, judge=judge_at(endpoint, tmp_path))
        parties = [{"id": "CUST-7", "name": "Ali", "country": "XE"}]
        assert engine.decide("screen", PAYMENT, facts=world("E1", "E2", Party=parties)).outcome == "block"
        found = judgment_report(log)
        assert endpoint.calls == []
    tally = found.judgments["same"]
    assert (tally.possible, tally.relevant, tally.asked) == (2, 0, 0)
    assert (found.decisions, found.undecided) == (1, 0)


def reviewed(log: Log, folder: Path, answers: dict[str, str]) -> None:
    with ReviewQueue.open(folder / "reviews.db") as queue:
        for item in queue.open_items():
            (key,) = [str(value) for name, value in item.args if name == "entry"]
            answer_question(log, queue, item.question, answers[key], ["Passport A1234567"], None, "ada")


def test_a_person_who_says_otherwise_contradicts_the_model(tmp_path: Path) -> None:
    with Endpoint(respond=says_different) as endpoint, open_log(tmp_path / "decisions.db") as log:
        engine = Engine(screening(), log=log, judge=judge_at(endpoint, tmp_path))
        engine.decide("screen", PAYMENT, facts=world("E1", "E2"))
        reviewed(log, tmp_path, {"E1": "different", "E2": "same"})
        found = judgment_report(log)
    tally = found.judgments["same"]
    assert (found.decisions, tally.relevant, tally.answered) == (1, 2, {"person": 2})
    small = tally.tiers["small"]
    assert (small.attempts, small.compared, small.disagreed) == (2, 2, 1)
    assert small.disagreement_bound == Decimal("0.97468")  # the root of 0.95, rounded up
    document = found.json["judgments"]
    assert isinstance(document, dict)
    assert document["same"] == tally.json


def test_what_no_budget_had_room_for_is_refused_and_not_asked(tmp_path: Path) -> None:
    with Endpoint(respond=says_different) as endpoint, open_log(tmp_path / "decisions.db") as log:
        judge = judge_at(endpoint, tmp_path, cost="0.25")
        judge = replace(judge, configuration=replace(judge.configuration, tiers=judge.configuration.tiers[:1]))
        Engine(screening(), log=log, judge=judge).decide("screen", PAYMENT, facts=world("E1", "E2"))
        tally = judgment_report(log).judgments["same"]
    assert (tally.relevant, tally.asked, tally.unanswered) == (2, 1, 2)
    assert (tally.tiers["small"].attempts, tally.tiers["small"].refused) == (1, 1)


def test_a_request_that_questions_share_takes_its_time_once() -> None:
    tally = TierTally()
    shared = replace(model_attempt(completion("{}")), duration_ms=40, parts=2)
    tally.note(shared)
    tally.note(replace(shared, part=1))
    assert (tally.attempts, tally.durations_ms) == (2, [40])


def test_percentiles_are_of_the_nearest_rank() -> None:
    tally = TierTally(durations_ms=[*range(100, 0, -1)])
    assert [tally.percentile_ms(share) for share in (1, 50, 95, 100)] == [1, 50, 95, 100]
    assert TierTally(durations_ms=[7]).percentile_ms(50) == 7
    assert TierTally().percentile_ms(50) is None
