"""Rulesets that are out of use: nothing is decided by them, whoever tries, and what they decided stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.audit.retirement import active_retirements, reinstate_program, retire_program
from neurosym.audit.verification import verify_log
from neurosym.decision.engine import Engine
from neurosym.decision.replay import Replayer, ReplayStatus
from neurosym.text.failure import LogError, RetiredError
from neurosym.values.canonical import digest_bytes
from tests.audit.place import Place
from tests.audit.world import open_log
from tests.decision.batch_case import FACTS, rows, transfers
from tests.decision.case import PAYMENT, Told, engine_of, screening, told_judge, world


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with open_log(tmp_path / "decisions.db") as found:
        yield found


def engine(log: Log) -> Engine:
    return engine_of(screening(), log, told_judge(Told({"E1": "same"})))


def decide(by: Engine) -> None:
    by.decide("screen", PAYMENT, facts=world("E1"))


def retired(log: Log) -> list[int]:
    with log.store.reading() as reading:
        return [each.seq for each in active_retirements(reading)]


def test_a_retirement_names_the_ruleset_its_entry_and_who_did_it(log: Log) -> None:
    decide(engine(log))
    (ruleset,) = log.events(EntryKind.RULESET)
    entry = retire_program(log, screening().digest, "a wrong threshold", "Kim")
    assert (entry.kind, entry.outcome, entry.previous) == (EntryKind.RULESET_RETIRED, "retired", ruleset.seq)
    assert entry.digests == {"program": screening().digest}
    assert retired(log) == [entry.seq]
    assert verify_log(log).is_consistent


def test_a_retired_ruleset_decides_nothing_neither_in_a_running_engine_nor_in_a_new_one(log: Log) -> None:
    running = engine(log)
    decide(running)
    entry = retire_program(log, screening().digest, "a wrong threshold", "Kim")
    for each in (running, engine(log)):
        with pytest.raises(
            RetiredError, match=rf"retired by entry {entry.seq}: a wrong threshold; .*LOG {entry.seq}\)"
        ):
            decide(each)
    assert len(list(log.decisions())) == 1


def test_an_engine_of_another_process_is_stopped_too(tmp_path: Path, log: Log) -> None:
    running = engine(log)
    decide(running)
    with open_log(tmp_path / "decisions.db") as other:
        retire_program(other, screening().digest, "a wrong threshold", "Kim")
    with pytest.raises(RetiredError):
        decide(running)


def test_a_ruleset_that_is_reinstated_decides_again(log: Log) -> None:
    running = engine(log)
    decide(running)
    entry = retire_program(log, screening().digest, "a wrong threshold", "Kim")
    again = reinstate_program(log, entry.seq, "it was right", "Lee")
    assert (again.outcome, again.previous) == ("reinstated", entry.seq)
    decide(running)
    decide(engine(log))
    assert retired(log) == []
    second = retire_program(log, screening().digest, "wrong after all", "Kim")
    assert retired(log) == [second.seq]


def test_what_a_retired_ruleset_decided_replays(log: Log) -> None:
    decide(engine(log))
    retire_program(log, screening().digest, "a wrong threshold", "Kim")
    assert [each.status for each in Replayer(log).all()] == [ReplayStatus.IDENTICAL]


def test_other_rulesets_decide_as_before(log: Log) -> None:
    decide(engine(log))
    retire_program(log, screening().digest, "a wrong threshold", "Kim")
    other = engine_of(screening(rules='rule all\n  for p: Payment\n  then screen(payment: p) is "hold"\n'), log, None)
    other.decide("screen", PAYMENT, facts=world("E1"))
    assert len(list(log.decisions())) == 2


def test_what_decided_nothing_is_not_retired(log: Log) -> None:
    with pytest.raises(LogError, match="nothing in the log was decided by this ruleset"):
        retire_program(log, digest_bytes(b"another"), "why", "Kim")


def test_a_ruleset_is_retired_once_and_reinstated_once(log: Log) -> None:
    decide(engine(log))
    entry = retire_program(log, screening().digest, "why", "Kim")
    with pytest.raises(LogError, match=f"entry {entry.seq} retired this ruleset already"):
        retire_program(log, screening().digest, "why", "Lee")
    reinstate_program(log, entry.seq, "why not", "Kim")
    for seq in (entry.seq, 0):
        with pytest.raises(LogError, match=f"entry {seq} retires nothing, or was ended"):
            reinstate_program(log, seq, "why not", "Kim")


def test_retirements_stop_decisions_in_either_store(place: Place) -> None:
    with place.open() as log:
        decide(engine(log))
        retire_program(log, screening().digest, "a wrong threshold", "Kim")
        with pytest.raises(RetiredError):
            decide(engine(log))
    assert place.problems() == []


def test_rows_are_not_decided_by_a_retired_ruleset_either(log: Log) -> None:
    running = engine_of(transfers(), log)
    assert len(list(running.decide_batch("screen", rows(2), facts=FACTS))) == 1
    retire_program(log, transfers().digest, "a wrong threshold", "Kim")
    with pytest.raises(RetiredError):
        list(running.decide_batch("screen", rows(3), facts=FACTS))
