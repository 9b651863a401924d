"""Erasure and holds: what is gone, what stays, and what the log says of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.erased import ERASED, erased_bytes
from neurosym.audit.erasure import erase_payloads, erase_subject, finish_erasures, own_payloads, unfinished
from neurosym.audit.hold import active_holds, place_hold, release_hold
from neurosym.audit.key_store import NOBODY, Subjects
from neurosym.audit.log import Log
from neurosym.audit.payload import DataKey
from neurosym.audit.reader import LogReader
from neurosym.text.failure import ErasedError, HeldError, LogError
from tests.audit.world import open_log, problems_of, tampering

ANN, BOB = frozenset({"Ann"}), frozenset({"Bob"})
BOTH = ANN | BOB


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.db"


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    with open_log(path) as found:
        yield found


def about(log: Log, subjects: Subjects, content: bytes = b"what is said") -> Entry:
    return log.record(Draft(kind=EntryKind.ANSWER, payloads=(("response", content),), subjects=subjects))


def is_readable(log: LogReader, entry: Entry) -> bool:
    try:
        return log.content(entry, "response") == b"what is said"
    except ErasedError:
        return False


def test_erasing_a_subject_makes_what_it_is_in_unreadable_and_nothing_else(path: Path, log: Log) -> None:
    entries = [about(log, each) for each in (ANN, BOB, BOTH, NOBODY)]
    erase_subject(log, "Ann", "asked to be forgotten", "Kim")
    assert [is_readable(log, each) for each in entries] == [False, True, False, True]
    assert problems_of(path) == []


def test_what_is_erased_says_so_with_its_key(log: Log) -> None:
    entry = about(log, ANN)
    erase_subject(log, "Ann", "asked", "Kim")
    with pytest.raises(
        ErasedError, match=f"`response` was erased: its key `{entry.link('response').key}` was destroyed"
    ):
        log.content(entry, "response")


def test_an_erasure_is_an_entry_that_names_keys_and_no_subject(log: Log) -> None:
    key = about(log, ANN).link("response").key
    done = erase_subject(log, "Ann", "asked to be forgotten", "Kim")
    assert done.entry.kind is EntryKind.ERASURE
    assert done.entry.actor == "Kim"
    assert (
        log.content(done.entry, "erased").decode()
        == f'{{"keys":["{key}"],"payloads":[],"reason":"asked to be forgotten"}}'
    )


def test_a_subject_that_was_erased_may_come_back(log: Log) -> None:
    before = about(log, ANN)
    erase_subject(log, "Ann", "asked", "Kim")
    after = about(log, ANN)
    assert [is_readable(log, each) for each in (before, after)] == [False, True]


def test_there_is_nothing_to_erase_of_somebody_unknown(log: Log) -> None:
    with pytest.raises(LogError, match="has no key for this subject"):
        erase_subject(log, "Cay", "asked", "Kim")
    assert log.size() == 1


def test_removing_a_payload_leaves_a_log_that_verifies_and_says_which_entry_did_it(path: Path, log: Log) -> None:
    entry, other = about(log, NOBODY), about(log, NOBODY)
    done = erase_payloads(log, [entry.payload_digest("response")], "kept long enough", "Kim")
    with pytest.raises(ErasedError, match=rf"`response` was erased \(entry {done.entry.seq}\)"):
        log.content(entry, "response")
    assert is_readable(log, other)
    assert problems_of(path) == []


def test_a_removed_payload_is_in_no_file_any_more(path: Path, log: Log) -> None:
    entry = log.record(Draft(kind=EntryKind.ANSWER, payloads=(("response", log.salted(b"secret " * 20)),)))
    assert b"secret secret" in path.read_bytes() + Path(f"{path}-wal").read_bytes()
    erase_payloads(log, [entry.payload_digest("response")], "asked", "Kim")
    assert b"secret secret" not in path.read_bytes() + Path(f"{path}-wal").read_bytes()


def test_a_payload_that_is_gone_without_a_word_of_the_log_is_a_problem(path: Path, log: Log) -> None:
    entry = about(log, NOBODY)
    log.close()
    with tampering(path) as connection:
        connection.execute("DELETE FROM payload WHERE digest = ?", (entry.payload_digest("response"),))
    assert problems_of(path) == ["entry 1: payload `response` is missing"]


def test_a_way_to_an_erasure_that_no_entry_speaks_of_excuses_nothing(path: Path, log: Log) -> None:
    entry = about(log, NOBODY)
    log.close()
    with tampering(path) as connection:
        digest = entry.payload_digest("response").encode()
        connection.execute("DELETE FROM payload WHERE digest = CAST(? AS TEXT)", (digest,))
        connection.execute("INSERT INTO lookup (kind, key, seq) VALUES ('erased', ?, 0)", (digest,))
    assert problems_of(path) == [f"database: the table `lookup` leads to entry 0 as erased `{digest.decode()}`"]


def test_own_payloads_are_those_that_no_other_entry_names(log: Log) -> None:
    shared = log.encrypted(b"facts")
    first, second = (
        log.record(Draft(kind=EntryKind.ANSWER, payloads=(("facts", shared), ("response", b"own")))) for _ in range(2)
    )
    for entry in (first, second):
        assert own_payloads(log, entry) == (entry.payload_digest("response"),)


def test_an_erasure_that_was_interrupted_is_found_and_finished(log: Log) -> None:
    entry = about(log, ANN)
    key = entry.link("response").key
    assert key is not None
    secret = log.data_keys.key(key)
    erase_subject(log, "Ann", "asked", "Kim")
    assert isinstance(secret, DataKey)
    log.data_keys._connection.execute(  # type: ignore[attr-defined] # as if the process had ended before
        "UPDATE keys SET secret = ? WHERE id = ?", (secret.secret, key)
    )
    assert unfinished(log) == (key,)
    assert is_readable(log, entry)
    assert finish_erasures(log) == (key,)
    assert not is_readable(log, entry)
    assert unfinished(log) == ()


# --- holds


def test_what_is_held_is_not_erased_until_it_is_released(log: Log) -> None:
    entry = about(log, ANN)
    key = entry.link("response").key or ""
    hold = place_hold(log, [key], [], "a law suit", "Lee")
    with pytest.raises(HeldError, match=f"entry {hold.seq} holds what was to be erased: a law suit"):
        erase_subject(log, "Ann", "asked", "Kim")
    assert is_readable(log, entry)
    release_hold(log, hold.seq, "settled", "Lee")
    erase_subject(log, "Ann", "asked", "Kim")
    assert not is_readable(log, entry)


def test_a_hold_keeps_what_is_held_together_with_others(log: Log) -> None:
    hold = place_hold(log, [about(log, ANN).link("response").key or ""], [], "a law suit", "Lee")
    together = about(log, BOTH)  # later than the hold
    with pytest.raises(HeldError, match=f"entry {hold.seq} holds"):
        erase_subject(log, "Bob", "asked", "Kim")
    assert is_readable(log, together)


def test_a_payload_that_is_held_is_not_removed(log: Log) -> None:
    entry = about(log, NOBODY)
    digest = entry.payload_digest("response")
    place_hold(log, [], [digest], "an audit", "Lee")
    with pytest.raises(HeldError):
        erase_payloads(log, [digest], "kept long enough", "Kim")
    assert is_readable(log, entry)


def test_a_hold_is_released_once(log: Log) -> None:
    hold = place_hold(log, [about(log, ANN).link("response").key or ""], [], "a law suit", "Lee")
    with log.store.reading() as reading:
        assert [each.seq for each in active_holds(reading)] == [hold.seq]
    release_hold(log, hold.seq, "settled", "Lee")
    with pytest.raises(LogError, match=f"entry {hold.seq} holds nothing, or was released"):
        release_hold(log, hold.seq, "settled", "Lee")
    with pytest.raises(LogError, match="entry 0 holds nothing"):
        release_hold(log, 0, "settled", "Lee")


def test_a_log_with_holds_and_erasures_verifies(path: Path, log: Log) -> None:
    entry = about(log, ANN)
    hold = place_hold(log, [entry.link("response").key or ""], [], "a law suit", "Lee")
    release_hold(log, hold.seq, "settled", "Lee")
    erase_subject(log, "Ann", "asked", "Kim")
    assert problems_of(path) == []


def erasing(log: Log, entry: Entry) -> Draft:
    digest = entry.payload_digest("response")
    payload = log.salted(erased_bytes([], [digest], "asked"))
    return Draft(kind=EntryKind.ERASURE, payloads=((ERASED, payload),), erases=(digest,))


def test_of_two_who_erase_a_payload_at_once_one_is_refused(path: Path, log: Log) -> None:
    entry = about(log, ANN)
    first, second = erasing(log, entry), erasing(log, entry)
    with pytest.raises(LogError, match="is among these entries already"):
        log.append([first, second])
    log.record(first)
    with pytest.raises(LogError, match=r"entry 2 erased the payload `sha256:.*` already"):
        log.record(second)
    assert problems_of(path) == []


def test_a_payload_that_was_erased_does_not_come_back_with_a_draft_that_shares_it(path: Path, log: Log) -> None:
    shared = log.encrypted(b"the graph")
    draft = Draft(kind=EntryKind.ANSWER, payloads=(("response", shared),))
    log.record(draft)
    assert log.can_be_read(shared)
    erase_payloads(log, [shared.digest], "kept long enough", "Kim")
    assert not log.can_be_read(shared)
    with pytest.raises(LogError, match=r"entry 2 erased the payload `sha256:.*`: it cannot be logged again"):
        log.record(draft)
    assert problems_of(path) == []
