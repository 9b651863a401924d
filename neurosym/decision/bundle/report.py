"""The page of a bundle: decisions to read in a browser, which verifies each before it shows it.

What the page embeds is not trusted by its own script: envelopes with proofs, payloads as they are stored, their keys.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from string import Template

from neurosym.audit.bundle.contents import Selection, entry_at
from neurosym.audit.bundle.layout import Extent
from neurosym.audit.bundle.payload_keys import payload_key
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.entry_row import read_row
from neurosym.audit.key_store import ReadableKeyStore
from neurosym.audit.payload import PayloadLink, open_payload
from neurosym.audit.store import Reading
from neurosym.audit.trail import PAGE
from neurosym.audit.tree_path import inclusion_of
from neurosym.decision import recorder as names
from neurosym.decision.bundle.rule_place import rule_places
from neurosym.decision.case_record import read_case_record
from neurosym.decision.override import OVERRIDE
from neurosym.decision.page_style import COMMON, source_hash
from neurosym.decision.recorded import read_objects, text_at
from neurosym.text.escape import printable
from neurosym.text.failure import ReplayError
from neurosym.text.span import Source
from neurosym.values.canonical import Json, canonical_bytes

DECISIONS_MAX = 500  # more are more than a browser checks while somebody waits
PAYLOAD_BYTES_MAX = 2 << 20
BYTES_MAX = 32 << 20  # of all payloads together
SHOWN = frozenset({names.CASE, names.RESULT, names.PROOF, names.ATTEMPT, names.SOURCES, names.SECOND_OPINION, OVERRIDE})
FOLDER = Path(__file__).parent


def report_page(reading: Reading, found: Selection, keys: ReadableKeyStore | None, extent: Extent) -> Iterable[bytes]:
    """The page of the newest exported decisions."""
    shown = found.decisions[: -DECISIONS_MAX - 1 : -1]
    embedded = _Embedding(reading, found, None if extent.is_redacted else keys)
    for seq in shown:
        embedded.decision(seq)
    embedded.reviews(shown)
    identity = reading.identity()
    document: Json = {
        "vkey": identity.vkey,
        "checkpoint": reading.checkpoint().decode(),
        "redacted": extent.is_redacted,
        "total": len(found.decisions),
        "decisions": [*shown],
        "entries": embedded.entries,
        "payloads": embedded.payloads,
        "positions": embedded.positions,
    }
    style, script = COMMON.read_text(encoding="utf-8") + _text("report.css"), _text("report.js")
    text = Template(_text("report.html")).substitute(
        origin=escape(printable(identity.origin)),
        scope=_scope(found, extent, len(shown)),
        left_out=f"{embedded.left_out} payloads were too large for it; they lie in payloads/."
        * bool(embedded.left_out),
        style=style,
        style_hash=source_hash(style),
        script=script,
        script_hash=source_hash(script),
        held=_inert(canonical_bytes(document).decode()),
    )
    return [text.encode()]


@dataclass(slots=True)
class _Embedding:
    reading: Reading
    found: Selection
    keys: ReadableKeyStore | None
    entries: dict[str, Json] = field(default_factory=dict)
    payloads: dict[str, Json] = field(default_factory=dict)
    positions: dict[str, Json] = field(default_factory=dict)
    left_out: int = 0
    _bytes: int = 0

    def decision(self, seq: int) -> None:
        """Take in a decision and what it refers to."""
        entry = self._entry(seq)
        for effect in entry.effects:
            self._entry(effect)
        case = next((content for link, content in self._contents(entry) if link.name == names.CASE), None)
        if case is not None:
            try:
                self._ruleset(read_case_record(case).ruleset)
            except ReplayError:
                return  # a case of another version: the page shows what it can

    def reviews(self, shown: Iterable[int]) -> None:
        """Take in what was said of these decisions later."""
        ids = {entry_at(self.reading, seq).decision for seq in shown}
        size = self.reading.state().frontier.size
        for first in range(0, size, PAGE):
            for row in self.reading.entries(first, min(PAGE, size - first)):
                entry = read_row(row)
                if entry.kind in (EntryKind.REVIEW, EntryKind.OVERRIDE) and entry.decision in ids:
                    self._entry(entry.seq)

    def _ruleset(self, seq: int) -> None:
        if str(seq) in self.positions:
            return
        for link, content in self._contents(self._entry(seq)):
            if link.name == names.SOURCES:
                sources = [
                    Source(text_at(each, "name"), text_at(each, "text")) for each in read_objects(content, "sources")
                ]
                self.positions[str(seq)] = {**rule_places(sources)}

    def _entry(self, seq: int) -> Entry:
        entry = entry_at(self.reading, seq)
        if str(seq) not in self.entries:
            row = self.reading.entry(seq)
            assert row is not None
            proof = inclusion_of(self.reading, seq, self.reading.state().frontier.size)
            hashes: Json = [b64encode(each).decode() for each in proof]
            self.entries[str(seq)] = {"envelope": b64encode(row.envelope).decode(), "proof": hashes}
            for link in entry.payloads:
                self._payload(link)
        return entry

    def _payload(self, link: PayloadLink) -> None:
        if link.name not in SHOWN or link.digest in self.payloads or link.digest not in self.found.payloads:
            return
        stored = self.reading.payload(link.digest)
        if stored is None:
            return
        if len(stored) > PAYLOAD_BYTES_MAX or self._bytes + len(stored) > BYTES_MAX:
            self.left_out += 1
            return
        key = None if link.key is None else payload_key(stored, link, self.keys)
        if link.key is None or key is not None:
            self._bytes += len(stored)
            coded = None if key is None else b64encode(key).decode()
            self.payloads[link.digest] = {"stored": b64encode(stored).decode(), "key": coded}

    def _contents(self, entry: Entry) -> Iterator[tuple[PayloadLink, bytes]]:
        """What of an entry's payloads the page holds."""
        for link in entry.payloads:
            stored = self.reading.payload(link.digest) if link.digest in self.payloads else None
            if stored is not None:
                key = None if link.key is None else payload_key(stored, link, self.keys)
                yield link, _opened(stored, link, key)


def _opened(stored: bytes, link: PayloadLink, key: bytes | None) -> bytes:
    return open_payload(stored, link, lambda _: key or b"")


def _scope(found: Selection, extent: Extent, shown: int) -> str:
    whole = "All decisions of the log" if extent.is_whole else "Decisions that were chosen from the log"
    newest = "" if shown == len(found.decisions) else f", of which this page shows the newest {shown}"
    held = ", redacted: without anything that is encrypted" if extent.is_redacted else ""
    return f"{whole}: {len(found.decisions)}{newest}{held}."


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _inert(document: str) -> str:
    """JSON that no browser takes for the end of the element that holds it, or for markup."""
    escaped = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
    return "".join(escaped.get(char, char) for char in document)
