"""Rows decided in batches: what is logged, what is given out, and what becomes of it when something fails."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from neurosym.audit.entry_kind import ENVELOPE_BYTES_MAX, EntryKind
from neurosym.audit.erasure import erase_subject
from neurosym.audit.log import Log
from neurosym.audit.row_tree import ROWS, RowTree
from neurosym.audit.verification import verify_log
from neurosym.decision.batch import run as batch_run
from neurosym.decision.batch.decided_batch import DecidedBatch
from neurosym.decision.batch.recorded_batch import RecordedBatch
from neurosym.decision.batch.replay import RowReplayer
from neurosym.decision.batch.row_record import read_row_record
from neurosym.decision.batch.sealed_rows import packed, unpacked
from neurosym.decision.engine import Engine
from neurosym.decision.replay import Replayed, Replayer, ReplayStatus
from neurosym.engine.situation import LIMITS
from neurosym.text.failure import ErasedError, InputError, LimitError, LogCorruptError, LogError
from tests.audit.world import open_log
from tests.decision.batch_case import FACTS, payloads_of, rows, transfer, transfers
from tests.decision.case import PAYMENT, Told, engine_of, failing, screening, told_judge, world

if TYPE_CHECKING:
    from tests.postgres import Server


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with open_log(tmp_path / "decisions.db") as opened:
        yield opened


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """Batches of few rows."""
    monkeypatch.setattr(batch_run.BatchRun.__init__, "__defaults__", (1, 8, 3))
    return 8


def decided(engine: Engine, given: Any, **more: Any) -> list[DecidedBatch]:
    return list(engine.decide_batch("screen", given, facts=FACTS, **more))


def replayed(log: Log) -> list[Replayed]:
    rows_of = RowReplayer(Replayer(log))
    return [each for entry in log.entries() if entry.kind is EntryKind.BATCH for each in rows_of.replayed(entry)]


def statuses(found: Sequence[Replayed]) -> set[ReplayStatus]:
    return {each.status for each in found}


def test_a_row_is_decided_as_one_decision_of_its_request_is(log: Log) -> None:
    engine = engine_of(transfers(), log)
    (batch,) = decided(engine, rows(30))
    single = [engine.decide("screen", each, facts=FACTS) for each in rows(30)]
    recorded = RecordedBatch(log, log.entry(batch.seq))
    assert [recorded.result(each) for each in batch.records] == [each.result_bytes for each in single]
    shown = [(each.outcome, each.act_on, each.status) for each in batch.records]
    assert shown == [(each.outcome, each.act_on, each.status.value) for each in single]
    assert {each.codes for each in batch.records} == {(), ("block",), ("hold",)}
    assert {each.citations for each in batch.records} == {(), ("Act 1 s. 2",), ("Act 2",)}


@pytest.mark.usefixtures("small")
def test_rows_are_cut_into_batches_by_their_number_and_each_is_one_entry(log: Log) -> None:
    batches = decided(engine_of(transfers(), log), rows(20))
    assert [(each.first, len(each.records)) for each in batches] == [(0, 8), (8, 8), (16, 4)]
    assert [each.row for batch in batches for each in batch.records] == [*range(20)]
    entries = [entry for entry in log.entries() if entry.kind is EntryKind.BATCH]
    assert [entry.seq for entry in entries] == [each.seq for each in batches]
    assert not any(entry.kind is EntryKind.DECISION for entry in log.entries())


def test_the_entry_has_the_root_over_the_row_records(log: Log) -> None:
    (batch,) = decided(engine_of(transfers(), log), rows(30))
    entry = log.entry(batch.seq)
    assert entry.digests[ROWS] == batch.root == RowTree.over(each.line for each in batch.records).digest
    assert entry.outcome == "10 block, 6 hold, 4 release, 10 undecided"
    assert entry.decision == batch.id
    assert entry.digests["program"] == transfers().digest
    assert {"input", "facts", "engine"} <= entry.digests.keys()


def test_a_log_with_batches_verifies(log: Log) -> None:
    decided(engine_of(transfers(), log), rows(30))
    assert verify_log(log).is_consistent


def test_an_envelope_takes_no_more_room_for_more_rows(log: Log) -> None:
    decided(engine_of(transfers(), log), rows(batch_run.ROWS_MAX + 1))
    with log.store.reading() as reading:
        sizes = [len(row.envelope) for row in reading.entries(2, 9)]
    assert len(sizes) == 2
    assert max(sizes) < 2_500 < ENVELOPE_BYTES_MAX


def test_nobody_is_asked_and_the_outcome_stays_open(log: Log) -> None:
    told = Told({"E1": "same"})
    engine = engine_of(screening(), log, told_judge(told))
    (batch,) = engine.decide_batch("screen", [PAYMENT], facts=world("E1"))
    assert told.asked == []
    assert (batch.records[0].status, batch.records[0].act_on, batch.undecided) == ("undecided", "hold", 1)
    assert statuses(replayed(log)) == {ReplayStatus.IDENTICAL}


def test_nothing_is_decided_without_a_log() -> None:
    with pytest.raises(ValueError, match="with a log"):
        engine_of(transfers()).decide_batch("screen", rows(1))


def test_no_rows_are_no_batch(log: Log) -> None:
    assert decided(engine_of(transfers(), log), []) == []


# --- what is refused


@pytest.mark.usefixtures("small")
def test_a_row_that_is_refused_refuses_its_batch_and_names_itself(log: Log) -> None:
    engine = engine_of(transfers(), log)
    given = rows(20)
    del given[11]["transfer"]["amount"]
    given[13]["transfer"]["amount"] = 1.5
    batches = engine.decide_batch("screen", given, facts=FACTS)
    assert next(batches).first == 0
    with pytest.raises(InputError) as refused:
        next(batches)
    assert [str(each.primary.place) for each in refused.value.diagnostics if each.primary] == [
        "rows row 13: $.transfer.amount"
    ]
    assert "nothing of this batch is logged" in refused.value.__notes__
    given[13]["transfer"]["amount"] = "1.5"
    with pytest.raises(InputError) as refused:
        decided(engine, given)
    assert [str(each.primary.place) for each in refused.value.diagnostics if each.primary] == [
        "rows row 11: $.transfer"
    ]
    assert [entry.kind for entry in log.entries()].count(EntryKind.BATCH) == 1


def test_of_many_refused_rows_the_first_few_are_told(log: Log) -> None:
    given = [transfer(each, amount=0.5) for each in range(40)]
    with pytest.raises(InputError) as refused:
        decided(engine_of(transfers(), log), given)
    places = [str(each.primary.place) for each in refused.value.diagnostics if each.primary]
    assert places == [f"rows row {at}: $.transfer.amount" for at in range(batch_run.REFUSED_MAX)]
    assert "and 30 more rows of this batch are refused" in refused.value.__notes__


def test_facts_that_are_refused_stop_everything(log: Log) -> None:
    with pytest.raises(InputError):
        list(engine_of(transfers(), log).decide_batch("screen", rows(3), facts={"Country": [{"code": "XA"}]}))
    assert log.size() == 1


def test_an_unknown_decision_is_refused(log: Log) -> None:
    with pytest.raises(InputError):
        list(engine_of(transfers(), log).decide_batch("scren", rows(3)))


def test_a_limit_ends_the_run_and_leaves_a_trace(log: Log) -> None:
    engine = engine_of(transfers(), log, limits=replace(LIMITS, facts_max=0))  # of rows that need a rule
    with pytest.raises(LimitError) as failed:
        decided(engine, rows(3))
    assert "row 2 could not be decided" in failed.value.__notes__
    kinds = [entry.kind for entry in log.entries()]
    assert kinds[-1] is EntryKind.FAILURE
    assert EntryKind.BATCH not in kinds


# --- once more


@pytest.mark.usefixtures("small")
def test_the_same_rows_again_are_not_decided_again(log: Log) -> None:
    first = decided(engine_of(transfers(), log), rows(20))
    size = log.size()
    again = decided(engine_of(transfers(), log), rows(20))
    assert [each.records for each in again] == [each.records for each in first]
    assert all(each.was_logged for each in again)
    assert log.size() == size


@pytest.mark.usefixtures("small")
def test_a_run_that_ended_between_batches_is_gone_on_with(log: Log) -> None:
    interrupted = engine_of(transfers(), log).decide_batch("screen", rows(20), facts=FACTS)
    first = next(interrupted)
    interrupted.close()
    again = decided(engine_of(transfers(), log), rows(20))
    assert [each.was_logged for each in again] == [True, False, False]
    assert again[0].records == first.records
    assert [entry.kind for entry in log.entries()].count(EntryKind.BATCH) == 3


@pytest.mark.usefixtures("small")
def test_who_mends_a_later_row_decides_that_batch_alone(log: Log) -> None:
    decided(engine_of(transfers(), log), rows(8))
    changed = [*rows(8), transfer(8, amount="7")]
    assert [each.was_logged for each in decided(engine_of(transfers(), log), changed)] == [True, False]


def test_other_facts_are_decided_anew(log: Log) -> None:
    engine = engine_of(transfers(), log)
    decided(engine, rows(3))
    other = {**FACTS, "Country": FACTS["Country"][:1]}
    (batch,) = engine.decide_batch("screen", rows(3), facts=other)
    assert not batch.was_logged


def test_another_day_is_decided_anew(log: Log) -> None:
    engine = engine_of(transfers(), log)
    decided(engine, rows(3))
    (batch,) = decided(engine, rows(3), on=date(2026, 4, 1))
    assert not batch.was_logged
    assert log.entry(batch.seq).on == "2026-04-01"


def test_a_request_id_names_the_batches_of_one_run(log: Log) -> None:
    engine = engine_of(transfers(), log)
    (first,) = decided(engine, rows(3), request_id="march")
    (second,) = decided(engine, rows(3), request_id="april")
    (again,) = decided(engine, rows(3), request_id="march")
    assert (first.was_logged, second.was_logged, again.was_logged) == (False, False, True)
    assert again.id == first.id
    with pytest.raises(InputError, match="NS530"):
        decided(engine, rows(4), request_id="march")
    with pytest.raises(InputError, match="NS530"):
        decided(engine, [*rows(2), transfer(9)], request_id="march")


def test_a_decision_and_a_batch_do_not_share_a_request_id(log: Log) -> None:
    engine = engine_of(transfers(), log)
    decided(engine, rows(3), request_id="march")
    with pytest.raises(InputError, match="NS530"):
        engine.decide("screen", transfer(1), facts=FACTS, request_id="march rows from 0")
    engine.decide("screen", transfer(1), facts=FACTS, request_id="may rows from 0")
    with pytest.raises(InputError, match="NS530"):
        decided(engine, rows(3), request_id="may")


@pytest.mark.usefixtures("small")
def test_no_result_is_given_out_whose_entry_is_not_durable(log: Log) -> None:
    engine = engine_of(transfers(), log)
    batches = engine.decide_batch("screen", rows(20), facts=FACTS)
    first = next(batches)
    store = failing(log, 1, 1)
    with pytest.raises(LogError, match="disk is full"):
        next(batches)
    assert store.commits == 1
    again = decided(engine, rows(20))
    assert [each.was_logged for each in again] == [True, False, False]
    assert again[0].records == first.records


KILLED = """
import os, sys
from pathlib import Path
from neurosym.audit.log import Log
from neurosym.decision.batch.run import BatchRun
from neurosym.decision.engine import Engine
from tests.decision.batch_case import FACTS, rows, transfers
BatchRun.__init__.__defaults__ = (1, 8, 3)
log = Log.open(Path(sys.argv[1]))
for batch in Engine(transfers(), log=log).decide_batch("screen", rows(20), facts=FACTS):
    print(batch.id, flush=True)
    if batch.first == 8:
        os.kill(os.getpid(), 9)
"""


@pytest.mark.usefixtures("small")
def test_a_run_that_was_killed_has_logged_what_it_gave_out(tmp_path: Path) -> None:
    path = tmp_path / "killed.db"
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == -9
    with Log.open(path) as left:
        assert verify_log(left).is_consistent
        again = decided(engine_of(transfers(), left), rows(20))
    assert [each.id for each in again[:2]] == done.stdout.split()
    assert [each.was_logged for each in again] == [True, True, False]


# --- whose data are in it


def test_no_payload_tells_of_a_person(log: Log) -> None:
    batches = decided(engine_of(transfers(), log), rows(30))
    assert not [content for content in payloads_of(log, batches) if b"Payer" in content]


def test_erasing_a_person_makes_the_rows_of_that_person_unreadable_and_no_others(log: Log) -> None:
    (batch,) = decided(engine_of(transfers(), log), rows(30))
    before = RecordedBatch(log, log.entry(batch.seq)).lines
    erase_subject(log, "Payer 3", "asked for", "Ines")
    recorded = RecordedBatch(log, log.entry(batch.seq))
    assert recorded.lines == before
    found = replayed(log)
    erased = [each.row for each in found if each.status is ReplayStatus.ERASED]
    assert erased == [number for number in range(30) if number % 7 == 3]
    assert statuses([each for each in found if each.row not in erased]) == {ReplayStatus.IDENTICAL}
    with pytest.raises(ErasedError):
        recorded.input(recorded.records[3])
    assert verify_log(log).is_consistent


def test_an_erased_row_does_not_keep_a_run_from_being_repeated(log: Log) -> None:
    engine = engine_of(transfers(), log)
    decided(engine, rows(30), request_id="march")
    erase_subject(log, "Payer 3", "asked for", "Ines")
    (again,) = decided(engine, rows(30), request_id="march")
    assert again.was_logged


def test_equal_rows_have_records_that_nobody_can_tell_to_be_equal(log: Log) -> None:
    (batch,) = decided(engine_of(transfers(), log), [transfer(1), transfer(1)])
    one, other = batch.records
    assert one.input.digest != other.input.digest
    assert one.input.commitment != other.input.commitment
    assert one.result.commitment != other.result.commitment


# --- the forms


def test_a_row_record_is_read_as_it_was_written(log: Log) -> None:
    (batch,) = decided(engine_of(transfers(), log), rows(30))
    assert [read_row_record(each.line) for each in batch.records] == [*batch.records]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"row":', b'"raw":'),
        (b'"row":', b'"more":1,"row":'),
        (b'"status":"decided"', b'"status":1'),
        (b"sha256:", b"sha257:"),
        (b"hmac-sha256:", b"hmac-sha255:"),
        (b'"key":"', b'"kex":"'),
        (b"{", b"["),
    ],
)
def test_another_row_record_is_refused(log: Log, old: bytes, new: bytes) -> None:
    (batch,) = decided(engine_of(transfers(), log), rows(1))
    with pytest.raises(LogCorruptError, match="row of a batch"):
        read_row_record(batch.records[0].line.replace(old, new, 1))


def test_ciphertexts_are_unpacked_as_they_were_packed() -> None:
    several = [b"", b"a", b"b" * 300]
    assert unpacked(packed(several)) == several
    for end in set(range(len(packed(several)))) - {0, 4, 9}:
        with pytest.raises(LogCorruptError):
            unpacked(packed(several)[:end])


def test_results_in_arrow_are_the_row_records(log: Log) -> None:
    pytest.importorskip("pyarrow")
    (batch,) = decided(engine_of(transfers(), log), rows(3))
    assert batch.rows.to_pylist()[1] == {
        "row": 1,
        "decision": f"{batch.id}-1",
        "status": "decided",
        "outcome": "block",
        "act_on": "block",
        "reasons": ["block"],
        "citations": ["Act 1 s. 2"],
    }
    assert batch.rows.column("outcome").to_pylist() == ["release", "block", None]


# --- in PostgreSQL


@pytest.mark.usefixtures("small")
def test_batches_in_postgresql_are_the_same(postgres: Server, log: Log, tmp_path: Path) -> None:
    with Log.open(postgres.new_database(), key=tmp_path / "key", data_keys=postgres.new_database()) as other:
        found = decided(engine_of(transfers(), other), rows(20))
        in_sqlite = decided(engine_of(transfers(), log), rows(20))
        assert [each.counts for each in found] == [each.counts for each in in_sqlite]
        assert verify_log(other).is_consistent
        assert statuses(replayed(other)) == {ReplayStatus.IDENTICAL}
        erase_subject(other, "Payer 3", "asked for", "Ines")
        assert [each.row for each in replayed(other) if each.status is ReplayStatus.ERASED] == [3, 10, 17]
        assert all(each.was_logged for each in decided(engine_of(transfers(), other), rows(20)))
