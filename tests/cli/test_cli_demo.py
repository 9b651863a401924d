"""`neurosym demo`: what it counts and says, what it leaves behind, and that no trouble releases a payment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from neurosym.audit.reader import LogReader
from neurosym.audit.verdict import Problem, Verdict
from neurosym.audit.verification import verify_log
from neurosym.cli.demo_tally import Screened, answers, outcomes, questions, screened
from neurosym.cli.demo_text import show_proof
from neurosym.cli.demo_world import DECISION, RULESET, SUBJECT, DemoWorld, demo_world, embedded_judge
from neurosym.cli.output import Output
from neurosym.cli.program import program
from neurosym.cli.table import table_lines
from neurosym.decision.engine import Engine
from neurosym.decision.replay import Replayed, ReplayStatus
from neurosym.decision.ruleset import load
from neurosym.engine.verdict import Status
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.testing.endpoint import Endpoint, Misbehaviour, answer_first
from neurosym.text.failure import LogError
from neurosym.text.shipped import shipped_path
from tests.audit.world import open_log
from tests.scripts.transcript import parse_transcript, performed

PROGRAM = [sys.executable, "-c", "from neurosym.cli import main; main()"]
SCRIPT = Path(__file__).parents[1] / "scripts" / "slow" / "demo.script"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(program, ["demo", *arguments], catch_exceptions=False)


# --- what is counted


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("demo")
    return Engine(load(shipped_path(*RULESET)), log=None, judge=embedded_judge(folder, "reviews.db"))


@pytest.fixture(scope="module")
def shipped(engine: Engine) -> DemoWorld:
    return demo_world(engine)


@pytest.fixture(scope="module")
def some(engine: Engine, shipped: DemoWorld) -> dict[str, Screened]:
    """A few payments of the shipped world, screened."""
    wanted = {"PAY-02", "PAY-05", "PAY-11", "PAY-37", "PAY-48", "PAY-60"}
    payments = [payment for payment in shipped.payments if payment["id"] in wanted]
    done = [screened(engine.decide(DECISION, {SUBJECT: each}, facts=shipped.knowledge)) for each in payments]
    return {each.payment: each for each in done}


def test_the_shipped_world_is_large_enough_to_be_one(shipped: DemoWorld) -> None:
    assert (len(shipped.payments), shipped.listings) == (60, 40)
    assert (shipped.parties, shipped.shareholdings) == (303, 604)


@pytest.mark.parametrize(
    ("payment", "outcome", "why"),
    [
        ("PAY-02", "release", "no rule concludes anything else"),
        ("PAY-05", "release", "no rule concludes anything else, now that questions are answered"),
        ("PAY-11", "undecided: hold meanwhile", "a question waits for a person"),
        ("PAY-37", "undecided: hold meanwhile", "something was not supplied"),
        ("PAY-48", "block", "A payment in which a blocked person has an interest is blocked"),
        ("PAY-60", "release", "an exception lifts what a rule concludes: A licence covers the payment"),
    ],
)
def test_an_outcome_is_counted_with_its_ground(payment: str, outcome: str, why: str, some: dict[str, Screened]) -> None:
    assert (some[payment].shown, some[payment].why) == (outcome, why)


def test_questions_are_counted_once_however_many_payments_share_them(some: dict[str, Screened]) -> None:
    near, far = some["PAY-11"], some["PAY-05"]
    assert (len(near.relevant), len(far.relevant)) == (1, 1)
    assert questions([near.relevant, near.relevant]) == 1
    assert questions([near.relevant, far.relevant]) == 2


def test_what_could_be_asked_is_more_than_what_matters(some: dict[str, Screened]) -> None:
    assert all(each.asked <= each.relevant <= each.possible for each in some.values())
    assert some["PAY-02"].relevant == frozenset()
    assert len(some["PAY-02"].possible) == 31


def test_answers_are_counted_by_tier(some: dict[str, Screened]) -> None:
    assert answers(some.values()) == [
        ("local", Counter(answered=1, abstained=1)),
        ("person", Counter(waiting=1)),
    ]


def test_outcomes_are_listed_from_the_highest_down_and_undecided_ones_last(some: dict[str, Screened]) -> None:
    rows = outcomes(some.values(), ("block", "reject", "hold", "release"))
    assert [outcome for outcome, _, _ in rows] == ["block", *["release"] * 3, *["undecided: hold meanwhile"] * 2]
    assert [number for _, _, number in rows] == [1] * 6


# --- what is said


def test_a_plain_table_has_its_numbers_on_the_right() -> None:
    assert table_lines(("tier", "asked"), [("local", 16), ("a\x1b", 7)]) == [
        "tier     asked",
        "local       16",
        "a\\u{1b}      7",
    ]


@pytest.mark.skipif(os.name != "posix", reason="a terminal of POSIX")
def test_a_table_is_ruled_on_a_terminal() -> None:
    shown, written = os.openpty()
    script = "from neurosym.cli.table import show_table; show_table(('tier', 'asked'), [('[bold]x', 16)])"
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    try:
        subprocess.run([sys.executable, "-c", script], stdout=written, env=environment, check=True)
        os.write(written, b"\x04")
        seen = b""
        while not seen.endswith(b"\x04"):
            seen += os.read(shown, 65536)
    finally:
        os.close(shown)
        os.close(written)
    assert "─" in seen.decode()
    assert "[bold]x" in seen.decode()


def verdict(*problems: Problem, key_verified: bool = False) -> Verdict:
    return Verdict(3, 5, None, None, problems, len(problems), key_verified, ())


def test_one_line_says_what_the_log_does_not_prove(capsys: pytest.CaptureFixture[str]) -> None:
    same, other = Replayed("A", 2, ReplayStatus.IDENTICAL), Replayed("B", 0, ReplayStatus.DIFFERENT, "$.outcome")
    show_proof(verdict(), [same, other], Output())
    said = capsys.readouterr().out
    assert "verified: 3 entries, 5 payloads; consistent with itself; key not verified\n" in said
    assert "replayed: 1 of 2 decisions give the same bytes again from the log alone\n  entry 0: $.outcome\n" in said
    (line,) = [line for line in said.splitlines() if line.startswith("not proven yet: ")]
    assert "nobody else has verified the key; unanchored: nothing outside shows" in line


def test_a_log_that_does_not_verify_proves_nothing_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    show_proof(verdict(Problem("entry 2", "changed")), [], Output())
    said = capsys.readouterr().out
    assert "the log does not verify: 1 problem\n  entry 2: changed\n" in said
    assert "not proven yet" not in said


def test_a_key_without_a_log_is_wrong_usage(tmp_path: Path) -> None:
    ended = run("--log-key", str(tmp_path / "log.key"))
    assert ended.exit_code == 2
    assert not list(tmp_path.iterdir())


def test_a_log_without_its_key_is_a_failure_before_anything_is_decided(tmp_path: Path) -> None:
    with open_log(tmp_path / "demo.db"):
        pass
    (tmp_path / "demo.db.key").unlink()
    ended = run("--log", str(tmp_path / "demo.db"))
    assert (ended.exit_code, ended.stdout) == (4, "")


def test_judges_that_cannot_be_read_are_a_problem_and_leave_no_decision(tmp_path: Path) -> None:
    (tmp_path / "judges.toml").write_text("[tier.local]\nkind = 'guessed'\n", encoding="utf-8")
    ended = run("--judges", str(tmp_path / "judges.toml"), "--log", str(tmp_path / "demo.db"))
    assert ended.exit_code == 1
    assert "error[NS604]" in ended.stderr
    with LogReader.open(tmp_path / "demo.db") as log:
        assert list(log.decisions()) == []


# --- the whole


@pytest.mark.slow
def test_the_demo_says_what_the_transcript_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "ambient, and ignored")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    written = SCRIPT.read_text(encoding="utf-8")
    assert performed(parse_transcript(written), tmp_path, {}).splitlines() == written.splitlines()


def recorded(path: Path) -> list[tuple[bytes, bytes]]:
    with LogReader.open(path) as log:
        return [(log.content(entry, "result"), log.content(entry, "proof")) for entry in log.decisions()]


@pytest.mark.slow
def test_two_runs_give_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    said = []
    for seed in ("1", "2"):
        ended = subprocess.run(
            [*PROGRAM, "demo", "--log", f"{seed}.db", "--log-key", f"{seed}.key"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
        )
        assert (ended.returncode, ended.stderr) == (0, b"")
        said.append(ended.stdout.decode().split("\n\nscreen(")[0])
    assert said[0] == said[1]
    assert "payments" in said[0]
    assert recorded(tmp_path / "1.db") == recorded(tmp_path / "2.db")
    assert len(recorded(tmp_path / "1.db")) == 60
    assert (tmp_path / "1.key").stat().st_mode & 0o777 == 0o600
    with ReviewQueue.open(tmp_path / "1.db.reviews") as queue:
        assert len(queue.open_items()) == 8


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("decisions", [0, 1, 7])
def test_an_interrupt_leaves_a_log_that_verifies(decisions: int, tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    command = [*PROGRAM, "demo", "--log", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # the title, once everything is read and the first payment is next
        while count(path) < decisions:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert said == f"interrupted; the log is kept: {path}\n".encode()
    assert decisions <= count(path) < 60
    with LogReader.open(path) as log:
        assert verify_log(log).is_consistent


def count(path: Path) -> int:
    try:
        with LogReader.open(path) as log:
            return sum(1 for _ in log.decisions())
    except LogError:  # it is just being made
        return 0


TROUBLE = (
    Misbehaviour.TRUNCATE,
    Misbehaviour.SCHEMA,
    Misbehaviour.QUOTE,
    Misbehaviour.STATUS_500,
    Misbehaviour.STALL,
    Misbehaviour.GARBAGE,
    Misbehaviour.DROP,
)


@pytest.mark.slow
@pytest.mark.parametrize("trouble", [TROUBLE, ()], ids=["misbehaving", "agreeing to release"])
def test_a_model_that_cannot_be_trusted_never_releases_a_payment(
    trouble: tuple[Misbehaviour, ...], tmp_path: Path, some: dict[str, Screened]
) -> None:
    path = tmp_path / "demo.db"
    with Endpoint(*trouble, respond=lambda call: {**answer_first(call), "answer": "different"}) as endpoint:
        (tmp_path / "judges.toml").write_text(
            f"""
            [tier.local]
            kind = "computed"
            [tier.small]
            kind = "model"
            base_url = "{endpoint.base_url}"
            model = "small"
            timeout_ms = 300
            may_see = ["public", "internal", "personal"]
            [tier.person]
            kind = "person"
            review = "queue.db"
            """,
            encoding="utf-8",
        )
        ended = run("--judges", str(tmp_path / "judges.toml"), "--log", str(path))
        assert len(endpoint.calls) >= 8
    assert ended.exit_code == 0
    with LogReader.open(path) as log:
        found = Counter(entry.outcome for entry in log.decisions())
    assert found == {"block": 13, "reject": 1, "hold": 3, "release": 33, "undecided": 10}
    assert "replayed: 60 of 60 decisions" in ended.stdout
    assert some["PAY-11"].status is Status.UNDECIDED
    with ReviewQueue.open(tmp_path / "queue.db") as queue:
        assert len(queue.open_items()) == 8
