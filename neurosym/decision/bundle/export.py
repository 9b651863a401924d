"""Export of a log, or of some of its decisions, as a bundle for whoever does not trust us."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from neurosym.audit.bundle.contents import (
    Chosen,
    File,
    Selection,
    key_files,
    payload_files,
    proof_files,
    selection,
    tree_files,
)
from neurosym.audit.bundle.files import opened_bundle
from neurosym.audit.bundle.layout import FIELDS, FIELDS_PAGE, KEYS, MANIFEST, README, REPORT, VERIFIER, Extent
from neurosym.audit.bundle.manifest import Manifest
from neurosym.audit.bundle.verdict import BundleVerdict
from neurosym.audit.bundle.verification import verify_bundle
from neurosym.audit.entry import Entry
from neurosym.audit.key import SignerKey
from neurosym.audit.note import sign_note
from neurosym.audit.reader import LogReader
from neurosym.audit.store import Reading
from neurosym.decision.bundle.chosen import entries_of
from neurosym.decision.bundle.destination import Destination, create_bundle
from neurosym.decision.bundle.field_dictionary import fields_document, fields_page
from neurosym.decision.bundle.readme import readme_text, verifier_text
from neurosym.decision.bundle.report import report_page
from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import canonical_bytes

Tick: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What is exported: these decisions, or the whole log where None are named; `is_redacted` without personal data."""

    decisions: Sequence[Entry] | None = None
    is_redacted: bool = False

    @property
    def extent(self) -> Extent:
        """The same as manifests have it."""
        return Extent(is_whole=self.decisions is None, is_redacted=self.is_redacted)


def export_bundle(
    log: LogReader, signer: SignerKey, place: Path, options: Options, progress: Tick | None = None
) -> BundleVerdict:
    """The verdict on the bundle that was made of a log, which is verified before it stands at its place.

    The log itself is to be verified before. LogCorruptError when what it holds does not verify; LogError when `signer`
    is not its key, a payload's key is not at hand, or the bundle cannot be made. Then there is none.
    """
    if str(signer.verifier) != log.identity.vkey:
        raise LogError(f"this is not the key of the log, whose checkpoints verify with {log.identity.vkey}")
    found: list[BundleVerdict] = []

    def check(draft: Path) -> None:
        with opened_bundle(draft) as files:
            found.append(verify_bundle(files))
        for problem in found[0].problems:
            raise LogCorruptError(f"the log cannot be exported: {problem}")

    chosen = None if options.decisions is None else entries_of(log, options.decisions)
    create_bundle(place, lambda to: _Writing(log, signer, options, chosen, to, progress).write(), check)
    return found[0]


class _Writing:
    def __init__(
        self,
        log: LogReader,
        signer: SignerKey,
        options: Options,
        chosen: Chosen,
        to: Destination,
        progress: Tick | None,
    ) -> None:
        self._log = log
        self._signer = signer
        self._options = options
        self._chosen = chosen
        self._to = to
        self._progress = progress
        self._digests: dict[str, str] = {}
        self._key_lines: list[bytes] = []

    def write(self) -> None:
        with self._log.store.reading() as reading:
            origin = reading.identity().origin
            found = selection(reading, self._chosen, is_redacted=self._options.is_redacted)
            for path, chunks in self._files(reading, found):
                self._digests[path] = self._to.write(path, chunks)
        text = str(Manifest(origin, self._options.extent, self._digests))
        self._to.write(MANIFEST, [str(sign_note(text, self._signer)).encode()])

    def _files(self, reading: Reading, found: Selection) -> Iterator[File]:
        yield README, [readme_text(reading, found, self._options.extent)]
        yield VERIFIER, [verifier_text()]
        yield FIELDS, [canonical_bytes(fields_document())]
        yield FIELDS_PAGE, [fields_page()]
        yield from key_files(reading, found)
        yield from tree_files(reading)
        yield from proof_files(reading, found)
        for done, file in enumerate(payload_files(reading, found, self._log.keys, self._key_lines.append)):
            yield file
            if self._progress is not None:
                self._progress(done + 1, len(found.payloads))
        if not self._options.is_redacted:
            yield KEYS, self._key_lines
        yield REPORT, report_page(reading, found, self._log.keys, self._options.extent)
