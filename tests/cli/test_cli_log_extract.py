"""`neurosym log extract`: which decisions are written in which form, where to, and what ends it."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from neurosym.audit.reader import LogReader
from neurosym.cli.program import program
from neurosym.decision.export.genai import answer_entries, model_calls
from neurosym.decision.export.opa import opa_events
from neurosym.decision.export.prov import prov_documents
from tests.audit.world import open_log, tampering
from tests.decision.case import PAYMENT, engine_of, screening, world
from tests.decision.exported import CUSTOMER, write_reviewed_log

FORMS = ("opa", "prov", "otel")
HOSTILE = "\u202eevil\x7f\x9b2J\u2028"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_reviewed_log(tmp_path)
    return tmp_path / "decisions.db"


def extracted(path: Path, *more: str) -> Result:
    return CliRunner().invoke(program, ["log", "extract", str(path), *more], catch_exceptions=False)


def documents(ended: Result) -> list[dict[str, Any]]:
    assert ended.exit_code == 0, ended.stderr
    assert ended.stderr == ""
    return [json.loads(line) for line in ended.stdout.splitlines()]


def expected(path: Path, form: str) -> list[dict[str, Any]]:
    with LogReader.open(path) as log:
        match form:
            case "opa":
                return [*opa_events(log, log.decisions())]
            case "prov":
                return [*prov_documents(log, log.decisions())]
            case _:
                return [*model_calls(log, answer_entries(log))]


def ids(path: Path) -> list[str]:
    with LogReader.open(path) as log:
        return [str(entry.decision) for entry in log.decisions()]


# --- what is written


@pytest.mark.parametrize("form", FORMS)
def test_the_whole_log_is_written_one_document_a_line(path: Path, form: str) -> None:
    found = documents(extracted(path, "--as", form))
    assert found == expected(path, form)
    assert len(found) == (2 if form == "otel" else 3)


def test_decisions_are_named_by_the_beginning_of_their_ids(path: Path) -> None:
    first, second, _ = ids(path)
    found = documents(extracted(path, second, first[:8], "--as", "opa"))
    assert [event["decision_id"] for event in found] == [second, first]
    assert len(documents(extracted(path, first, second, "--as", "otel"))) == 2
    (only,) = documents(extracted(path, second, "--as", "prov"))
    assert f"log:decision/{second}" in only["entity"]


def test_content_and_redaction_are_opt_in(path: Path) -> None:
    for form in ("opa", "otel"):
        plain, more = (documents(extracted(path, "--as", form, *flags)) for flags in ((), ("--content",)))
        assert len(json.dumps(more)) > len(json.dumps(plain))
    assert CUSTOMER in extracted(path, "--as", "otel", "--content").stdout
    assert CUSTOMER not in extracted(path, "--as", "otel").stdout
    redacted = documents(extracted(path, "--as", "opa", "--redacted"))
    assert [event["erased"] for event in redacted] == [["/input", "/result"]] * 3


def test_nothing_that_is_written_moves_a_cursor(tmp_path: Path) -> None:
    facts = world()
    facts["Party"] = [{"id": "CUST-7", "name": HOSTILE, "country": "XA"}]
    with open_log(tmp_path / "decisions.db") as log:
        engine_of(screening(), log).decide("screen", PAYMENT, facts=facts)
    ended = extracted(tmp_path / "decisions.db", "--as", "opa", "--content")
    assert ended.stdout.isascii()
    assert ended.stdout.rstrip("\n").isprintable()
    (event,) = documents(ended)
    assert event["input"]["facts"][0]["content"]["Party"][0]["name"] == HOSTILE


def test_a_log_without_calls_of_models_gives_no_spans(tmp_path: Path) -> None:
    with open_log(tmp_path / "decisions.db") as log:
        engine_of(screening(), log).decide("screen", PAYMENT, facts=world())
    assert documents(extracted(tmp_path / "decisions.db", "--as", "otel")) == []


# --- where to


@pytest.mark.parametrize("form", FORMS)
def test_a_new_file_takes_what_standard_output_would(path: Path, tmp_path: Path, form: str) -> None:
    file = tmp_path / "out.jsonl"
    ended = extracted(path, "--as", form, "--output", str(file))
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert file.read_text(encoding="ascii") == extracted(path, "--as", form).stdout
    assert ended.stdout == f"{2 if form == 'otel' else 3} documents written: {file}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_one_document_is_one_document(path: Path, tmp_path: Path) -> None:
    ended = extracted(path, ids(path)[0], "--as", "opa", "--output", str(tmp_path / "out.jsonl"))
    assert ended.stdout.startswith("1 document written: ")


def test_a_file_that_is_there_is_not_touched(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text("precious")
    ended = extracted(path, "--as", "opa", "--output", str(file))
    assert (ended.exit_code, ended.stdout) == (4, "")
    assert "is there already: name a file that is not, or move it away" in ended.stderr
    assert file.read_text() == "precious"


def test_a_log_is_never_overwritten_by_what_is_extracted_from_it(path: Path) -> None:
    before = path.read_bytes()
    assert extracted(path, "--as", "opa", "--output", str(path)).exit_code == 4
    assert path.read_bytes() == before


def test_where_no_file_can_be_made_the_failure_names_it(path: Path, tmp_path: Path) -> None:
    ended = extracted(path, "--as", "opa", "--output", str(tmp_path / "nowhere" / "out.jsonl"))
    assert ended.exit_code == 4
    assert "cannot create" in ended.stderr


# --- what ends it


@pytest.mark.parametrize("form", FORMS)
def test_a_damaged_log_ends_with_5_and_leaves_no_file(path: Path, tmp_path: Path, form: str) -> None:
    with tampering(path) as connection:
        connection.execute("UPDATE payload SET content = content || x'20'")
        connection.execute("UPDATE entries SET envelope = envelope || x'20' WHERE seq = 9")
    file = tmp_path / "out.jsonl"
    ended = extracted(path, "--as", form, "--output", str(file))
    assert (ended.exit_code, ended.stdout) == (5, "")
    assert ended.stderr.startswith("failure: ")
    assert not [each for each in tmp_path.iterdir() if "out.jsonl" in each.name]


def test_what_stood_before_the_damage_is_written_to_standard_output(path: Path) -> None:
    with tampering(path) as connection:
        connection.execute("UPDATE entries SET envelope = envelope || x'20' WHERE seq = 9")
    ended = extracted(path, "--as", "opa")
    assert ended.exit_code == 5
    assert len(ended.stdout.splitlines()) == 2


def test_a_log_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    ended = extracted(tmp_path / "nowhere.db", "--as", "opa")
    assert (ended.exit_code, ended.stdout) == (4, "")
    assert "there is no log" in ended.stderr


def test_ids_that_fit_nothing_are_all_named_and_nothing_is_written(path: Path) -> None:
    ended = extracted(path, ids(path)[0], "zz", "yy", "--as", "opa")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.count("NS518") == 2


@pytest.mark.parametrize(
    ("flags", "complaint"),
    [
        (("--as", "prov", "--content"), "`--content` is for `--as opa` and `--as otel`"),
        (("--as", "prov", "--redacted"), "`--redacted` is for `--as opa`"),
        (("--as", "otel", "--redacted"), "`--redacted` is for `--as opa`"),
        (("--as", "opa", "--content", "--redacted"), "contradict each other"),
        (("--as", "cef"), "'cef' is not one of 'opa', 'prov', 'otel'"),
        ((), "Missing option '--as'"),
    ],
)
def test_flags_that_mean_nothing_together_are_a_usage_error(path: Path, flags: tuple[str, ...], complaint: str) -> None:
    ended = extracted(path, *flags)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert complaint in ended.stderr


def test_the_group_lists_every_command() -> None:
    shown = CliRunner().invoke(program, ["log", "--help"]).stdout
    assert [name for name in ("checkpoint", "extract", "verify") if f"  {name} " in shown] == [
        *("checkpoint", "extract", "verify")
    ]
