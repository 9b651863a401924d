"""Theorems about what is not as it should be: it ends in a diagnostic or a failure, never in a traceback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st

from neurosym.cli.program import program
from neurosym.text.escape import printable

WORLD = Path(__file__).parent.parent / "scripts" / "world"
GRAPH = WORLD / "world.ttl"
ANSWERS = b"""[{"judgment": "same_person", "args": {"customer": "A", "entry": "L"}, "answer": "same",
  "quotes": [{"field": "entry.remarks", "start": 0, "text": "born 1971"}], "by": "Kim"}]"""
PIECES = st.sampled_from(
    [
        *(b'"', b"{", b"}", b"[", b"]", b",", b":", b"0", b"-1", b"1e9", b"1.5", b"null", b"true", b"NaN", b"\\ud800"),
        *(b"\\u0000", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\n", b"#", b"//", b"/*", b"=", b"(", b")", b"rule", b"when"),
        *(b"9" * 500, b"[" * 200, b'{"a":' * 200, b"(" * 200, b"not " * 200, b"10000-01-01", b"0000-00-00", b"P1Y"),
        *(b"@prefix", b"<", b">", b"_:", b"[tier", b"kind", "\u202e".encode(), b"\x1b[2J"),
    ]
)
Check = Callable[[str, bytes], Result]


@st.composite
def spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    """The content with up to three pieces of it replaced."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 30)))
        content = content[:start] + draw(PIECES | st.binary(max_size=4)) + content[end:]
    return content


def run(*arguments: str) -> Result:
    """What became of a command in JSON mode; whatever it is, it is one of the ends of the contract."""
    ended = CliRunner().invoke(program, [*arguments, "--format", "json"])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    assert ended.exit_code in {0, 1, 3, 4, 5}
    assert isinstance(json.loads(ended.stdout), dict)
    for shown in (ended.stdout, ended.stderr):
        assert shown == printable(shown, keep="\n")
    return ended


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("bad_input") / "world"
    shutil.copytree(WORLD, place)
    (place / "answers.json").write_bytes(ANSWERS)
    return place


def decide_house(folder: Path, **other: bytes) -> Result:
    """A decision about a payer whom nobody asks about, with other contents for some of the files."""
    names = {"input": "bob.json", "facts": "facts.json", "judges": "judges.toml"}
    names |= {"answers": "answers.json"} if "answers" in other else {}
    if "answers" in other:
        names |= {"input": "ann.json"}
        del names["judges"]
    arguments = []
    for flag, name in names.items():
        path = folder / name
        if flag in other:
            path = folder / f"other_{name}"
            path.write_bytes(other[flag])
        arguments += [f"--{flag}", str(path)]
    return run("decide", str(folder / "house"), "screen", *arguments)


def decide_shares(folder: Path, graph: bytes) -> Result:
    (folder / "other.ttl").write_bytes(graph)
    arguments = ["--input", str(folder / "review.json"), "--graph", str(folder / "other.ttl")]
    return run("decide", str(folder / "shares"), "control", *arguments)


@pytest.mark.parametrize("flag", ["input", "facts", "judges", "answers"])
@given(content=st.binary())
@example(content=b"")
@example(content=b"[]")
@example(content=b'"\\ud800"')
@example(content=b"\xef\xbb\xbf{}")
@example(content=b"[" * 100_000)
@settings(max_examples=25, deadline=None)
def test_arbitrary_bytes_in_the_place_of_a_document_are_never_a_traceback(
    folder: Path, flag: str, content: bytes
) -> None:
    ended = decide_house(folder, **{flag: content})
    if flag == "input":
        assert ended.exit_code == 1
        assert "diagnostics" in json.loads(ended.stdout)


@given(content=spoilt((WORLD / "bob.json").read_bytes()))
@settings(max_examples=60, deadline=None)
def test_spoilt_input_is_refused_or_read_as_it_stands(folder: Path, content: bytes) -> None:
    ended = decide_house(folder, input=content)
    if ended.exit_code == 0:
        given_input = json.loads(content)["payment"]
        assert json.loads(ended.stdout)["subject"] == {"payment": given_input["id"]}


@given(content=spoilt((WORLD / "facts.json").read_bytes()))
@settings(max_examples=60, deadline=None)
def test_spoilt_facts_are_never_a_traceback(folder: Path, content: bytes) -> None:
    decide_house(folder, facts=content)


@given(content=spoilt(ANSWERS))
@settings(max_examples=60, deadline=None)
def test_spoilt_answers_never_lead_to_the_lowest_outcome(folder: Path, content: bytes) -> None:
    # "different" would release; no piece spells it, so nothing but an answer that nobody gave could.
    ended = decide_house(folder, answers=content)
    assert json.loads(ended.stdout).get("outcome") in {None, "block"}


@given(content=spoilt((WORLD / "judges.toml").read_bytes()))
@settings(max_examples=60, deadline=None)
def test_a_spoilt_configuration_is_never_a_traceback(folder: Path, content: bytes) -> None:
    decide_house(folder, judges=content)


@given(content=st.binary() | spoilt(GRAPH.read_bytes()))
@settings(max_examples=80, deadline=None)
def test_a_spoilt_graph_is_never_a_traceback(folder: Path, content: bytes) -> None:
    decide_shares(folder, content)


@given(content=st.binary() | spoilt((WORLD / "house" / "house.rules").read_bytes()))
@example(content=b"")
@example(content=b"\xff")
@settings(max_examples=60, deadline=None)
def test_spoilt_rules_are_never_a_traceback(folder: Path, content: bytes) -> None:
    path = folder / "other.rules"
    path.write_bytes(content)
    checked = run("check", str(path))
    assert checked.exit_code in {0, 1}
    tested = run("test", str(path))
    assert tested.exit_code == 1 or checked.exit_code == 0
    arguments = ["--input", str(folder / "bob.json"), "--facts", str(folder / "facts.json")]
    decided = run("decide", str(path), "screen", *arguments)
    assert decided.exit_code == 1 or checked.exit_code == 0


@pytest.fixture(scope="module")
def log(folder: Path) -> bytes:
    """A log with a decision that was answered."""
    path = folder / "decisions.db"
    arguments = ["--input", str(folder / "ann.json"), "--facts", str(folder / "facts.json")]
    arguments += ["--answers", str(folder / "answers.json"), "--log", str(path)]
    assert run("decide", str(folder / "house"), "screen", *arguments).exit_code == 0
    return path.read_bytes()


def expect_no_log(folder: Path, content: bytes) -> None:
    path = folder / "other.db"
    path.write_bytes(content)
    for command in (["log", "verify"], ["replay"]):
        assert run(*command, str(path)).exit_code in {4, 5}


@given(content=st.binary())
@example(content=b"")
@example(content=b"SQLite format 3\x00")
@settings(max_examples=25, deadline=None)
def test_arbitrary_bytes_are_no_log(folder: Path, content: bytes) -> None:
    expect_no_log(folder, content)


@given(place=st.integers(min_value=0), bit=st.integers(0, 7))
@settings(max_examples=60, deadline=None)
def test_a_flipped_bit_of_a_log_is_never_a_traceback(folder: Path, log: bytes, place: int, bit: int) -> None:
    content = bytearray(log)
    content[place % len(content)] ^= 1 << bit
    path = folder / "flipped.db"
    path.write_bytes(content)
    shutil.copy(folder / "decisions.db.keys", folder / "flipped.db.keys")
    verified = run("log", "verify", str(path)).exit_code
    replayed = run("replay", str(path)).exit_code
    assert (verified, replayed) in {(0, 0), (4, 4), (5, 5)}


@given(end=st.integers(min_value=0))
@settings(max_examples=25, deadline=None)
def test_a_log_that_was_cut_off_is_no_log(folder: Path, log: bytes, end: int) -> None:
    expect_no_log(folder, log[: end % len(log)])


@given(content=st.binary())
@settings(max_examples=25, deadline=None)
def test_arbitrary_bytes_are_no_review_queue(folder: Path, content: bytes) -> None:
    path = folder / "other_reviews.db"
    path.write_bytes(content)
    ended = CliRunner().invoke(program, ["review", "list", "--review", str(path)])
    assert isinstance(ended.exception, SystemExit) or not content
    assert ended.exit_code == (4 if content else 0)
