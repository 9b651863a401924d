"""Diagnostics as people read them, and as JSON."""

from __future__ import annotations

import pytest

from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.render import LINE_LENGTH_MAX, render_json, render_text
from neurosym.text.span import JsonPath, Source, Span

# Line 12 of the file of language §6, with eleven lines before it.
SCREEN = Source("rulesets/sanctions/screen.rules", "\n" * 11 + "  when p.amuont > reporting_threshold\n")
AMUONT = SCREEN.text.index("amuont")
UNKNOWN_FIELD = Diagnostic(
    "NS203",
    Severity.ERROR,
    "unknown field `amuont` of `Payment`",
    Label(Span(SCREEN, AMUONT, AMUONT + 6), "`Payment` has: id, payer, payee, amount, currency, booked_on"),
    help="did you mean `amount`?",
    cites=("31 CFR 510.201",),
)
SHOWN = """\
error[NS203]: unknown field `amuont` of `Payment`
  --> rulesets/sanctions/screen.rules:12:10
12 |   when p.amuont > reporting_threshold
   |          ^^^^^^ `Payment` has: id, payer, payee, amount, currency, booked_on
   = help: did you mean `amount`?
   = cites: 31 CFR 510.201"""


def warning(place: Span | JsonPath | None, message: str = "mind this", label: str = "") -> Diagnostic:
    return Diagnostic("NS900", Severity.WARNING, message, Label(place, label) if place else None)


def marked(text: str, start: int, end: int) -> list[str]:
    """The lines shown of a place, without the head."""
    return render_text([warning(Span(Source("x", text), start, end))]).splitlines()[1:]


def test_a_diagnostic_reads_as_the_language_shows_it() -> None:
    assert render_text([UNKNOWN_FIELD]) == SHOWN


def test_colour_only_where_it_is_asked_for() -> None:
    assert "\x1b" not in render_text([UNKNOWN_FIELD])
    coloured = render_text([UNKNOWN_FIELD], colour=True)
    assert coloured.startswith("\x1b[1;31merror[NS203]\x1b[0m")
    for code in ("\x1b[1;31m", "\x1b[1m", "\x1b[34m", "\x1b[0m"):
        coloured = coloured.replace(code, "")
    assert coloured == SHOWN


def test_two_diagnostics_have_an_empty_line_between_them() -> None:
    assert render_text([UNKNOWN_FIELD, warning(None)]) == f"{SHOWN}\n\nwarning[NS900]: mind this"
    assert render_text([]) == ""


def test_a_place_in_a_json_document_is_its_path() -> None:
    place = JsonPath("input.json") / "Party" / 3 / "born"
    assert render_text([warning(place, label="a date")]) == (
        "warning[NS900]: mind this\n  --> input.json: $.Party[3].born\n   = a date"
    )
    assert render_text([warning(place)]) == "warning[NS900]: mind this\n  --> input.json: $.Party[3].born"


def test_every_further_place_is_shown_as_well() -> None:
    source = Source("x", "one\ntwo\n")
    found = Diagnostic(
        "NS207",
        Severity.ERROR,
        "`one` is declared twice",
        Label(Span(source, 4, 7), "again here"),
        (Label(Span(source, 0, 3), "first here"),),
    )
    assert render_text([found]).splitlines() == [
        "error[NS207]: `one` is declared twice",
        "  --> x:2:1",
        "2 | two",
        "  | ^^^ again here",
        "  --> x:1:1",
        "1 | one",
        "  | ^^^ first here",
    ]


def test_the_mark_stands_below_its_text_behind_tabs_and_letters_of_any_width() -> None:
    assert marked("\tçé x", 4, 5) == ["  --> x:1:5", "1 |  çé x", "  |     ^"]


def test_a_place_without_width_has_one_mark() -> None:
    assert marked("abc", 3, 3) == ["  --> x:1:4", "1 | abc", "  |    ^"]
    assert marked("", 0, 0) == ["  --> x:1:1"]


def test_a_place_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    assert marked("abc\ndef", 1, 6) == ["  --> x:1:2", "1 | abc", "  |  ^^"]


def test_a_carriage_return_belongs_to_the_end_of_the_line() -> None:
    assert marked("abc\r\ndef\r\n", 5, 8) == ["  --> x:2:1", "2 | def", "  | ^^^"]


def test_a_long_line_is_cut_around_the_place() -> None:
    _, shown, mark = marked("a" * 1000 + "b" + "c" * 1000, 1000, 1001)
    assert len(shown) == LINE_LENGTH_MAX + len("1 | ")
    assert shown[mark.index("^")] == "b"


@pytest.mark.parametrize(
    ("hostile", "escaped"),
    [
        ("\x1b[31m", r"\u{1b}[31m"),
        ("\u202e", r"\u{202e}"),
        ("\u2066", r"\u{2066}"),
        ("\u200b", r"\u{200b}"),
        ("\ufeff", r"\u{feff}"),
        ("\x00", r"\u{0}"),
        ("\x7f", r"\u{7f}"),
        ("\u2028", r"\u{2028}"),
        ("\ud800", r"\u{d800}"),
        ("\n", r"\u{a}"),
    ],
)
def test_what_a_reader_would_not_see_is_escaped_wherever_it_stands(hostile: str, escaped: str) -> None:
    text = f"<{hostile}>"
    source = Source(f"f{hostile}", f"a {text.replace(chr(10), ' ')} b")
    found = Diagnostic("NS900", Severity.ERROR, text, Label(Span(source, 0, 1), text), help=text, cites=(text,))
    shown = render_text([found, warning(JsonPath(f"d{hostile}", (f"k{hostile}",)), label=text)])
    assert shown.count(escaped) == (9 if hostile != "\n" else 8)  # a line has no end inside
    assert hostile == "\n" or hostile not in shown


def test_the_mark_is_as_wide_as_what_is_shown_of_the_escape() -> None:
    assert marked("a\u202eb", 1, 2) == ["  --> x:1:2", r"1 | a\u{202e}b", "  |  ^^^^^^^^"]
    assert marked("a\u202eb", 2, 3) == ["  --> x:1:3", r"1 | a\u{202e}b", "  |          ^"]


def test_json_carries_the_same() -> None:
    assert render_json(UNKNOWN_FIELD) == {
        "code": "NS203",
        "severity": "error",
        "message": "unknown field `amuont` of `Payment`",
        "primary": {
            "file": "rulesets/sanctions/screen.rules",
            "line": 12,
            "column": 10,
            "end_line": 12,
            "end_column": 16,
            "text": "`Payment` has: id, payer, payee, amount, currency, booked_on",
        },
        "secondary": [],
        "help": "did you mean `amount`?",
        "cites": ["31 CFR 510.201"],
    }


def test_json_of_a_place_in_a_document_and_of_none() -> None:
    place = JsonPath("input.json") / "payment" / "amount"
    assert render_json(warning(place, label="here"))["primary"] == {
        "document": "input.json",
        "path": "$.payment.amount",
        "text": "here",
    }
    assert render_json(warning(None))["primary"] is None
