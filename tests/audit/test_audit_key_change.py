"""A log's key changed for another: by whom what is signed, and what somebody with one of the keys cannot do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.audit.draft import Draft
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.key import SignerKey
from neurosym.audit.key_change import KEY_CHANGE, Tenure, key_change, key_digest, read_key_change, tenures
from neurosym.audit.keyfile import beside, read_key
from neurosym.audit.log import Log
from neurosym.audit.note import parse_note, sign_note
from neurosym.audit.verification import verify_log
from neurosym.text.failure import LogCorruptError, LogError
from tests.audit.world import answer, counted_entropy, open_log, problems_of, tampering

SECOND, THIRD = SignerKey("second", b"2" * 32), SignerKey("third", b"3" * 32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.db"


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    with open_log(path) as found:
        found.record(answer("same"))
        yield found


def first_key(path: Path) -> SignerKey:
    return read_key(beside(path))


def test_a_change_is_an_entry_and_the_new_key_signs_from_then_on(path: Path, log: Log) -> None:
    entry = log.change_key(SECOND, "Kim")
    assert (entry.kind, entry.actor) == (EntryKind.KEY_CHANGE, "Kim")
    note = parse_note(log.checkpoint().encode())
    assert note.is_signed_by(first_key(path).verifier)
    assert note.is_signed_by(SECOND.verifier)
    log.record(answer("other"))
    note = parse_note(log.checkpoint().encode())
    assert not note.is_signed_by(first_key(path).verifier)
    assert note.is_signed_by(SECOND.verifier)
    assert log.identity.vkey == str(SECOND.verifier)
    assert problems_of(path) == []


def test_the_log_is_opened_with_the_new_key_and_not_with_the_old_one(path: Path, log: Log) -> None:
    log.change_key(SECOND)
    log.close()
    with pytest.raises(LogError, match="is not the key of this log"):
        open_log(path)
    beside(path).write_text(SECOND.private_text(), encoding="ascii")
    with open_log(path) as again:
        assert again.record(answer("other")).seq == 3


def test_whoever_has_the_log_open_with_the_old_key_cannot_write_any_more(path: Path, log: Log) -> None:
    with Log.open(path, entropy=counted_entropy()) as other:
        log.change_key(SECOND)
        with pytest.raises(LogError, match="the log's key was changed for another"):
            other.record(answer("late"))
    assert log.size() == 3


@pytest.mark.parametrize("which", ["first", "second", "third"])
def test_a_log_verifies_with_every_key_that_it_had(path: Path, log: Log, which: str) -> None:
    keys = {"first": first_key(path), "second": SECOND, "third": THIRD}
    earlier = [log.checkpoint().encode()]
    log.change_key(SECOND)
    log.record(answer("other"))
    earlier.append(log.checkpoint().encode())
    log.change_key(THIRD)
    verdict = verify_log(log, key=keys[which].verifier, earlier=earlier)
    assert verdict.is_consistent
    assert verdict.key_verified
    assert verdict.earlier_sizes == (2, 4)


def test_a_key_that_the_log_never_had_is_told(log: Log) -> None:
    log.change_key(SECOND)
    (problem,) = verify_log(log, key=THIRD.verifier).problems
    assert str(problem) == "checkpoint: is not signed by the key given, `third`"


def test_an_old_key_signs_no_later_checkpoint(path: Path, log: Log) -> None:
    log.change_key(SECOND)
    log.record(answer("other"))
    forged = str(sign_note(parse_note(log.checkpoint().encode()).text, first_key(path))).encode()
    (problem,) = verify_log(log, earlier=[forged]).problems
    assert str(problem) == "earlier checkpoint 1: is not signed by the log's own key, `second`"


def test_a_log_cannot_be_given_a_key_that_no_entry_brought(path: Path, log: Log) -> None:
    log.change_key(SECOND)
    log.close()
    with tampering(path) as connection:
        connection.execute("UPDATE identity SET vkey = ?", (str(THIRD.verifier),))
    assert "entry 0: the log was begun with another key than the one it names as its own" in problems_of(path)


def test_a_change_that_the_old_key_did_not_sign_is_none(path: Path, log: Log) -> None:
    origin, first = log.identity.origin, first_key(path)
    text = key_change(origin, first, SECOND).text
    with pytest.raises(LogCorruptError, match=f"is not signed by `{first.name}`"):
        read_key_change(str(sign_note(text, SECOND)).encode(), origin)
    with pytest.raises(LogCorruptError, match="is not signed by `second`"):
        read_key_change(str(sign_note(text, first)).encode(), origin)


@pytest.mark.parametrize(
    "text", ["neurosym key change 2\no\nk\nk\n", "neurosym key change 1\nelsewhere\nk\nk\n", "x\n"]
)
def test_a_note_that_is_no_change_of_the_logs_key_is_refused(text: str) -> None:
    with pytest.raises(LogCorruptError, match="not what a change says"):
        read_key_change(str(sign_note(text, SECOND)).encode(), "o")


def test_a_change_that_names_what_is_no_key_is_refused() -> None:
    with pytest.raises(LogCorruptError, match="names what is no key"):
        read_key_change(str(sign_note("neurosym key change 1\no\nk\nk\n", SECOND)).encode(), "o")


def test_a_change_of_a_key_that_the_log_did_not_have_is_told(log: Log) -> None:
    start = log.entry(0)
    entry = log.record(
        Draft(
            kind=EntryKind.KEY_CHANGE,
            digests={"previous key": key_digest(SECOND.verifier), "key": key_digest(THIRD.verifier)},
            payloads=((KEY_CHANGE, log.salted(str(key_change(log.identity.origin, SECOND, THIRD)).encode())),),
        )
    )
    (problem,) = verify_log(log).problems
    assert str(problem) == f"entries: entry {entry.seq}: the key that it changes is not the one that the log had"
    content = log.content(entry, KEY_CHANGE)
    begun = replace(start, digests={"key": key_digest(SECOND.verifier)})
    assert list(tenures(begun, [(entry, content)], log.identity.origin)) == [
        Tenure(SECOND.verifier, 0),
        Tenure(THIRD.verifier, entry.seq),
    ]
