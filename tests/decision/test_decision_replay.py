"""Any decision can be executed again from the log alone, and whatever is not as it was is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.decision import recorder as names
from neurosym.decision.decision import Decision
from neurosym.decision.replay import Replayed, Replayer, ReplayStatus, decision_in_log
from neurosym.decision.ruleset import Ruleset
from neurosym.engine.situation import Limits
from neurosym.judgment.configuration import PersonTier
from neurosym.text.failure import ReplayError
from neurosym.values.canonical import digest_bytes
from tests.audit.world import open_log, verdict_of
from tests.decision.case import (
    PAYMENT,
    QUOTE,
    Told,
    engine_of,
    replayed,
    screening,
    supplied,
    told_judge,
    world,
)
from tests.decision.forger import Contents, Forge, forge_log, with_draft, with_effects, with_payload
from tests.decision.tiers import abstained, computed_says, model_says, raw_judge

ANSWERS = {"E1": "different", "E2": "same", "E3": "unclear"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.db"


def logged(path: Path, *worlds: str, rules: Ruleset | None = None, limits: Limits | None = None) -> list[Decision]:
    """The decisions of a log at `path`, one for each world: the letters of its list entries."""
    with open_log(path) as log:
        judge = told_judge(Told(ANSWERS))
        engine = engine_of(rules or screening(), log, judge, *([limits] if limits else []))
        return [engine.decide("screen", PAYMENT, facts=world(*each.split())) for each in worlds]


def replayed_forgery(path: Path, forge: Forge) -> list[Replayed]:
    """The decisions of a forged log executed again; the forgery itself verifies, for it is signed with the key."""
    forged = path.with_name("forged.db")
    forge_log(path, forged, forge)
    assert verdict_of(forged).is_consistent
    with LogReader.open(forged) as log:
        return replayed(log)


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new)

    return change


# --- identical


def test_every_decision_of_a_log_is_identical(path: Path) -> None:
    decisions = logged(path, "", "E1", "E2", "E3", "E1 E2", "E1 E3", "E9", "E1 E2 E3 E9")
    assert {(each.status.value, each.outcome) for each in decisions} == {
        ("decided", "release"),
        ("decided", "hold"),
        ("decided", "block"),
        ("undecided", None),
    }
    with LogReader.open(path) as log:
        found = replayed(log)
    assert [each.decision for each in found] == [each.id for each in decisions]
    assert {each.status for each in found} == {ReplayStatus.IDENTICAL}
    assert all(each.agrees for each in found)


def test_the_engine_with_its_kept_strata_and_a_fresh_one_agree(path: Path) -> None:
    logged(path, "E1", "E2", "E1 E2", "E1")
    with LogReader.open(path) as log:
        for entry in list(log.decisions()):
            assert Replayer(log).replay(entry).status is ReplayStatus.IDENTICAL


def test_decisions_by_several_rulesets_replay_each_by_its_own(path: Path) -> None:
    stricter = screening(needs='needs person for "release"')
    with open_log(path) as log:
        judge = told_judge(Told(ANSWERS))
        outcomes = [
            engine_of(rules, log, judge).decide("screen", PAYMENT, facts=world("E1")).outcome
            for rules in (screening(), stricter, screening())
        ]
        assert outcomes == ["release", None, "release"]
        assert {each.status for each in replayed(log)} == {ReplayStatus.IDENTICAL}


def test_the_day_a_caller_pinned_is_replayed(path: Path) -> None:
    with open_log(path) as log:
        decision = engine_of(screening(), log).decide("screen", PAYMENT, facts=world(), on=date(2020, 2, 29))
        assert decision.on == date(2020, 2, 29)
        (found,) = replayed(log)
    assert found.status is ReplayStatus.IDENTICAL


def test_supplied_answers_and_rejected_ones_are_replayed(path: Path) -> None:
    with open_log(path) as log:
        engine = engine_of(screening(), log, told_judge(Told(ANSWERS)))
        answers = [supplied("same", "E1"), supplied("same", "E2", quotes=[QUOTE])]  # the first lacks its quote
        decision = engine.decide("screen", PAYMENT, facts=world("E1", "E2", "E3"), answers=answers)
        assert decision.outcome == "block"
        tiers = [log.entry(seq).actor for seq in log.decision(decision.id).effects]
        assert tiers == ["supplied", "supplied", "local"]
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]


def test_a_question_that_waits_for_a_person_is_replayed_without_the_queue(path: Path, tmp_path: Path) -> None:
    queues = tmp_path / "queues"
    queues.mkdir()
    with open_log(path) as log:
        judge = told_judge(Told(ANSWERS), PersonTier("person", "reviews.db"), folder=queues)
        decision = engine_of(screening(), log, judge).decide("screen", PAYMENT, facts=world("E9"))
        shutil.rmtree(queues)
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]
    assert decision.status.value == "undecided"
    assert not queues.exists()


def test_a_queue_that_could_not_be_used_is_replayed(path: Path, tmp_path: Path) -> None:
    judge = told_judge(Told(ANSWERS), PersonTier("person", "missing/reviews.db"), folder=tmp_path)
    with open_log(path) as log:
        decision = engine_of(screening(), log, judge).decide("screen", PAYMENT, facts=world("E9"))
        assert (decision.status.value, decision.act_on) == ("undecided", "hold")
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]


def test_replay_asks_nobody_and_writes_nothing(path: Path) -> None:
    told = Told(ANSWERS)
    with open_log(path) as log:
        engine_of(screening(), log, told_judge(told)).decide("screen", PAYMENT, facts=world("E1", "E2"))
        asked, size = list(told.asked), log.size()
        replayed(log)
        assert told.asked == asked
        assert log.size() == size


def test_a_decision_of_the_log_is_given_as_it_was(path: Path) -> None:
    (decision,) = logged(path, "E1 E2")
    with LogReader.open(path) as log:
        again = decision_in_log(log, log.decision(decision.id))
    assert again.json == decision.json | {"logged": True}
    assert again.proof_bytes == decision.proof_bytes


def test_the_verdict_on_a_replay_as_json(path: Path) -> None:
    (decision,) = logged(path, "E2")
    with LogReader.open(path) as log:
        (found,) = replayed(log)
    assert found.json == {
        "decision": decision.id,
        "seq": log_seq(path, decision),
        "status": "identical",
        "difference": None,
        "message": None,
    }


def log_seq(path: Path, decision: Decision) -> int:
    with LogReader.open(path) as log:
        return log.decision(decision.id).seq


# --- what was changed is named


def test_a_changed_response_changes_the_result(path: Path) -> None:
    logged(path, "E2")
    (found,) = replayed_forgery(
        path, with_payload(names.ATTEMPT, swap(b'\\"answer\\":\\"same', b'\\"answer\\":\\"different'))
    )
    assert found.status is ReplayStatus.DIFFERENT
    assert not found.agrees
    assert found.difference == 'result: $.act_on was "block" and is "release"'


def test_only_the_decision_that_used_a_changed_response_differs(path: Path) -> None:
    _, second, _ = logged(path, "E1", "E2", "E1")
    change = with_payload(names.ATTEMPT, swap(b'\\"answer\\":\\"same', b'\\"answer\\":\\"different'), second.id)
    assert [each.agrees for each in replayed_forgery(path, change)] == [True, False, True]


def test_a_changed_quote_is_examined_again(path: Path) -> None:
    logged(path, "E2")
    (found,) = replayed_forgery(path, with_payload(names.ATTEMPT, swap(b"Passport", b"Pass-Port")))
    assert found.difference == 'result: $.act_on was "block" and is "hold"'


def test_a_response_that_is_no_longer_one_is_examined_again(path: Path) -> None:
    logged(path, "E2")
    (found,) = replayed_forgery(path, with_payload(names.ATTEMPT, swap(b'{\\"answer', b'{\\"answered')))
    assert found.status is ReplayStatus.DIFFERENT
    assert found.difference == 'result: $.act_on was "block" and is "hold"'


def test_an_attempt_that_is_none_is_named(path: Path) -> None:
    logged(path, "E2")
    (found,) = replayed_forgery(path, with_payload(names.ATTEMPT, lambda _: b"[]"))
    assert found.status is ReplayStatus.DIFFERENT
    assert found.difference == "the recorded attempt does not have the members of one"


def test_a_missing_effect_is_named(path: Path) -> None:
    (decision,) = logged(path, "E1 E2")
    (found,) = replayed_forgery(path, with_effects(lambda effects: effects[:-1], decision.id))
    assert found.status is ReplayStatus.DIFFERENT
    assert (
        found.difference == "effect missing: tier `local` is asked `same` (attempt 1), and no recorded answer is left"
    )


def test_an_effect_left_over_is_named(path: Path) -> None:
    _, decision = logged(path, "E3", "E1 E2")
    (_, found) = replayed_forgery(path, with_effects(lambda effects: (*effects, 3), decision.id))
    assert found.status is ReplayStatus.DIFFERENT
    assert found.difference == "effect left over: entry 3 (tier `local`) was not asked for"


def test_an_effect_that_is_there_twice_is_named(path: Path) -> None:
    (decision,) = logged(path, "E1 E2")
    (found,) = replayed_forgery(path, with_effects(lambda effects: (*effects, effects[-1]), decision.id))
    assert found.status is ReplayStatus.DIFFERENT
    assert found.difference == "effect left over: entry 4 (tier `local`) was not asked for"


def test_in_which_order_different_questions_were_answered_decides_nothing(path: Path) -> None:
    (decision,) = logged(path, "E1 E2")
    (found,) = replayed_forgery(path, with_effects(lambda effects: effects[::-1], decision.id))
    assert found.status is ReplayStatus.IDENTICAL


@pytest.mark.parametrize("forged", [(3, 5), (3, 5, 4)])
def test_attempts_are_counted_from_the_first(path: Path, forged: tuple[int, ...]) -> None:
    responses = [None, model_says("different")]
    judge = raw_judge(lambda tier, _: abstained() if tier == "local" else responses.pop(0), "small", attempts=2)
    with open_log(path) as log:
        decision = engine_of(screening(clauses="accept uncalibrated"), log, judge).decide(
            "screen", PAYMENT, facts=world("E1")
        )
        assert decision.outcome == "release"
        assert log.decision(decision.id).effects == (3, 4, 5)
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]
    (found,) = replayed_forgery(path, with_effects(lambda _: forged, decision.id))
    assert found.status is ReplayStatus.DIFFERENT
    assert found.difference is not None
    assert found.difference.startswith(
        "effect out of order: tier `small` is asked `same` (attempt 1), and entry 5 holds"
    )


def test_an_answer_that_was_refused_twice_is_replayed_so(path: Path) -> None:
    """A model gets one correction, however many attempts it may have."""
    says = [model_says("same"), model_says("same"), model_says("different")]  # the first two lack their quote
    judge = raw_judge(lambda tier, _: abstained() if tier == "local" else says.pop(0), "small", attempts=3)
    with open_log(path) as log:
        decision = engine_of(screening(clauses="accept uncalibrated"), log, judge).decide(
            "screen", PAYMENT, facts=world("E1")
        )
        assert (decision.act_on, len(says)) == ("hold", 1)
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]


def test_nobody_is_asked_again_until_the_answer_pleases(path: Path) -> None:
    """A second answer, of another decision, was put after one that had been accepted."""
    says = ["same", "different"]
    judge = raw_judge(lambda _, __: computed_says(says.pop(0), QUOTE))
    with open_log(path) as log:
        engine = engine_of(screening(), log, judge)
        first, second = (engine.decide("screen", PAYMENT, facts=world("E1")) for _ in range(2))
        assert (first.outcome, second.outcome) == ("block", "release")
        (extra,) = log.decision(second.id).effects
    # The later answer cannot stand in the earlier decision; the earlier one can be put into the later.
    found = replayed_forgery(path, with_effects(lambda effects: (3, *effects), second.id))[1]
    assert found.status is ReplayStatus.DIFFERENT
    assert found.difference == f"effect left over: entry {extra} (tier `local`) was not asked for"


def test_an_effect_that_is_no_answer_is_a_difference_or_a_failure(path: Path) -> None:
    (decision,) = logged(path, "E2")
    forged = path.with_name("forged.db")
    forge_log(path, forged, with_effects(lambda _: (1,), decision.id))
    with LogReader.open(forged) as log, pytest.raises(Exception, match="entry 1 has no payload `attempt`"):
        replayed(log)


@pytest.mark.parametrize(
    ("name", "old", "new", "difference"),
    [
        (
            names.RESULT,
            b'"outcome":"block","p',
            b'"outcome":"release","p',
            'result: $.outcome was "release" and is "block"',
        ),
        (
            names.RESULT,
            b"LISTED E2",
            b"NOBODY E2",
            'result: $.reasons[0].text was "Ali Karimi is NOBODY E2" and is "Ali',
        ),
        (
            names.RESULT,
            b'"not_proven":[]',
            b'"not_proven":["x"]',
            "result: $.not_proven has 1 items recorded and 0 execu",
        ),
        (names.RESULT, b'"missing":[],', b"", "result: $.missing is only executed"),
        (names.RESULT, b'{"act_on"', b'{"aa":1,"act_on"', "result: $.aa is only recorded"),
        (names.RESULT, b'{"act_on"', b'{ "act_on"', "result: the same content in other bytes"),
        (names.RESULT, b'{"act_on"', b'"act_on"', "result: the recorded bytes are not JSON"),
        (names.PROOF, b"PAY-1", b"PAY-2", "proof: "),
        (names.FACTS, b"LISTED E2", b"NOBODY E2", ""),
        (names.CASE, b"PAY-1", b"PAY-2", "result: $.digests.facts was"),
        (names.CASE, b'"on":null', b'"on":"2019-01-01"', 'result: $.on was "2026-03-02" and is "2019-01-01"'),
        (names.CASE, b'"decision":"screen"', b'"decision":"scream"', "NS513: unknown decision `scream`"),
        (names.CASE, b'"ruleset":1', b'"rules":1', "other members than ours in the recorded case"),
        (names.CASE, b'"request":', b'"requests":', "other members than ours in the recorded case"),
        (names.CASE, b'{"asked_on', b'["asked_on', "the recorded case is not JSON"),
        (names.CASE, b'"v":2', b'"v":3', "the recorded case is of version 3, and this neurosym reads version 2"),
        (names.CASE, b'"v":2', b'"v":2,"w":1', "other members than ours in the recorded case"),
        (names.CASE, b'"graph":false', b'"graph":null', "the recorded case has neither true nor false for `graph`"),
        (names.CASE, b'"graph":false', b'"graph":true', "the recorded case and the entry differ on whether"),
        (names.CASE, b'"on":null', b'"on":"2019-01-32"', "the recorded case has no date `on`"),
        (names.CASE, b'"facts_max":2000000', b'"facts_max":-1', "the recorded document has no number `facts_max`"),
        (
            names.CASE,
            b'"facts_max":2000000',
            b'"facts_max":2000000,"x":1',
            "other members than ours in the recorded case",
        ),
        (names.FACTS, b'"name":', b'"x":1,"name":', "other members than ours in the recorded facts"),
        (names.SOURCES, b'"name":', b'"x":1,"name":', "other members than ours in the recorded sources"),
        (
            names.SOURCES,
            b'then  screen(payment: p) is \\"hold\\"',
            b'then  screen(payment: p) is \\"block\\"',
            "the recorded sources",
        ),
        (names.SOURCES, b"rule hold", b"rule", "NS1"),
        (names.CONFIGURATION, b"local", b"other", "effect left over: entry 3 (tier `local`) was not asked for"),
    ],
)
def test_a_changed_payload_is_named(path: Path, name: str, old: bytes, new: bytes, difference: str) -> None:
    logged(path, "E2")
    (found,) = replayed_forgery(path, with_payload(name, swap(old, new)))
    assert found.status is ReplayStatus.DIFFERENT
    assert found.difference is not None
    assert found.difference.startswith(difference)


def test_a_changed_comment_in_the_sources_changes_no_decision(path: Path) -> None:
    logged(path, "E2")
    (found,) = replayed_forgery(
        path, with_payload(names.SOURCES, swap(b"ruleset trial", b"// moved\\n\\n ruleset trial"))
    )
    assert found.status is ReplayStatus.IDENTICAL


@pytest.mark.parametrize(
    "change",
    [
        lambda draft: replace(draft, outcome="release"),
        lambda draft: replace(draft, on="2019-01-01"),
        lambda draft: replace(draft, codes=("hold",)),
        lambda draft: replace(draft, result=digest_bytes(b"another result")),
        lambda draft: replace(draft, digests={**draft.digests, "input": digest_bytes(b"another input")}),
        lambda draft: replace(draft, digests={**draft.digests, "facts": digest_bytes(b"other facts")}),
    ],
    ids=["outcome", "on", "codes", "result", "input", "facts"],
)
def test_an_envelope_that_says_something_else_than_the_result_is_a_difference(
    path: Path, change: Callable[[Draft], Draft]
) -> None:
    (decision,) = logged(path, "E2")
    (found,) = replayed_forgery(path, with_draft(change, decision.id))
    assert found.status is ReplayStatus.DIFFERENT


def test_a_program_that_is_not_the_one_recorded_is_a_difference(path: Path) -> None:
    (decision,) = logged(path, "E2")
    change = with_draft(
        lambda draft: replace(draft, digests={**draft.digests, "program": digest_bytes(b"another")}), decision.id
    )
    (found,) = replayed_forgery(path, change)
    assert found.difference == "the recorded sources are not the recorded program: their digests differ"


def test_a_decision_that_does_not_give_the_same_again_is_not_given(path: Path) -> None:
    (decision,) = logged(path, "E2")
    forged = path.with_name("forged.db")
    forge_log(path, forged, with_payload(names.RESULT, swap(b'"outcome":"block","p', b'"outcome":"release","p')))
    with LogReader.open(forged) as log, pytest.raises(ReplayError, match="does not give the same result again"):
        decision_in_log(log, log.decision(decision.id))


def test_a_retry_does_not_trust_a_changed_log(path: Path) -> None:
    with open_log(path) as log:
        engine = engine_of(screening(), log, told_judge(Told(ANSWERS)))
        engine.decide("screen", PAYMENT, facts=world("E2"), request_id="R-1")
    forged = path.with_name("forged.db")
    forge_log(path, forged, with_payload(names.RESULT, swap(b'"outcome":"block","p', b'"outcome":"release","p')))
    with Log.open(forged) as log, pytest.raises(ReplayError):
        engine_of(screening(), log).decide("screen", PAYMENT, facts=world("E2"), request_id="R-1")


# --- another engine


def of_another_engine(decision: Decision) -> Forge:
    return with_draft(
        lambda draft: replace(draft, digests={**draft.digests, "engine": digest_bytes(b"another")}), decision.id
    )


def test_another_engine_is_a_mismatch_and_the_bytes_are_compared_all_the_same(path: Path) -> None:
    (decision,) = logged(path, "E2")
    (found,) = replayed_forgery(path, of_another_engine(decision))
    assert found.status is ReplayStatus.ENGINE_MISMATCH
    assert found.agrees
    assert found.difference is None


def test_an_engine_mismatch_still_names_the_difference(path: Path) -> None:
    (decision,) = logged(path, "E2")
    other = of_another_engine(decision)
    changed = with_payload(names.RESULT, swap(b"LISTED E2", b"NOBODY E2"))

    def forge(entry: Entry, contents: Contents) -> tuple[Draft, Contents]:
        return other(entry, contents)[0], changed(entry, contents)[1]

    (found,) = replayed_forgery(path, forge)
    assert found.status is ReplayStatus.ENGINE_MISMATCH
    assert found.difference is not None
    assert found.difference.startswith("result: $.reasons[0].text was")


def test_a_decision_with_limits_of_its_own_is_replayed_with_them(path: Path) -> None:
    logged(path, "E2", limits=Limits(rounds_max=7))
    with LogReader.open(path) as log:
        (found,) = replayed(log)
    assert found.status is ReplayStatus.IDENTICAL


def test_the_engine_is_no_part_of_the_result(path: Path) -> None:
    (one,) = logged(path, "E2")
    (other,) = logged(path.with_name("other.db"), "E2", limits=Limits(rounds_max=7))
    assert one.digests["engine"] != other.digests["engine"]
    assert one.result_bytes == other.result_bytes


def test_a_log_without_decisions_has_nothing_to_replay(path: Path) -> None:
    open_log(path).close()
    with LogReader.open(path) as log:
        assert replayed(log) == []
        assert {entry.kind for entry in log.entries()} == {EntryKind.START}
