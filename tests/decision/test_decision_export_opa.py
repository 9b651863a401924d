"""Decisions as events of OPA's decision log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.decision.export.contents import Contents
from neurosym.decision.export.opa import _Source, opa_events
from neurosym.decision.export.ruleset_names import RulesetNames
from neurosym.decision.recorder import CASE, FACTS, RESULT
from neurosym.text.failure import LogCorruptError, ReplayError
from neurosym.values.canonical import digest_bytes
from tests.audit.world import open_log, tampering
from tests.decision.case import DAY, PAYMENT, REMARKS, screening
from tests.decision.exported import CLERK, CUSTOMER, REVIEWER, SUBJECT, has_float, write_reviewed_log
from tests.decision.forger import forge_log, with_payload

# The members of EventV1 of OPA (v1/plugins/logs/plugin.go), and ours.
MEMBERS = {
    *("labels", "decision_id", "trace_id", "span_id", "revision", "bundles", "path", "query", "input", "result"),
    *("mapped_result", "nd_builtin_cache", "erased", "masked", "error", "requested_by", "timestamp", "metrics"),
    *("req_id", "request_context", "neurosym"),
}
ERASABLE = re.compile(r"/(input|result|nd_builtin_cache)(/.*)?")  # where OPA erases at all
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[LogReader]:
    write_reviewed_log(tmp_path)
    with LogReader.open(tmp_path / "decisions.db") as opened:
        yield opened


def events(log: LogReader, *, facts: bool = False, redacted: bool = False) -> list[dict[str, Any]]:
    return [*opa_events(log, log.decisions(), facts=facts, redacted=redacted)]


def at(document: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        document = document[step]
    return document


def test_every_decision_is_one_event_with_the_members_of_opa(log: LogReader) -> None:
    made = [*log.decisions()]
    found = events(log, facts=True)
    assert [event["decision_id"] for event in found] == [entry.decision for entry in made]
    assert [event["req_id"] for event in found] == [entry.seq for entry in made]
    for event in found:
        assert event.keys() <= MEMBERS
        assert all(isinstance(label, str) for label in event["labels"].values())
        assert RFC3339.fullmatch(event["timestamp"])
        assert re.fullmatch(r"[0-9a-f]{32}", event["trace_id"])
        assert not has_float(event)


def test_input_and_result_are_what_was_recorded(log: LogReader) -> None:
    for event, entry in zip(events(log), log.decisions(), strict=True):
        case = json.loads(log.content(entry, CASE))
        assert event["input"] == {"request": case["request"]["content"]} == {"request": PAYMENT}
        assert event["result"] == json.loads(log.content(entry, RESULT))
        assert "erased" not in event


def test_an_event_names_the_log_the_ruleset_and_its_program(log: LogReader) -> None:
    event = events(log)[0]
    assert event["labels"]["id"] == log.identity.origin
    assert event["bundles"] == {"trial": {"revision": screening(clauses="accept uncalibrated").digest}}
    assert event["path"] == "trial/screen"


def test_facts_are_told_only_when_they_are_asked_for(log: LogReader) -> None:
    assert not [event for event in events(log) if "facts" in event["input"]]
    for event, entry in zip(events(log, facts=True), log.decisions(), strict=True):
        assert event["input"]["facts"] == json.loads(log.content(entry, FACTS))


def test_a_redacted_event_says_nothing_of_any_payload(log: LogReader) -> None:
    contents = [log.content(entry, name) for entry in log.decisions() for name in (CASE, FACTS, RESULT)]
    found = events(log, redacted=True)
    told = json.dumps(found, ensure_ascii=False)
    for private in (SUBJECT, "CUST-7", CUSTOMER, "LISTED", REMARKS, REVIEWER, CLERK, "screen", "Act 1"):
        assert any(private.encode() in content for content in contents), private
        assert private not in told, private
    assert [event["decision_id"] for event in found] == [entry.decision for entry in log.decisions()]


@pytest.mark.parametrize("facts", [False, True])
def test_what_is_erased_is_what_the_whole_event_has(log: LogReader, facts: bool) -> None:  # noqa: FBT001
    for whole, redacted in zip(events(log, facts=facts), events(log, facts=facts, redacted=True), strict=True):
        assert redacted["erased"] == ["/input", "/result"]
        for pointer in redacted["erased"]:
            assert ERASABLE.fullmatch(pointer)
            assert at(whole, pointer)
        kept = {name: value for name, value in redacted.items() if name not in ("erased", "path")}
        assert kept == {name: whole[name] for name in whole.keys() - {"input", "result", "path"}}
        assert whole["path"].startswith(redacted["path"])


@pytest.mark.parametrize(
    ("withheld", "erased"),
    [
        ({FACTS}, ["/input/facts"]),
        ({CASE}, ["/input/request"]),
        ({RESULT}, ["/result"]),
        ({CASE, FACTS}, ["/input"]),
        ({CASE, FACTS, RESULT}, ["/input", "/result"]),
    ],
)
def test_a_payload_that_cannot_be_read_is_erased_alone(log: LogReader, withheld: set[str], erased: list[str]) -> None:
    source = _Source(log, Contents(log, frozenset(withheld)), RulesetNames(log), {}, log.identity.origin)
    event: dict[str, Any] = source.event(next(log.decisions()), facts=True)
    assert event["erased"] == erased
    for pointer in erased:
        with pytest.raises(KeyError):
            at(event, pointer)
    assert event["path"] == ("trial" if CASE in withheld else "trial/screen")


def test_a_decision_made_again_names_the_one_before(log: LogReader) -> None:
    first, second, third = events(log)
    assert second["neurosym"]["previous"] == first["decision_id"]
    assert first["neurosym"]["previous"] is third["neurosym"]["previous"] is None
    assert second["trace_id"] != first["trace_id"]


def test_an_event_is_made_before_the_next_decision_is_read(log: LogReader) -> None:
    read: list[int] = []

    def reading() -> Iterator[Entry]:
        for entry in log.decisions():
            read.append(entry.seq)
            yield entry

    found = opa_events(log, reading())
    assert read == []
    assert [next(found)["req_id"]] == read
    assert [read[0], next(found)["req_id"]] == read


def test_decisions_may_be_asked_for_in_any_order(log: LogReader) -> None:
    made = [*log.decisions()]
    backwards = [*opa_events(log, reversed(made))]
    assert backwards == [*reversed(events(log))]


def test_each_decision_has_the_ruleset_that_it_was_made_by(tmp_path: Path) -> None:
    programs = [digest_bytes(name) for name in (b"one", b"two", b"nobody's")]
    with open_log(tmp_path / "decisions.db") as log:
        for number, name in enumerate(("screening 1.2", "payments")):
            log.record(Draft(kind=EntryKind.RULESET, digests={"program": programs[number]}, outcome=name))
        for number in (1, 0, 2):
            payloads = ((CASE, b""), (RESULT, b"{}"))
            draft = Draft(
                kind=EntryKind.DECISION,
                decision=f"D{number}",
                digests={"program": programs[number]},
                on=DAY,
                payloads=payloads,
            )
            log.record(draft)
        bundles = [event.get("bundles") for event in opa_events(log, log.decisions(), redacted=True)]
    assert bundles == [{"payments": {"revision": programs[1]}}, {"screening": {"revision": programs[0]}}, None]


def test_a_payload_that_was_changed_ends_the_export(tmp_path: Path) -> None:
    write_reviewed_log(tmp_path)
    with tampering(tmp_path / "decisions.db") as connection:
        connection.execute("UPDATE payload SET content = content || x'20'")
    with LogReader.open(tmp_path / "decisions.db") as log, pytest.raises(LogCorruptError, match="does not hash"):
        events(log)


def test_a_payload_that_is_none_of_ours_ends_the_export(tmp_path: Path) -> None:
    write_reviewed_log(tmp_path)
    forge_log(tmp_path / "decisions.db", tmp_path / "forged.db", with_payload(RESULT, lambda _: b"[0.5]"))
    with LogReader.open(tmp_path / "forged.db") as log, pytest.raises(ReplayError, match="result"):
        events(log)
