from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from neurosym.audit.entry import Entry, envelope_bytes, parse_entry
from neurosym.audit.entry_kind import ENVELOPE_BYTES_MAX, EntryKind
from neurosym.audit.payload import PayloadLink, tag
from neurosym.audit.sighting import sighted
from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import Digest, digest_bytes
from neurosym.values.clock import Stamp, SystemClock

DIGEST = digest_bytes(b"")
TAG = tag(b"secret", b"content")
STAMP = Stamp("2026-03-02T09:15:00Z", "system")
ENTRY = Entry(
    seq=7,
    stamp=STAMP,
    kind=EntryKind.DECISION,
    decision="D1",
    digests={"program": DIGEST},
    on="2026-03-02",
    effects=(5, 6),
    result=DIGEST,
    outcome="block",
    codes=("rule-1",),
    previous=4,
    request=TAG,
    payloads=(PayloadLink("input", DIGEST, "k1", TAG),),
)
LINK = {"name": "input", "digest": DIGEST, "key": "k1", "commitment": TAG}


def changed(**fields: Any) -> bytes:
    document = json.loads(envelope_bytes(ENTRY))
    document.update(fields)
    return json.dumps({name: value for name, value in document.items() if value is not ...}).encode()


def test_the_envelope_is_the_canonical_json_of_the_contract() -> None:
    assert (
        envelope_bytes(ENTRY)
        == (
            f'{{"actor":null,"clock":"system","codes":["rule-1"],"decision":"D1","digests":{{"program":"{DIGEST}"}},'
            f'"effects":[5,6],"kind":"decision","on":"2026-03-02","outcome":"block",'
            f'"payloads":[{{"commitment":"{TAG}","digest":"{DIGEST}","key":"k1","name":"input"}}],"previous":4,'
            f'"request":"{TAG}","result":"{DIGEST}","seq":7,"time":"2026-03-02T09:15:00Z","v":2}}'
        ).encode()
    )


def test_an_envelope_reads_back_as_its_entry() -> None:
    assert parse_entry(envelope_bytes(ENTRY)) == ENTRY


def test_an_envelope_is_read_as_stored_even_when_it_is_not_canonical() -> None:
    assert parse_entry(changed()) == ENTRY


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("v", 3),
        ("v", ...),
        ("seq", -1),
        ("seq", True),
        ("seq", "7"),
        ("seq", 2**53),
        ("decision", 1),
        ("decision", None),
        ("time", "2026-03-02T09:15:00"),
        ("time", "2026-02-30T09:15:00Z"),
        ("time", "2026-03-02T09:15:00+00:00"),
        ("clock", None),
        ("kind", "guess"),
        ("actor", 3),
        ("digests", []),
        ("digests", {"program": "sha256:00"}),
        ("digests", {"program": str(DIGEST).upper()}),
        ("on", "2026-02-30"),
        ("on", "20260302"),
        ("effects", None),
        ("effects", ["5"]),
        ("effects", [7]),
        ("result", "none"),
        ("outcome", []),
        ("codes", "rule-1"),
        ("codes", [1]),
        ("previous", 7),
        ("previous", "D0"),
        ("payloads", {}),
        ("payloads", [{"name": "input"}]),
        ("payloads", [{"name": "input", "digest": DIGEST}]),
        ("payloads", [LINK | {"size": 1}]),
        ("payloads", [LINK | {"key": None}]),
        ("payloads", [LINK | {"commitment": None}]),
        ("payloads", [LINK | {"key": "K 1"}]),
        ("payloads", [LINK | {"commitment": DIGEST}]),
        ("payloads", [LINK, LINK]),
        ("request", DIGEST),
        ("request", ...),
        ("surprise", 1),
    ],
)
def test_a_field_that_is_not_as_the_contract_has_it_is_named(field: str, value: Any) -> None:
    with pytest.raises(LogCorruptError, match=f"`{field}"):
        parse_entry(changed(**{field: value}))


@pytest.mark.parametrize("envelope", [b"", b"null", b"[]", b"{", b'{"v":1,"v":1}', b'{"v":1.0}', b"\xff"])
def test_what_is_no_json_object_is_no_envelope(envelope: bytes) -> None:
    with pytest.raises(LogCorruptError):
        parse_entry(envelope)


def test_an_envelope_fills_two_bytes_of_length_and_no_more() -> None:
    room = ENVELOPE_BYTES_MAX - len(envelope_bytes(ENTRY)) + len("block")
    full = envelope_bytes(_with_outcome("x" * room))
    assert len(full) == 65_535
    assert parse_entry(full).outcome == "x" * room
    with pytest.raises(LogError, match="takes 65536 bytes"):
        envelope_bytes(_with_outcome("x" * (room + 1)))


def test_an_envelope_that_is_too_long_is_not_read() -> None:
    with pytest.raises(LogCorruptError, match="takes 65536 bytes"):
        parse_entry(b" " * 65_536)


@pytest.mark.parametrize(
    "entry",
    [
        Entry(seq=3, stamp=STAMP, kind=EntryKind.DECISION),
        Entry(seq=3, stamp=STAMP, kind=EntryKind.ANSWER, effects=(3,)),
        Entry(seq=3, stamp=STAMP, kind=EntryKind.ANSWER, outcome="\ud800"),
        Entry(seq=3, stamp=STAMP, kind=EntryKind.ANSWER, digests={"é": DIGEST, "\ud800": DIGEST}),
        Entry(seq=3, stamp=STAMP, kind=EntryKind.ANSWER, result=Digest("sha256:")),
        Entry(seq=3, stamp=Stamp("now", "system"), kind=EntryKind.ANSWER),
    ],
)
def test_an_entry_that_could_not_be_read_back_is_not_written(entry: Entry) -> None:
    with pytest.raises(LogError, match="cannot be logged"):
        envelope_bytes(entry)


def test_the_system_clock_tells_a_time_an_entry_takes() -> None:
    entry = Entry(seq=0, stamp=SystemClock().stamp(), kind=EntryKind.START)
    assert parse_entry(envelope_bytes(entry)).stamp.clock == "system"


def _with_outcome(outcome: str) -> Entry:
    return replace(ENTRY, outcome=outcome)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("effects", [7]),
        ("previous", 7),
        ("seq", 2**53),
        ("on", "2026-02-30"),
        ("time", "2026-02-30T09:15:00Z"),
        ("time", "2026-02-28T24:15:00Z"),
        ("decision", None),
        ("payloads", [LINK, LINK]),
    ],
)
def test_what_only_reading_can_tell_is_not_seen_at_a_glance(field: str, value: Any) -> None:
    document = json.loads(envelope_bytes(ENTRY)) | {field: value}
    canonical = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    assert sighted(envelope_bytes(ENTRY)) is not None
    assert sighted(canonical) is None


def test_a_name_that_stands_twice_is_not_passed_over_at_a_glance() -> None:
    twice = envelope_bytes(ENTRY).replace(b'"program":', b'"program":"%s","program":' % DIGEST.encode())
    assert sighted(twice) is None
    with pytest.raises(LogCorruptError):
        parse_entry(twice)
