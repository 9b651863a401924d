"""`neurosym decide --batch`, and what other commands make of the batches that it logs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from neurosym.audit.reader import LogReader
from neurosym.cli.exit_code import ExitCode
from neurosym.cli.program import program
from neurosym.decision.batch.recorded_batch import batches_of
from tests.decision.batch_case import FACTS, TRANSFERS, rows, transfer

COUNT = 30


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("transfers.rules").write_text(TRANSFERS, encoding="utf-8")
    Path("facts.json").write_text(json.dumps(FACTS), encoding="utf-8")
    written("rows.jsonl", rows(COUNT))
    return tmp_path


def written(name: str, given: list[dict[str, Any]]) -> None:
    Path(name).write_text("".join(json.dumps(each) + "\n" for each in given), encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(program, [*arguments])


def decide(*more: str, rows_file: str = "rows.jsonl", log: str = "decisions.db") -> Result:
    common = ["decide", "transfers.rules", "screen", "--facts", "facts.json"]
    return run(*common, "--batch", rows_file, "--log", log, *more)


def batch_id(log: str = "decisions.db") -> str:
    with LogReader.open(log) as opened:
        return str(next(batches_of(opened)).decision)


@pytest.mark.usefixtures("folder")
def test_a_batch_is_summed_up_and_exits_with_3_when_rows_are_open() -> None:
    done = decide("--format", "json")
    found = json.loads(done.stdout)
    assert done.exit_code == ExitCode.UNDECIDED
    assert (found["rows"], found["undecided"], found["asked"], found["logged"]) == (COUNT, 10, False, True)
    assert found["counts"] == {"block": 10, "hold": 6, "release": 4, "undecided": 10}
    assert [each["was_logged"] for each in found["batches"]] == [False]


@pytest.mark.usefixtures("folder")
def test_a_batch_whose_rows_are_all_decided_exits_with_0() -> None:
    written("rows.jsonl", [transfer(0), transfer(1)])
    done = decide()
    assert done.exit_code == ExitCode.DONE
    assert done.stdout.splitlines()[0] == "2 rows: 1 block, 1 release"


@pytest.mark.usefixtures("folder")
def test_the_same_file_again_says_that_it_was_logged() -> None:
    decide()
    again = decide()
    assert "1 were logged before, and nothing of them was decided again" in again.stdout
    with LogReader.open("decisions.db") as log:
        assert len([*batches_of(log)]) == 1


@pytest.mark.usefixtures("folder")
def test_results_are_written_as_json_lines() -> None:
    decide("--output", "out.jsonl")
    found = [json.loads(line) for line in Path("out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [each["row"] for each in found] == [*range(COUNT)]
    assert found[1] == {
        "row": 1,
        "decision": f"{batch_id()}-1",
        "status": "decided",
        "outcome": "block",
        "act_on": "block",
        "reasons": ["block"],
        "citations": ["Act 1 s. 2"],
    }


@pytest.mark.usefixtures("folder")
def test_results_are_written_as_parquet_out_of_parquet() -> None:
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pa.Table.from_pylist(rows(COUNT)), "rows.parquet")
    decide("--output", "out.jsonl")
    decide("--output", "out.parquet", "--workers", "2", rows_file="rows.parquet")
    lines = Path("out.jsonl").read_text(encoding="utf-8").splitlines()
    assert parquet.read_table("out.parquet").to_pylist() == [json.loads(line) for line in lines]


@pytest.mark.usefixtures("folder")
def test_results_never_take_the_place_of_a_file() -> None:
    Path("out.jsonl").write_text("mine", encoding="utf-8")
    assert decide("--output", "out.jsonl").exit_code == ExitCode.FAILURE
    assert Path("out.jsonl").read_text(encoding="utf-8") == "mine"
    assert not Path("decisions.db").exists()


@pytest.mark.usefixtures("folder")
def test_a_bad_row_is_named_and_nothing_is_logged_or_written() -> None:
    written("rows.jsonl", [transfer(0), transfer(1, amount=True)])
    done = decide("--output", "out.jsonl")
    assert done.exit_code == ExitCode.PROBLEMS
    assert "rows.jsonl row 1: $.transfer.amount" in done.stderr
    assert "nothing of this batch is logged" in done.stderr
    assert not Path("out.jsonl").exists()
    with LogReader.open("decisions.db") as log:
        assert [*batches_of(log)] == []


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--input", "x.json"], "`--input` is of a single decision"),
        (["--answers", "x.json"], "`--answers` is of a single decision"),
        (["--judges", "x.toml"], "`--judges` is of a single decision"),
        (["--second-opinion"], "`--second-opinion` looks at single decisions"),
        (["--output", "out.csv"], "name a file that ends with"),
        (["--workers", "0"], "0 is not in the range"),
    ],
)
def test_what_does_not_go_with_a_batch_is_wrong_usage(more: list[str], said: str) -> None:
    done = decide(*more)
    assert done.exit_code == ExitCode.USAGE
    assert said in done.stderr


@pytest.mark.usefixtures("folder")
def test_a_batch_needs_a_log_and_its_options_need_a_batch() -> None:
    common = ["decide", "transfers.rules", "screen"]
    assert "`--batch` needs `--log`" in run(*common, "--batch", "rows.jsonl").stderr
    written("one.json", [transfer(0)])
    for option in (["--workers", "2"], ["--output", "x.jsonl"]):
        assert "is for `--batch`" in run(*common, "--input", "one.json", *option).stderr


@pytest.mark.usefixtures("folder")
def test_a_row_is_proven_and_the_proof_is_checked_without_the_log() -> None:
    decide()
    proof = run("log", "prove", "decisions.db", batch_id()[:8], "--row", "17")
    Path("row.proof").write_bytes(proof.stdout_bytes)
    with LogReader.open("decisions.db") as log:
        vkey = log.identity.vkey
    for left in Path().glob("decisions.db*"):
        left.unlink()
    known = run("log", "verify", "row.proof", "--key", vkey, "--format", "json")
    assert known.exit_code == ExitCode.DONE
    assert (json.loads(known.stdout)["row"], json.loads(known.stdout)["key_verified"]) == (17, True)
    assert "key not verified" in run("log", "verify", "row.proof").stdout
    Path("row.proof").write_bytes(proof.stdout_bytes.replace(b'"row":17', b'"row":18'))
    assert run("log", "verify", "row.proof").exit_code == ExitCode.NOT_VERIFIED
    assert "does not lead" in run("log", "verify", "row.proof").stdout


@pytest.mark.usefixtures("folder")
def test_a_row_that_a_batch_has_not_is_told() -> None:
    decide()
    for command in ("log prove", "explain"):
        refused = run(*command.split(), "decisions.db", batch_id(), "--row", str(COUNT))
        assert refused.exit_code == ExitCode.PROBLEMS
        assert f"its rows are 0 to {COUNT - 1}" in refused.stderr
        assert "no batch `zz`" in run(*command.split(), "decisions.db", "zz", "--row", "1").stderr


@pytest.mark.usefixtures("folder")
def test_every_row_is_replayed_and_a_batch_can_be_named() -> None:
    decide()
    assert "30 identical, 0 different" in run("replay", "decisions.db").stdout
    found = json.loads(run("replay", "decisions.db", batch_id()[:8], "--format", "json").stdout)
    assert [each["row"] for each in found["decisions"]] == [*range(COUNT)]
    assert found["counts"]["identical"] == COUNT


@pytest.mark.usefixtures("folder")
def test_another_ruleset_is_told_row_by_row() -> None:
    decide()
    Path("transfers.rules").write_text(TRANSFERS.replace("> 1000", "> 2000"), encoding="utf-8")
    found = json.loads(run("replay", "decisions.db", "--ruleset", "transfers.rules", "--format", "json").stdout)
    assert found["counts"]["outcome changed"] == 3
    (change,) = found["changes"]
    assert (change["from"], change["to"], change["count"]) == ("hold", "release", 3)
    assert change["example"]["decision"] == f"{batch_id()}-{change['example']['row']}"


@pytest.mark.usefixtures("folder")
def test_a_row_of_an_erased_person_is_counted_by_itself() -> None:
    decide()
    run("log", "erase", "decisions.db", "--subject", "Payer 3", "--reason", "asked for", "--as", "Ines")
    assert (
        "26 identical, 0 different, 0 engine mismatch, 4 not replayable (erased)"
        in run("replay", "decisions.db").stdout
    )
    assert run("log", "verify", "decisions.db").exit_code == ExitCode.DONE
    assert run("log", "prove", "decisions.db", batch_id(), "--row", "3").exit_code == ExitCode.DONE


@pytest.mark.usefixtures("folder")
def test_a_row_is_explained() -> None:
    decide()
    shown = run("explain", "decisions.db", batch_id(), "--row", "1").stdout
    assert "Payer 1 pays into XE" in shown
    assert "Act 1 s. 2" in shown


@pytest.mark.usefixtures("folder")
def test_the_events_of_open_policy_agent_have_the_rows() -> None:
    decide()
    events = [json.loads(line) for line in run("log", "extract", "decisions.db", "--as", "opa").stdout.splitlines()]
    assert [each["neurosym"]["row"] for each in events] == [*range(COUNT)]
    assert events[1]["input"]["request"] == transfer(1)
    assert events[1]["result"]["outcome"] == "block"
    redacted = run("log", "extract", "decisions.db", "--as", "opa", "--redacted").stdout
    assert "Payer" not in redacted
    assert len(redacted.splitlines()) == COUNT


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("form", ["prov"])
def test_other_forms_say_that_they_leave_batches_out(form: str) -> None:
    decide()
    done = run("log", "extract", "decisions.db", "--as", form)
    assert done.stdout == ""
    assert "batches left out: 1" in done.stderr


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("more", [[], ["--redacted"]])
def test_a_bundle_with_batches_is_verified_by_both_verifiers(more: list[str]) -> None:
    decide()
    run("log", "erase", "decisions.db", "--subject", "Payer 3", "--reason", "asked for", "--as", "Ines")
    assert run("log", "export", "decisions.db", "bundle", *more).exit_code == ExitCode.DONE
    assert run("log", "verify", "bundle").exit_code == ExitCode.DONE
    command = [sys.executable, "bundle/verify.py", "bundle"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("VERIFIED.")
