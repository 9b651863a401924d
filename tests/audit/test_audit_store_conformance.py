"""What every store of a log does: a file of SQLite, and a real server of PostgreSQL."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from neurosym.audit.address import checked_address
from neurosym.audit.committer import DecisionLoggedError
from neurosym.audit.draft import Draft
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.erasure import erase_payloads, erase_subject
from neurosym.audit.inclusion import consistency_from, proof_of
from neurosym.audit.key import SignerKey
from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.audit.store import Batch, LookupKind, Reading
from neurosym.audit.stores.opening import has_log, open_reader, open_store
from neurosym.audit.tree_path import root_of
from neurosym.text.failure import ErasedError, LogCorruptError, LogError
from neurosym.values.canonical import Digest
from tests.audit.appender import Appender, answer_requests, append_some, payload_of
from tests.audit.place import Place
from tests.audit.world import answer, decision

MANY = 600  # so that there are hashes above the leaves


@pytest.fixture
def log(place: Place) -> Iterator[Log]:
    with place.open() as opened:
        yield opened


def test_a_log_is_made_once_and_found_again(place: Place) -> None:
    assert not has_log(checked_address(place.address))
    with place.open() as log:
        log.append([answer("same"), decision(1)])
        identity = log.identity
    assert has_log(checked_address(place.address))
    with place.open() as log:
        assert log.identity == identity
        assert log.record(decision(2)).seq == 3
    assert place.problems() == []


def test_where_there_is_no_log_there_is_none_to_open(place: Place) -> None:
    for opened in (open_reader, open_store):
        with pytest.raises(LogError, match=r"there is no log at|cannot be opened"):
            opened(checked_address(place.address))


def test_everything_is_read_as_it_was_written(log: Log) -> None:
    entries = log.append([answer("same"), decision(1, request="payment-1"), decision(2)])
    assert list(log.entries(1)) == list(entries)
    assert log.decision("D1") == entries[1] == log.request("payment-1")
    assert log.request("payment-2") is None
    assert log.content(entries[0], "response") == b"same"
    assert [entry.decision for entry in log.decisions()] == ["D1", "D2"]
    with log.store.reading() as reading:
        assert reading.entry_count() == reading.state().frontier.size == 4
        assert reading.entry(4) is reading.entry(2**70) is None
        assert list(reading.entries(2, 1)) == [reading.entry(2)]
        assert reading.checkpoint() == reading.state().note
        assert reading.payload(Digest("sha256:00")) is None


def test_what_belongs_to_entries_is_told_by_their_numbers(log: Log) -> None:
    first, second = log.append([answer("same"), decision(1, request="payment-1")])
    with log.store.reading() as reading:
        assert {row.digest for row in reading.payloads(1, 1)} == {first.payload_digest("response")}
        assert {row.digest for row in reading.payloads(2, 5)} == {link.digest for link in second.payloads}
        assert reading.payload_count() == 3
        places = reading.payload_places([first.payload_digest("response"), Digest("sha256:00")])
        assert places == {first.payload_digest("response"): 1}
        kinds = [(each.seq, each.kind) for each in reading.lookups(0, 10)]
        assert kinds == [(0, "event"), (2, "decision"), (2, "request")]
        assert reading.lookup_count() == 3
        assert reading.lookup(LookupKind.DECISION, b"D1") == 2
        assert reading.lookup(LookupKind.REQUEST, b"D1") is None


def test_keys_that_begin_alike_are_found_in_their_order(log: Log) -> None:
    log.append([decision(number) for number in (12, 1, 2, 11)])
    with log.store.reading() as reading:
        found = reading.starting(LookupKind.DECISION, b"D1", 10)
        assert [each.key for each in found] == [b"D1", b"D11", b"D12"]
        assert len(reading.starting(LookupKind.DECISION, b"D1", 2)) == 2
        assert list(reading.starting(LookupKind.DECISION, b"E", 10)) == []


def test_the_ways_that_several_keys_lead_are_found_together(log: Log) -> None:
    log.append([decision(number) for number in range(1, 4)])
    key, other, missing = ((LookupKind.DECISION, name) for name in (b"D1", b"D3", b"D4"))
    with log.store.reading() as reading:
        assert reading.found([key, missing, other]) == {key: 1, other: 3}
        assert reading.found([]) == {}


def test_hashes_of_every_level_give_roots_and_proofs(place: Place) -> None:
    with place.open() as log:
        log.append([answer(str(number)) for number in range(MANY)])
        size = log.size()
        with log.store.reading() as reading:
            assert root_of(reading, size) == reading.state().frontier.root()
            assert [each.index for each in reading.nodes(0, size)] == [0, 1] == list(range(reading.node_count()))
            assert [each.index for each in reading.nodes(255, 1)] == [0]
            assert list(reading.nodes(256, 200)) == []
            with pytest.raises(LogCorruptError, match="of level 0 are missing"):
                reading.hashes(0, size - 1, 2)
        assert proof_of(log, 300).index == 300  # which is checked before it is given
        assert consistency_from(log, 0, size) == consistency_from(log, size, size) == ()
        assert len(consistency_from(log, 100, size)) > 0
    assert place.problems() == []


def test_a_reading_does_not_see_what_comes_meanwhile(place: Place, log: Log) -> None:
    with place.read() as reader, closing(place.open()) as writer:
        try:
            with reader.store.reading() as reading:
                before = reading.state()
                writer.record(answer("more"))
                assert reading.state() == before
                assert reading.entry_count() == before.frontier.size
        except LogError as error:  # of a file that nobody had open before
            assert "was written while it was read" in str(error)  # noqa: PT017 - either is right
        assert log.size() == before.frontier.size + 1


def test_a_reading_within_a_reading_is_the_same_view(log: Log) -> None:
    with log.store.reading() as outer, log.store.reading() as inner:
        assert outer.state() == inner.state()
    with log.store.reading() as after:
        assert after.entry_count() == 1


def test_nothing_is_written_from_within_a_reading_which_goes_on(log: Log) -> None:
    with log.store.reading() as reading:
        with pytest.raises(LogError, match="within a"):
            log.record(answer("same"))
        assert reading.entry_count() == 1
    assert log.record(answer("same")).seq == 1


def test_a_plan_is_made_of_what_is_durable(log: Log) -> None:
    log.record(answer("same"))

    def plan(reading: Reading) -> Batch:
        with log.store.reading() as within:  # and nobody else comes between
            assert within.state() == reading.state()
        assert [row.seq for row in reading.entries(0, 9)] == [0, 1]
        raise _UndoneError

    with pytest.raises(_UndoneError):
        log._committer._store.commit(plan)


class _UndoneError(Exception):
    pass


def test_a_plan_that_raises_leaves_nothing(place: Place, log: Log) -> None:
    log.record(answer("same"))

    def plan(reading: Reading) -> Batch:
        assert reading.entry_count() == 2
        raise _UndoneError

    with pytest.raises(_UndoneError):
        log._committer._store.commit(plan)
    assert log.record(answer("other")).seq == 2
    assert place.problems() == []


def test_a_request_is_answered_once_whoever_asks(place: Place, log: Log) -> None:
    log.record(decision(1, request="payment-1"))
    with place.open() as other:
        with pytest.raises(DecisionLoggedError, match="entry 1 answers the request `payment-1` already"):
            other.record(decision(2, request="payment-1"))
        with pytest.raises(DecisionLoggedError, match="entry 1 is the decision `D1` already"):
            other.record(decision(1))
    assert log.size() == 2


def test_several_writers_never_lose_or_renumber(place: Place, log: Log) -> None:
    logs = [log, place.open(), place.open()]
    try:
        with ThreadPoolExecutor(9) as pool:
            made = list(pool.map(lambda number: logs[number % 3].record(answer(str(number))), range(60)))
    finally:
        for each in logs[1:]:
            each.close()
    assert sorted(entry.seq for entry in made) == list(range(1, 61))
    for number, entry in enumerate(made):
        assert log.content(log.entry(entry.seq), "response") == str(number).encode()
    assert place.problems() == []


def test_processes_never_lose_or_renumber(place: Place) -> None:
    appenders = [Appender(append_some, place, name) for name in ("one", "two", "three")]
    told = [each for appender in appenders for each in appender.finish() if isinstance(each, tuple)]
    assert sorted(seq for seq, _, _ in told) == list(range(1, 91))
    with place.read() as log:
        for seq, name, number in told:
            assert log.content(log.entry(seq), "response") == payload_of(name, number)
    assert place.problems() == []


def test_of_several_processes_one_answers_a_request(place: Place) -> None:
    place.open().close()
    appenders = [Appender(answer_requests, place, name) for name in ("one", "two", "three")]
    made: dict[int, set[int]] = {}
    for told in (each for appender in appenders for each in appender.finish()):
        assert isinstance(told, tuple)
        number, seq, is_made = told
        made.setdefault(number, set()).add(seq if is_made else -seq)
    assert len(made) == 30
    assert all(sorted(map(abs, seqs)) == [max(seqs)] * 2 for seqs in made.values())  # one made, the others refused it
    assert place.problems() == []


def test_what_is_erased_is_gone_and_the_log_stays_whole(place: Place, log: Log) -> None:
    removed, kept = log.append([answer("same"), answer("other")])
    subject = Draft(kind=EntryKind.ANSWER, payloads=(("response", b"of Ann"),), subjects=frozenset({"Ann"}))
    destroyed = log.record(subject)
    erase_payloads(log, [removed.payload_digest("response")], "asked", "Kim")
    erase_subject(log, "Ann", "asked", "Kim")
    for entry in (removed, destroyed):
        with pytest.raises(ErasedError):
            log.content(entry, "response")
    assert log.content(kept, "response") == b"other"
    with log.store.reading() as reading:
        assert reading.payload(removed.payload_digest("response")) is None
        assert reading.lookup(LookupKind.ERASED, removed.payload_digest("response").encode()) == 4
    assert place.problems() == []


def test_another_key_signs_from_the_next_entry_on(place: Place, log: Log) -> None:
    successor = SignerKey("second", b"2" * 32)
    log.change_key(successor)
    assert log.record(answer("same")).seq == 2
    assert log.identity.vkey == str(successor.verifier)
    assert place.problems() == []
    with pytest.raises(LogError, match="is not the key of this log"):
        place.open()


def test_a_large_payload_comes_back_whole(log: Log) -> None:
    content = bytes(range(256)) * 20_000
    entry = log.record(Draft(kind=EntryKind.ANSWER, payloads=(("response", content),)))
    assert log.content(entry, "response") == content


def test_payloads_are_read_a_few_at_a_time(log: Log) -> None:
    large, count = 1 << 20, 24
    contents = [bytes([number]) * (large if number % 2 else 9) for number in range(count)]
    for content in contents:
        log.record(Draft(kind=EntryKind.ANSWER, payloads=(("response", content),)))
    with log.store.reading() as reading:
        tracemalloc.start()
        sizes = [len(row.stored) for row in reading.payloads(0, count + 1)]
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert sorted(sizes) == sorted(len(content) + 48 for content in contents)  # salt and tag
    assert peak < large * count / 2 * 0.75


@pytest.mark.parametrize("text", ["\x00", "\N{SNOWMAN}", "D\udcff"])
def test_names_of_any_characters_are_kept_or_refused(log: Log, text: str) -> None:
    draft = Draft(kind=EntryKind.DECISION, decision=text, payloads=())
    try:
        entry = log.record(draft)
    except LogError as error:
        assert "cannot be logged" in str(error)  # noqa: PT017 - either is right
    else:
        assert log.decision(text) == entry


def test_a_log_that_is_closed_is_not_read(log: Log) -> None:
    store = log.store
    log.close()
    with pytest.raises(LogError), store.reading() as reading:
        reading.state()


def test_on_a_server_the_keys_have_to_be_named() -> None:
    with pytest.raises(LogError, match=r"\(--log-key, --data-keys\)"):
        Log.open("postgresql:///nowhere")


@pytest.mark.parametrize("open_", [Log.open, LogReader.open])
def test_an_address_with_a_password_is_refused_without_repeating_it(open_: Callable[[str], LogReader]) -> None:
    with pytest.raises(LogError, match="carries a password") as caught:
        open_("postgresql://kim:hunter2@db.example/log")
    assert "hunter2" not in str(caught.value)


def test_a_server_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    address = f"postgresql://tester@/none?host={tmp_path}"
    with pytest.raises(LogError, match="cannot be used"):
        Log.open(address, key=tmp_path / "log.key", data_keys=tmp_path / "log.keys")
