"""End to end with a real model: what it says is constrained, validated, recorded and replayed. It may well be wrong.

`pip install -e '.[dev,real-model]' && pytest -m real -n 0 -s`: needs a C++ compiler for llama.cpp; the first time takes
some minutes, the tests half of one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.audit.log import Log
from neurosym.decision.engine import Engine
from neurosym.decision.judgment_report import judgment_report
from neurosym.decision.replay import Replayer, ReplayStatus
from neurosym.decision.ruleset import Ruleset, checked_ruleset
from neurosym.judgment.configuration import Configuration, ModelTier
from neurosym.judgment.dialect import Dialect
from neurosym.judgment.judge import Judge
from neurosym.judgment.providers.probe import PROBES
from neurosym.text.span import Source
from tests.audit.world import open_log
from tests.realmodel.conftest import MODEL

pytestmark = pytest.mark.real

RULES = """
ruleset letters "Letters to a bank"

fact Letter
  id:    text  key  public
  body:  text       public
  day:   date       public

judgment complaint(letter: Letter) returns yes or no
  ask       "Does the writer of the letter complain about the bank?"
  reads     letter.id
  evidence  letter.body
  accept uncalibrated
  route     small

judgment gist(letter: Letter) returns record {topic: "card" | "loan" | "other", words: text}
  ask       "What is the letter about, and which words of it show that?"
  reads     letter.id
  evidence  letter.body
  accept uncalibrated
  route     small

judgment mood(letter: Letter) returns text matching "mood.lark"
  ask       "What is the letter about, and how angry is its writer?"
  reads     letter.id, letter.body
  accept uncalibrated
  route     small

decision calm(letter: Letter)
  on letter.day  outcomes "call" > "write"  otherwise "write"  undecided "call"

decision handle(letter: Letter)
  on letter.day  outcomes "answer" > "file"  otherwise "file"  undecided "answer"

decision sort(letter: Letter)
  on letter.day  outcomes "cards" > "rest"  otherwise "rest"  undecided "cards"

rule complained cite "Complaints policy 2"
  for   l: Letter
  when  complaint(l)
  then  handle(letter: l) is "answer"

rule angry cite "Complaints policy 4"
  for   l: Letter
  when  mood(l).anger != "none"
  then  calm(letter: l) is "call"

rule about_a_card cite "Complaints policy 3"
  for   l: Letter
  when  gist(l).topic = "card"
  then  sort(letter: l) is "cards"
"""
MOOD = """start: "topic: " topic "\\nanger: " anger
topic: "card" | "loan" | "other"
anger: "none" | "some" | "great"
"""
LETTER = {"id": "1", "body": "My card was swallowed by your machine again. I am very angry.", "day": "2026-03-02"}


@pytest.fixture(scope="module")
def rules() -> Ruleset:
    return checked_ruleset([Source("letters.rules", RULES), Source("mood.lark", MOOD)], [])


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with open_log(tmp_path / "decisions.db") as opened:
        yield opened


def engine(rules: Ruleset, log: Log, base_url: str) -> Engine:
    parameters = (("max_tokens", 200), ("temperature", 0))
    tier = ModelTier("small", base_url, MODEL, ("public",), None, 120_000, 2, parameters, dialect=None)
    return Engine(rules, log=log, judge=Judge(Configuration((tier,)), {}, {}))


def test_the_ladder_ends_at_the_grammar_of_llama_cpp(base_url: str) -> None:
    tier = ModelTier("small", base_url, MODEL, ("public",), None, 120_000, 2, (("max_tokens", 200),), dialect=None)
    (settled,) = PROBES.settled(Configuration((tier,)), {}).tiers
    assert isinstance(settled, ModelTier)
    assert settled.dialect is Dialect.CHAT_GBNF


def test_a_yes_or_no_a_text_by_grammar_and_a_record_are_asked_recorded_and_replayed(
    rules: Ruleset, log: Log, base_url: str
) -> None:
    deciding = engine(rules, log, base_url)
    asked = (("handle", {"answer", "file"}), ("calm", {"call", "write"}), ("sort", {"cards", "rest"}))
    for decision, outcomes in asked:
        assert deciding.decide(decision, {"letter": LETTER}).act_on in outcomes
    report = judgment_report(log)
    for name in ("complaint", "mood", "gist"):
        tally = report.judgments[name].tiers["small"]
        sys.stderr.write(f"{name}: {json.dumps(tally.json)}\n")
        assert tally.attempts >= 1
        assert tally.read > 0
        assert sum(tally.dispositions.values()) == 1
    assert report.judgments["mood"].tiers["small"].dispositions == {"accepted": 1}  # the grammar leaves nothing else
    assert [each.status for each in Replayer(log).all()] == [ReplayStatus.IDENTICAL] * 3
