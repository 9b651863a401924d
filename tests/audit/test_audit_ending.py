"""The end of a log: nothing but erasures and holds may follow it, whoever writes and however."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.audit.draft import Draft
from neurosym.audit.ending import AFTER_THE_END
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.erasure import erase_payloads
from neurosym.audit.hold import place_hold, release_hold
from neurosym.audit.key import SignerKey
from neurosym.audit.log import Log
from neurosym.audit.verification import verify_log
from neurosym.text.failure import EndedError
from tests.audit.bundle_world import Story, an_entry, begun, bundled, lay, ours, theirs
from tests.audit.place import Place
from tests.audit.world import answer, decision, open_log, verdict_of


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with open_log(tmp_path / "decisions.db") as found:
        yield found


def test_the_entry_of_the_end_says_why_and_who(log: Log) -> None:
    entry = log.end("a log for each year", "Kim (as claimed)")
    assert (entry.kind, entry.actor, entry.seq) == (EntryKind.STOP, "Kim (as claimed)", 1)
    assert log.content(entry, "reason") == b'{"reason":"a log for each year"}'


@pytest.mark.parametrize("kind", [each for each in EntryKind if each not in AFTER_THE_END])
def test_no_entry_of_another_kind_follows_the_end(log: Log, kind: EntryKind) -> None:
    log.end("over")
    with pytest.raises(EndedError, match="the log was ended by entry 1, and only erasures and holds may follow"):
        log.record(Draft(kind=kind, decision="D1"))
    assert log.size() == 2


def test_no_key_follows_the_end(log: Log) -> None:
    log.end("over")
    with pytest.raises(EndedError):
        log.change_key(SignerKey(log.identity.origin, b"\x05" * 32))


def test_what_has_to_be_erased_or_held_still_can_be(log: Log) -> None:
    said, other = log.append([answer("said"), answer("other")])
    log.end("over")
    hold = place_hold(log, [], [other.payload_digest("response")], "a law suit", "Kim")
    release_hold(log, hold.seq, "it is over", "Kim")
    erase_payloads(log, [said.payload_digest("response")], "asked", "Kim")
    verdict = verify_log(log)
    assert verdict.is_consistent
    assert verdict.end == 3
    assert "the log was ended by entry 3" in verdict.statements()


def test_a_log_that_goes_on_has_no_end(log: Log) -> None:
    log.record(answer("said"))
    assert verify_log(log).end is None


def test_what_would_follow_the_end_in_one_append_is_refused_with_it(log: Log) -> None:
    with pytest.raises(EndedError):
        log.append([Draft(kind=EntryKind.STOP), decision(1)])
    assert log.size() == 1
    log.record(decision(1))


@pytest.mark.parametrize("ends", [0, 1])
def test_a_writer_that_has_the_log_open_is_stopped_whoever_ended_it(place: Place, ends: int) -> None:
    with place.open() as one, place.open() as other:
        writers = (one, other)
        for each in writers:
            each.record(answer("before"))
        writers[ends].end("over")
        for each in writers:
            with pytest.raises(EndedError, match="ended by entry 3"):
                each.record(answer("after"))
    assert place.problems() == []


def test_a_log_that_was_ended_stays_so_when_it_is_opened_again(place: Place) -> None:
    with place.open() as log:
        log.end("over")
    with place.open() as log, pytest.raises(EndedError):
        log.record(answer("after"))


KINDS = st.lists(st.sampled_from([EntryKind.STOP, EntryKind.ANSWER, EntryKind.HOLD, EntryKind.ERASURE]), max_size=8)


def told_kinds(kinds: list[EntryKind]) -> Story:
    story = begun()
    for kind in kinds:
        story.add(an_entry(kind))
    return story


@given(KINDS)
def test_both_verifiers_of_a_bundle_refuse_exactly_what_follows_the_end(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[EntryKind]
) -> None:
    after = kinds[kinds.index(EntryKind.STOP) + 1 :] if EntryKind.STOP in kinds else []
    is_well = set(after) <= AFTER_THE_END
    place = lay(bundled(told_kinds(kinds)), tmp_path_factory.mktemp("bundle"))
    for said in (ours(place), theirs(place)):
        assert said.accepts == is_well, said.text
        assert is_well or "comes after the end of the log" in said.text


def unchecked(log: Log, draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    """Append what a program would that does not ask whether the log was ended."""
    with monkeypatch.context() as patch:
        patch.setattr("neurosym.audit.committer.stop_on_end", _never)
        log.record(draft)


def _never(*_: object) -> None:
    pass


@pytest.mark.parametrize("draft", [answer("late"), Draft(kind=EntryKind.STOP)], ids=["answer", "stop"])
def test_what_follows_the_end_all_the_same_does_not_verify(
    tmp_path: Path, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_log(tmp_path / "other.db") as log:
        log.end("over")
        unchecked(log, draft, monkeypatch)
    assert [str(each) for each in verdict_of(tmp_path / "other.db").problems] == [
        "entry 2: comes after the end of the log, which is entry 1"
    ]
