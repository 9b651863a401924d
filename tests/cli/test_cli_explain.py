"""`neurosym explain`: which decision is meant, what is asked about it, and what it refuses to explain."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.cli.explain import decision_beginning
from neurosym.cli.program import program
from neurosym.text.failure import InputError
from tests.audit.world import open_log, tampering
from tests.decision.bundle_case import erase
from tests.decision.case import PAYMENT, engine_of, person_judge, ruleset, screening, world
from tests.decision.forger import forge_log, with_payload
from tests.decision.page_elements import elements_of
from tests.decision.test_decision_explanation import OWNERSHIP, about, holdings

HOSTILE = "Eve\x1b[2J\nforged line\u202e"


@pytest.fixture
def log_path(tmp_path: Path) -> Path:
    """A log of two decisions: one about an owner of nothing, one about what it owns, whose name is hostile."""
    path = tmp_path / "decisions.db"
    facts = holdings(("X", "A", 50))
    facts["Party"] = [{"id": "X", "name": "Party X"}, {"id": "A", "name": HOSTILE}]
    with open_log(path) as log:
        engine = engine_of(ruleset(OWNERSHIP), log)
        for party in ("X", "A"):
            engine.decide("screen", about(party), facts=facts)  # type: ignore[arg-type]
    return path


def entries(path: Path) -> list[Entry]:
    with LogReader.open(path) as log:
        return [*log.decisions()]


def ids(path: Path) -> list[str]:
    with LogReader.open(path) as log:
        return [str(entry.decision) for entry in log.decisions()]


def explained(path: Path, name: str, *more: str) -> Result:
    return CliRunner().invoke(program, ["explain", str(path), name, *more], catch_exceptions=False)


def document(path: Path, name: str, *more: str) -> dict[str, Any]:
    ended = explained(path, name, *more, "--format", "json")
    assert ended.exit_code == 0
    found = json.loads(ended.stdout)
    assert isinstance(found, dict)
    return found


def test_a_decision_is_explained_by_its_id(log_path: Path) -> None:
    first, second = ids(log_path)
    assert explained(log_path, first).stdout.startswith('screen(case: "CASE-1") is "block"\n')
    assert document(log_path, second)["decision"]["id"] == second


def test_the_beginning_of_an_id_is_enough(log_path: Path) -> None:
    first, second = ids(log_path)
    length = next(size for size in range(1, 33) if first[:size] != second[:size])
    assert document(log_path, second[:length])["decision"]["id"] == second


def test_an_id_that_no_decision_has_is_refused(log_path: Path) -> None:
    ended = explained(log_path, "nobody")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "error[NS518]: no decision `nobody` in the log" in ended.stderr


def test_a_beginning_that_several_ids_have_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    with open_log(path) as log:
        engine = engine_of(ruleset(OWNERSHIP), log)
        for _ in range(17):  # two of them begin alike, whatever the ids
            engine.decide("screen", about("X"), facts=holdings())  # type: ignore[arg-type]
    known = ids(path)
    begin = next(each[0] for each in known if sum(other[0] == each[0] for other in known) > 1)
    ended = explained(path, begin)
    assert ended.exit_code == 1
    assert f"decisions of the log begin with `{begin}`" in ended.stderr
    assert next(each for each in known if each.startswith(begin)) in ended.stderr


def test_a_misspelt_id_is_answered_with_the_one_most_like_it(log_path: Path) -> None:
    first, _ = ids(log_path)
    ended = explained(log_path, first[:-1] + "z")
    assert ended.exit_code == 1
    assert f"did you mean `{first}`?" in ended.stderr


def test_an_id_is_named_by_all_of_it_where_another_begins_with_it(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    with open_log(path) as log:
        for name in ("abc", "ab", "abcd"):
            log.record(Draft(kind=EntryKind.DECISION, decision=name))
        assert decision_beginning(log, "ab").decision == "ab"
        assert decision_beginning(log, "abc").decision == "abc"
        with pytest.raises(InputError, match="3 decisions of the log begin with `a`") as raised:
            decision_beginning(log, "a")
    assert raised.value.diagnostics[0].help == "write more of the id: abc, ab, abcd"


def test_an_empty_id_names_nothing(log_path: Path) -> None:
    assert explained(log_path, "").exit_code == 1


def test_a_log_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    ended = explained(tmp_path / "nowhere.db", "1")
    assert ended.exit_code == 4
    assert not (tmp_path / "nowhere.db").exists()


def test_why_explains_one_fact_and_leaves_the_rest_out(log_path: Path) -> None:
    first, _ = ids(log_path)
    ended = explained(log_path, first, "--why", 'Blocked(party: "A")')
    assert 'why:\n    [1] Blocked(party: "A")\n        by owned ' in ended.stdout
    assert "duties" not in ended.stdout
    found = document(log_path, first, "--why", 'Blocked(party: "A")')
    assert [step["says"] for step in found["steps"] if step["id"] in found["roots"]] == ['Blocked(party: "A")']
    assert found["duties"] == []


def test_why_explains_a_duty_and_the_outcome(log_path: Path) -> None:
    first, _ = ids(log_path)
    duty = document(log_path, first, "--why", 'report("CASE-1")')
    assert [step["kind"] for step in duty["steps"] if step["id"] in duty["roots"]] == ["duty"]
    assert document(log_path, first, "--why", "screen()") == document(log_path, first)


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        ('Blocked("B")', 'no such Blocked holds, or may hold; perhaps: Blocked(party: "A")'),
        ("Blokced()", "`Blokced` is no fact type or duty of the ruleset; perhaps: Blocked"),
        ("Blocked", "write a fact as the rules do"),
    ],
)
def test_a_fact_that_is_not_there_is_wrong_usage(fact: str, message: str, log_path: Path) -> None:
    ended = explained(log_path, ids(log_path)[0], "--why", fact)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert message in ended.stderr


def test_what_is_no_fact_at_all_is_a_diagnostic(log_path: Path) -> None:
    ended = explained(log_path, ids(log_path)[0], "--why", "Blocked(")
    assert ended.exit_code == 1
    assert "--> --why:1:9" in ended.stderr


def test_two_questions_at_once_are_wrong_usage(log_path: Path) -> None:
    assert explained(log_path, ids(log_path)[0], "--missing", "--why", 'Blocked("A")').exit_code == 2


def test_missing_says_what_keeps_an_outcome_open(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    with open_log(path) as log:
        engine_of(screening(), log, person_judge(tmp_path)).decide("screen", PAYMENT, facts=world("E1"))
    (name,) = ids(path)
    ended = explained(path, name, "--missing")
    assert ended.exit_code == 0
    assert ended.stdout.startswith(
        'screen(payment: "PAY-1") is undecided: "block" or "hold" or "release"; meanwhile "hold"\n'
    )
    assert 'not judged, waiting for a person: same(customer: "CUST-7", entry: "E1")' in ended.stdout
    assert '2 possible conclusions rest on it, of "block" and "hold"' in ended.stdout
    (found,) = document(path, name, "--missing")["missing"]
    assert (found["kind"], found["outcomes"]) == ("question", ["block", "hold"])
    assert document(path, name)["missing"] == [found]


def test_nothing_is_missing_of_a_decided_outcome(log_path: Path) -> None:
    first, _ = ids(log_path)
    assert "nothing is missing: the outcome is decided\n" in explained(log_path, first, "--missing").stdout
    assert document(log_path, first, "--missing")["missing"] == []


def test_foreign_text_neither_moves_the_cursor_nor_makes_lines(log_path: Path) -> None:
    _, second = ids(log_path)
    ended = explained(log_path, second)
    assert "Eve\\u{1b}[2J\\u{a}forged line\\u{202e} is blocked" in ended.stdout
    assert "\x1b" not in ended.stdout
    assert "\nforged line" not in ended.stdout
    missed = explained(log_path, second, "--why", "Party()")
    assert missed.exit_code == 2
    assert "\x1b" not in missed.stderr
    assert "\u202e" not in missed.stderr
    raw = explained(log_path, second, "--format", "json").stdout
    assert "\u202e" not in raw
    names = [step["fact"]["fields"].get("name") for step in json.loads(raw)["steps"] if step["fact"]]
    assert HOSTILE in names


def test_a_page_of_html_is_all_that_is_on_standard_output(log_path: Path) -> None:
    first, _ = ids(log_path)
    ended = explained(log_path, first, "--format", "html")
    assert (ended.exit_code, ended.stderr) == (0, "")
    page = elements_of(ended.stdout_bytes)
    assert [each.text for each in page.of("h1")] == ["block"]
    assert first in page.of("header")[0].text


def test_a_page_of_one_fact_explains_that_fact(log_path: Path) -> None:
    first, _ = ids(log_path)
    page = elements_of(explained(log_path, first, "--why", 'Blocked(party: "A")', "--format", "html").stdout_bytes)
    assert next(each.text for each in page.of("li", "step")[0].of("span", "says")) == 'Blocked "A"'
    assert "Duties" not in [each.text for each in page.of("h2")]


def test_a_page_of_what_is_missing_says_when_that_is_nothing(log_path: Path) -> None:
    first, _ = ids(log_path)
    page = elements_of(explained(log_path, first, "--missing", "--format", "html").stdout_bytes)
    assert "Nothing is missing: the outcome is decided." in page.of("main")[0].text


def test_a_page_has_the_same_bytes_whatever_the_hash_seed(log_path: Path) -> None:
    first, second = ids(log_path)
    for more in ([first], [first, "--missing"], [second]):
        command = [sys.executable, "-c", "from neurosym.cli import main; main()", "explain", str(log_path), *more]
        pages = {
            subprocess.run(
                [*command, "--format", "html"],
                env={**os.environ, "PYTHONHASHSEED": seed},
                capture_output=True,
                check=True,
            ).stdout
            for seed in ("0", "1", "2")
        }
        assert len(pages) == 1
        assert pages.pop().startswith(b"<!doctype html>")


@pytest.mark.parametrize("wrong", [["nobody"], ["", "--why", "Blocked("]])
def test_what_is_wrong_is_said_on_standard_error_where_a_page_was_asked_for(wrong: list[str], log_path: Path) -> None:
    name, *more = wrong
    ended = explained(log_path, name or ids(log_path)[0], *more, "--format", "html")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "error[NS" in ended.stderr


def test_an_erased_decision_has_no_page(log_path: Path) -> None:
    (seq,) = [each.seq for each in entries(log_path)[:1]]
    erase(log_path, seq, "facts")
    text, page = (explained(log_path, ids(log_path)[0], "--format", form) for form in ("text", "html"))
    assert (page.exit_code, page.stdout, page.stderr) == (text.exit_code, "", text.stderr)
    assert page.exit_code != 0
    assert "erased" in page.stderr


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_bytes_that_execution_does_not_give_again_are_not_explained(form: str, log_path: Path) -> None:
    first, _ = ids(log_path)
    forged = log_path.with_name("forged.db")
    change = with_payload("result", lambda content: content.replace(b'"act_on":"block"', b'"act_on":"hold"'), first)
    forge_log(log_path, forged, change)
    ended = explained(forged, first, "--format", form)
    assert ended.exit_code == 1
    assert 'first difference: result: $.act_on was "hold" and is "block"' in ended.stderr
    if form == "json":
        assert json.loads(ended.stdout)["log"]["agrees"] is False
    else:
        assert ended.stdout == ""
    assert explained(forged, ids(forged)[1]).exit_code == 0


def test_a_payload_that_was_changed_behind_the_log_is_found(log_path: Path) -> None:

    with tampering(log_path) as connection:
        connection.execute("UPDATE payload SET content = content || x'00'")
    assert explained(log_path, ids(log_path)[0]).exit_code == 5
