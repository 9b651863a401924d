"""What is wrong with rule files: the code, the place and the words, for every code; and several at once."""

from __future__ import annotations

import pytest

from neurosym.lang.parsing import FILE_CHARS_MAX, parse
from neurosym.text.codes import code_page, known_codes
from neurosym.text.diagnostic import Report
from neurosym.text.span import Source, Span
from tests.lang.reading import declarations, place, problems

PROBLEMS = [
    # text, code, the marked text, what the message says, the advice
    ("rule r whn a", "NS100", "whn", "unexpected `whn` here", "did you mean `when`?"),
    ('rule r then s(p: p) = "x"', "NS100", "=", "unexpected `=` here", "an outcome is concluded with `is`"),
    ("rule r when a = b = c", "NS100", "=", "unexpected `=`", "comparisons do not chain: join two of them with `and`"),
    ("fact F a: text kee", "NS100", "kee", "unexpected `kee` here", "did you mean `key`?"),
    (
        "fact F a: number >= 0 or null",
        "NS100",
        "or",
        "unexpected `or`",
        "`or null` stands right after the type, before its range",
    ),
    ('ruleset r prefix own: "x"', "NS100", "own", "unexpected `own:` here", "leave out the colon"),
    (
        "decision d() otherwise release",
        "NS100",
        "release",
        "unexpected `release`",
        'a text stands in quotes: `"release"`',
    ),
    ('scenario "x" on "2026-01-01"', "NS100", '"2026-01-01"', "unexpected", "a date is written without quotes"),
    ("judgment j() returns yes or no reuse for 30", "NS100", "30", "unexpected `30`", "a duration follows"),
    ('rule "label"', "NS100", '"label"', 'unexpected `"label"` here', None),
    ("define f(a: number [0..1]) = a", "NS100", "[", "unexpected `[` here", None),
    ('decision d() outcomes "a" > "b", "c"', "NS100", ",", "unexpected `,` here", None),
    ("rule r when (a and b", "NS101", "", "something is missing at the end", None),
    ("fact F a:", "NS101", "", "something is missing at the end", None),
    ('rule r cite "x', "NS102", '"x', "this text is not closed", 'close it with `"`'),
    ("rule r /* when a", "NS103", "/*", "this comment is not closed", "close it with `*/`"),
    ("rule r $", "NS104", "$", "`$` has no meaning here", None),
    ('rule r cite "a\u2066b"', "NS105", "\u2066", r"hidden character `\u{2066}`", r"inside a text write `\u2066`"),
    ("rule r when a == b", "NS106", "==", "`==` is not a sign of this language", "write `=`"),
    ("rule r cite 'x'", "NS107", "'x'", "texts stand in straight double quotes", 'write `"..."`'),
    (r'rule r cite "\x"', "NS108", r"\x", r"`\x` is no character", "a backslash is"),
    ("rule r when a > 1e5", "NS109", "1e5", "`1e5` is not a number", "write the digits"),
    ("rule r effective from 2026-02-30", "NS110", "2026-02-30", "`2026-02-30` is not a date", None),
    ("judgment j() returns yes or no reuse for D30", "NS111", "D30", "`D30` is no date, time or duration", "P10D"),
    ("fact F a: " + "list of " * 120 + "text", "NS112", "list of " * 120 + "text", "nested deeper than 100", None),
    ("define f(a: " + "list of " * 120 + "text) = 1", "NS112", "list of " * 120 + "text", "nested deeper", None),
    ("rule r then X(a: " + "-" * 120 + "1)", "NS112", "-" * 120 + "1", "nested deeper", None),
    ("rule r when a when b", "NS114", "when", "`when` is given twice", "keep the one that is meant"),
    ("fact F a: text key key", "NS114", "key", "`key` is given twice", "keep"),
    ("fact F a: text secret public", "NS114", "public", "`secret` and `public` exclude each other", "keep"),
    ("rule r for if: Party", "NS116", "if", "`if` is a word of expressions", "choose another name"),
    ("define not(a: text) = a", "NS116", "not", "`not` is a word of expressions", "choose another name"),
    ("parameter true: text", "NS116", "true", "`true` is a word of expressions", "choose another name"),
    ("judgment some() returns yes or no", "NS116", "some", "`some` is a word of expressions", "choose another name"),
    ('rule r then d() is "x" because "a {b"', "NS117", "{", "`{` without its partner", "`{{` for the character"),
    ('rule r then d() is "x" because "a } b"', "NS117", "}", "`}` without its partner", "`}}` for the character"),
    ('rule r then d() is "x" because "{a b}"', "NS100", "b", "unexpected `b` here", None),
    ('rule r then d() is "x" because "{}"', "NS101", "", "something is missing", None),
    (r'rule r then d() is "x" because "{a = \"b\"}"', "NS104", "\\", r"`\` has no meaning", "only inside a text"),
    ('rul r "label"', "NS118", "rul", "`rul` begins no declaration", "did you mean `rule`?"),
    ("prefix own", "NS118", "prefix", "`prefix` begins no declaration", None),
    ("rule r when a in ]1..2]", "NS119", "]", "is not how a range is written", "a round bracket"),
    ("rule r when a in [1..2[ then X()", "NS119", "[", "is not how a range is written", "a round bracket"),
    ("table t(a: text) returns text", "NS120", "table", "decision tables are not supported yet", None),
]


@pytest.mark.parametrize(("text", "code", "marked", "message", "advice"), PROBLEMS, ids=[p[0][:40] for p in PROBLEMS])
def test_problem(text: str, code: str, marked: str, message: str, advice: str | None) -> None:
    found = [each for each in problems(text) if each.code == code]
    assert [place(each).text for each in found] == [marked]
    assert message in found[0].message
    assert (advice or "") in (found[0].help or "")


def test_every_code_of_reading_text_has_a_page_and_a_case() -> None:
    covered = {code for _, code, *_ in PROBLEMS} | {"NS113", "NS121"}
    assert covered == {code for code in known_codes() if "NS100" <= code <= "NS149"}
    for code in covered:
        page = code_page(code)
        assert page is not None
        assert page.startswith(f"# {code}: ")
        assert [line for line in page.splitlines() if line.startswith("## ")] == [
            "## Means",
            "## Avoid",
            "## Prefer",
            "## Why",
        ]


def test_a_file_beyond_the_bound_is_refused() -> None:
    [found] = problems(" " * (FILE_CHARS_MAX + 1))
    assert (found.code, found.message) == ("NS113", "more than 4194304 characters")


def test_more_words_than_the_bound_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neurosym.feel.lexer.LEXEMES_MAX", 100)
    assert declarations("rule r " * 50)
    [found] = problems("rule r " * 51)
    assert (found.code, found.message) == ("NS113", "more than 100 words and signs")


def test_problems_beyond_a_hundred_are_cut() -> None:
    codes = [found.code for found in problems("rule r b\n" * 150)]
    assert codes == ["NS100"] * 100 + ["NS121"]


def test_every_declaration_reports_its_own_problem() -> None:
    text = """ruleset r "x"
  versoin "1"
fact A
  id: text key kee
fact B
  id:
rule good
  then X(a: 1)
rule open
  when (a and
duty d "x"
  p: Payment
table t(a: text) returns text
  | "a" | - |
exception e to a
  must be prvoen
scenario "x"
  expect duty d(a: 1)
  due 2026
"""
    found = [(each.code, str(place(each))) for each in problems(text)]
    assert found == [
        ("NS100", "x.rules:2:3"),
        ("NS100", "x.rules:4:16"),
        ("NS101", "x.rules:6:6"),
        ("NS101", "x.rules:10:14"),
        ("NS120", "x.rules:13:1"),
        ("NS100", "x.rules:16:11"),
    ]


def test_a_word_at_the_start_of_a_line_need_not_begin_a_declaration() -> None:
    text = """rule a then
duty d(a: 1)
rule b when
rule and
fact . x then X()
rule c whn"""
    assert [str(place(found)) for found in problems(text)] == ["x.rules:6:8"]


def test_what_does_not_fit_together_in_one_declaration_is_found_beside_bad_literals() -> None:
    text = 'rule r cite "\\x" effective from 2026-13-01 when a when b for p: P for q: Q'
    assert [found.code for found in problems(text)] == ["NS108", "NS110", "NS114", "NS114"]


def test_damage_in_one_declaration_does_not_hide_the_next() -> None:
    text = "rule a when $\nrule b whn c\nrule d cite 'x'\n"
    assert [(found.code, str(place(found))) for found in problems(text)] == [
        ("NS104", "x.rules:1:13"),
        ("NS100", "x.rules:2:8"),
        ("NS107", "x.rules:3:13"),
    ]


def test_problems_of_all_files_are_found_and_good_files_are_returned() -> None:
    sources = [Source("a", "rule"), Source("b", "rule b"), Source("c", "fact")]
    files = parse(sources, report := Report())
    assert [file.source.name for file in files] == ["b"]
    assert [place(found).source.name for found in report.diagnostics] == ["a", "c"]


def test_given_twice_shows_the_first_one() -> None:
    [found] = problems("rule r when a\nwhen b")
    [first] = found.secondary
    assert isinstance(first.place, Span)
    assert (str(first.place), first.text) == ("x.rules:1:8", "first given here")


def test_expected_words_are_the_authors_and_few() -> None:
    [found] = problems("fact F a: text )")
    assert found.primary is not None
    assert found.primary.text.startswith("expected a constraint such as `[0..1]`, a label such as `name:`, ")
    for internal in ("NAME", "LABEL", "LPAR", "__ANON", "$END"):
        assert internal not in found.primary.text
    assert found.primary.text.endswith("or ...")


def test_repeatable_clauses_are_no_problem() -> None:
    text = """rule r cite "a" cite "b" then X() then X()
judgment j() returns yes or no cite "a" cite "b" check "a" true check "a" true example "a" is true example "a" is true
decision d() needs person for "a" needs person for "a"
ruleset r prefix a "x" prefix a "x" cite "a" cite "a"
scenario "x" given A() given A() not known A not known A judged j() is true judged j() is true expect A() expect A()"""
    assert len(declarations(text)) == 5


ONCE = [
    *(("ruleset r", clause) for clause in ('version "1"', "effective from 2026-01-01")),
    *(("rule r", clause) for clause in ("effective from 2026-01-01", "for a: A", "when a")),
    *(("exception e to r", clause) for clause in ("effective from 2026-01-01", "for a: A", "when a", "must be proven")),
    *(
        ("decision d()", clause)
        for clause in ("on a.b", 'outcomes "a"', 'otherwise "a"', 'undecided "a"', "settle duties")
    ),
    *(
        ("judgment j() returns yes or no", clause)
        for clause in (
            'ask "a"',
            "route a",
            "risk at most 0.1 with confidence 0.9",
            "accept uncalibrated",
            "reuse for P1D",
            "audit 2%",
            "two persons",
        )
    ),
    ('scenario "x"', "on 2026-01-01"),
    ("fact F a: text", "from iri"),
    ("rule r then duty d()", "due 1"),
    ("rule r then duty d()", 'owed by "a"'),
    ('scenario "x" expect duty d()', "due 1"),
    ('scenario "x" expect duty d()', "by r"),
]


@pytest.mark.parametrize(("head", "clause"), ONCE, ids=[f"{head} {clause}" for head, clause in ONCE])
def test_clause_that_stands_once(head: str, clause: str) -> None:
    assert len(declarations(f"{head} {clause}")) == 1
    assert [found.code for found in problems(f"{head} {clause} {clause}")] == ["NS114"]
