"""Verification: everything is computed again from the stored bytes, and nothing stored is believed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import replace

from neurosym.audit.checkpoint import Checkpoint, parse_checkpoint
from neurosym.audit.entry import KEY, KEYS, Entry
from neurosym.audit.key import VerifierKey, parse_verifier_key
from neurosym.audit.key_change import KEY_CHANGE, Tenure, key_digest, keys_at, tenures
from neurosym.audit.note import Note, parse_note
from neurosym.audit.payload import open_payload
from neurosym.audit.reader import LogReader
from neurosym.audit.store import Reading
from neurosym.audit.testimony import Testimony
from neurosym.audit.trail import Trail, follow_log
from neurosym.audit.verdict import Findings, Verdict
from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import digest_bytes


def verify_log(
    log: LogReader,
    *,
    key: VerifierKey | None = None,
    earlier: Sequence[bytes] = (),
    testimony: Sequence[Testimony] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Verdict:
    """The verdict on a log, with every problem found and its place.

    `key` is a verifier key from outside; without it the log is checked against the key it names itself. `earlier` are
    signed checkpoints of this log that were kept elsewhere, `testimony` those of which others say something. `progress`
    is told how many entries and payloads are done and how many there are. LogError only when the log cannot be read at
    all.
    """
    with log.store.reading() as reading:
        notes = (*earlier, *(each.note for each in testimony))
        verdict = _Examination(reading, key, notes, progress).verdict()
    sentences = tuple(sentence for each in testimony for sentence in each.sentences)
    return replace(verdict, testimony=sentences if verdict.is_consistent else ())


class _Examination:
    """One verification: stages that add to the same findings, each going on where another had to give up."""

    def __init__(
        self,
        reading: Reading,
        key: VerifierKey | None,
        earlier: Sequence[bytes],
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self.reading = reading
        self.key = key
        self.progress = progress
        self.findings = Findings()
        self.trail = Trail()
        self.payloads = 0
        self.done = self.total = 0
        self.origin: str | None = None
        self.own_key: VerifierKey | None = None
        self.keys: str | None = None
        self.note: Note | None = None
        self.checkpoint: Checkpoint | None = None
        self.tenures: Sequence[Tenure] = ()
        self.earlier: list[tuple[str, Checkpoint, Note]] = []
        self.earlier_notes = earlier
        self.key_verified = False

    def verdict(self) -> Verdict:
        """The verdict after every stage; a stage that cannot go on is a finding too."""
        stages = (
            ("log", self._identity),
            ("checkpoint", self._checkpoint),
            ("earlier checkpoints", self._read_earlier),
            ("entries", self._entries),
            ("entries", self._keys),
            ("checkpoint", self._signature),
            ("earlier checkpoints", self._earlier_signatures),
            ("frontier", self._frontier),
            ("checkpoint", self._tree),
            ("earlier checkpoints", self._compare_earlier),
            ("database", self._damage),
        )
        for place, stage in stages:
            try:
                stage()
            except LogCorruptError as error:
                self.findings.add(place, str(error))
        return Verdict(
            entries=self.trail.computed.size,
            payloads=self.payloads,
            vkey=None if self.own_key is None else str(self.own_key),
            checkpoint=self.checkpoint,
            problems=tuple(self.findings.problems),
            problem_count=self.findings.count,
            key_verified=self.key_verified and self.findings.count == 0,
            earlier_sizes=tuple(checkpoint.size for _, checkpoint, _ in self.earlier),
            went_back=tuple(self.trail.went_back),
            went_back_count=self.trail.went_back_count,
            end=self.trail.end,
        )

    def _identity(self) -> None:
        identity = self.reading.identity()
        self.origin, self.keys = identity.origin, identity.keys
        try:
            self.own_key = parse_verifier_key(identity.vkey)
        except LogError:
            self.findings.add("log", "the verifier key it names as its own is none")

    def _checkpoint(self) -> None:
        note = parse_note(self.reading.checkpoint())
        self.note = note
        self.checkpoint = parse_checkpoint(note.text)
        self._check_origin(self.checkpoint, "checkpoint")

    def _read_earlier(self) -> None:
        for number, content in enumerate(self.earlier_notes, 1):
            place = f"earlier checkpoint {number}"
            try:
                note = parse_note(content)
                checkpoint = parse_checkpoint(note.text)
            except LogCorruptError as error:
                self.findings.add(place, str(error))
                continue
            self._check_origin(checkpoint, place)
            self.earlier.append((place, checkpoint, note))

    def _entries(self) -> None:
        self.total = self.reading.entry_count() + self.reading.payload_count()
        sizes = frozenset(checkpoint.size for _, checkpoint, _ in self.earlier)
        self.trail, belongings = follow_log(self.reading, self.findings, sizes, self._tick)
        self.payloads = belongings.payloads

    def _keys(self) -> None:
        # The first entry binds the key into the tree, and each change the next one, so that the log cannot be given
        # another key of its own.
        start = self.trail.start
        if start is None or self.origin is None:
            return
        found = tenures(start, [(each, self._salted(each, KEY_CHANGE)) for each in self.trail.changes], self.origin)
        bound = key_digest(found[-1].key) if found else start.digests.get(KEY)
        if self.own_key is not None:
            if bound != key_digest(self.own_key):
                self.findings.add("entry 0", "the log was begun with another key than the one it names as its own")
            self.tenures = found or [Tenure(self.own_key, start.seq)]
        keys = start.digests.get(KEYS)  # a log of format 1 got its key store later
        if keys is not None and digest_bytes((self.keys or "").encode()) != keys:
            self.findings.add("entry 0", "the log was begun with another key store than the one it names as its own")

    def _signature(self) -> None:
        if self.note is None:
            return
        if self.own_key is not None and not self.note.is_signed_by(self.own_key):
            self._unsigned("checkpoint", "the log's own key", self.own_key)
        known = [each.key for each in self.tenures]
        if self.key is not None and self.key not in known and not self.note.is_signed_by(self.key):
            self._unsigned("checkpoint", "the key given", self.key)
        self.key_verified = self.key is not None and self.findings.count == 0

    def _earlier_signatures(self) -> None:
        for place, checkpoint, note in self.earlier:
            then = keys_at(self.tenures, checkpoint.size)
            known = [each.key for each in self.tenures]
            if then and not any(note.is_signed_by(key) for key in then):
                self._unsigned(place, "the log's own key", then[-1])
            elif self.key is not None and self.key not in known and not note.is_signed_by(self.key):
                self._unsigned(place, "the key given", self.key)

    def _unsigned(self, place: str, which: str, key: VerifierKey) -> None:
        self.findings.add(place, f"is not signed by {which}, `{key.name}`")

    def _salted(self, entry: Entry, name: str) -> bytes:
        """A payload that is not encrypted; nothing where it is not there, which is told elsewhere."""
        link = next((each for each in entry.payloads if each.name == name and each.key is None), None)
        stored = None if link is None else self.reading.payload(link.digest)
        return b"" if link is None or stored is None else open_payload(stored, link, lambda _: b"")

    def _frontier(self) -> None:
        if self.reading.state().frontier != self.trail.computed:
            self.findings.add("frontier", "is not that of the entries")

    def _tree(self) -> None:
        signed = self.checkpoint
        computed, recorded = self.trail.computed, self.trail.recorded
        for seq in self.trail.differing:
            self.findings.add(f"entry {seq}", _change(signed, computed.root(), recorded.root()))
        if signed is None or (signed.size, signed.root) == (computed.size, computed.root()):
            return
        if signed.size != computed.size:
            self.findings.add("checkpoint", f"is of {signed.size} entries and the log holds {computed.size}")
        elif not self.trail.differing:
            roots = f"{_base64(computed.root())} and the checkpoint says {_base64(signed.root)}"
            self.findings.add("checkpoint", f"the root of the entries is {roots}; where they differ cannot be told")
        else:
            self.findings.add("checkpoint", "its root is not that of the entries")

    def _compare_earlier(self) -> None:
        for place, checkpoint, _ in self.earlier:
            root = self.trail.roots.get(checkpoint.size)
            if root is None:
                held = self.trail.computed.size
                self.findings.add(place, f"the log had {checkpoint.size} entries and holds {held}: some were taken out")
            elif root != checkpoint.root:
                self.findings.add(place, f"one of the first {checkpoint.size} entries is not what it was")

    def _damage(self) -> None:
        for line in self.reading.damage():
            self.findings.add("database", line)

    def _check_origin(self, checkpoint: Checkpoint, place: str) -> None:
        if self.origin is not None and checkpoint.origin != self.origin:
            self.findings.add(place, f"is of the log `{checkpoint.origin}` and not of `{self.origin}`")

    def _tick(self, count: int) -> None:
        self.done += count
        if self.progress is not None:
            self.progress(self.done, self.total)


def _change(signed: Checkpoint | None, computed: bytes, recorded: bytes) -> str:
    if signed is not None and signed.root == recorded:
        return "the envelope was changed after it was logged"
    if signed is not None and signed.root == computed:
        return "the leaf hash kept beside the envelope was changed; the envelope is what was logged"
    return "the envelope and the leaf hash kept beside it differ"


def _base64(root: bytes) -> str:
    return b64encode(root).decode()
