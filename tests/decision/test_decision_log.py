"""No durable entry, no decision; and what one decision leaves in the log."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pytest

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.audit.payload import SALT_BYTES
from neurosym.audit.reader import LogReader
from neurosym.decision.engine import Engine
from neurosym.decision.intake import Document
from neurosym.decision.recorder import ATTEMPT, CASE, CONFIGURATION, FACTS, GRAPH, ONTOLOGIES, PROOF, RESULT, SOURCES
from neurosym.engine.situation import LIMITS, Limits
from neurosym.judgment.answer import Claim
from neurosym.judgment.attempt import read_attempt
from neurosym.judgment.computed import Finding
from neurosym.judgment.configuration import PersonTier
from neurosym.program.judgment import Judgment
from neurosym.text.failure import InputError, LimitError, LogError
from neurosym.values.canonical import canonical_bytes, digest_bytes
from neurosym.values.unknown import Question
from tests.audit.world import open_log, problems_of
from tests.decision.case import (
    PAYMENT,
    QUOTE,
    Told,
    engine_of,
    failing,
    kinds,
    replayed,
    screening,
    supplied,
    told_judge,
    world,
)

TAG_BYTES = 16  # AES-GCM: NIST SP 800-38D
ANSWERS = {"E1": "different", "E2": "same"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.db"


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    with open_log(path) as opened:
        yield opened


# --- no durable entry, no decision


@pytest.mark.parametrize("commit", range(1, 6))
def test_a_log_that_takes_no_entry_gives_no_decision(log: Log, path: Path, commit: int) -> None:
    failing(log, commit)
    told = Told(ANSWERS)
    engine = engine_of(screening(), log, told_judge(told))
    with pytest.raises(LogError, match="the disk is full"):
        engine.decide("screen", PAYMENT, facts=world("E1", "E2"))
    assert EntryKind.DECISION not in kinds(log)
    assert log.size() == commit
    assert problems_of(path) == []


@pytest.mark.parametrize("commit", range(1, 6))
def test_an_engine_goes_on_when_its_log_takes_entries_again(log: Log, path: Path, commit: int) -> None:
    failing(log, commit, commit)
    engine = engine_of(screening(), log, told_judge(Told(ANSWERS)))
    with pytest.raises(LogError, match="the disk is full"):
        engine.decide("screen", PAYMENT, facts=world("E1", "E2"))
    assert engine.decide("screen", PAYMENT, facts=world("E1", "E2")).logged
    assert kinds(log).count(EntryKind.DECISION) == 1
    assert kinds(log).count(EntryKind.RULESET) == kinds(log).count(EntryKind.CONFIGURATION) == 1
    assert [each.difference for each in replayed(log)] == [None]
    assert problems_of(path) == []


def test_a_log_that_may_only_be_read_gives_no_decision(log: Log) -> None:
    engine = engine_of(screening(), log, told_judge(Told(ANSWERS)))
    engine.decide("screen", PAYMENT, facts=world("E1"))
    before = log.size()
    log._committer._store._connection.execute("PRAGMA query_only = ON")  # type: ignore[attr-defined]
    with pytest.raises(LogError, match="it may only be read"):
        engine.decide("screen", PAYMENT, facts=world("E1"))
    assert log.size() == before


def test_the_ruleset_and_the_tiers_are_durable_before_anybody_is_asked(log: Log) -> None:
    for commit in (1, 2):
        told = Told(ANSWERS)
        failing(log, commit, commit)
        with pytest.raises(LogError):
            engine_of(screening(), log, told_judge(told)).decide("screen", PAYMENT, facts=world("E1"))
        assert told.asked == []


def test_an_answer_whose_entry_is_not_durable_is_not_used(log: Log) -> None:
    failing(log, 3, 3)
    told = Told(ANSWERS)
    with pytest.raises(LogError):
        engine_of(screening(), log, told_judge(told)).decide("screen", PAYMENT, facts=world("E1", "E2"))
    assert told.asked == ["E1"]  # nobody is asked after an answer that could not be recorded
    assert kinds(log) == [EntryKind.RULESET, EntryKind.CONFIGURATION, EntryKind.FAILURE]


def test_an_answer_is_durable_before_the_next_question_is_asked(path: Path) -> None:
    durable: list[int] = []

    def find(judgment: Judgment, question: Question) -> Finding:
        del judgment, question
        with LogReader.open(path) as reader:  # another connection sees only what is durable
            durable.append(kinds(reader).count(EntryKind.ANSWER))
        return Finding(Claim("same", (QUOTE,)))

    with open_log(path) as log:
        engine_of(screening(), log, told_judge(find)).decide("screen", PAYMENT, facts=world("E1", "E2", "E3"))
    assert durable == [0, 1, 2]


def test_an_interrupt_while_a_tier_is_asked_leaves_a_log_that_goes_on(log: Log, path: Path) -> None:
    told, interrupts = Told(ANSWERS), [KeyboardInterrupt]

    def find(judgment: Judgment, question: Question) -> Finding:
        if told.asked and interrupts:
            raise interrupts.pop()
        return told.find(judgment, question)

    engine = engine_of(screening(), log, told_judge(find))
    with pytest.raises(KeyboardInterrupt):
        engine.decide("screen", PAYMENT, facts=world("E1", "E2"))
    assert EntryKind.DECISION not in kinds(log)
    assert engine.decide("screen", PAYMENT, facts=world("E1", "E2")).outcome == "block"
    assert problems_of(path) == []
    assert [each.difference for each in replayed(log)] == [None]


def test_a_decision_without_a_log_says_so() -> None:
    decision = engine_of(screening()).decide("screen", PAYMENT, facts=world())
    assert decision.logged is False
    assert decision.json["logged"] is False


def test_to_decide_without_a_log_must_be_spelled_out() -> None:
    with pytest.raises(TypeError, match="log"):
        Engine(screening())  # type: ignore[call-arg]


def test_a_decision_with_its_entry_says_so(log: Log) -> None:
    decision = engine_of(screening(), log).decide("screen", PAYMENT, facts=world())
    assert decision.logged is True
    assert decision.json["logged"] is True
    assert log.decision(decision.id).kind is EntryKind.DECISION


def test_refused_input_leaves_no_decision_and_asks_nobody(log: Log) -> None:
    told = Told(ANSWERS)
    engine = engine_of(screening(), log, told_judge(told))
    with pytest.raises(InputError):
        engine.decide("screen", {"payment": {"id": "PAY-1"}}, facts=world("E1"))
    assert EntryKind.DECISION not in kinds(log)
    assert told.asked == []


# --- what is in the log


def test_the_entries_of_a_decision_stand_in_the_order_of_their_use(log: Log) -> None:
    engine = engine_of(screening(), log, told_judge(Told(ANSWERS)))
    engine.decide("screen", PAYMENT, facts=world("E1", "E2"))
    engine.decide("screen", PAYMENT, facts=world())
    assert kinds(log) == [
        EntryKind.RULESET,
        EntryKind.CONFIGURATION,
        EntryKind.ANSWER,
        EntryKind.ANSWER,
        EntryKind.DECISION,
        EntryKind.DECISION,  # ruleset and tiers stand in the log once
    ]


def test_without_tiers_there_is_no_configuration_to_record(log: Log) -> None:
    engine_of(screening(), log).decide("screen", PAYMENT, facts=world("E1"))
    assert kinds(log) == [EntryKind.RULESET, EntryKind.DECISION]


def test_the_envelope_of_a_decision(log: Log) -> None:
    rules = screening()
    decision = engine_of(rules, log, told_judge(Told(ANSWERS))).decide("screen", PAYMENT, facts=world("E1", "E2"))
    entry = log.decision(decision.id)
    assert entry.effects == (3, 4)
    assert entry.previous is None
    assert entry.on == "2026-03-02"
    assert entry.outcome == "block"
    assert entry.codes == ("block",)
    assert entry.actor == "engine"
    assert entry.digests["program"] == rules.digest == log.entry(1).digests["program"]
    assert entry.digests["engine"] == decision.digests["engine"]
    assert entry.digests["input"] == entry.payload_digest(CASE)
    assert entry.digests["facts"] == entry.payload_digest(FACTS)
    assert entry.result == entry.payload_digest(RESULT)


def test_an_undecided_entry_says_so_and_names_no_rule(log: Log) -> None:
    decision = engine_of(screening(), log).decide("screen", PAYMENT, facts=world("E1"))
    entry = log.decision(decision.id)
    assert (entry.outcome, entry.codes) == ("undecided", ())


def test_the_payloads_hold_all_that_replay_needs(log: Log) -> None:
    rules = screening()
    decision = engine_of(rules, log, told_judge(Told(ANSWERS))).decide("screen", PAYMENT, facts=world("E2"))
    entry = log.decision(decision.id)
    assert log.content(entry, RESULT) == decision.result_bytes
    assert log.content(entry, PROOF) == decision.proof_bytes
    assert log.content(entry, CASE) == canonical_bytes(
        {
            "v": 2,
            "decision": "screen",
            "request": {"name": "request", "content": {"payment": dict(PAYMENT["payment"])}},
            "on": None,
            "graph": False,
            "ruleset": 1,
            "configuration": 2,
            "limits": asdict(LIMITS),
            "asked_on": "2026-03-02",
        }
    )
    assert b"LISTED E2" in log.content(entry, FACTS)
    assert {link.name for link in entry.payloads} == {CASE, FACTS, RESULT, PROOF}
    assert rules.sources[0].text.encode() in log.content(log.entry(1), SOURCES).replace(b"\\n", b"\n").replace(
        b'\\"', b'"'
    )
    assert log.content(log.entry(1), ONTOLOGIES) == b"[]"
    assert log.content(log.entry(2), CONFIGURATION) == b'{"tier":{"local":{"kind":"computed"}}}'


def test_an_answer_entry_holds_the_raw_response_and_names_its_decision(log: Log) -> None:
    decision = engine_of(screening(), log, told_judge(Told(ANSWERS))).decide("screen", PAYMENT, facts=world("E2"))
    entry = log.entry(3)
    assert (entry.kind, entry.decision, entry.actor) == (EntryKind.ANSWER, decision.id, "local")
    attempt = read_attempt(log.content(entry, ATTEMPT))
    assert attempt.tier == "local"
    assert attempt.response is not None
    assert b'"answer":"same"' in attempt.response


def test_a_decision_over_a_graph_holds_its_snapshot(log: Log) -> None:
    engine = engine_of(screening(), log)
    turtle = b"<urn:a> <urn:b> <urn:c> ."
    knowledge = engine.know([Document("facts.json", world())], [("world.ttl", turtle)])
    decision = engine.decide("screen", PAYMENT, facts=knowledge)
    entry = log.decision(decision.id)
    assert entry.digests["graph"] == knowledge.graph_digest == decision.digests["graph"]
    assert log.content(entry, GRAPH) == b"<urn:a> <urn:b> <urn:c> .\n"


def test_facts_that_decisions_share_are_stored_once(log: Log) -> None:
    engine = engine_of(screening(), log)
    knowledge = engine.know(world("E1"))
    first, second = (engine.decide("screen", PAYMENT, facts=knowledge) for _ in range(2))
    other = engine.decide("screen", PAYMENT, facts=engine.know(world("E1")))
    digests = [log.decision(each.id).payload_digest(FACTS) for each in (first, second, other)]
    assert digests[0] == digests[1] != digests[2]  # equal facts of another reading do not show that they are equal


def test_a_failure_leaves_an_entry_of_its_own(log: Log) -> None:
    engine = engine_of(screening(rules=SEEN), log, limits=Limits(facts_max=0))
    with pytest.raises(LimitError):
        engine.decide("screen", PAYMENT, facts=world())
    last = list(log.entries())[-1]
    assert last.kind is EntryKind.FAILURE
    assert last.decision is not None
    assert last.outcome == "more than 0 derived facts (facts_max); the last by `seen` in the stratum of `Seen`"


SEEN = """
derived Seen
  party:  Party  key

rule seen
  cite  "x"
  for   p: Party
  then  Seen(party: p)

rule seen_blocks
  cite  "x"
  for   p: Payment, s: Seen
  when  s.party = p.payer
  then  screen(payment: p) is "block"
"""


def envelopes(log: Log) -> list[bytes]:
    with log.store.reading() as reading:
        return [row.envelope for row in reading.entries(0, 1000)]


def test_envelopes_give_nobody_away(log: Log, tmp_path: Path) -> None:
    judge = told_judge(Told({"E2": "unclear"}), PersonTier("person", "reviews.db"), folder=tmp_path)
    engine = engine_of(screening(), log, judge)
    answer = supplied("same", "E1", by="Ada Reviewer", quotes=(QUOTE,))
    facts = world("E1", "E2", "E3")
    decision = engine.decide("screen", PAYMENT, facts=facts, answers=[answer], request_id="request of CUST-7")
    open_ = engine.decide("screen", PAYMENT, facts=world("E3"))
    questions = [str(question["id"]) for question in open_.questions if isinstance(question, dict)]
    assert questions
    secrets = ["CUST-7", "Karimi", "PAY-1", "LISTED", "E1", "E2", "E3", "A1234567", "Ada Reviewer", "request of"]
    secrets += questions
    for one in (decision, open_):
        secrets += [str(one.digests[name]) for name in ("input", "facts", "answers")]
        secrets += [one.result_digest, digest_bytes(one.proof_bytes)]
    written = b"\n".join(envelopes(log)).decode()
    assert [secret for secret in secrets if secret in written] == []


def test_no_digest_in_an_envelope_is_that_of_guessable_bytes(log: Log) -> None:
    engine_of(screening(), log, told_judge(Told(ANSWERS))).decide(
        "screen", PAYMENT, facts=world("E1", "E2"), request_id="R-1"
    )
    written = b"\n".join(envelopes(log)).decode()
    count = 0
    for entry in log.entries():
        for link in entry.payloads:
            content = log.payload(link)
            with log.store.reading() as reading:
                stored = reading.payload(link.digest) or b""
            assert len(stored) == SALT_BYTES + len(content) + TAG_BYTES
            assert link.digest == f"sha256:{sha256(stored).hexdigest()}"
            assert sha256(content).hexdigest() not in written
            count += 1
    assert count == 10


def test_each_payload_has_a_salt_of_its_own(log: Log) -> None:
    engine = engine_of(screening(), log)
    first, second = (engine.decide("screen", PAYMENT, facts=world()) for _ in range(2))
    assert first.result_bytes == second.result_bytes
    assert log.decision(first.id).result != log.decision(second.id).result


def test_the_key_and_the_log_stay_the_owners(path: Path) -> None:
    with open_log(path) as log:
        engine_of(screening(), log).decide("screen", PAYMENT, facts=world())
    assert stat.S_IMODE(path.with_name("decisions.db.key").stat().st_mode) == 0o600


# --- a request that comes again


def test_a_retry_returns_the_logged_decision(log: Log) -> None:
    told = Told(ANSWERS)
    engine = engine_of(screening(), log, told_judge(told))
    first = engine.decide("screen", PAYMENT, facts=world("E1", "E2"), request_id="R-1")
    size, asked = log.size(), len(told.asked)
    again = engine.decide("screen", PAYMENT, facts=world("E1", "E2"), request_id="R-1")
    assert again.json == first.json
    assert again.logged
    assert log.size() == size
    assert len(told.asked) == asked


def test_a_retry_at_another_engine_returns_the_logged_decision(log: Log, path: Path) -> None:
    first = engine_of(screening(), log, told_judge(Told(ANSWERS))).decide(
        "screen", PAYMENT, facts=world("E2"), request_id="R-1"
    )
    with open_log(path) as other:
        again = engine_of(screening(), other, told_judge(Told({"E2": "different"}))).decide(
            "screen", PAYMENT, facts=world("E2"), request_id="R-1"
        )
    assert again.json == first.json


def test_another_request_is_another_decision(log: Log) -> None:
    engine = engine_of(screening(), log)
    ids = {engine.decide("screen", PAYMENT, facts=world(), request_id=each).id for each in ("R-1", "R-2")}
    ids.add(engine.decide("screen", PAYMENT, facts=world()).id)
    assert len(ids) == 3


def test_a_request_that_failed_is_not_taken_for_answered(log: Log) -> None:
    engine = engine_of(screening(), log, told_judge(Told(ANSWERS)))
    failing(log, 4, 4)
    with pytest.raises(LogError):
        engine.decide("screen", PAYMENT, facts=world("E2"), request_id="R-1")
    assert engine.decide("screen", PAYMENT, facts=world("E2"), request_id="R-1").outcome == "block"


def test_a_retry_that_overtakes_the_first_gives_the_one_that_was_logged(log: Log) -> None:
    overtaking = engine_of(screening(), log, told_judge(Told(ANSWERS)))
    early: list[str] = []

    def find(judgment: Judgment, question: Question) -> Finding:
        early.append(overtaking.decide("screen", PAYMENT, facts=world("E2"), request_id="R-1").id)
        return Told(ANSWERS).find(judgment, question)

    engine = engine_of(screening(), log, told_judge(find))
    decision = engine.decide("screen", PAYMENT, facts=world("E2"), request_id="R-1")
    assert [decision.id] == early
    assert kinds(log).count(EntryKind.DECISION) == 1


def test_one_request_id_for_two_different_requests_is_refused(log: Log) -> None:
    engine = engine_of(screening(), log)
    engine.decide("screen", PAYMENT, facts=world(), request_id="R-1")
    other = {"payment": {**PAYMENT["payment"], "id": "PAY-2"}}
    with pytest.raises(InputError) as refused:
        engine.decide("screen", other, facts=world(), request_id="R-1")
    assert [found.code for found in refused.value.diagnostics] == ["NS530"]
