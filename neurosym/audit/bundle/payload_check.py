"""The payloads of a bundle: each is named by an entry and opens; each that is not there has a reason to be away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from neurosym.audit.bundle.agreement import disagreement, entries_used
from neurosym.audit.bundle.files import BundleFiles, read_file
from neurosym.audit.bundle.index import CASE, RESULT, Index, Named
from neurosym.audit.bundle.layout import (
    KEYS,
    KEYS_BYTES_MAX,
    STORED_BYTES_MAX,
    Extent,
    payload_at,
    payload_path,
    proof_at,
)
from neurosym.audit.bundle.payload_keys import parse_keys
from neurosym.audit.bundle.verdict import Tally
from neurosym.audit.erased import erased_digests, erased_keys
from neurosym.audit.payload import open_payload
from neurosym.audit.verdict import Findings
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Digest


class PayloadCheck:
    """Checks the payloads against what the entries say, once the entries are known to be the log's."""

    def __init__(self, files: BundleFiles, index: Index, extent: Extent, tally: Tally, findings: Findings) -> None:
        self._files = files
        self._index = index
        self._extent = extent
        self._tally = tally
        self._findings = findings
        self._held = frozenset(digest for digest in map(payload_at, files.sizes) if digest is not None)
        self._keys: Mapping[Digest, bytes] = {}
        self._erased: set[Digest] = set()
        self._destroyed: set[str] = set()
        self._used: set[int] = set()  # entries that cases name
        self._of_decision: dict[Digest, list[int]] = {}  # results and cases, with their decisions

    def check(self, tick: Callable[[int, int], None]) -> None:
        """Add what is wrong to the findings, and count the rest."""
        for digest in sorted(self._held - self._index.payloads.keys()):
            self._findings.add(payload_path(digest), "no entry names it")
        self._read_keys()
        self._read_erasures()
        for seq, row in self._index.decisions.items():
            for recorded in (row.digest_of(RESULT), row.digest_of(CASE)):
                if recorded is not None:
                    self._of_decision.setdefault(recorded, []).append(seq)
        for done, (digest, named) in enumerate(self._index.payloads.items()):
            tick(done, len(self._index.payloads))
            if digest in self._held:
                self._check_held(digest, named)
        self._check_missing()

    def _read_keys(self) -> None:
        if KEYS not in self._files.sizes:
            return
        try:
            self._keys = parse_keys(read_file(self._files, KEYS, KEYS_BYTES_MAX))
        except LogCorruptError as error:
            self._findings.add(KEYS, str(error))
        for digest in self._keys:
            named = self._index.payloads.get(digest)
            if digest not in self._held or named is None or named.link.key is None:
                self._findings.add(KEYS, f"gives a key for {digest}, which is no encrypted payload of the bundle")

    def _read_erasures(self) -> None:
        for link in self._index.erasures:
            if link.key is not None or link.digest not in self._held:
                self._findings.add(payload_path(link.digest), "says what was erased, and cannot be read")
                continue
            try:
                content = open_payload(self._stored(link.digest), link, lambda _: b"")
                self._erased.update(erased_digests(content))
                self._destroyed.update(erased_keys(content))
            except LogCorruptError as error:
                self._findings.add(payload_path(link.digest), f"does not say what was erased: {error}")

    def _check_held(self, digest: Digest, named: Named) -> None:
        key = self._keys.get(digest)
        self._tally.payloads += 1
        if self._extent.is_redacted and not named.is_open:
            self._findings.add(payload_path(digest), "has no place in a redacted bundle")
        if named.link.key is not None and key is None:
            self._tally.shut += 1
            self._tally.key_destroyed += named.link.key in self._destroyed
            return
        try:
            content = open_payload(self._stored(digest), named.link, lambda _: key or b"")
            self._compare(digest, content)
        except LogCorruptError as error:
            self._findings.add(payload_path(digest), str(error))
        self._tally.opened += named.link.key is not None

    def _compare(self, digest: Digest, content: bytes) -> None:
        """A recorded result with its envelope; and note which entries a recorded case uses."""
        for seq in self._of_decision.get(digest, ()):
            row = self._index.decisions[seq]
            if digest == row.digest_of(CASE):
                self._used.update(entries_used(content))
                continue
            differing = disagreement(row, content)
            if differing is not None:
                self._findings.add(f"entry {seq}", f"its recorded result has another `{differing}`")
            self._tally.agreeing += differing is None

    def _check_missing(self) -> None:
        wanted = None if self._extent.is_whole else self._index.wanted(self._chosen())
        for digest, named in self._index.payloads.items():
            if digest in self._held:
                continue
            if digest in self._erased:
                self._tally.erased += 1
            elif self._extent.is_redacted and not named.is_open:
                self._tally.redacted += 1
            elif wanted is not None and digest not in wanted and not named.is_open:
                self._tally.not_chosen += 1
            else:
                self._findings.add(f"entry {named.seq}", f"its payload `{named.link.name}` is missing")

    def _chosen(self) -> Iterator[int]:
        """The decisions with a proof, and the entries that these refer to."""
        for seq in map(proof_at, self._files.sizes):
            if seq is not None:
                yield seq
                yield from self._index.decisions[seq].effects
        yield from self._used

    def _stored(self, digest: Digest) -> bytes:
        return read_file(self._files, payload_path(digest), STORED_BYTES_MAX)
