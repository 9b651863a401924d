"""A witness signs what goes on from what it signed before, and nothing else, whatever it is sent."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier, Thread

import pytest

from neurosym.audit.checkpoint import Checkpoint
from neurosym.audit.key import COSIGNATURE, SignerKey, cosigned_at
from neurosym.audit.note import Note, sign_note
from neurosym.audit.stores.sqlite_witness import SqliteWitnessStore
from neurosym.audit.tree import leaf_hash, tree_root
from neurosym.audit.witness import Reply, Witness
from neurosym.audit.witness_request import REQUEST_BYTES_MAX, SIZE_TYPE, WitnessRequest, parse_signatures
from neurosym.audit.witness_server import WitnessServer
from neurosym.text.failure import LogError
from neurosym.values.clock import Stamp
from tests.audit.rfc6962 import consistency_proof

ORIGIN, OTHER_ORIGIN = "log.example", "other.example"
LOG, OTHER = SignerKey(ORIGIN, bytes(32)), SignerKey(OTHER_ORIGIN, b"\x02" * 32)
WITNESS = SignerKey("witness.example/1", b"\x01" * 32, COSIGNATURE)
LEAVES = [leaf_hash(b"%d" % number) for number in range(20)]
FORKED = [*LEAVES[:3], leaf_hash(b"another"), *LEAVES[4:]]


class Noon:
    """A clock that stands still."""

    def stamp(self) -> Stamp:
        return Stamp("2026-03-02T12:00:00.500000Z", "noon")


NOON = 1_772_452_800


def note_of(size: int, leaves: Sequence[bytes] = LEAVES, key: SignerKey = LOG, origin: str = ORIGIN) -> Note:
    return sign_note(str(Checkpoint(origin, size, tree_root(leaves[:size]))), key)


def request(old: int, size: int, leaves: Sequence[bytes] = LEAVES) -> WitnessRequest:
    """The request of somebody whose log has these leaves."""
    hashes = consistency_proof(old, leaves[:size]) if 0 < old < size else ()
    return WitnessRequest(old, hashes, note_of(size, leaves))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "witness.db"


@contextmanager
def witness_at(path: Path) -> Iterator[Witness]:
    store = SqliteWitnessStore.open(path)
    try:
        yield Witness(WITNESS, {ORIGIN: [LOG.verifier], OTHER_ORIGIN: [OTHER.verifier]}, store, Noon())
    finally:
        store.close()


def asked(witness: Witness, found: WitnessRequest) -> Reply:
    return witness.add_checkpoint(str(found).encode())


def assert_signed(reply: Reply, note: Note) -> None:
    assert reply.status == 200, reply.content
    (line,) = parse_signatures(reply.content.encode())
    assert cosigned_at(line.signature) == NOON
    assert Note(note.text, (*note.signatures, line)).is_signed_by(WITNESS.verifier)


def test_a_log_that_goes_on_is_signed_at_every_step(path: Path) -> None:
    with witness_at(path) as witness:
        for old, size in ((0, 1), (1, 4), (4, 4), (4, 7), (7, 20)):
            found = request(old, size)
            assert_signed(asked(witness, found), found.note)


def test_what_was_signed_is_remembered_by_the_next_process(path: Path) -> None:
    with witness_at(path) as witness:
        assert asked(witness, request(0, 7)).status == 200
    with witness_at(path) as witness:
        assert asked(witness, request(0, 9)) == Reply(409, "7\n", SIZE_TYPE)
        assert asked(witness, request(7, 9)).status == 200


def test_logs_are_remembered_apart(path: Path) -> None:
    with witness_at(path) as witness:
        assert asked(witness, request(0, 7)).status == 200
        other = WitnessRequest(0, (), note_of(3, FORKED, OTHER, OTHER_ORIGIN))
        assert_signed(asked(witness, other), other.note)


@pytest.mark.parametrize(
    ("found", "reply"),
    [
        (request(4, 7), Reply(409, "5\n", SIZE_TYPE)),  # not what was signed last
        (request(0, 4), Reply(409, "5\n", SIZE_TYPE)),  # the log went back
        (request(5, 5, FORKED), Reply(409, "5\n", SIZE_TYPE)),  # the same size, and another root
    ],
)
def test_another_past_is_a_conflict(path: Path, found: WitnessRequest, reply: Reply) -> None:
    with witness_at(path) as witness:
        assert asked(witness, request(0, 5)).status == 200
        assert asked(witness, found) == reply
        assert asked(witness, request(5, 6)).status == 200


@pytest.mark.parametrize(
    "found",
    [
        request(5, 9, FORKED),
        WitnessRequest(5, (), note_of(9)),
        WitnessRequest(5, tuple(reversed(request(5, 9).hashes)), note_of(9)),
        WitnessRequest(5, (*request(5, 9).hashes, bytes(32)), note_of(9)),
        WitnessRequest(5, (bytes(32),), note_of(5)),
    ],
)
def test_what_does_not_lead_from_the_past_is_not_signed(path: Path, found: WitnessRequest) -> None:
    with witness_at(path) as witness:
        assert asked(witness, request(0, 5)).status == 200
        assert asked(witness, found).status == 422
        assert asked(witness, request(5, 6)).status == 200


def test_the_first_checkpoint_has_no_proof(path: Path) -> None:
    with witness_at(path) as witness:
        assert asked(witness, WitnessRequest(0, (bytes(32),), note_of(5))).status == 422


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"old 0\n\n", 400),
        (b"\xff" * 100, 400),
        (str(request(0, 5)).replace("old 0", "old 6").encode(), 400),
        (str(WitnessRequest(0, (), note_of(5, origin="stranger.example"))).encode(), 404),
        (str(WitnessRequest(0, (), note_of(5, key=OTHER))).encode(), 403),
        (str(WitnessRequest(0, (), note_of(5, key=SignerKey(ORIGIN, b"\x03" * 32)))).encode(), 403),
        (str(request(0, 5)).replace(f"{ORIGIN}\n5\n", f"{ORIGIN}\n6\n").encode(), 403),
    ],
)
def test_what_no_log_of_ours_says_is_refused(path: Path, content: bytes, status: int) -> None:
    with witness_at(path) as witness:
        assert witness.add_checkpoint(content).status == status
        assert asked(witness, request(0, 5)).status == 200


def test_of_two_stories_told_at_once_one_is_signed(path: Path) -> None:
    with witness_at(path) as one, witness_at(path) as two:
        assert asked(one, request(0, 3)).status == 200
        start, replies = Barrier(8), list[int]()

        def tell(number: int) -> None:
            found = request(3, 9, FORKED if number % 2 else LEAVES)
            start.wait()
            replies.append(asked(one if number < 4 else two, found).status)

        threads = [Thread(target=tell, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(replies) == [200] + [409] * 7


def test_nothing_is_signed_that_is_not_remembered(path: Path) -> None:
    with witness_at(path) as witness, closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA query_only = OFF")
        witness._store._connection.execute("PRAGMA query_only = ON")  # type: ignore[attr-defined]
        with pytest.raises(LogError, match="may only be read"):
            asked(witness, request(0, 5))
        assert other.execute("SELECT count(*) FROM seen").fetchone() == (0,)


@pytest.mark.parametrize(
    "change", ["UPDATE seen SET size = -1", "UPDATE seen SET root = x'00'", "UPDATE seen SET size = 2.5"]
)
def test_a_memory_that_was_bent_signs_nothing(path: Path, change: str) -> None:
    with witness_at(path) as witness:
        assert asked(witness, request(0, 5)).status == 200
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA ignore_check_constraints = ON")
        other.execute(change)
        other.commit()
    with witness_at(path) as witness, pytest.raises(LogError, match="damaged"):
        asked(witness, request(5, 6))


def test_a_file_of_another_program_is_not_touched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
        other.commit()
    before = path.read_bytes()
    with pytest.raises(LogError, match="another program"):
        SqliteWitnessStore.open(path)
    assert path.read_bytes() == before


# --- over HTTP


@contextmanager
def served(path: Path, reported: list[str]) -> Iterator[HTTPConnection]:
    with witness_at(path) as witness, WitnessServer(witness, "127.0.0.1", 0, reported.append) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            with closing(HTTPConnection("127.0.0.1", server.server_port, timeout=10)) as connection:
                yield connection
        finally:
            server.shutdown()
            thread.join()


def posted(connection: HTTPConnection, place: str, content: bytes) -> tuple[int, str | None, bytes]:
    connection.request("POST", place, content)
    response = connection.getresponse()
    return response.status, response.headers["content-type"], response.read()


def test_requests_come_over_one_connection_or_several(path: Path) -> None:
    reported: list[str] = []
    with served(path, reported) as connection:
        first = posted(connection, "/add-checkpoint", str(request(0, 5)).encode())
        assert first[:2] == (200, "text/plain; charset=utf-8")
        assert parse_signatures(first[2])[0].name == WITNESS.name
        again = posted(connection, "/some/prefix/add-checkpoint", str(request(0, 7)).encode())
        assert again == (409, SIZE_TYPE, b"5\n")
        assert posted(connection, "/other", b"x")[0] == 404
        connection.request("GET", "/add-checkpoint")
        assert connection.getresponse().status == 501
    assert reported == []


@pytest.mark.parametrize("length", ["", "-1", "x", str(REQUEST_BYTES_MAX + 1)])
def test_a_request_of_no_length_or_too_much_is_not_read(path: Path, length: str) -> None:
    with served(path, []) as connection:
        connection.putrequest("POST", "/add-checkpoint")
        if length:
            connection.putheader("content-length", length)
        connection.endheaders()
        assert connection.getresponse().status == 413


def test_the_operator_is_told_what_callers_are_not(path: Path) -> None:
    reported: list[str] = []
    with served(path, reported) as connection:
        assert posted(connection, "/add-checkpoint", str(request(0, 5)).encode())[0] == 200
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA ignore_check_constraints = ON")
            other.execute("UPDATE seen SET root = x'00'")
            other.commit()
        status, _, content = posted(connection, "/add-checkpoint", str(request(5, 6)).encode())
    assert (status, content) == (500, b"the witness cannot remember anything now\n")
    assert len(reported) == 1
    assert "damaged" in reported[0]


def test_a_port_that_is_taken_is_a_failure(path: Path) -> None:
    with (
        witness_at(path) as witness,
        WitnessServer(witness, "127.0.0.1", 0, print) as first,
        pytest.raises(LogError, match="cannot listen at"),
    ):
        WitnessServer(witness, "127.0.0.1", first.server_port, print)
