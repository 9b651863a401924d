"""What the entries of a bundle say, as far as the files beside them have to agree with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from neurosym.audit.bundle.key_chain import CHANGE
from neurosym.audit.ending import AFTER_THE_END
from neurosym.audit.entry import KEY, Entry, parse_entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.envelope import envelope_fields
from neurosym.audit.erased import ERASED
from neurosym.audit.payload import PayloadLink
from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import Digest

RESULT, CASE = "result", "case"
FIRST_VERSION = 1


@dataclass(frozen=True, slots=True)
class Named:
    """A payload as the first entry that names it does. `is_open`: to be read by whoever checks the log."""

    seq: int
    link: PayloadLink
    is_open: bool


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What the envelope of a decision says that its payloads say as well, and what it refers to."""

    seq: int
    on: str | None
    outcome: str | None
    codes: tuple[str, ...]
    effects: tuple[int, ...]
    payloads: tuple[PayloadLink, ...]

    def digest_of(self, name: str) -> Digest | None:
        """The payload of that name."""
        return next((link.digest for link in self.payloads if link.name == name), None)


@dataclass(slots=True)
class Index:
    """Filled entry by entry, in order."""

    size: int = 0
    first_key: Digest | None = None
    payloads: dict[Digest, Named] = field(default_factory=dict)
    decisions: dict[int, DecisionRow] = field(default_factory=dict)
    names: dict[int, tuple[Digest, ...]] = field(default_factory=dict)  # what each entry names
    erasures: list[PayloadLink] = field(default_factory=list)
    changes: list[tuple[int, PayloadLink]] = field(default_factory=list)
    end: int | None = None

    def add(self, envelope: bytes) -> None:
        """Take in the next entry; LogCorruptError when it is not the next, or contradicts those before."""
        seq = self.size
        try:
            entry = parse_entry(envelope)
            if entry.seq != seq:
                raise LogCorruptError(f"`seq` is {entry.seq}")
            self._note(entry, has_ciphers=envelope_fields(envelope).whole("v") > FIRST_VERSION)
        except LogError as error:
            raise LogCorruptError(f"entry {seq}: {error}") from error
        self.size += 1

    def _note(self, entry: Entry, *, has_ciphers: bool) -> None:
        if entry.seq == 0:
            if entry.kind is not EntryKind.START or KEY not in entry.digests:
                raise LogCorruptError("is not the start of a log")
            self.first_key = entry.digests[KEY]
        if self.end is not None and entry.kind not in AFTER_THE_END:
            raise LogCorruptError(f"comes after the end of the log, which is entry {self.end}")
        self.end = entry.seq if entry.kind is EntryKind.STOP else self.end
        for link in entry.payloads:
            self._name(entry.seq, link, is_open=link.key is None and has_ciphers)
        if entry.payloads:
            self.names[entry.seq] = tuple(link.digest for link in entry.payloads)
        if entry.kind is EntryKind.DECISION:
            self._decision(entry)
        elif entry.kind is EntryKind.KEY_CHANGE:
            self.changes.append((entry.seq, entry.link(CHANGE)))
        elif entry.kind is EntryKind.ERASURE:
            self.erasures += [link for link in entry.payloads if link.name == ERASED]

    def _name(self, seq: int, link: PayloadLink, *, is_open: bool) -> None:
        known = self.payloads.setdefault(link.digest, Named(seq, link, is_open))
        if (known.link.key, known.link.commitment) != (link.key, link.commitment):
            raise LogCorruptError(f"names payload `{link.name}` otherwise than entry {known.seq}")

    def _decision(self, entry: Entry) -> None:
        row = DecisionRow(entry.seq, entry.on, entry.outcome, entry.codes, entry.effects, entry.payloads)
        if entry.result is not None and entry.result != row.digest_of(RESULT):
            raise LogCorruptError("`result` is not the digest of its payload `result`")
        self.decisions[entry.seq] = row

    def wanted(self, seqs: Iterator[int]) -> set[Digest]:
        """What these entries name."""
        return {digest for seq in seqs for digest in self.names.get(seq, ())}
