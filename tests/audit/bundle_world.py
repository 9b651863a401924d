"""Bundles of an invented log, honest ones and those of somebody who holds the log's key and may write anything."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from neurosym.audit.bundle import verify
from neurosym.audit.bundle.files import opened_bundle
from neurosym.audit.bundle.key_chain import CHANGE
from neurosym.audit.bundle.layout import ALWAYS, CHECKPOINT, KEYS, MANIFEST, VKEYS, Extent, payload_path, proof_path
from neurosym.audit.bundle.manifest import Manifest
from neurosym.audit.bundle.payload_keys import key_line
from neurosym.audit.bundle.verification import verify_bundle
from neurosym.audit.checkpoint import Checkpoint
from neurosym.audit.entry import KEY, Entry, envelope_bytes
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.erased import ERASED, erased_bytes
from neurosym.audit.key import SignerKey, VerifierKey, parse_verifier_key
from neurosym.audit.note import Note, sign_note
from neurosym.audit.payload import DataKey, Payload, encrypt_payload, salt_payload
from neurosym.audit.tile import entry_bundle, tiles_of
from neurosym.audit.tlog_proof import InclusionProof
from neurosym.audit.tree import leaf_hash, tree_root
from neurosym.audit.tree_path import inclusion_of
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Digest, Json, canonical_bytes, digest_bytes
from neurosym.values.clock import Stamp
from tests.audit.world import counted_entropy

ORIGIN = "log.example/1"
Files = dict[str, bytes]
SIGNER = SignerKey(ORIGIN, b"\x01" * 32)
NEXT_SIGNER = SignerKey(ORIGIN, b"\x02" * 32)
STRANGER = SignerKey(ORIGIN, b"\x03" * 32)
WHOLE = Extent(is_whole=True, is_redacted=False)
DATA_KEY = DataKey("house", b"\x05" * 32)


@dataclass(slots=True)
class Story:
    """A log as it is written, entry by entry; what is stored of it, and with which keys it opens."""

    envelopes: list[bytes] = field(default_factory=list)
    stored: dict[Digest, bytes] = field(default_factory=dict)
    keys: dict[Digest, bytes] = field(default_factory=dict)
    decisions: list[int] = field(default_factory=list)
    entropy: Callable[[int], bytes] = field(default_factory=counted_entropy)

    def encrypted(self, content: bytes) -> Payload:
        """A payload that is kept."""
        payload = encrypt_payload(content, DATA_KEY, self.entropy)
        self.keys[payload.digest] = DATA_KEY.payload_key(payload.stored[:32])
        return self._kept(payload)

    def salted(self, content: bytes) -> Payload:
        """A payload that is kept, for everybody to read."""
        return self._kept(salt_payload(content, self.entropy))

    def _kept(self, payload: Payload) -> Payload:
        self.stored[payload.digest] = payload.stored
        return payload

    def add(self, entry: Entry, payloads: Mapping[str, Payload] | None = None) -> int:
        """The place of an entry, whatever its own number."""
        links = tuple(payload.link(name) for name, payload in (payloads or {}).items())
        result = next((link.digest for link in links if link.name == "result"), entry.result)
        seq = len(self.envelopes)
        self.envelopes.append(envelope_bytes(replace(entry, seq=seq, payloads=links, result=result)))
        if entry.kind is EntryKind.DECISION:
            self.decisions.append(seq)
        return seq

    def forget(self, payload: Payload) -> None:
        """Erase a payload, and say so."""
        del self.stored[payload.digest]
        self.keys.pop(payload.digest, None)
        said = self.salted(erased_bytes([], [payload.digest], "asked for"))
        self.add(an_entry(EntryKind.ERASURE), {ERASED: said})

    def change_key(self, old: SignerKey, new: SignerKey, *by: SignerKey) -> None:
        """Log a key change, signed by both unless by others."""
        text = f"neurosym key change 1\n{ORIGIN}\n{old.verifier}\n{new.verifier}\n"
        note = str(sign_note(text, *(by or (old, new)))).encode()
        self.add(an_entry(EntryKind.KEY_CHANGE), {CHANGE: self.salted(note)})


def an_entry(kind: EntryKind, **more: object) -> Entry:
    """An entry whose place is not known yet."""
    return replace(Entry(seq=10**9, stamp=Stamp("2026-03-02T09:00:00Z", "ticking"), kind=kind), **more)  # type: ignore[arg-type]


def begun(signer: SignerKey = SIGNER) -> Story:
    """A log of one entry."""
    story = Story()
    story.add(an_entry(EntryKind.START, digests={KEY: digest_bytes(str(signer.verifier).encode())}))
    return story


def result_of(outcome: str | None = "release", **more: Json) -> bytes:
    """A recorded result, as short as can be."""
    status = "undecided" if outcome is None else "decided"
    reason: Json = {"outcome": outcome, "rule": "rule_1"}
    document: dict[str, Json] = {"status": status, "outcome": outcome, "on": "2026-03-02", "reasons": [reason]}
    return canonical_bytes({**document, **more})


def case_of(ruleset: int, configuration: int | None = None) -> bytes:
    """A recorded case, as short as can be."""
    return canonical_bytes({"ruleset": ruleset, "configuration": configuration})


def a_decision(number: int, **more: object) -> Entry:
    """The entry of a decision that the result above fits."""
    said: dict[str, object] = {"on": "2026-03-02", "outcome": "release", "codes": ("rule_1",)}
    return an_entry(EntryKind.DECISION, decision=f"D{number}", **{**said, **more})


def told(decisions: int = 2) -> Story:
    """A log with rules, answers and decisions that rest on them."""
    story = begun()
    ruleset = story.add(an_entry(EntryKind.RULESET), {"sources": story.encrypted(b"[]")})
    facts = story.encrypted(b'["facts"]')
    for number in range(decisions):
        answer = story.add(an_entry(EntryKind.ANSWER, decision=f"D{number}"), {"attempt": story.encrypted(b"same")})
        payloads = {"case": story.encrypted(case_of(ruleset)), "facts": facts, "result": story.encrypted(result_of())}
        story.add(a_decision(number, effects=(answer,)), payloads)
    return story


@dataclass(frozen=True, slots=True)
class Tree:
    """The hashes of a log's tiles."""

    leaves: Sequence[bytes]

    def hashes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Those of a level."""
        width = 256**level
        return [tree_root(self.leaves[at * width : (at + 1) * width]) for at in range(first, first + count)]


def bundled(
    story: Story,
    *,
    signer: SignerKey = SIGNER,
    vkeys: Sequence[VerifierKey] = (SIGNER.verifier,),
    chosen: Sequence[int] | None = None,
    is_redacted: bool = False,
    note: Callable[[str], Note] | None = None,
) -> Files:
    """The bundle of a log as an exporter writes it; `chosen` names entries whose payloads are in it."""
    leaves = [leaf_hash(each) for each in story.envelopes]
    size, tree = len(leaves), Tree(leaves)
    text = str(Checkpoint(ORIGIN, size, tree_root(leaves)))
    signed = note(text) if note else sign_note(text, signer)
    files: Files = dict.fromkeys(ALWAYS - {MANIFEST}, b"to be read by people\n")
    files[VKEYS] = "".join(f"{vkey}\n" for vkey in vkeys).encode()
    files[CHECKPOINT] = str(signed).encode()
    for tile in tiles_of(size):
        if tile.level is None:
            files[tile.path] = entry_bundle(story.envelopes[tile.first : tile.first + tile.width])
        else:
            files[tile.path] = b"".join(tree.hashes(tile.level, tile.first, tile.width))
    for seq in story.decisions:
        if seq < size and (chosen is None or seq in chosen):
            files[proof_path(seq)] = str(InclusionProof(seq, inclusion_of(tree, seq, size), signed)).encode()
    held = [digest for digest in story.stored if _is_held(story, digest, chosen, is_redacted=is_redacted)]
    files |= {payload_path(digest): story.stored[digest] for digest in held}
    if not is_redacted:
        files[KEYS] = b"".join(key_line(each, story.keys[each]) for each in sorted(held) if each in story.keys)
    return sealed(files, Extent(chosen is None, is_redacted), signer)


def _is_held(story: Story, digest: Digest, chosen: Sequence[int] | None, *, is_redacted: bool) -> bool:
    named_by = [seq for seq, envelope in enumerate(story.envelopes) if digest.encode() in envelope]
    if digest not in story.keys:
        return True
    return not is_redacted and (chosen is None or any(seq in chosen for seq in named_by))


def sealed(files: Files, extent: Extent = WHOLE, signer: SignerKey = SIGNER) -> Files:
    """The files with a manifest that names them all."""
    digests = {path: sha256(content).hexdigest() for path, content in files.items() if path != MANIFEST}
    return {**files, MANIFEST: str(sign_note(str(Manifest(ORIGIN, extent, digests)), signer)).encode()}


def lay(files: Files, place: Path) -> Path:
    """The files in a folder."""
    for path, content in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    return place


def packed(files: Files, place: Path, change: Callable[[ZipInfo], None] | None = None) -> Path:
    """The files in a zip."""
    with ZipFile(place, "w") as opened:
        for path, content in files.items():
            info = ZipInfo(path)
            if change is not None:
                change(info)
            opened.writestr(info, content)
    return place


@dataclass(frozen=True, slots=True)
class Said:
    """What a verifier made of a bundle: whether it accepts it, and all that it said."""

    accepts: bool
    text: str


def ours(place: Path, key: str | None = None, earlier: Sequence[Path] = ()) -> Said:
    """What the package says."""
    given = None if key is None else parse_verifier_key(key)
    try:
        with opened_bundle(place) as files:
            verdict = verify_bundle(files, key=given, earlier=[each.read_bytes() for each in earlier])
    except LogCorruptError as error:
        return Said(accepts=False, text=str(error))
    assert verdict.is_consistent == (verdict.problem_count == 0)
    return Said(verdict.is_consistent, "\n".join([*verdict.statements(), *map(str, verdict.problems)]))


def theirs(place: Path, key: str | None = None, earlier: Sequence[Path] = ()) -> Said:
    """What `verify.py` says, which ends with 0 or 5 and never with an error of its own."""
    arguments = [str(place), *(("--key", key) if key else ())]
    arguments += [part for each in earlier for part in ("--checkpoint", str(each))]
    said, before = io.StringIO(), sys.argv
    sys.argv = ["verify.py", *arguments]
    try:
        with contextlib.redirect_stdout(said):
            code = verify.main()
    finally:
        sys.argv = before
    assert code in (0, 5)
    text = said.getvalue()
    assert code == 0 or (text.startswith("NOT VERIFIED. ") and text.count("\n") == 1)
    return Said(code == 0, text)


VERIFIERS = {"ours": ours, "theirs": theirs}
