from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from neurosym.audit.log import Log
from neurosym.audit.newfile import create_file
from neurosym.audit.reader import LogReader
from neurosym.audit.stores.sqlite_connection import connect, ensure_wal, transaction
from neurosym.text.failure import LogError
from tests.audit.appender import (
    OPENING,
    REFUSED,
    Appender,
    append_some,
    append_until_the_disk_is_full,
    append_without_end,
    payload_of,
)
from tests.audit.world import answer, open_log, problems_of, verdict_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.db"


def test_killing_the_writer_loses_nothing_acknowledged(path: Path) -> None:
    kill_often(path, times=12)


@pytest.mark.slow
def test_killing_the_writer_a_thousand_times_loses_nothing_acknowledged(path: Path) -> None:
    kill_often(path, times=1000)


def kill_often(path: Path, times: int) -> None:
    acknowledged = 0
    for time in range(times):
        appender = Appender(append_without_end, path, f"writer {time}")
        told = [appender.next() for _ in range(1 + time % 4)]  # the first is said before the log is even open
        told += appender.kill()
        if not path.exists():
            assert told == [OPENING]
            continue
        with LogReader.open(path) as log:
            for seq, name, number in acknowledgements(told):
                assert log.content(log.entry(seq), "response") == payload_of(name, number)
                acknowledged += 1
        if time % 50 == 11:
            assert problems_of(path) == []
    assert problems_of(path) == []
    assert acknowledged >= times
    Log.open(path).close()  # and the log goes on


def acknowledgements(told: list[object]) -> list[tuple[int, str, int]]:
    return [item for item in told if isinstance(item, tuple) and item[0] != REFUSED]


def test_processes_that_begin_and_write_a_log_at_once_write_in_turn(path: Path) -> None:
    appenders = [Appender(append_some, path, name) for name in ("one", "two", "three")]
    told = [acknowledgements(appender.finish()) for appender in appenders]
    assert [len(each) for each in told] == [30, 30, 30]
    assert sorted(seq for each in told for seq, _, _ in each) == list(range(1, 91))
    with LogReader.open(path) as log:
        for seq, name, number in (item for each in told for item in each):
            assert log.content(log.entry(seq), "response") == payload_of(name, number)
    verdict = verdict_of(path)
    assert verdict.is_consistent
    assert verdict.entries == 91
    assert sorted(found.name for found in path.parent.iterdir()) == [
        "decisions.db",
        "decisions.db.key",
        "decisions.db.keys",
    ]


def test_a_disk_that_takes_no_more_gives_a_failure_and_keeps_what_was_acknowledged(path: Path) -> None:
    open_log(path).close()
    told = Appender(append_until_the_disk_is_full, path, "full").finish()
    refused = told.pop()
    assert isinstance(refused, tuple)
    assert refused[0] == REFUSED
    acknowledged = acknowledgements(told)
    assert acknowledged
    verdict = verdict_of(path)
    assert verdict.is_consistent
    assert verdict.entries == 1 + len(acknowledged)


@pytest.mark.parametrize(
    ("pragma", "undo", "words"),
    [
        ("max_page_count = 1", "max_page_count = 1000000", "the disk is full"),
        ("query_only = ON", "query_only = OFF", "it may only be read"),
    ],
)
def test_a_store_that_cannot_write_fails_and_logs_nothing(path: Path, pragma: str, undo: str, words: str) -> None:
    with open_log(path) as log:
        connection = log._committer._store._connection  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA {pragma}")
        with pytest.raises(LogError, match=words):
            log.append([answer("x" * 100_000)])
        assert log.size() == 1
        connection.execute(f"PRAGMA {undo}")
        assert log.record(answer("again")).seq == 1
    assert problems_of(path) == []


def test_a_file_system_without_write_ahead_logging_is_a_failure(path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as memory, pytest.raises(LogError, match="write-ahead logging"):
        ensure_wal(memory, path)


def test_a_file_that_cannot_be_finished_leaves_nothing_behind(path: Path) -> None:
    def write(draft: Path) -> None:
        draft.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "no space left")

    with pytest.raises(LogError, match=r"cannot create .*: no space left"):
        create_file(path, write)
    assert list(path.parent.iterdir()) == []


def test_a_file_is_never_put_in_the_place_of_another(path: Path) -> None:
    path.write_bytes(b"first")
    assert not create_file(path, lambda _: None)
    assert [found.read_bytes() for found in path.parent.iterdir()] == [b"first"]


def test_a_log_that_another_keeps_busy_is_a_failure(path: Path) -> None:
    with open_log(path) as log, open_log(path) as other:
        log._committer._store._connection.execute("PRAGMA busy_timeout = 1")  # type: ignore[attr-defined]
        busy = other._committer._store._connection  # type: ignore[attr-defined]
        busy.execute("BEGIN IMMEDIATE")
        with pytest.raises(LogError, match="another program is writing"):
            log.record(answer("same"))
        busy.execute("ROLLBACK")
        assert log.record(answer("same")).seq == 1


def test_an_interrupt_in_the_middle_leaves_a_log_that_goes_on(path: Path) -> None:
    class InterruptedClock:
        def stamp(self) -> None:
            raise KeyboardInterrupt

    with open_log(path) as log:
        ticking, log._committer._clock = log._committer._clock, InterruptedClock()  # type: ignore[assignment]
        with pytest.raises(KeyboardInterrupt):
            log.record(answer("same"))
        log._committer._clock = ticking
        assert log.record(answer("same")).seq == 1
    assert problems_of(path) == []


def test_a_transaction_left_open_by_an_interrupt_ends_with_its_connection(path: Path) -> None:
    with closing(connect(path, "mode=rwc")) as connection:
        begun = transaction(connection, "BEGIN IMMEDIATE")
        begun.__enter__()  # what an interrupt just before the body does: nobody ends it in time
        connection.close()
        begun.__exit__(None, None, None)
    with closing(connect(path, "mode=rw")) as other:
        other.execute("PRAGMA busy_timeout = 0")
        with transaction(other, "BEGIN IMMEDIATE"):  # nothing holds the file any more
            assert other.in_transaction
