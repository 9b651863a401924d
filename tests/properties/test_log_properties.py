"""What holds for every log, whoever has had its file in hand."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from neurosym.audit.checkpoint import parse_checkpoint
from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry, envelope_bytes, parse_entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.frontier import Frontier, frontier_bytes, parse_frontier
from neurosym.audit.key import SignerKey, parse_signer_key, parse_verifier_key
from neurosym.audit.keyfile import data_keys_beside
from neurosym.audit.note import parse_note, sign_note
from neurosym.audit.payload import DataKey, PayloadLink, encrypt_payload, open_payload, salt_payload, tag
from neurosym.audit.reader import LogReader
from neurosym.audit.sighting import sighted
from neurosym.audit.tree import leaf_hash, tree_root
from neurosym.audit.tree_proof import verify_consistency, verify_inclusion
from neurosym.audit.verification import verify_log
from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import Digest, digest_bytes
from neurosym.values.clock import Stamp
from tests.audit.rfc6962 import consistency_proof, inclusion_proof
from tests.audit.world import open_log, problems_of, rewrite_log, tampering, write_small_log

CELLS = (
    ("identity", "origin"),
    ("identity", "vkey"),
    ("identity", "keys"),
    ("entries", "envelope"),
    ("entries", "leaf"),
    ("payload", "digest"),
    ("payload", "content"),
    ("lookup", "kind"),
    ("lookup", "key"),
    ("state", "frontier"),
    ("checkpoint", "note"),
)
NUMBERS = (("identity", "format"), ("entries", "seq"), ("payload", "seq"), ("lookup", "seq"), ("state", "size"))
ROW = {"lookup": "kind || hex(key)"}  # what tells the rows of a table apart, where they have no numbers
EVERY_LOG = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@dataclass(frozen=True)
class Original:
    """A log as it was written, and a place to spoil copies of it."""

    path: Path
    copy: Path
    contents: tuple[object, ...]

    def fresh_copy(self) -> Path:
        """The copy, as good as new."""
        for ending in ("-wal", "-shm", "-journal"):
            Path(f"{self.copy}{ending}").unlink(missing_ok=True)
        shutil.copyfile(self.path, self.copy)
        return self.copy


def contents_of(path: Path) -> tuple[object, ...]:
    """All that a log says: its entries, their payloads and its checkpoint."""
    with LogReader.open(path) as log:
        entries = tuple(log.entries())
        payloads = tuple(log.payload(link) for entry in entries for link in entry.payloads)
        found = tuple(log.decision(entry.decision or "") for entry in log.decisions())
        return entries, payloads, found, log.request("payment-1"), log.checkpoint(), log.identity


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Original:
    path = tmp_path_factory.mktemp("log") / "original.db"
    write_small_log(path)
    shutil.copy(data_keys_beside(path), data_keys_beside(path.with_name("copy.db")))
    return Original(path, path.with_name("copy.db"), contents_of(path))


def row_of(table: str) -> str:
    return ROW.get(table, "rowid")


def cells_of(path: Path) -> Iterator[tuple[str, str, object, bytes]]:
    """Table, column, row and bytes of everything stored that is not a number."""
    with closing(sqlite3.connect(path)) as connection:
        for table, column in CELLS:
            for row, cell in connection.execute(f"SELECT {row_of(table)}, CAST({column} AS BLOB) FROM {table}"):  # noqa: S608
                yield table, column, row, cell


def flip(path: Path, table: str, column: str, row: object, at: int, mask: int) -> None:
    with tampering(path) as connection:
        query = f"SELECT typeof({column}), CAST({column} AS BLOB) FROM {table} WHERE {row_of(table)} = ?"  # noqa: S608
        kind, cell = connection.execute(query, (row,)).fetchone()
        flipped = bytearray(cell)
        flipped[at] ^= mask
        update = f"UPDATE {table} SET {column} = CAST(? AS {kind}) WHERE {row_of(table)} = ?"  # noqa: S608
        connection.execute(update, (bytes(flipped), row))


def is_detected(path: Path) -> bool:
    """True when the log is refused or does not verify."""
    try:
        return bool(problems_of(path))
    except LogError:
        return True


@EVERY_LOG
@given(st.data())
def test_any_flipped_byte_is_detected(original: Original, data: st.DataObject) -> None:
    table, column, row, cell = data.draw(st.sampled_from(list(cells_of(original.path))))
    at = data.draw(st.integers(0, len(cell) - 1))
    path = original.fresh_copy()
    try:
        flip(path, table, column, row, at, data.draw(st.integers(1, 255)))
    except sqlite3.IntegrityError:  # the other decision has this name already, and no table holds it twice
        reject()
    assert is_detected(path)


@pytest.mark.slow
def test_every_single_flipped_byte_is_detected(original: Original) -> None:
    flips = 0
    for table, column, row, cell in cells_of(original.path):
        for at in range(len(cell)):
            path = original.fresh_copy()
            flip(path, table, column, row, at, 1 << at % 8)
            assert is_detected(path), (table, column, row, at)
            flips += 1
    assert flips > 4_000


@EVERY_LOG
@given(st.data())
def test_any_changed_number_is_detected(original: Original, data: st.DataObject) -> None:
    table, column = data.draw(st.sampled_from(NUMBERS))
    path = original.fresh_copy()
    with tampering(path) as connection:
        rows = connection.execute(f"SELECT {row_of(table)}, {column} FROM {table}").fetchall()  # noqa: S608
        row, number = data.draw(st.sampled_from(rows))
        changed = data.draw(st.integers(-(2**63), 2**63 - 1).filter(lambda other: other != number))
        connection.execute(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {row_of(table)} = ?", (changed, row))  # noqa: S608
    assert is_detected(path)


@EVERY_LOG
@given(st.data())
def test_a_cell_of_any_type_and_content_is_detected_and_never_a_traceback(
    original: Original, data: st.DataObject
) -> None:
    table, column = data.draw(st.sampled_from(CELLS + NUMBERS))
    content = data.draw(st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats(), st.binary(), st.text(st.characters())))
    path = original.fresh_copy()
    with tampering(path) as connection:
        rows = connection.execute(f"SELECT {row_of(table)}, {column} FROM {table}").fetchall()  # noqa: S608
        row, before = data.draw(st.sampled_from(rows))
        try:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {row_of(table)} = ?", (content, row))  # noqa: S608
        except (sqlite3.IntegrityError, UnicodeEncodeError):
            return  # SQLite itself would not have it
        query = f"SELECT {column} FROM {table} WHERE {row_of(table)} = ?"  # noqa: S608
        if connection.execute(query, (row,)).fetchone() == (before,):
            return
    assert is_detected(path)


@EVERY_LOG
@given(st.data())
def test_a_flipped_byte_of_the_file_is_detected_or_changes_nothing(original: Original, data: st.DataObject) -> None:
    content = bytearray(original.path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path = original.fresh_copy()
    path.write_bytes(content)
    assert is_detected(path) or contents_of(path) == original.contents


@EVERY_LOG
@given(st.data())
def test_a_file_cut_off_anywhere_is_detected(original: Original, data: st.DataObject) -> None:
    content = original.path.read_bytes()
    path = original.fresh_copy()
    path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    assert is_detected(path)


@EVERY_LOG
@given(st.binary(max_size=300), st.booleans())
def test_bytes_that_are_no_log_are_refused(original: Original, content: bytes, after_header: bool) -> None:  # noqa: FBT001
    path = original.fresh_copy()
    path.write_bytes(original.path.read_bytes()[:100] + content if after_header else content)
    assert is_detected(path)


@EVERY_LOG
@given(st.integers(1, 8), st.integers(0, 7))
def test_a_log_written_anew_with_its_key_is_consistent_and_contradicts_an_earlier_checkpoint(
    original: Original, keep: int, changed: int
) -> None:
    with LogReader.open(original.path) as log:
        earlier = log.checkpoint().encode()
    anew = original.path.with_name("anew.db")
    anew.unlink(missing_ok=True)
    rewrite_log(
        original.path,
        anew,
        lambda entry, name, content: b"other" if entry.seq == changed and name == "response" else content,
        keep=keep,
    )
    assert problems_of(anew) == []
    is_as_it_was = keep == 8 and changed not in (1, 4)  # entries 1, 3 and 4 are answers, and that of 3 is "other"
    with LogReader.open(anew) as log:
        assert verify_log(log, earlier=[earlier]).is_consistent is is_as_it_was


@settings(max_examples=20)
@given(st.lists(st.integers(1, 4), max_size=6))
def test_every_checkpoint_a_log_gave_is_contained_in_what_it_becomes(
    tmp_path_factory: pytest.TempPathFactory, batches: list[int]
) -> None:
    path = tmp_path_factory.mktemp("growing") / "log.db"
    with open_log(path) as log:
        earlier = [log.checkpoint().encode()]
        for size in batches:
            log.append([Draft(kind=EntryKind.ANSWER, payloads=(("response", b"same"),))] * size)
            earlier.append(log.checkpoint().encode())
    with LogReader.open(path) as reader:
        verdict = verify_log(reader, earlier=earlier)
    assert verdict.is_consistent
    assert verdict.earlier_sizes[-1] == 1 + sum(batches)


leaves = st.lists(st.binary(max_size=4).map(leaf_hash), min_size=1, max_size=70)


@given(leaves)
def test_a_frontier_and_its_tree_have_one_root(hashes: list[bytes]) -> None:
    frontier = Frontier()
    for leaf in hashes:
        frontier = frontier.append(leaf)
    assert frontier.root() == tree_root(hashes)
    assert parse_frontier(len(hashes), frontier_bytes(frontier)) == frontier


@given(leaves, st.data())
def test_every_leaf_is_proven_included_and_no_other_is(hashes: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(hashes) - 1))
    proof, root = inclusion_proof(index, hashes), tree_root(hashes)
    assert verify_inclusion(index, len(hashes), hashes[index], root, proof)
    assert not verify_inclusion(index, len(hashes), leaf_hash(b"stranger"), root, proof)


@given(leaves, st.data())
def test_every_beginning_is_proven_and_no_other_is(hashes: list[bytes], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(hashes)))
    proof, root = consistency_proof(size, hashes), tree_root(hashes)
    assert verify_consistency(size, len(hashes), tree_root(hashes[:size]), root, proof)
    changed = tree_root([*hashes[: size - 1], leaf_hash(b"stranger")])
    assert not verify_consistency(size, len(hashes), changed, root, proof)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
digests = st.binary().map(digest_bytes)
tags = st.binary().map(lambda content: tag(b"secret", content))
stamps = st.builds(Stamp, st.datetimes().map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}Z".rjust(20, "0")), texts)


def links(name: str, digest: Digest) -> st.SearchStrategy[PayloadLink]:
    encrypted = st.builds(PayloadLink, st.just(name), st.just(digest), st.text("0123456789abcdef", min_size=1), tags)
    return encrypted | st.just(PayloadLink(name, digest))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    seq = draw(st.integers(0, 2**53 - 1))
    earlier = st.integers(0, seq - 1) if seq else st.just(0)
    named = draw(st.dictionaries(texts, digests, max_size=3))
    return Entry(
        seq=seq,
        stamp=draw(stamps),
        kind=draw(st.sampled_from(EntryKind)),
        decision=draw(texts),
        actor=draw(st.none() | texts),
        digests=draw(st.dictionaries(texts, digests, max_size=3)),
        on=draw(st.none() | st.dates().map(str)),
        effects=tuple(draw(st.lists(earlier, max_size=3 if seq else 0))),
        result=draw(st.none() | digests),
        outcome=draw(st.none() | texts),
        codes=tuple(draw(st.lists(texts, max_size=3))),
        previous=draw(st.none() | earlier) if seq else None,
        request=draw(st.none() | tags),
        payloads=tuple(draw(links(name, digest)) for name, digest in named.items()),
    )


@given(entries())
def test_an_entry_reads_back_as_it_was_written(entry: Entry) -> None:
    assert parse_entry(envelope_bytes(entry)) == entry


@given(entries())
def test_what_is_seen_of_an_entry_at_a_glance_is_what_is_read(entry: Entry) -> None:
    found = sighted(envelope_bytes(entry))
    assert found is not None or entry.decision is None
    if found is not None:
        seen = (found.seq, found.kind, found.decision, found.request, tuple(found.payloads))
        assert seen == (entry.seq, entry.kind, entry.decision, entry.request, entry.payloads)


@given(entries(), st.data())
def test_nothing_is_seen_at_a_glance_that_could_not_be_read(entry: Entry, data: st.DataObject) -> None:
    content = bytearray(envelope_bytes(entry))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.sampled_from([b"", b"0", b'"', b"\\", b"}", b",", b"\xff"])
        )
    found = sighted(bytes(content))
    if found is not None:
        read = parse_entry(bytes(content))
        seen = (found.seq, found.kind, found.decision, found.request, tuple(found.payloads))
        assert seen == (read.seq, read.kind, read.decision, read.request, read.payloads)


@given(st.binary(), st.binary(min_size=32, max_size=32))
def test_a_payload_opens_under_its_digest_and_under_no_other(content: bytes, salt: bytes) -> None:
    key = DataKey("k", bytes(32))
    for payload in (salt_payload(content, lambda _: salt), encrypt_payload(content, key, lambda _: salt)):
        assert open_payload(payload.stored, payload.link("input"), key.payload_key) == content
        with pytest.raises(LogCorruptError):
            open_payload(payload.stored + b"x", payload.link("input"), key.payload_key)


@given(st.binary(max_size=400))
def test_bytes_from_anywhere_are_read_or_refused(content: bytes) -> None:
    for parse in (parse_entry, parse_note):
        with suppress(LogCorruptError):
            parse(content)


@given(st.text(max_size=400))
def test_text_from_anywhere_is_read_or_refused(text: str) -> None:
    for parse in (parse_checkpoint, parse_verifier_key, parse_signer_key):
        with suppress(LogError):
            parse(text)


@given(st.data())
def test_no_byte_of_a_signed_note_can_be_changed(data: st.DataObject) -> None:
    signer = SignerKey("log.example", bytes(32))
    note = bytearray(str(sign_note("text\n", signer)).encode())
    note[data.draw(st.integers(0, len(note) - 1))] ^= data.draw(st.integers(1, 255))
    with suppress(LogCorruptError):
        assert not parse_note(bytes(note)).is_signed_by(signer.verifier)
