"""Entries: the small JSON envelope that is a leaf of the tree.

{"v": 2, "seq", "decision", "time", "clock", "kind", "actor", "digests": {NAME: DIGEST}, "on", "effects": [SEQ],
 "result", "outcome", "codes": [TEXT], "previous", "request": TAG,
 "payloads": [{"name", "digest", "key": ID, "commitment": TAG}]}

Version 1 has no `request`, and of payloads `name` and `digest` alone: these are salted and not encrypted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from neurosym.audit.entry_kind import ENVELOPE_BYTES_MAX, SALTED_VERSION, VERSION, EntryKind
from neurosym.audit.envelope import EnvelopeFields, envelope_fields
from neurosym.audit.payload import PayloadLink
from neurosym.audit.sighting import sighted
from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import Digest, Json, canonical_bytes
from neurosym.values.clock import Stamp

CLAIMED = " (as claimed)"  # follows the name of a person who is the actor
KEY, KEYS = "key", "key store"  # whose digests the first entry of a log has


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One envelope. `effects` and `previous` are sequence numbers of earlier entries; `on` is a date; `request` is what
    stands for the name of the request that a decision answers.
    """

    seq: int
    stamp: Stamp
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
    request: str | None = None
    payloads: tuple[PayloadLink, ...] = ()

    @property
    def time(self) -> str:
        """When it was logged, by the clock it names (RFC 3339, UTC)."""
        return self.stamp.time

    def link(self, name: str) -> PayloadLink:
        """What it says of the payload of that name; LogError when it has none."""
        for link in self.payloads:
            if link.name == name:
                return link
        raise LogError(f"entry {self.seq} has no payload `{name}`")

    def payload_digest(self, name: str) -> Digest:
        """The digest of the payload of that name; LogError when it has none."""
        return self.link(name).digest


def envelope_bytes(entry: Entry) -> bytes:
    """The bytes that are stored and hashed; LogError when they would be too long or could not be read back."""
    document = _document(entry)
    try:
        envelope = canonical_bytes(document)
    except (TypeError, ValueError) as error:  # a value or a text that has no canonical form
        raise LogError(f"this {entry.kind.value} entry cannot be logged: {error}") from error
    if len(envelope) > ENVELOPE_BYTES_MAX:
        raise LogError(
            f"this {entry.kind.value} entry cannot be logged: it takes {len(envelope)} bytes and "
            f"{ENVELOPE_BYTES_MAX} fit; what is long belongs into a payload"
        )
    try:
        if sighted(envelope) is None:
            _read(EnvelopeFields(document))  # what the bytes say: canonical JSON loses nothing
    except LogCorruptError as error:
        raise LogError(f"this {entry.kind.value} entry cannot be logged: {error}") from error
    return envelope


def parse_entry(envelope: bytes) -> Entry:
    """The entry of stored bytes; LogCorruptError naming the first field that is not as the contract has it."""
    if len(envelope) > ENVELOPE_BYTES_MAX:
        raise LogCorruptError(f"the envelope takes {len(envelope)} bytes and {ENVELOPE_BYTES_MAX} fit")
    return _read(envelope_fields(envelope))


def _read(fields: EnvelopeFields) -> Entry:
    version = fields.whole("v")
    if version not in (VERSION, SALTED_VERSION):
        raise LogCorruptError(f"`v` is {version}; this program reads versions {SALTED_VERSION} and {VERSION}")
    entry = _entry(fields, is_salted=version == SALTED_VERSION)
    fields.stop_on_others()
    if not all(earlier < entry.seq for earlier in entry.effects):
        raise LogCorruptError("`effects` names an entry that is not earlier")
    if entry.previous is not None and entry.previous >= entry.seq:
        raise LogCorruptError("`previous` names an entry that is not earlier")
    if entry.kind is EntryKind.DECISION and entry.decision is None:
        raise LogCorruptError("`decision` is null in the entry of a decision")
    return entry


def _entry(fields: EnvelopeFields, *, is_salted: bool) -> Entry:
    return Entry(
        seq=fields.whole("seq"),
        stamp=Stamp(fields.time("time"), fields.text("clock")),
        kind=EntryKind(fields.one_of("kind", [kind.value for kind in EntryKind])),
        decision=fields.text_or_null("decision"),
        actor=fields.text_or_null("actor"),
        digests=fields.digests("digests"),
        on=fields.date_or_null("on"),
        effects=fields.wholes("effects"),
        result=fields.digest_or_null("result"),
        outcome=fields.text_or_null("outcome"),
        codes=fields.texts("codes"),
        previous=fields.whole_or_null("previous"),
        request=None if is_salted else fields.tag_or_null("request"),
        payloads=fields.salted_links("payloads") if is_salted else fields.links("payloads"),
    )


def _document(entry: Entry) -> dict[str, Json]:
    return {
        "v": VERSION,
        "seq": entry.seq,
        "decision": entry.decision,
        "time": entry.stamp.time,
        "clock": entry.stamp.clock,
        "kind": entry.kind.value,
        "actor": entry.actor,
        "digests": dict(entry.digests),
        "on": entry.on,
        "effects": list(entry.effects),
        "result": entry.result,
        "outcome": entry.outcome,
        "codes": list(entry.codes),
        "previous": entry.previous,
        "request": entry.request,
        "payloads": [
            {"name": link.name, "digest": link.digest, "key": link.key, "commitment": link.commitment}
            for link in entry.payloads
        ],
    }
