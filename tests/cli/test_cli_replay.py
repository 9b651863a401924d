"""`neurosym replay`: what is said of few decisions and of many, by however many processes, and the exit code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry
from neurosym.audit.reader import LogReader
from neurosym.cli.exit_code import ExitCode
from neurosym.cli.output import Output
from neurosym.cli.program import program
from neurosym.cli.replay import LISTED_MAX, shown
from neurosym.decision import recorder as names
from neurosym.decision.replay import Replayed, ReplayStatus
from neurosym.text.failure import LogError
from tests.audit.world import open_log, tampering, verdict_of, write_small_log
from tests.decision.case import PAYMENT, RULES, Told, engine_of, replayed, screening, told_judge, world
from tests.decision.erasing import ERASED, erasing
from tests.decision.forger import Contents, draft_of, forge_log

MANY = LISTED_MAX + 20
EVERY = 25  # of so many decisions one was changed
SAME, OTHER = ReplayStatus.IDENTICAL, ReplayStatus.DIFFERENT


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of many decisions, some of which do not give the recorded bytes."""
    folder = tmp_path_factory.mktemp("many")
    with open_log(folder / "honest.db") as log:
        engine = engine_of(screening(), log, told_judge(Told({"E1": "same"})))
        made = [engine.decide("screen", PAYMENT, facts=world("E1")) for _ in range(MANY)]
    changed = frozenset(each.id for each in made[::EVERY])
    forge_log(folder / "honest.db", folder / "decisions.db", partial(forged, changed))
    return folder / "decisions.db"


def forged(changed: frozenset[str], entry: Entry, contents: Contents) -> tuple[Draft, Contents]:
    """What models said in these decisions, changed to no answer."""
    if names.ATTEMPT in contents and entry.decision in changed:
        said = contents[names.ATTEMPT].replace(b'\\"answer\\":\\"same\\"', b'\\"answer\\":null')
        contents = {**contents, names.ATTEMPT: said}
    return draft_of(entry), contents


def run(path: Path, *more: str) -> Result:
    return CliRunner().invoke(program, ["replay", str(path), *more], catch_exceptions=False)


def said(found: Iterable[Replayed], chosen: Sequence[int], tmp_path: Path, output: Output) -> ExitCode:
    write_small_log(tmp_path / "small.db")
    return shown(found, chosen, verdict_of(tmp_path / "small.db"), output)


def test_of_many_decisions_those_are_listed_that_do_not_agree(path: Path) -> None:
    ended = run(path, "--workers", "1")
    changed = len(range(0, MANY, EVERY))
    listed = [line for line in ended.stdout.splitlines() if ": decision " in line]
    assert [line.split(":")[0] for line in listed] == ["different"] * changed
    assert f"{MANY - changed} identical, {changed} different, 0 engine mismatch\n" in ended.stdout
    assert ended.exit_code == 1


def test_the_document_has_all_of_them_in_their_order(path: Path) -> None:
    document = json.loads(run(path, "--workers", "1", "--format", "json").stdout)
    with LogReader.open(path) as log:
        assert document["decisions"] == [each.json for each in replayed(log)]
    assert len(document["decisions"]) == MANY
    assert document["counts"]["identical"] + document["counts"]["different"] == MANY


def test_two_processes_write_what_one_writes(path: Path) -> None:
    for form in ("text", "json"):
        one, two = (run(path, "--workers", number, "--format", form) for number in ("1", "2"))
        assert (two.exit_code, two.stdout, two.stderr) == (one.exit_code, one.stdout, one.stderr)


def test_two_processes_backtest_as_one_does(path: Path, tmp_path: Path) -> None:
    (tmp_path / "other.rules").write_text(
        screening(rules=RULES.replace('is "block"', 'is "hold"')).sources[0].text, encoding="utf-8"
    )
    arguments = ("--ruleset", str(tmp_path / "other.rules"), "--format", "json")
    one, two = (run(path, "--workers", number, *arguments) for number in ("1", "2"))
    assert json.loads(one.stdout)["counts"]["outcome changed"] > LISTED_MAX
    assert len(json.loads(one.stdout)["decisions"]) > LISTED_MAX
    assert (two.exit_code, two.stdout) == (0, one.stdout)


@pytest.mark.parametrize(("count", "listed"), [(LISTED_MAX, LISTED_MAX), (LISTED_MAX + 1, 0)])
def test_so_many_decisions_are_listed_whatever_became_of_them(
    count: int, listed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [Replayed(f"D{number}", number, SAME) for number in range(count)]
    assert said(found, range(count), tmp_path, Output()) is ExitCode.DONE
    assert capsys.readouterr().out.count("identical: decision D") == listed


def test_what_agrees_by_another_engine_is_not_listed_among_many(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [Replayed(f"D{number}", number, ReplayStatus.ENGINE_MISMATCH) for number in range(MANY)]
    assert said(found, range(MANY), tmp_path, Output()) is ExitCode.DONE
    assert f"0 identical, 0 different, {MANY} engine mismatch\n" in (out := capsys.readouterr().out)
    assert "decision D" not in out


@pytest.mark.parametrize("count", [3, MANY])
def test_what_was_erased_is_listed_and_counted_and_no_problem(
    count: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    erased = Replayed("D1", 1, ReplayStatus.ERASED, message=ERASED)
    found = [Replayed("D0", 0, SAME), erased, *(Replayed(f"D{number}", number, SAME) for number in range(2, count))]
    assert said(found, range(count), tmp_path, Output()) is ExitCode.DONE
    out = capsys.readouterr().out
    assert f"not replayable (erased): decision D1, entry 1\n  {ERASED}\n" in out
    assert f"{count - 1} identical, 0 different, 0 engine mismatch, 1 not replayable (erased)\n" in out


def test_what_differs_beside_what_was_erased_is_a_problem(tmp_path: Path) -> None:
    found = [Replayed("D0", 0, ReplayStatus.ERASED, message=ERASED), Replayed("D1", 1, OTHER, "$.outcome")]
    assert said(found, range(2), tmp_path, Output()) is ExitCode.PROBLEMS


def test_the_document_tells_what_was_erased(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with LogReader.open(path) as log:
        last = [*log.decisions()][-1]
        chosen = [last.seq]
        found = [each for each in replayed(erasing(log, last.payload_digest(names.CASE))) if each.seq in chosen]
    said(found, chosen, tmp_path, Output(is_json=True))
    document = json.loads(capsys.readouterr().out)
    assert document["counts"] == {"identical": 0, "different": 0, "engine mismatch": 0, "not replayable (erased)": 1}
    assert [(each["difference"], each["message"]) for each in document["decisions"]] == [(None, ERASED)]


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_failure_in_the_middle_shows_no_part_of_what_was_found(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def found() -> Iterable[Replayed]:
        yield Replayed("D0", 0, SAME)
        raise LogError("the disk is gone")

    with pytest.raises(LogError):
        said(found(), range(2), tmp_path, Output(is_json=form == "json"))
    assert capsys.readouterr().out == ""


def test_named_decisions_come_in_the_order_in_which_they_are_named(path: Path) -> None:
    with LogReader.open(path) as log:
        first, second, *_ = (str(entry.decision) for entry in log.decisions())
    ended = run(path, second, first, "--format", "json")
    assert [each["decision"] for each in json.loads(ended.stdout)["decisions"]] == [second, first]


def test_there_are_no_fewer_workers_than_one(path: Path) -> None:
    assert run(path, "--workers", "0").exit_code == 2


def test_a_log_that_does_not_verify_is_not_replayed(tmp_path: Path) -> None:
    write_small_log(tmp_path / "small.db")
    with tampering(tmp_path / "small.db") as connection:
        connection.execute("UPDATE payload SET content = content || x'00'")
    ended = run(tmp_path / "small.db", "--format", "json")
    assert ended.exit_code == 5
    assert json.loads(ended.stdout)["decisions"] == []
