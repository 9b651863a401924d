"""Verification of a bundle: everything is computed again from its files, and nothing in it is believed.

`verify.py` beside this module does the same and shares no code with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TypeAlias

from neurosym.audit.bundle.files import BundleFiles, read_file
from neurosym.audit.bundle.index import Index
from neurosym.audit.bundle.key_chain import chained, changed_keys, keys_text, parsed_key
from neurosym.audit.bundle.layout import (
    ALWAYS,
    CHECKPOINT,
    KEYS,
    MANIFEST,
    MANIFEST_BYTES_MAX,
    STORED_BYTES_MAX,
    VKEYS,
    VKEYS_BYTES_MAX,
    payload_path,
    proof_at,
    proof_path,
)
from neurosym.audit.bundle.manifest import Manifest, parse_manifest
from neurosym.audit.bundle.payload_check import PayloadCheck
from neurosym.audit.bundle.tree_files import check_tile_names, entries_in, follow_tree
from neurosym.audit.bundle.verdict import BundleVerdict, Tally
from neurosym.audit.checkpoint import Checkpoint, parse_checkpoint
from neurosym.audit.key import VerifierKey
from neurosym.audit.note import NOTE_BYTES_MAX, parse_note
from neurosym.audit.payload import open_payload
from neurosym.audit.tlog_proof import PROOF_BYTES_MAX, parse_tlog_proof
from neurosym.audit.tree import leaf_hash
from neurosym.audit.tree_proof import verify_inclusion
from neurosym.audit.verdict import Findings
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import digest_bytes

Tick: TypeAlias = Callable[[int, int], None]


def verify_bundle(
    files: BundleFiles, *, key: VerifierKey | None = None, earlier: Sequence[bytes] = (), progress: Tick | None = None
) -> BundleVerdict:
    """The verdict on a bundle. Where one stage finds a problem the next ones are not begun: they build on it.

    `key` is a verifier key from outside, the present one of the log or one before; without it the bundle is checked
    against the keys it names itself. `earlier` are signed checkpoints of the log that were kept elsewhere. LogError
    when a file cannot be read.
    """
    return _Examination(files, key, earlier, progress).verdict()


class _Examination:
    def __init__(
        self, files: BundleFiles, key: VerifierKey | None, earlier: Sequence[bytes], progress: Tick | None
    ) -> None:
        self.files = files
        self.key = key
        self.earlier_notes = earlier
        self.progress = progress
        self.findings = Findings()
        self.tally = Tally(files=len(files.sizes))
        self.index = Index()
        self.keys: tuple[VerifierKey, ...] = ()
        self.manifest: Manifest | None = None
        self.checkpoint: Checkpoint | None = None
        self.note = b""
        self.earlier: list[tuple[str, Checkpoint]] = []

    def verdict(self) -> BundleVerdict:
        stages = (
            (VKEYS, self._keys),
            (MANIFEST, self._manifest),
            ("bundle", self._files),
            (CHECKPOINT, self._checkpoint),
            ("earlier checkpoints", self._read_earlier),
            ("entries", self._tree),
            (VKEYS, self._key_chain),
            ("proofs", self._proofs),
            ("payloads", self._payloads),
        )
        for place, stage in stages:
            try:
                stage()
            except LogCorruptError as error:
                self.findings.add(place, str(error))
            if self.findings.count:
                break
        is_consistent = not self.findings.count
        return BundleVerdict(
            tally=self.tally,
            extent=None if self.manifest is None else self.manifest.extent,
            checkpoint=self.checkpoint,
            vkey=str(self.keys[0]) if self.keys else None,
            changes=max(len(self.keys) - 1, 0),
            key_verified=is_consistent and self.key in self.keys,
            earlier_sizes=tuple(checkpoint.size for _, checkpoint in self.earlier) if is_consistent else (),
            problems=tuple(self.findings.problems),
            problem_count=self.findings.count,
        )

    def _keys(self) -> None:
        text = read_file(self.files, VKEYS, VKEYS_BYTES_MAX).decode("utf-8", "backslashreplace")
        self.keys = tuple(parsed_key(line) for line in text.removesuffix("\n").split("\n"))
        if text != keys_text(self.keys):
            raise LogCorruptError("is not one verifier key a line")
        if self.key is not None and self.key not in self.keys:
            raise LogCorruptError(f"does not name the key given, `{self.key}`")

    def _manifest(self) -> None:
        note = parse_note(read_file(self.files, MANIFEST, MANIFEST_BYTES_MAX), bytes_max=MANIFEST_BYTES_MAX)
        if not note.is_signed_by(self.keys[0]):
            raise LogCorruptError(f"is not signed by the log's key `{self.keys[0].name}`")
        self.manifest = parse_manifest(note.text)

    def _files(self) -> None:
        assert self.manifest is not None
        listed = self.manifest.files
        for path in sorted(self.files.sizes.keys() - listed.keys() - {MANIFEST}):
            self.findings.add(path, "is not named in the manifest")
        needed = (ALWAYS - {MANIFEST}) | (set() if self.manifest.extent.is_redacted else {KEYS})
        for path in sorted((listed.keys() | needed) - self.files.sizes.keys()):
            self.findings.add(path, "is missing")
        if self.manifest.extent.is_redacted and KEYS in listed:
            self.findings.add(KEYS, "has no place in a redacted bundle")
        for done, path in enumerate(listed):
            self._tick(done, len(listed))
            if path in self.files.sizes and _sha256(self.files, path) != listed[path]:
                self.findings.add(path, "is not what the manifest says: its SHA-256 is another")

    def _checkpoint(self) -> None:
        assert self.manifest is not None
        self.note = read_file(self.files, CHECKPOINT, NOTE_BYTES_MAX)
        note = parse_note(self.note)
        if not note.is_signed_by(self.keys[0]):
            raise LogCorruptError(f"is not signed by the log's key `{self.keys[0].name}`")
        self.checkpoint = parse_checkpoint(note.text)
        self._check_origin(self.checkpoint)

    def _read_earlier(self) -> None:
        for number, content in enumerate(self.earlier_notes, 1):
            place = f"earlier checkpoint {number}"
            try:
                note = parse_note(content)
                checkpoint = parse_checkpoint(note.text)
                if not any(note.is_signed_by(key) for key in self.keys):
                    raise LogCorruptError("is signed by no key of the log")  # noqa: TRY301 - told with its place
                self._check_origin(checkpoint)
            except LogCorruptError as error:
                self.findings.add(place, str(error))
                continue
            self.earlier.append((place, checkpoint))

    def _check_origin(self, checkpoint: Checkpoint) -> None:
        assert self.manifest is not None
        if checkpoint.origin != self.manifest.origin:
            raise LogCorruptError(f"is of the log `{checkpoint.origin}` and not of `{self.manifest.origin}`")

    def _tree(self) -> None:
        signed = self.checkpoint
        assert signed is not None
        check_tile_names(self.files, signed.size)
        sizes = frozenset(checkpoint.size for _, checkpoint in self.earlier)
        tree, roots = follow_tree(self.files, signed.size, sizes, self._entry)
        if tree.root() != signed.root:
            raise LogCorruptError("their root is not that of the signed checkpoint")
        for place, checkpoint in self.earlier:
            root = roots.get(checkpoint.size)
            if root is None:
                self.findings.add(place, f"the log had {checkpoint.size} entries and has {tree.size}")
            elif root != checkpoint.root:
                self.findings.add(place, f"one of the first {checkpoint.size} entries is not what it was")
        self.tally.entries = tree.size

    def _entry(self, envelope: bytes) -> None:
        assert self.checkpoint is not None
        self._tick(self.index.size, self.checkpoint.size)
        self.index.add(envelope)

    def _key_chain(self) -> None:
        assert self.manifest is not None
        if self.index.first_key != digest_bytes(str(self.keys[-1]).encode()):
            raise LogCorruptError("the log was begun with another key than the last that stands here")
        changes = []
        for seq, link in self.index.changes:
            stored = read_file(self.files, payload_path(link.digest), STORED_BYTES_MAX)
            try:
                if link.key is not None:
                    raise LogCorruptError("is encrypted")  # noqa: TRY301 - told with its place, as all others
                changes.append((seq, *changed_keys(open_payload(stored, link, lambda _: b""), self.manifest.origin)))
            except LogCorruptError as error:
                raise LogCorruptError(f"the key change of entry {seq}: {error}") from error
        if chained(self.keys[-1], changes) != self.keys:
            raise LogCorruptError("these are not the keys that the entries of key changes lead to")

    def _proofs(self) -> None:
        assert self.manifest is not None
        proven = {seq for seq in map(proof_at, self.files.sizes) if seq is not None}
        for seq in sorted(proven - self.index.decisions.keys()):
            self.findings.add(proof_path(seq), f"entry {seq} is no decision")
        if self.manifest.extent.is_whole:
            for seq in sorted(self.index.decisions.keys() - proven):
                self.findings.add(proof_path(seq), "is missing")
        if not self.findings.count:
            assert self.checkpoint is not None
            for seq, envelope in enumerate(entries_in(self.files, self.checkpoint.size)):
                if seq in proven:
                    self._proof(seq, envelope)
        self.tally.decisions = len(proven)

    def _proof(self, seq: int, envelope: bytes) -> None:
        assert self.checkpoint is not None
        path = proof_path(seq)
        try:
            found = parse_tlog_proof(read_file(self.files, path, PROOF_BYTES_MAX))
        except LogCorruptError as error:
            self.findings.add(path, str(error))
            return
        signed = self.checkpoint
        if found.index != seq or str(found.note).encode() != self.note:
            self.findings.add(path, "is not of this entry and of the bundle's checkpoint")
        elif not verify_inclusion(seq, signed.size, leaf_hash(envelope), signed.root, found.hashes):
            self.findings.add(path, "the entry does not lead to the root of the checkpoint")

    def _payloads(self) -> None:
        assert self.manifest is not None
        PayloadCheck(self.files, self.index, self.manifest.extent, self.tally, self.findings).check(self._tick)

    def _tick(self, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress(done, total)


def _sha256(files: BundleFiles, path: str) -> str:
    found = sha256()
    for chunk in files.chunks(path):
        found.update(chunk)
    return found.hexdigest()
