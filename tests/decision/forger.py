"""Somebody who has the key of a log and writes it anew, with other entries in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from neurosym.audit.batch import NextBatch, Signatory
from neurosym.audit.draft import Draft, ReadyDraft
from neurosym.audit.entry import Entry
from neurosym.audit.frontier import Frontier
from neurosym.audit.keyfile import beside, data_keys_beside, read_key
from neurosym.audit.payload import Payload, salt_payload
from neurosym.audit.reader import LogReader
from neurosym.audit.store import Batch
from neurosym.audit.stores.sqlite import SqliteStore, create_sqlite_log
from neurosym.values.canonical import Digest

Contents = Mapping[str, bytes]
Forge = Callable[[Entry, Contents], tuple[Draft, Contents]]


def draft_of(entry: Entry) -> Draft:
    """The draft that an entry was, without its payloads."""
    return Draft(
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


def forge_log(source: Path, target: Path, forge: Forge) -> None:
    """A log at `target` like that at `source`, signed with its key, every entry as `forge` wants it.

    What an envelope says of a payload that was changed is changed with it, so that the forgery contradicts itself only
    where a test wants that.
    """
    signer = read_key(beside(source))
    frontier = Frontier()
    store: SqliteStore | None = None
    with LogReader.open(source) as old:
        signatory = Signatory(old.identity.origin, signer, signer.verifier)
        for entry in old.entries():
            lot = NextBatch(frontier, entry.stamp)
            lot.add([_forged(old, entry, forge)])
            batch = lot.signed(signatory)
            frontier = batch.state.frontier
            if store is None:
                create_sqlite_log(target, old.identity, batch)
                store = SqliteStore.open(target)
            else:
                _commit(store, batch)
    assert store is not None
    store.close()
    beside(target).write_bytes(beside(source).read_bytes())
    beside(target).chmod(0o600)
    data_keys_beside(target).write_bytes(data_keys_beside(source).read_bytes())
    data_keys_beside(target).chmod(0o600)


def with_payload(name: str, change: Callable[[bytes], bytes], decision: str | None = None) -> Forge:
    """Changes the payloads of a name, of one decision's entries if it is given."""

    def forge(entry: Entry, contents: Contents) -> tuple[Draft, Contents]:
        wanted = name in contents and decision in (None, entry.decision)
        return draft_of(entry), {**contents, name: change(contents[name])} if wanted else contents

    return forge


def with_draft(change: Callable[[Draft], Draft], decision: str) -> Forge:
    """Changes the envelope of the entry of a decision."""

    def forge(entry: Entry, contents: Contents) -> tuple[Draft, Contents]:
        draft = draft_of(entry)
        is_wanted = entry.decision == decision and entry.kind.value == "decision"
        return change(draft) if is_wanted else draft, contents

    return forge


def with_effects(change: Callable[[tuple[int, ...]], tuple[int, ...]], decision: str) -> Forge:
    """Changes which answers the entry of a decision refers to."""
    return with_draft(lambda draft: replace(draft, effects=change(draft.effects)), decision)


def _commit(store: SqliteStore, batch: Batch) -> None:
    store.commit(lambda _: batch)


def _forged(old: LogReader, entry: Entry, forge: Forge) -> ReadyDraft:
    before = {link.name: old.payload(link) for link in entry.payloads}
    draft, after = forge(entry, before)
    payloads: list[tuple[str, Payload]] = []
    renamed: dict[Digest, Digest] = {}
    for link in entry.payloads:
        if after[link.name] == before[link.name]:
            with old.store.reading() as reading:
                payload = Payload(link.digest, reading.payload(link.digest) or b"", link.key, link.commitment)
        else:
            payload = salt_payload(after[link.name], lambda size: b"\x07" * size)
            renamed[link.digest] = payload.digest
        payloads.append((link.name, payload))
    draft = replace(
        draft,
        digests={name: renamed.get(digest, digest) for name, digest in draft.digests.items()},
        result=None if draft.result is None else renamed.get(draft.result, draft.result),
    )
    return ReadyDraft(draft, tuple(payloads), entry.request)
