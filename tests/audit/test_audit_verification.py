from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.audit.checkpoint import Checkpoint
from neurosym.audit.key import SignerKey, parse_verifier_key
from neurosym.audit.keyfile import beside, read_key
from neurosym.audit.log import Log
from neurosym.audit.note import sign_note
from neurosym.audit.reader import LogReader
from neurosym.audit.tree import EMPTY_ROOT
from neurosym.audit.verification import verify_log
from neurosym.text.failure import LogCorruptError
from tests.audit.world import (
    answer,
    counted_entropy,
    open_log,
    problems_of,
    rewrite_log,
    tampering,
    verdict_of,
    write_small_log,
)
from tests.clock import HandClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    written = tmp_path / "decisions.db"
    write_small_log(written)
    return written


def checkpoint_of(path: Path) -> bytes:
    with LogReader.open(path) as log:
        return log.checkpoint().encode()


def test_a_log_as_it_was_written_is_consistent(path: Path) -> None:
    verdict = verdict_of(path)
    assert verdict.is_consistent
    assert (verdict.entries, verdict.payloads) == (8, 7)
    assert verdict.statements() == (
        "consistent with itself; key not verified",
        "unanchored: nothing outside shows that whoever holds the key did not write it anew",
    )


def test_a_clock_that_went_back_is_told_and_is_no_problem(tmp_path: Path) -> None:
    clock = HandClock()
    with Log.open(tmp_path / "decisions.db", clock=clock, entropy=counted_entropy()) as log:
        for time in ("10:00:00.5", "10:00:00.25", "10:00:00", "11:00:00", "10:59:59"):
            clock.time = f"2026-03-02T{time}Z"
            log.record(answer(time))
    verdict = verdict_of(tmp_path / "decisions.db")
    assert verdict.is_consistent
    assert (verdict.went_back, verdict.went_back_count) == ((2, 3, 5), 3)
    assert verdict.statements()[1] == (
        "the clock went back 3 times, first at entry 2: what came first is told by numbers"
    )


def test_with_the_key_from_outside_the_key_is_verified(path: Path) -> None:
    key = read_key(beside(path)).verifier
    with LogReader.open(path) as log:
        verdict = verify_log(log, key=key)
    assert verdict.key_verified
    assert verdict.statements()[0] == "consistent with itself; key verified"


def test_another_key_from_outside_is_a_problem(path: Path) -> None:
    other = SignerKey("mallory", bytes(32)).verifier
    with LogReader.open(path) as log:
        verdict = verify_log(log, key=other)
    assert [str(problem) for problem in verdict.problems] == ["checkpoint: is not signed by the key given, `mallory`"]
    assert not verdict.key_verified


def test_progress_is_told_of_every_page_of_entries_with_their_payloads(path: Path) -> None:
    told: list[tuple[int, int]] = []
    with LogReader.open(path) as log:
        verify_log(log, progress=lambda done, total: told.append((done, total)))
    assert told == [(15, 15)]


def test_the_verdict_is_json(path: Path) -> None:
    document = verdict_of(path).document()
    assert isinstance(document, dict)
    assert document["consistent"] is True
    assert document["anchored"] is False
    assert document["problems"] == []
    assert str(document["checkpoint"]).split("\n")[1] == "8"


def test_a_log_can_be_verified_while_it_is_written(path: Path) -> None:
    with open_log(path) as log:
        log.record(answer("nine"))
        assert verdict_of(path).entries == 9
        assert verify_log(log).is_consistent


def test_a_changed_envelope_is_named(path: Path) -> None:
    change(path, "UPDATE entries SET envelope = CAST(replace(envelope, 'release', 'blocked') AS BLOB) WHERE seq = 2")
    assert problems_of(path) == [
        "frontier: is not that of the entries",
        "entry 2: the envelope was changed after it was logged",
        "checkpoint: its root is not that of the entries",
    ]


def test_a_changed_leaf_hash_is_told_from_a_changed_envelope(path: Path) -> None:
    change(path, "UPDATE entries SET leaf = zeroblob(32) WHERE seq = 2")
    assert problems_of(path) == [
        "entry 2: the leaf hash kept beside the envelope was changed; the envelope is what was logged"
    ]


def test_an_envelope_changed_together_with_its_leaf_hash_is_a_problem_of_the_root(path: Path) -> None:
    change(
        path, "UPDATE entries SET leaf = (SELECT leaf FROM entries WHERE seq = 4), envelope = envelope WHERE seq = 3"
    )
    change(path, "UPDATE entries SET envelope = (SELECT envelope FROM entries WHERE seq = 4) WHERE seq = 3")
    problems = problems_of(path)
    assert "entry 3: `seq` is 4" in problems
    assert any(problem.startswith("checkpoint: the root of the entries is") for problem in problems)


def test_where_nothing_fits_the_checkpoint_every_difference_is_named(path: Path) -> None:
    change(path, "UPDATE entries SET envelope = CAST(envelope || ' ' AS BLOB) WHERE seq = 2")
    change(path, "UPDATE entries SET leaf = zeroblob(32) WHERE seq = 3")
    problems = problems_of(path)
    assert "entry 2: the envelope and the leaf hash kept beside it differ" in problems
    assert "entry 3: the envelope and the leaf hash kept beside it differ" in problems


def test_a_changed_payload_is_named_with_its_entry(path: Path) -> None:
    change(path, "UPDATE payload SET content = zeroblob(length(content)) WHERE rowid = 2")
    assert problems_of(path) == ["entry 2: payload `input` does not hash to its digest"]


def test_a_missing_payload_is_named_with_its_entry(path: Path) -> None:
    change(path, "DELETE FROM payload WHERE rowid = 2")
    assert problems_of(path) == ["entry 2: payload `input` is missing"]


def test_a_payload_of_no_entry_is_named(path: Path) -> None:
    change(path, "INSERT INTO payload (digest, seq, content) VALUES ('sha256:00', 100, x'00')")
    change(path, "INSERT INTO payload (digest, seq, content) VALUES ('sha256:01', 3, x'00')")
    change(path, "INSERT INTO payload (digest, seq, content) VALUES ('sha256:02', -3, x'00')")
    assert problems_of(path) == [
        "payload sha256:01: does not belong to entry 3, which it is kept for",
        "payload sha256:00: belongs to no entry",
        "payload sha256:02: belongs to no entry",
    ]


def test_a_payload_that_is_kept_for_a_later_entry_is_named(path: Path) -> None:
    change(path, "UPDATE payload SET seq = 5 WHERE rowid = 2")
    with LogReader.open(path) as log:
        digest = log.entry(2).payload_digest("input")
    assert problems_of(path) == [
        f"payload {digest}: does not belong to entry 5, which it is kept for",
        "entry 2: payload `input` is kept for entry 5",
    ]


def test_a_missing_entry_is_named(path: Path) -> None:
    change(path, "DELETE FROM entries WHERE seq IN (5, 6)")
    problems = problems_of(path)
    assert "entries 5 to 6: missing" in problems
    assert "checkpoint: is of 8 entries and the log holds 6" in problems


def test_an_entry_that_was_added_by_hand_is_found(path: Path) -> None:
    change(path, "INSERT INTO entries SELECT 8, envelope, leaf FROM entries WHERE seq = 7")
    problems = problems_of(path)
    assert "entry 8: `seq` is 7" in problems
    assert "checkpoint: is of 8 entries and the log holds 9" in problems


def test_an_entry_at_an_impossible_place_is_found(path: Path) -> None:
    change(path, "INSERT INTO entries SELECT 9223372036854775807, envelope, leaf FROM entries WHERE seq = 7")
    change(path, "INSERT INTO entries SELECT -5, envelope, leaf FROM entries WHERE seq = 7")
    problems = problems_of(path)
    assert "entries 8 to 9223372036854775806: missing" in problems
    assert "entries: there are more than can be read in order" in problems


def test_swapped_entries_are_found(path: Path) -> None:
    change(path, "UPDATE entries SET seq = 100 WHERE seq = 3")
    change(path, "UPDATE entries SET seq = 3 WHERE seq = 4")
    change(path, "UPDATE entries SET seq = 4 WHERE seq = 100")
    problems = problems_of(path)
    assert "entry 3: `seq` is 4" in problems
    assert "entry 4: `seq` is 3" in problems


def test_a_changed_frontier_is_named(path: Path) -> None:
    change(path, "UPDATE state SET frontier = zeroblob(length(frontier))")
    assert problems_of(path) == ["frontier: is not that of the entries"]


def test_a_frontier_that_does_not_fit_its_size_is_named(path: Path) -> None:
    change(path, "UPDATE state SET size = 7")
    assert problems_of(path) == ["frontier: a tree of 7 entries has no frontier of 32 bytes"]


def test_a_checkpoint_of_another_log_is_named(path: Path) -> None:
    with LogReader.open(path) as log:
        origin = log.identity.origin
    change(path, "UPDATE identity SET origin = 'elsewhere'")
    assert problems_of(path) == [f"checkpoint: is of the log `{origin}` and not of `elsewhere`"]


def test_a_log_cannot_be_given_another_key_as_its_own(path: Path) -> None:
    mallory = SignerKey("mallory", bytes(32))
    with tampering(path) as connection:
        connection.execute("UPDATE identity SET vkey = ?", (str(mallory.verifier),))
    assert "entry 0: the log was begun with another key than the one it names as its own" in problems_of(path)


def test_a_key_of_its_own_that_is_none_is_a_problem(path: Path) -> None:
    change(path, "UPDATE identity SET vkey = 'none'")
    assert problems_of(path) == ["log: the verifier key it names as its own is none"]


def test_tables_that_do_not_belong_to_a_log_are_named(path: Path) -> None:
    change(path, "CREATE TABLE notes (text)")
    assert problems_of(path) == ["database: the table `notes` does not belong to a log"]


def test_a_lookup_that_leads_astray_is_a_problem(path: Path) -> None:
    change(path, "UPDATE lookup SET seq = 3 WHERE kind = 'decision' AND seq = 2")
    assert problems_of(path) == [
        "database: the table `lookup` does not lead to entry 2 as decision `D1`",
        "database: the table `lookup` leads to entry 3 as decision `D1`",
    ]


@pytest.mark.parametrize("kind", ["decision", "request"])
def test_a_lookup_that_is_gone_is_a_problem(path: Path, kind: str) -> None:
    change(path, f"DELETE FROM lookup WHERE seq = 2 AND kind = '{kind}'")  # noqa: S608 - the names stand above
    (problem,) = problems_of(path)
    assert problem.startswith(f"database: the table `lookup` does not lead to entry 2 as {kind} `")


def test_a_lookup_of_no_entry_is_a_problem(path: Path) -> None:
    change(path, "INSERT INTO lookup (kind, key, seq) VALUES ('decision', x'00', 8)")
    assert problems_of(path) == ["database: more leads to entries than there is"]


def test_text_of_an_attacker_reaches_nobody_unescaped(path: Path) -> None:
    change(path, "CREATE TABLE 'x\x1b[31m' (text)")
    assert problems_of(path) == [r"database: the table `x\u{1b}[31m` does not belong to a log"]


def test_a_wrecked_log_does_not_list_problems_without_end(path: Path) -> None:
    with tampering(path) as connection:
        connection.executemany(
            "INSERT INTO payload (digest, seq, content) VALUES (?, 100, x'00')", [(str(n),) for n in range(1500)]
        )
    verdict = verdict_of(path)
    assert len(verdict.problems) == 1000
    assert verdict.problem_count == 1500
    assert verdict.statements() == ("the log does not verify: 1500 problems",)


def test_an_earlier_checkpoint_of_a_log_that_only_grew_is_contained(path: Path) -> None:
    earlier = checkpoint_of(path)
    with open_log(path) as log:
        log.record(answer("nine"))
    with LogReader.open(path) as log:
        verdict = verify_log(log, earlier=[earlier])
    assert verdict.statements()[1] == "contains the earlier checkpoint of 8 entries unchanged"


def test_a_log_cut_off_with_the_key_shows_only_against_an_earlier_checkpoint(path: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.db"
    rewrite_log(path, short, lambda _entry, _name, content: content, keep=6)
    assert verdict_of(short).is_consistent
    with LogReader.open(short) as log:
        verdict = verify_log(log, earlier=[checkpoint_of(path)])
    assert "earlier checkpoint 1: the log had 8 entries and holds 6: some were taken out" in [
        str(problem) for problem in verdict.problems
    ]


def test_an_earlier_checkpoint_must_be_a_signed_one_of_this_log(path: Path) -> None:
    signer = read_key(beside(path))
    forged = checkpoint_of(path).replace(b"\n8\n", b"\n7\n")
    alien = str(sign_note(str(Checkpoint("elsewhere", 0, EMPTY_ROOT)), signer)).encode()
    with LogReader.open(path) as log:
        verdict = verify_log(log, earlier=[b"", forged, alien])
        origin = log.identity.origin
    assert [str(problem) for problem in verdict.problems] == [
        "earlier checkpoint 1: not a signed note: the signatures stand after an empty line, each on a line of its own",
        f"earlier checkpoint 3: is of the log `elsewhere` and not of `{origin}`",
        f"earlier checkpoint 2: is not signed by the log's own key, `{signer.name}`",
        "earlier checkpoint 2: one of the first 7 entries is not what it was",
    ]


def test_a_file_that_is_damaged_in_its_schema_is_refused(path: Path) -> None:
    with tampering(path) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = CAST(x'ff435245' AS TEXT) WHERE name = 'entries'")
    with pytest.raises(LogCorruptError):
        LogReader.open(path)


def test_the_verifier_key_of_a_log_reads_back(path: Path) -> None:
    vkey = verdict_of(path).vkey
    assert vkey is not None
    assert parse_verifier_key(vkey) == read_key(beside(path)).verifier


def change(path: Path, statement: str) -> None:
    with tampering(path) as connection:
        connection.execute(statement)
