from __future__ import annotations

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from neurosym.audit.checkpoint import Checkpoint
from neurosym.audit.committer import DecisionLoggedError
from neurosym.audit.draft import Draft
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.key import SignerKey
from neurosym.audit.keyfile import beside, data_keys_beside, read_key
from neurosym.audit.log import Log
from neurosym.audit.note import parse_note, sign_note
from neurosym.audit.payload import PAYLOAD_BYTES_MAX, PayloadLink
from neurosym.audit.reader import LogReader
from neurosym.audit.stores.sqlite_connection import connect
from neurosym.audit.tree import leaf_hash
from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import digest_bytes
from tests.audit.world import answer, decision, open_log, problems_of, tampering, write_small_log


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.db"


def test_a_new_log_begins_with_a_start_entry_of_its_key(path: Path) -> None:
    with open_log(path) as log:
        (start,) = log.entries()
        assert start.kind is EntryKind.START
        keys = digest_bytes((log.identity.keys or "").encode())
        assert start.digests == {"key": digest_bytes(log.identity.vkey.encode()), "key store": keys}


def test_a_new_log_makes_its_key_beside_it_for_its_owner_alone(path: Path) -> None:
    open_log(path).close()
    assert beside(path).stat().st_mode & 0o777 == 0o600
    assert read_key(beside(path)).private_text().startswith("PRIVATE+KEY+neurosym-log/")


def test_a_new_log_makes_its_key_where_it_is_told(path: Path) -> None:
    Log.open(path, key=path.with_name("elsewhere.key")).close()
    assert sorted(found.name for found in path.parent.iterdir()) == [
        "decisions.db",
        "decisions.db.keys",
        "elsewhere.key",
    ]


def test_a_second_log_of_one_key_has_an_origin_of_its_own(path: Path) -> None:
    key = path.with_name("shared.key")
    with Log.open(path, key=key) as first, Log.open(path.with_name("second.db"), key=key) as second:
        assert first.identity.vkey == second.identity.vkey
        assert second.identity.origin.startswith(f"{first.identity.origin}/")


def test_entries_are_numbered_from_zero_and_read_back_as_returned(path: Path) -> None:
    with open_log(path) as log:
        logged = [log.record(answer("same")), *log.append([decision(1), decision(2)])]
        assert [entry.seq for entry in logged] == [1, 2, 3]
        assert [log.entry(entry.seq) for entry in logged] == logged
        assert list(log.entries(1)) == logged
        assert list(log.decisions()) == logged[1:]
        assert log.size() == 4


def test_an_entry_bears_the_time_of_the_clock(path: Path) -> None:
    with open_log(path) as log:
        assert log.record(answer("same")).stamp.time == "2026-03-02T09:00:01Z"
        assert log.entry(1).stamp.clock == "ticking"


def test_a_payload_is_read_back_without_its_salt(path: Path) -> None:
    with open_log(path) as log:
        entry = log.record(answer("same"))
        assert log.content(entry, "response") == b"same"
        assert log.payload(entry.link("response")) == b"same"


def test_equal_payloads_have_digests_that_do_not_show_it(path: Path) -> None:
    with open_log(path) as log:
        first, second = log.append([answer("same"), answer("same")])
        digests = {first.payload_digest("response"), second.payload_digest("response"), digest_bytes(b"same")}
    assert len(digests) == 3


def test_a_payload_that_entries_share_is_stored_once(path: Path) -> None:
    with open_log(path) as log:
        facts = log.encrypted(b"facts")
        for _ in range(3):
            log.record(Draft(kind=EntryKind.ANSWER, payloads=(("facts", facts),)))
        assert log.content(log.entry(3), "facts") == b"facts"
    assert problems_of(path) == []
    with tampering(path) as connection:
        assert connection.execute("SELECT count(*) FROM payload").fetchone() == (1,)


def test_a_log_opened_again_goes_on(path: Path) -> None:
    with open_log(path) as log:
        log.record(answer("one"))
        identity = log.identity
    with open_log(path) as log:
        assert log.record(answer("two")).seq == 2
        assert log.identity == identity
    assert problems_of(path) == []


def test_the_checkpoint_is_signed_and_of_the_whole_log(path: Path) -> None:
    with open_log(path) as log:
        log.record(answer("one"))
        note = parse_note(log.checkpoint().encode())
        assert note.is_signed_by(read_key(beside(path)).verifier)
        assert note.text.split("\n")[:2] == [log.identity.origin, "2"]
        assert log.newest_checkpoint().size == 2


def test_a_decision_is_found_by_its_id(path: Path) -> None:
    with open_log(path) as log:
        logged = log.record(decision(1))
        assert log.decision("D1") == logged
        with pytest.raises(LogError, match="no decision `D2`"):
            log.decision("D2")


def test_a_decision_is_found_by_its_request_and_the_envelope_does_not_show_it(path: Path) -> None:
    with open_log(path) as log:
        logged = log.record(decision(1, request="payment-4711"))
        assert log.request("payment-4711") == logged
        assert log.request("payment-4712") is None
    with tampering(path) as connection:
        (envelope,) = connection.execute("SELECT envelope FROM entries WHERE seq = 1").fetchone()
    assert b"4711" not in envelope


def test_a_request_is_answered_once(path: Path) -> None:
    with open_log(path) as log:
        logged = log.record(decision(1, request="payment-1"))
        with pytest.raises(DecisionLoggedError, match="request `payment-1`") as refused:
            log.record(decision(2, request="payment-1"))
        assert refused.value.seq == logged.seq
        assert log.size() == 2


def test_a_decision_is_logged_once(path: Path) -> None:
    with open_log(path) as log:
        log.record(decision(1))
        with pytest.raises(DecisionLoggedError, match="decision `D1`"):
            log.record(decision(1))
        with pytest.raises(LogError, match="already"):
            log.append([decision(2), decision(2)])
        assert log.size() == 2
    assert problems_of(path) == []


def test_a_lookup_that_was_bent_is_not_believed(path: Path) -> None:
    write_small_log(path)
    with tampering(path) as connection:
        connection.execute("UPDATE lookup SET key = CAST('D9' AS BLOB) WHERE key = CAST('D1' AS BLOB)")
        connection.execute("UPDATE lookup SET key = x'ff' WHERE kind = 'request'")
    with LogReader.open(path) as log:
        with pytest.raises(LogCorruptError, match="entry 2 is not of the decision `D9`"):
            log.decision("D9")
        with pytest.raises(LogCorruptError, match="entry 2 is not of the request"):
            log.request("\udcff")


def test_the_name_of_the_request_payload_is_kept_for_requests(path: Path) -> None:
    with open_log(path) as log, pytest.raises(LogError, match="cannot be named `request_id`"):
        log.record(Draft(kind=EntryKind.ANSWER, payloads=(("request_id", b""),)))


def test_nothing_is_logged_when_one_draft_of_several_cannot_be(path: Path) -> None:
    with open_log(path) as log:
        with pytest.raises(LogError, match="not earlier"):
            log.append([answer("same"), Draft(kind=EntryKind.REVIEW, effects=(99,))])
        assert log.size() == 1
        assert log.append([]) == ()
    assert problems_of(path) == []


def test_asking_for_what_is_not_there_is_an_error(path: Path) -> None:
    with open_log(path) as log:
        with pytest.raises(LogError, match="no entry 1"):
            log.entry(1)
        with pytest.raises(LogError, match="no entry"):
            log.entry(2**70)
        with pytest.raises(LogError, match="no payload"):
            log.payload(PayloadLink("input", digest_bytes(b"")))
        with pytest.raises(LogError, match="entry 0 has no payload `input`"):
            log.content(log.entry(0), "input")


def test_a_log_without_its_key_is_an_error_with_help(path: Path) -> None:
    open_log(path).close()
    beside(path).unlink()
    with pytest.raises(LogError, match=r"its key .* is not; say where the key lies"):
        Log.open(path)
    assert not beside(path).exists()


def test_the_key_of_another_log_is_an_error(path: Path) -> None:
    open_log(path).close()
    other = path.with_name("other.db")
    Log.open(other).close()
    with pytest.raises(LogError, match="is not the key of this log"):
        Log.open(path, key=beside(other))


def test_a_key_that_others_may_read_is_an_error(path: Path) -> None:
    open_log(path).close()
    beside(path).chmod(0o640)
    with pytest.raises(LogError, match="chmod 600"):
        Log.open(path)


@pytest.mark.parametrize("content", [b"", b"\xff", b"PRIVATE+KEY+a+b+c", b"x" * 10_000])
def test_a_key_file_that_holds_no_key_is_an_error(path: Path, content: bytes) -> None:
    open_log(path).close()
    beside(path).write_bytes(content)
    with pytest.raises(LogError, match="holds no signing key"):
        Log.open(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"x" * 10_000])
def test_a_file_that_is_no_log_is_an_error_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    beside(path).write_text(read_key_text(path), encoding="ascii")
    beside(path).chmod(0o600)
    with pytest.raises(LogError, match="no log"):
        Log.open(path)
    with pytest.raises(LogError, match="no log"):
        LogReader.open(path)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_an_error(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE entries (seq INTEGER PRIMARY KEY)")
    connection.close()
    with pytest.raises(LogError, match="database of another program"):
        LogReader.open(path)


def test_a_log_of_another_format_is_an_error(path: Path) -> None:
    open_log(path).close()
    with tampering(path) as connection:
        connection.execute("UPDATE identity SET format = 3")
    with pytest.raises(LogError, match="has format 3; this program reads format 2"):
        LogReader.open(path)


def test_a_log_that_does_not_say_its_format_is_damaged(path: Path) -> None:
    open_log(path).close()
    with tampering(path) as connection:
        connection.execute("DELETE FROM identity")
    with pytest.raises(LogCorruptError, match="does not say which format"):
        LogReader.open(path)


def test_a_schema_that_sqlite_cannot_even_name_is_damage(path: Path) -> None:
    open_log(path).close()
    with tampering(path) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = 'x', name = CAST(x'ff' AS TEXT) WHERE name = 'entries'")
    with pytest.raises(LogCorruptError, match="damaged"):
        LogReader.open(path)


def test_a_path_that_leads_in_circles_is_an_error(path: Path) -> None:
    path.symlink_to(path)
    with pytest.raises(LogError, match="cannot be reached"):
        Log.open(path)


def test_a_folder_in_the_place_of_the_key_is_an_error(path: Path) -> None:
    open_log(path).close()
    beside(path).unlink()
    beside(path).mkdir()
    with pytest.raises(LogError, match="cannot be read"):
        Log.open(path)


def test_a_payload_larger_than_a_store_takes_is_an_error(path: Path) -> None:
    with open_log(path) as log, pytest.raises(LogError, match="at most 536870912 fit"):
        log.encrypted(bytes(PAYLOAD_BYTES_MAX + 1))


def test_there_is_no_log_to_read_where_there_is_none(path: Path) -> None:
    with pytest.raises(LogError, match="there is no log at"):
        LogReader.open(path)
    assert list(path.parent.iterdir()) == []


def test_a_folder_that_is_not_there_is_an_error(path: Path) -> None:
    with pytest.raises(LogError, match="cannot create"):
        Log.open(path / "deeper.db")


def test_a_folder_in_the_place_of_a_log_is_an_error(path: Path) -> None:
    path.mkdir()
    with pytest.raises(LogError, match="cannot be used"):
        LogReader.open(path)


def test_a_log_that_is_gone_with_its_last_writes_left_behind_is_not_begun_anew(path: Path) -> None:
    open_log(path).close()
    path.rename(path.with_suffix(".moved"))
    Path(f"{path}-wal").write_bytes(b"")
    with pytest.raises(LogError, match="there without its log"):
        Log.open(path)


def test_a_trigger_in_the_file_stops_the_writer(path: Path) -> None:
    open_log(path).close()
    with tampering(path) as connection:
        connection.execute("CREATE TRIGGER drop_it AFTER INSERT ON entries BEGIN DELETE FROM entries; END")
    with pytest.raises(LogCorruptError, match="trigger `drop_it` does not belong"):
        Log.open(path)


def test_a_view_in_the_place_of_a_table_stops_the_reader(path: Path) -> None:
    open_log(path).close()
    with tampering(path) as connection:
        connection.execute("ALTER TABLE entries RENAME TO hidden")
        connection.execute("CREATE VIEW entries AS SELECT * FROM hidden")
    with pytest.raises(LogCorruptError, match="table `entries` is not as it was made"):
        LogReader.open(path)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE state SET size = size - 1",
        "UPDATE state SET frontier = zeroblob(length(frontier))",
        "UPDATE checkpoint SET note = x''",
        "DELETE FROM checkpoint",
        "DELETE FROM state",
    ],
)
def test_nothing_is_signed_over_a_state_that_no_checkpoint_vouches_for(path: Path, change: str) -> None:
    with open_log(path) as log:
        log.record(answer("same"))
        with tampering(path) as connection:
            connection.execute(change)
        with pytest.raises(LogCorruptError):
            log.record(answer("other"))
    with pytest.raises(LogCorruptError):
        Log.open(path)


def test_nothing_is_signed_after_the_checkpoint_of_another_log_or_key(path: Path) -> None:
    with open_log(path) as log:
        signer = read_key(beside(path))
        root = log.newest_checkpoint().root
        origin = log.identity.origin
        alien = sign_note(str(Checkpoint("elsewhere", 1, root)), signer)
        forged = sign_note(str(Checkpoint(origin, 1, root)), SignerKey(signer.name, bytes(32)))
        for note, words in ((alien, "is of the log `elsewhere`"), (forged, "is not signed by")):
            with tampering(path) as connection:
                connection.execute("UPDATE checkpoint SET note = ?", (str(note).encode(),))
            with pytest.raises(LogCorruptError, match=words):
                log.record(answer("same"))


def test_a_log_that_was_set_back_while_it_is_open_takes_nothing(path: Path) -> None:
    with open_log(path) as log:
        with tampering(path) as connection:
            state = connection.execute("SELECT size, frontier FROM state").fetchone()
            note = connection.execute("SELECT note FROM checkpoint").fetchone()
        log.record(answer("same"))
        with tampering(path) as connection:
            connection.execute("UPDATE state SET size = ?, frontier = ?", state)
            connection.execute("UPDATE checkpoint SET note = ?", note)
            connection.execute("DELETE FROM entries WHERE seq = 1")
        with pytest.raises(LogCorruptError, match="the log went back: it had 2 entries and has 1"):
            log.record(answer("other"))


def test_reading_stops_at_an_entry_that_was_changed(path: Path) -> None:
    write_small_log(path)
    with tampering(path) as connection:
        connection.execute("UPDATE entries SET envelope = CAST(envelope || ' ' AS BLOB) WHERE seq = 3")
    with LogReader.open(path) as log:
        assert log.entry(2).decision == "D1"
        with pytest.raises(LogCorruptError, match="entry 3: the envelope was changed"):
            list(log.entries())


def test_reading_stops_at_an_entry_that_was_changed_together_with_its_leaf_hash(path: Path) -> None:
    write_small_log(path)
    with tampering(path) as connection:
        envelope, leaf = connection.execute("SELECT envelope, leaf FROM entries WHERE seq = 2").fetchone()
        connection.execute("UPDATE entries SET envelope = ?, leaf = ? WHERE seq = 3", (envelope, leaf))
        connection.execute("UPDATE entries SET envelope = x'', leaf = ? WHERE seq = 4", (leaf_hash(b""),))
    with LogReader.open(path) as log:
        with pytest.raises(LogCorruptError, match="entry 3: `seq` is 2"):
            log.entry(3)
        with pytest.raises(LogCorruptError, match="entry 4: the envelope is not JSON"):
            log.entry(4)


@pytest.mark.parametrize("seq", [3, 7])
def test_reading_stops_where_an_entry_is_missing(path: Path, seq: int) -> None:
    write_small_log(path)
    with tampering(path) as connection:
        connection.execute("DELETE FROM entries WHERE seq = ?", (seq,))
    with LogReader.open(path) as log, pytest.raises(LogCorruptError, match=f"entry {seq} is missing"):
        list(log.entries())


def test_a_changed_payload_is_not_handed_out(path: Path) -> None:
    write_small_log(path)
    with tampering(path) as connection:
        connection.execute("UPDATE payload SET content = zeroblob(40)")
    with LogReader.open(path) as log, pytest.raises(LogCorruptError, match="does not hash to its digest"):
        log.content(log.entry(2), "input")


def test_reading_a_log_at_rest_makes_no_file(path: Path) -> None:
    write_small_log(path)
    with LogReader.open(path) as log:
        assert log.size() == 8
        assert set(path.parent.iterdir()) == {path, beside(path), data_keys_beside(path)}
    assert set(path.parent.iterdir()) == {path, beside(path), data_keys_beside(path)}


def test_a_reader_sees_what_a_writer_adds_and_outlives_it(path: Path) -> None:
    write_small_log(path)
    with LogReader.open(path) as reader:
        assert reader.size() == 8
        with open_log(path) as log:
            log.record(answer("nine"))
            assert reader.size() == 9
        assert reader.size() == 9
        with open_log(path) as log:
            log.record(answer("ten"))
        assert len(list(reader.entries())) == 10


def test_a_log_at_rest_that_is_written_while_it_is_read_must_be_read_again(path: Path) -> None:
    write_small_log(path)
    with LogReader.open(path) as reader:
        with pytest.raises(LogError, match="written while it was read"), reader.store.reading(), open_log(path) as log:
            log.record(answer("nine"))
        assert reader.size() == 9


def test_a_write_that_leaves_size_and_time_of_the_file_as_they_were_is_noticed(path: Path) -> None:
    write_small_log(path)
    before = path.stat()

    def write_unseen() -> None:
        with open_log(path) as log:
            log.record(answer("nine"))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    with LogReader.open(path) as reader:
        with pytest.raises(LogError, match="written while it was read"), reader.store.reading():
            write_unseen()
        assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
        assert reader.size() == 9


def test_a_reading_within_a_reading_is_the_same_view(path: Path) -> None:
    write_small_log(path)
    with LogReader.open(path) as reader, reader.store.reading():
        assert reader.size() == 8
    with open_log(path) as log, log.store.reading():
        assert log.size() == 8


def test_a_closed_log_takes_and_gives_nothing(path: Path) -> None:
    log = open_log(path)
    log.close()
    with pytest.raises(LogError, match="cannot be used"):
        log.record(answer("late"))
    reader = LogReader.open(path)
    reader.close()
    with pytest.raises(LogError, match="closed"):
        reader.size()


def test_every_connection_waits_for_the_disk(path: Path) -> None:
    open_log(path).close()
    connection = connect(path, "mode=rw")
    pragmas = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "foreign_keys")]
    connection.close()
    assert pragmas == [2, 1]


def test_a_log_is_kept_in_wal_mode(path: Path) -> None:
    open_log(path).close()
    with tampering(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_threads_share_a_log(path: Path) -> None:
    with open_log(path) as log, ThreadPoolExecutor(8) as pool:
        entries = list(pool.map(lambda number: log.record(answer(str(number))), range(80)))
        assert sorted(entry.seq for entry in entries) == list(range(1, 81))
        assert all(log.content(entry, "response") == str(number).encode() for number, entry in enumerate(entries))
    assert problems_of(path) == []


def read_key_text(path: Path) -> str:
    """A key that fits no log."""
    spare = path.with_name("spare.db")
    open_log(spare).close()
    return beside(spare).read_text(encoding="ascii")
