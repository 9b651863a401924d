"""What is kept outside of a log, and what it shows: that the log was cut off, restored or written anew."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from neurosym.audit.anchor import Anchor
from neurosym.audit.anchors.configuration import read_anchors
from neurosym.audit.anchors.folder import FolderAnchor
from neurosym.audit.anchors.timestamp import TimestampAnchor
from neurosym.audit.anchors.witness import WitnessAnchor
from neurosym.audit.key import COSIGNATURE, SignerKey, parse_verifier_key
from neurosym.audit.keyfile import anchors_beside, beside, data_keys_beside
from neurosym.audit.log import Log
from neurosym.audit.note import parse_note
from neurosym.audit.reader import LogReader
from neurosym.audit.stores.sqlite import SqliteStore
from neurosym.audit.stores.sqlite_witness import SqliteWitnessStore
from neurosym.audit.testimony import read_testimony
from neurosym.audit.timestamp import read_certificates
from neurosym.audit.verification import verify_log
from neurosym.audit.witness import Witness
from neurosym.audit.witness_server import WitnessServer
from neurosym.text.failure import InputError, LogCorruptError, LogError
from tests.audit.authority import Authority
from tests.audit.world import answer, counted_entropy, open_log, problems_of, rewrite_log

WITNESS = SignerKey("witness.example/1", b"\x01" * 32, COSIGNATURE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "decisions.db"
    with open_log(found) as log:
        log.append([answer("same"), answer("other")])
    return found


@contextmanager
def serving(server: HTTPServer) -> Iterator[str]:
    """The address of a server while it runs."""
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def witness(path: Path, tmp_path: Path) -> Iterator[WitnessAnchor]:
    with ExitStack() as opened:
        store = SqliteWitnessStore.open(tmp_path / "witness.db")
        opened.callback(store.close)
        with LogReader.open(path) as log:
            known = {log.identity.origin: [parse_verifier_key(log.identity.vkey)]}
        url = opened.enter_context(serving(WitnessServer(Witness(WITNESS, known, store), "127.0.0.1", 0, print)))
        yield WitnessAnchor("office", url, WITNESS.verifier, FolderAnchor("kept", tmp_path / "kept"))


@pytest.fixture
def share(tmp_path: Path) -> FolderAnchor:
    return FolderAnchor("share", tmp_path / "share")


def submit(anchor: Anchor, path: Path) -> str:
    with LogReader.open(path) as log:
        return anchor.submit(log)


def check(anchor: Anchor, path: Path) -> None:
    with LogReader.open(path) as log:
        anchor.check(log)


def grow(path: Path) -> None:
    with Log.open(path, entropy=counted_entropy()) as log:
        log.record(answer("more"))


def rewritten(path: Path, target: Path, keep: int = 1 << 30) -> Path:
    """The log written anew by somebody who holds its key, with another answer in it."""
    rewrite_log(path, target, lambda entry, _, content: b"forged" if entry.seq == 1 else content, keep)
    shutil.copy(beside(path), beside(target))
    return target


@pytest.fixture(params=["share", "witness"])
def anchor(request: pytest.FixtureRequest) -> Anchor:
    found: Anchor = request.getfixturevalue(request.param)
    return found


# --- what every anchor that remembers does


def test_a_log_that_only_grew_agrees_with_what_was_kept(path: Path, anchor: Anchor) -> None:
    for _ in range(3):
        submit(anchor, path)
        grow(path)
        check(anchor, path)


def test_a_log_that_was_restored_from_an_older_copy_is_found(path: Path, anchor: Anchor, tmp_path: Path) -> None:
    copy = shutil.copy(path, tmp_path / "copy.db")
    grow(path)
    submit(anchor, path)
    shutil.copy(copy, path)
    with pytest.raises(
        LogCorruptError, match=r"of 4 entries and the log has 3: it was restored .* neurosym log succeed"
    ):
        check(anchor, path)


def test_a_log_that_was_cut_off_by_who_holds_its_key_is_found(path: Path, anchor: Anchor, tmp_path: Path) -> None:
    submit(anchor, path)
    rewrite_log(path, tmp_path / "short.db", lambda _, __, content: content, keep=2)
    assert problems_of(tmp_path / "short.db") == []
    with pytest.raises(LogCorruptError, match="of 3 entries and the log has 2"):
        check(anchor, tmp_path / "short.db")


def test_a_log_that_was_written_anew_by_who_holds_its_key_is_found(path: Path, anchor: Anchor, tmp_path: Path) -> None:
    submit(anchor, path)
    anew = rewritten(path, tmp_path / "anew.db")
    assert problems_of(anew) == []
    with pytest.raises(LogCorruptError, match="written anew"):
        check(anchor, anew)
    grow(anew)
    with pytest.raises(LogCorruptError, match="written anew"):
        check(anchor, anew)


def test_a_log_that_contradicts_what_was_kept_takes_no_more_entries(path: Path, anchor: Anchor, tmp_path: Path) -> None:
    submit(anchor, path)
    anew = rewritten(path, tmp_path / "anew.db")
    with pytest.raises(LogCorruptError, match="written anew"):
        Log.open(anew, anchors=[anchor])
    with Log.open(path, anchors=[anchor]) as log:
        log.record(answer("more"))


def test_what_is_kept_beside_the_log_is_looked_at_without_being_told(path: Path) -> None:
    submit(FolderAnchor("kept", anchors_beside(path)), path)
    other = path.with_name("other.db")
    rewritten(path, other).replace(path)
    shutil.copy(data_keys_beside(other), data_keys_beside(path))
    with pytest.raises(LogCorruptError, match="written anew"):
        open_log(path)


# --- folders


def test_a_checkpoint_in_a_folder_is_one_file_that_never_changes(path: Path, share: FolderAnchor) -> None:
    assert submit(share, path).startswith("dropped: ")
    (file,) = (each for each in share.folder.rglob("*") if each.is_file())
    with LogReader.open(path) as log:
        assert file.read_text(encoding="utf-8") == log.checkpoint()
    assert submit(share, path).startswith("was there already: ")
    grow(path)
    submit(share, path)
    assert [each.name for each in sorted(file.parent.iterdir())] == [f"{3:020}.checkpoint", f"{4:020}.checkpoint"]


@pytest.mark.parametrize(
    ("bend", "says"),
    [
        (lambda text: text.replace("\n3\n", "\n2\n"), "is not signed by the log's key"),
        (lambda text: "elsewhere" + text[text.index("\n") :], "is of the log `elsewhere`"),
        (lambda _: "nothing", "not a signed note"),
    ],
)
def test_a_file_that_is_no_checkpoint_of_the_log_is_told(
    path: Path, share: FolderAnchor, bend: Callable[[str], str], says: str
) -> None:
    submit(share, path)
    (file,) = (each for each in share.folder.rglob("*") if each.is_file())
    file.write_text(bend(file.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(LogCorruptError, match=says):
        check(share, path)


def test_logs_share_a_folder(path: Path, share: FolderAnchor, tmp_path: Path) -> None:
    open_log(tmp_path / "second.db").close()
    for _ in range(2):
        submit(share, path)
        with Log.open(tmp_path / "third.db") as other:
            share.submit(other)


# --- witnesses


def test_what_a_witness_signs_is_kept_and_verifies(path: Path, witness: WitnessAnchor) -> None:
    assert submit(witness, path).startswith("signed by `witness.example/1`: ")
    (file,) = witness.kept.folder.rglob("*.cosigned")
    note = parse_note(file.read_bytes())
    assert note.is_signed_by(WITNESS.verifier)
    found = read_testimony(file, [WITNESS.verifier])
    assert "the checkpoint of 3 entries was signed by `witness.example/1` at 20" in found.sentences[0]
    grow(path)
    with LogReader.open(path) as log:
        verdict = verify_log(log, testimony=[found])
    assert verdict.is_anchored
    assert verdict.statements()[-2:] == (found.sentences[0], "anchored, but for 1 entry that was logged since")


class GrowingLog(LogReader):
    """A log that others append to, and have signed, whenever its checkpoint was looked at."""

    def __init__(self, path: Path, others: Callable[[], object]) -> None:
        with LogReader.open(path) as found:
            super().__init__(found.store, None)
        self.store = SqliteStore.open(path)
        self.others = others

    def checkpoint(self) -> str:
        found = super().checkpoint()
        self.others()
        return found


def test_a_log_that_grows_while_a_witness_is_asked_is_not_accused(path: Path, witness: WitnessAnchor) -> None:
    submit(witness, path)
    grow(path)
    with GrowingLog(path, lambda: grow(path)) as log:
        assert witness.submit(log).startswith("signed by")


def test_a_witness_that_signed_a_newer_checkpoint_for_others_meanwhile_is_asked_again(
    path: Path, witness: WitnessAnchor
) -> None:
    def grow_and_submit() -> None:
        grow(path)
        submit(witness, path)

    others = iter([grow_and_submit])
    with GrowingLog(path, lambda: next(others, lambda: None)()) as log:
        assert witness.submit(log).startswith("signed by")
    with GrowingLog(path, grow_and_submit) as log, pytest.raises(LogError, match="again and again") as caught:
        witness.submit(log)
    assert not isinstance(caught.value, LogCorruptError)


def test_another_witness_than_the_one_that_is_trusted_says_nothing(path: Path, witness: WitnessAnchor) -> None:
    submit(witness, path)
    (file,) = witness.kept.folder.rglob("*.cosigned")
    other = SignerKey("other.example", b"\x05" * 32, COSIGNATURE).verifier
    with pytest.raises(LogCorruptError, match="is signed by none of the witnesses"):
        read_testimony(file, [other])


def test_a_witness_that_signs_with_another_key_is_not_believed(path: Path, witness: WitnessAnchor) -> None:
    other = SignerKey(WITNESS.name, b"\x05" * 32, COSIGNATURE).verifier
    with pytest.raises(LogCorruptError, match=r"is not signed by `witness\.example/1`"):
        submit(WitnessAnchor("office", witness.url, other, witness.kept), path)


def test_a_witness_that_does_not_know_the_log_refuses(tmp_path: Path, witness: WitnessAnchor) -> None:
    with Log.open(tmp_path / "other.db") as other, pytest.raises(LogError, match=r"the witness refused \(HTTP 404\)"):
        witness.submit(other)


def test_a_witness_that_is_away_is_an_error_and_no_contradiction(path: Path, witness: WitnessAnchor) -> None:
    away = WitnessAnchor("office", "http://127.0.0.1:9", WITNESS.verifier, witness.kept)
    with pytest.raises(LogError, match="cannot be reached") as caught:
        submit(away, path)
    assert not isinstance(caught.value, LogCorruptError)


# --- time stamps


class _StampHandler(BaseHTTPRequestHandler):
    authority: Authority
    type = "application/timestamp-reply"

    def do_POST(self) -> None:
        content = self.authority.reply(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-type", self.type)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gave it
        pass


@pytest.fixture
def stamping(tmp_path: Path) -> Iterator[TimestampAnchor]:
    if shutil.which("openssl") is None:
        pytest.skip("there is no `openssl` on this machine")
    (tmp_path / "authority").mkdir()
    _StampHandler.authority = Authority(tmp_path / "authority")
    (tmp_path / "root.pem").write_bytes(_StampHandler.authority.root)
    with serving(HTTPServer(("127.0.0.1", 0), _StampHandler)) as url:
        kept = FolderAnchor("kept", tmp_path / "kept")
        yield TimestampAnchor("authority", url, read_certificates(_StampHandler.authority.root), kept)


def test_a_stamp_is_kept_beside_its_checkpoint_and_verifies(
    path: Path, stamping: TimestampAnchor, tmp_path: Path
) -> None:
    assert "by CN=Test authority: " in submit(stamping, path)
    (file,) = stamping.kept.folder.rglob("*.tsr")
    found = read_testimony(file, certificates=tmp_path / "root.pem")
    assert "the checkpoint of 3 entries existed at 20" in found.sentences[0]
    with LogReader.open(path) as log:
        assert verify_log(log, testimony=[found]).statements()[-1] == "anchored"
    with pytest.raises(LogError, match="say which authorities are trusted: --certificates FILE"):
        read_testimony(file)
    anew = rewritten(path, tmp_path / "anew.db")
    with pytest.raises(LogCorruptError, match="written anew"):
        check(stamping, anew)


def test_a_stamp_over_another_checkpoint_is_refused(path: Path, stamping: TimestampAnchor, tmp_path: Path) -> None:
    submit(stamping, path)
    (file,) = stamping.kept.folder.rglob("*.tsr")
    beside_it = file.with_suffix(".checkpoint")
    beside_it.write_bytes(beside_it.read_bytes() + b"\xe2\x80\x94 x AAAAAAAA\n")
    with pytest.raises(LogCorruptError, match="the time stamp does not hold"):
        read_testimony(file, certificates=tmp_path / "root.pem")


def test_what_is_no_stamp_is_not_kept(path: Path, stamping: TimestampAnchor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_StampHandler, "type", "text/html")
    with pytest.raises(LogError, match=r"gave no stamp \(HTTP 200, text/html\)"):
        submit(stamping, path)
    assert not list(stamping.kept.folder.rglob("*.tsr"))


# --- the log that follows


def test_a_log_that_follows_another_names_it_and_what_is_known_of_it(path: Path, tmp_path: Path) -> None:
    copy = shutil.copy(path, tmp_path / "restored.db")
    grow(path)
    with LogReader.open(path) as log:
        newest = log.checkpoint()
    with LogReader.open(copy) as old, Log.succeed(old, tmp_path / "next.db", known=[newest.encode()]) as log:
        said = json.loads(log.content(log.entry(0), "predecessor"))
        assert said["origin"] == old.identity.origin != log.identity.origin
        assert (said["checkpoint"], said["known"]) == (old.checkpoint(), [newest])
        log.record(answer("same"))
    assert problems_of(tmp_path / "next.db") == []
    with LogReader.open(path) as old, pytest.raises(LogError, match="is there already"):
        Log.succeed(old, tmp_path / "next.db")
    with LogReader.open(path) as old, pytest.raises(LogCorruptError, match="not a signed note"):
        Log.succeed(old, tmp_path / "last.db", known=[b"nothing"])
    assert not (tmp_path / "last.db").exists()


# --- anchors.toml

GOOD = f"""
kept = "evidence"

[anchor.share]
kind = "file"
folder = "share"

[anchor.office]
kind = "witness"
url = "https://witness.example"
vkey = "{WITNESS.verifier}"
"""


def test_anchors_are_read_in_their_order_with_paths_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "anchors.toml").write_text(GOOD, encoding="utf-8")
    share, office = read_anchors(tmp_path / "anchors.toml", tmp_path / "beside")
    assert share == FolderAnchor("share", tmp_path / "share")
    kept = FolderAnchor("kept", tmp_path / "evidence")
    assert office == WitnessAnchor("office", "https://witness.example", WITNESS.verifier, kept)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ["there is no anchor"]),
        ("anchor = 3", ["there is no anchor"]),
        ("[", ["not TOML: Invalid"]),
        ("\udcff", ["not UTF-8 at byte 0"]),
        (
            "x = 1\nkept = 2\n[anchor.a]\nkind = 'file'\nfolder = 'f'",
            ["unknown key `x`", "`kept` is the name of a folder"],
        ),
        ("[anchor]\na = 1", ["`a` is no table"]),
        ("[anchor.a]\nkind = 'fil'", ["`a` has no kind that there is"]),
        ("[anchor.a]\nkind = 'file'\nurl = 'x'", ["unknown key `url`", "a file needs `folder`, a text"]),
        ("[anchor.a]\nkind = 'witness'\nurl = ''", ["a witness needs `url`, a text", "a witness needs `vkey`, a text"]),
        ("[anchor.a]\nkind = 'witness'\nurl = 'x'\nvkey = 'x'", ["this is no Ed25519 verifier key"]),
        (
            f"[anchor.a]\nkind = 'witness'\nurl = 'x'\nvkey = '{SignerKey('log', bytes(32)).verifier}'",
            ["the key is that of a log; a witness has a key of its own"],
        ),
        ("[anchor.a]\nkind = 'timestamp'\nurl = 'x'\ncertificates = 'none.pem'", ["cannot be read"]),
    ],
)
def test_every_problem_of_the_file_is_told(tmp_path: Path, text: str, says: list[str]) -> None:
    (tmp_path / "anchors.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError) as caught:
        read_anchors(tmp_path / "anchors.toml", tmp_path)
    found = caught.value.diagnostics
    assert {each.code for each in found} == {"NS695"}
    assert len(found) == len(says)
    assert all(any(part in each.message for each in found) for part in says)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="NS695: cannot be read: No such file"):
        read_anchors(tmp_path / "none.toml", tmp_path)
