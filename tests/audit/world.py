"""A log whose times and salts are the same in every run, and those who attack it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from itertools import count
from pathlib import Path

from neurosym.audit.batch import NextBatch, Signatory
from neurosym.audit.draft import Draft, ReadyDraft
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.frontier import Frontier
from neurosym.audit.keyfile import beside, data_keys_beside, read_key
from neurosym.audit.log import Log
from neurosym.audit.payload import Payload, salt_payload
from neurosym.audit.reader import LogReader
from neurosym.audit.store import Batch
from neurosym.audit.stores.sqlite import SqliteStore, create_sqlite_log
from neurosym.audit.verdict import Verdict
from neurosym.audit.verification import verify_log
from neurosym.values.canonical import digest_bytes
from neurosym.values.clock import Stamp

Change = Callable[[Entry, str, bytes], bytes]


class TickingClock:
    """A second passes with every look at it."""

    def __init__(self) -> None:
        self._seconds = count()

    def stamp(self) -> Stamp:
        seconds = next(self._seconds)
        return Stamp(f"2026-03-02T09:{seconds // 60:02}:{seconds % 60:02}Z", "ticking")


def counted_entropy() -> Callable[[int], bytes]:
    """Bytes that differ from call to call and not from run to run."""
    calls = count()
    return lambda size: sha256(next(calls).to_bytes(8)).digest()[:size]


def open_log(path: Path) -> Log:
    return Log.open(path, clock=TickingClock(), entropy=counted_entropy())


def decision(number: int, **more: str) -> Draft:
    return Draft(
        kind=EntryKind.DECISION,
        decision=f"D{number}",
        on="2026-03-02",
        digests={"program": digest_bytes(b"program")},
        outcome="release",
        codes=("rule-1",),
        payloads=(("input", f'{{"payment": {number}}}'.encode()), ("proof", b"because")),
        request=more.get("request"),
    )


def answer(text: str) -> Draft:
    return Draft(kind=EntryKind.ANSWER, actor="small", payloads=(("response", text.encode()),))


def write_small_log(path: Path) -> None:
    """Eight entries of several kinds, one with a request."""
    with open_log(path) as log:
        first = log.record(answer("same"))
        log.record(decision(1, request="payment-1"))
        log.append([answer("other"), answer("same")])
        earlier = log.record(decision(2))
        log.record(Draft(kind=EntryKind.REVIEW, actor="Kim", effects=(first.seq,), previous=earlier.seq))
        log.record(Draft(kind=EntryKind.FAILURE))


def verdict_of(path: Path) -> Verdict:
    with LogReader.open(path) as log:
        return verify_log(log)


def problems_of(path: Path) -> list[str]:
    return [str(problem) for problem in verdict_of(path).problems]


@contextmanager
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of somebody who may do anything to the file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        with connection:
            yield connection


def rewrite_log(source: Path, target: Path, change: Change, keep: int = 1 << 30) -> None:
    """A log at `target` like that at `source`, signed with its key, its payloads changed, its tail cut off."""
    signer = read_key(beside(source))
    frontier = Frontier()
    store: SqliteStore | None = None
    with LogReader.open(source) as old:
        identity = old.identity
        signatory = Signatory(identity.origin, signer, signer.verifier)
        for entry in old.entries():
            if entry.seq == keep:
                break
            lot = NextBatch(frontier, entry.stamp)
            lot.add([_changed(entry, old, change)])
            batch = lot.signed(signatory)
            frontier = batch.state.frontier
            if store is None:
                create_sqlite_log(target, identity, batch)
                store = SqliteStore.open(target)
            else:
                _commit(store, batch)
    assert store is not None
    store.close()
    shutil.copy(data_keys_beside(source), data_keys_beside(target))


def _commit(store: SqliteStore, batch: Batch) -> None:
    store.commit(lambda _: batch)


def _changed(entry: Entry, old: LogReader, change: Change) -> ReadyDraft:
    payloads: list[tuple[str, Payload]] = []
    for link in entry.payloads:
        content = old.payload(link)
        changed = change(entry, link.name, content)
        if changed == content:
            with old.store.reading() as reading:
                payloads.append(
                    (link.name, Payload(link.digest, reading.payload(link.digest) or b"", link.key, link.commitment))
                )
        else:
            payloads.append((link.name, salt_payload(changed, lambda size: b"\x07" * size)))
    draft = Draft(
        kind=entry.kind,
        decision=entry.decision,
        actor=entry.actor,
        digests=entry.digests,
        on=entry.on,
        effects=entry.effects,
        result=entry.result,
        outcome=entry.outcome,
        codes=entry.codes,
        previous=entry.previous,
    )
    return ReadyDraft(draft, tuple(payloads), entry.request)
