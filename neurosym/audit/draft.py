"""What a caller wants logged, before it has a place in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from neurosym.audit.entry import Entry, EntryKind, PayloadLink
from neurosym.audit.payload import Entropy, Payload, salt_payload
from neurosym.text.failure import LogError
from neurosym.values.canonical import Digest
from neurosym.values.clock import Stamp

REQUEST = "request_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry without sequence number and time. A payload is given as bytes, or salted already and perhaps shared.

    `request` is the caller's name for the request a decision answers: it becomes a payload of that name, so that
    the envelope does not give it away, and the log takes each only once.
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
    request: str | None = None


@dataclass(frozen=True, slots=True)
class SaltedDraft:
    """A draft whose payloads all have their salt and digest."""

    draft: Draft
    payloads: tuple[tuple[str, Payload], ...]

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
            payloads=tuple(PayloadLink(name, payload.digest) for name, payload in self.payloads),
        )


def salt_draft(draft: Draft, entropy: Entropy) -> SaltedDraft:
    """The draft with every payload salted; LogError when one is too large or bears the name kept for requests."""
    if any(name == REQUEST for name, _ in draft.payloads):
        raise LogError(f"a payload cannot be named `{REQUEST}`: that is where the log keeps a draft's `request`")
    named = draft.payloads if draft.request is None else (*draft.payloads, (REQUEST, request_bytes(draft.request)))
    return SaltedDraft(
        draft,
        tuple(
            (name, content if isinstance(content, Payload) else salt_payload(content, entropy))
            for name, content in named
        ),
    )


def request_bytes(request: str) -> bytes:
    """A request's name as payload content; a name from a command line may hold bytes that are no UTF-8."""
    return request.encode("utf-8", "surrogateescape")
