"""What is written where: one JSON document, text for people, and nothing that came from outside unescaped."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from neurosym.cli.output import Output, has_colour, json_text
from neurosym.cli.program import program
from neurosym.text.diagnostic import Diagnostic, Severity
from neurosym.text.escape import printable
from neurosym.values.canonical import Json

# A line end that would forge a line of ours, an escape sequence, a reordering, a zero-width space, a lone C1 control.
HOSTILE = 'Ann\nrelease: decided\x1b[2J\u202eevil\u200b\x9b "x'


@pytest.mark.parametrize("text", [HOSTILE, "\U000e0041", "plain", "Ж é"])
def test_json_reads_back_as_what_it_was_and_shows_nothing_hidden(text: str) -> None:
    written = json_text({text: [text, 1, None, True]})
    assert json.loads(written) == {text: [text, 1, None, True]}
    assert written == printable(written, keep="\n")


def test_half_a_surrogate_pair_becomes_its_name() -> None:
    assert json.loads(json_text("a\udcff")) == "a\\u{dcff}"


def test_letters_of_every_script_stay_readable() -> None:
    assert json_text("Жанна é 王") == '"Жанна é 王"'


def test_there_is_never_a_second_document(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    output = Output(is_json=True)
    output.document({"first": 1})
    with pytest.raises(AssertionError):
        output.document({"second": 2})
    assert json.loads(capsysbinary.readouterr().out) == {"first": 1}


def test_in_json_mode_people_read_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(is_json=True)
    output.say("for people")
    output.title("a title")
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err == "for people\na title\n"


def test_in_text_mode_there_is_no_document(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output()
    output.document({"first": 1})
    output.say("for people")
    assert capsys.readouterr().out == "for people\n"


LISTS: list[list[Json]] = [
    [],
    [1],
    [{"a": [HOSTILE, {}], "b": {}}, [], None, "\n"],
    [{"number": number, "text": "x" * 100} for number in range(2_000)],
]


@pytest.mark.parametrize("items", LISTS, ids=len)
def test_a_long_document_is_the_same_as_one_written_at_once(
    items: list[Json], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    Output(is_json=True).document({"first": [HOSTILE], "items": items})
    at_once = capsysbinary.readouterr().out
    Output(is_json=True).long_document({"first": [HOSTILE]}, "items", iter(items))
    assert capsysbinary.readouterr().out == at_once


def test_in_text_mode_a_long_document_is_not_even_made() -> None:
    Output().long_document({}, "items", (1 // 0 for _ in range(1)))


def test_people_are_shown_as_many_problems_as_they_can_mend(capsys: pytest.CaptureFixture[str]) -> None:
    found = [Diagnostic("NS502", Severity.ERROR, f"unknown key `{number}`") for number in range(1_234)]
    Output().diagnostics(found)
    written = capsys.readouterr().out
    assert written.count("unknown key") == 100
    assert written.endswith("... 1134 more problems\n")


class Terminal(StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "expected"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (StringIO(), {}, False),
        (None, {}, False),
    ],
)
def test_colour_is_for_terminals_whose_owner_wants_it(
    *, stream: StringIO | None, environment: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert has_colour(stream) is expected


def decided_about(name: str, folder: Path, *more: str) -> Result:
    """A decision about a payer of that name, who is on the list under the same."""
    (folder / "input.json").write_text(
        json.dumps({"payment": {"id": name, "payer": "A", "amount": 1, "booked_on": "2026-03-02"}})
    )
    (folder / "facts.json").write_text(
        json.dumps(
            {
                "Party": [{"id": "A", "name": name}],
                "Listing": [{"id": name, "name": name, "remarks": name}],
                "Licence": [],
            }
        )
    )
    house = Path(__file__).parent.parent / "scripts" / "world" / "house"
    arguments = ["decide", str(house), "screen", "--input", str(folder / "input.json")]
    return CliRunner().invoke(program, [*arguments, "--facts", str(folder / "facts.json"), *more])


@pytest.mark.parametrize("mode", ["text", "json"])
def test_foreign_text_cannot_pose_as_ours_or_move_the_cursor(mode: str, tmp_path: Path) -> None:
    ended = decided_about(HOSTILE, tmp_path, "--format", mode)
    assert ended.exit_code == 3
    for text in (ended.stdout, ended.stderr):
        assert text == printable(text, keep="\n")
        assert not any(line.startswith("release:") for line in text.splitlines())


def test_foreign_text_in_a_review_is_escaped_too(tmp_path: Path) -> None:
    (tmp_path / "judges.toml").write_text(
        '[tier.local]\nkind = "computed"\n[tier.person]\nkind = "person"\nreview = "reviews.db"\n'
    )
    assert decided_about(HOSTILE, tmp_path, "--judges", str(tmp_path / "judges.toml")).exit_code == 3
    queue = str(tmp_path / "reviews.db")
    listed = CliRunner().invoke(program, ["review", "list", "--review", queue]).stdout
    question = next(line.strip() for line in listed.splitlines() if "sha256:" in line)
    shown = CliRunner().invoke(program, ["review", "show", question, "--review", queue]).stdout
    assert "entry.remarks" in shown
    for text in (listed, shown):
        assert text == printable(text, keep="\n")
