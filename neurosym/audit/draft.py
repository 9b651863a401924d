"""What a caller wants logged, before it has a place in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.key_store import NOBODY, KeyStore, Subjects
from neurosym.audit.payload import DataKey, Entropy, Payload, encrypt_payload
from neurosym.text.failure import LogError
from neurosym.values.canonical import Digest
from neurosym.values.clock import Stamp

REQUEST = "request_id"  # of entries of version 1: the payload that holds the name of the request


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry without sequence number and time. A payload is given as bytes, which are encrypted under the key of
    those whose data they are (`subjects`), or as it is to be stored, and is then perhaps shared.

    `request` is the caller's name for the request a decision answers: the log takes each only once. `erases` are the
    payloads that are removed together with what the entry says of it.
    """

    kind: EntryKind
    decision: str | None = None
    actor: str | None = None
    digests: Mapping[str, Digest] = field(default_factory=dict)
    on: str | None = None
    effects: tuple[int, ...] = ()
    result: Digest | None = None
    outcome: str | None = None
    codes: tuple[str, ...] = ()
    previous: int | None = None
    payloads: tuple[tuple[str, bytes | Payload], ...] = ()
    subjects: Subjects = NOBODY
    request: str | None = None
    erases: tuple[Digest, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadyDraft:
    """A draft whose payloads are as they will be stored."""

    draft: Draft
    payloads: tuple[tuple[str, Payload], ...]
    request: str | None = None  # the tag of its name

    def entry(self, seq: int, stamp: Stamp) -> Entry:
        """The entry this becomes at a place and time."""
        draft = self.draft
        return Entry(
            seq=seq,
            stamp=stamp,
            kind=draft.kind,
            decision=draft.decision,
            actor=draft.actor,
            digests=draft.digests,
            on=draft.on,
            effects=draft.effects,
            result=draft.result,
            outcome=draft.outcome,
            codes=draft.codes,
            previous=draft.previous,
            request=self.request,
            payloads=tuple(payload.link(name) for name, payload in self.payloads),
        )


def ready_draft(draft: Draft, keys: KeyStore, entropy: Entropy) -> ReadyDraft:
    """The draft with every payload encrypted; LogError when one is too large, there is no key for it, or it bears the
    name that requests had in entries of version 1.
    """
    if any(name == REQUEST for name, _ in draft.payloads):
        raise LogError(f"a payload cannot be named `{REQUEST}`: that is where logs kept a draft's `request`")
    is_any = any(not isinstance(content, Payload) for _, content in draft.payloads)
    key = keys.key_of(draft.subjects) if is_any else None
    payloads = tuple((name, _payload(content, key, entropy)) for name, content in draft.payloads)
    return ReadyDraft(
        draft, payloads, None if draft.request is None else keys.request_tag(request_bytes(draft.request))
    )


def _payload(content: bytes | Payload, key: DataKey | None, entropy: Entropy) -> Payload:
    if isinstance(content, Payload):
        return content
    assert key is not None
    return encrypt_payload(content, key, entropy)


def request_bytes(request: str) -> bytes:
    """A request's name as bytes; one from a command line may hold some that are no UTF-8."""
    return request.encode("utf-8", "surrogateescape")
