"""Expressions: text and tree side by side, the place of each node, and what is refused."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from lark import GrammarError, Lark

from neurosym.feel.builder import ExpressionBuilder
from neurosym.feel.lexer import SoftLexer
from neurosym.feel.parser import expression_parser, parse_expression, parse_unary_tests
from neurosym.feel.tree import Comparison, Expr, Literal, Membership, Name
from neurosym.text.diagnostic import Report
from neurosym.text.shipped import shipped_path
from neurosym.text.span import Source, Span
from neurosym.values.temporal import Duration, Months
from tests.feel.sketch import sketch

TREES = [
    # literals
    ("0.85", "0.85"),
    (".5", "0.5"),
    ("007", "7"),
    ("true", "True"),
    ("null", "None"),
    ('"text"', "'text'"),
    ("2026-03-01", "2026-03-01"),
    # operators and their strength
    ("1 + 2 * 3", "<+ 1 <* 2 3>>"),
    ("(1 + 2) * 3", "<* <+ 1 2> 3>"),
    ("1 - 2 - 3", "<- <- 1 2> 3>"),
    ("8 / 4 / 2", "</ </ 8 4> 2>"),
    ("2 ** 3 ** 2", "<** <** 2 3> 2>"),
    ("-2 ** 2", "<** <neg 2> 2>"),
    ("2 ** -1", "<** 2 <neg 1>>"),
    ("a - -b", "<- a <neg b>>"),
    ("-a.b", "<neg a.b>"),
    ("a + 1 >= b * 2", "<>= <+ a 1> <* b 2>>"),
    ("a = b and c != d", "<and <= a b> <!= c d>>"),
    ("a and b or c and d", "<or <and a b> <and c d>>"),
    ("a or b implies c or d", "<implies <or a b> <or c d>>"),
    ("a implies b implies c", "<implies a <implies b c>>"),
    ("(a implies b) implies c", "<implies <implies a b> c>"),
    ("not(a) and b", "<and <not a> b>"),
    ("not(a or b)", "<not <or a b>>"),
    # chains are one node, unless the author wrote brackets
    ("a and b and c and d", "<and a b c d>"),
    ("a or b or c", "<or a b c>"),
    ("(a and b) and c", "<and <and a b> c>"),
    # tests
    ("x between 1 and 2 and y", "<and <between x 1 2> y>"),
    ("x + 1 between a and b + 1", "<between <+ x 1> a <+ b 1>>"),
    ("x in [1..10]", "<in x <is [1..10]>>"),
    ("x in (1..10)", "<in x <is (1..10)>>"),
    ("x in (1..10]", "<in x <is (1..10]>>"),
    ("x in [l.start..l.end)", "<in x <is [l.start..l.end)>>"),
    ("x in <5", "<in x << 5>>"),
    ("x in >= a + 1", "<in x <>= <+ a 1>>>"),
    ("x in items", "<in x <is items>>"),
    ("x in p.items and y", "<and <in x <is p.items>> y>"),
    ("x in [1, 2]", "<in x <is <list 1 2>>>"),
    ("x in (a, b)", "<in x <is a> <is b>>"),
    ("x in (a)", "<in x <is a>>"),
    ("x in (<5, [10..20], (30..40), 99)", "<in x << 5> <is [10..20]> <is (30..40)> <is 99>>"),
    ("x in ((a), (b))", "<in x <is a> <is b>>"),
    ("x in not(y)", "<in x <is <not y>>>"),
    ("[1..3] = y", "<= [1..3] y>"),
    ("(1..3) = y", "<= (1..3) y>"),
    # lists, paths, calls
    ("[]", "<list>"),
    ("[1, [2], a + b]", "<list 1 <list 2> <+ a b>>"),
    ("a.b.c", "a.b.c"),
    ("f()", "<call f>"),
    ("f(a, 1 + 2)", "<call f a <+ 1 2>>"),
    ("f(customer: a, entry: b)", "<call f customer:a entry:b>"),
    ("f(a).b", "<call f a>.b"),
    ('date and time("x")', "<call date and time 'x'>"),
    ("string   length\n(x)", "<call string length x>"),
    ('years and months duration("P1Y")', "<call years and months duration 'P1Y'>"),
    ("round half up(x, 2)", "<call round half up x 2>"),
    ("x.date and time(y)", "<and x.date <call time y>>"),
    ("date and time", "<and date time>"),
    # tails reach to the end
    ("if a then b else c", "<if a b c>"),
    ("if a then b else c + 1", "<if a b <+ c 1>>"),
    ("if a then if b then c else d else e", "<if a <if b c d> e>"),
    ("1 + if a then 2 else 3", "<+ 1 <if a 2 3>>"),
    ("2 * if a then 2 else 3 + 1", "<* 2 <if a 2 <+ 3 1>>>"),
    ("-if a then 2 else 3", "<neg <if a 2 3>>"),
    ("x = if a then 2 else 3", "<= x <if a 2 3>>"),
    ("a and some x in xs satisfies b or c", "<and a <some x=xs <or b c>>>"),
    ("a or b and every v: F satisfies c", "<or a <and b <every v:F c>>>"),
    ("a implies some v: F satisfies b", "<implies a <some v:F b>>"),
    ("a or b or if c then d else e", "<or a b <if c d e>>"),
    ("for x in xs, y in ys return x + y", "<for x=xs y=ys <+ x y>>"),
    ("xs[item > 1]", "<filter xs <> item 1>>"),
    ("xs[1][-1].a", "<filter <filter xs 1> <neg 1>>.a"),
    ("a.b[c = 1].d", "<filter a.b <= c 1>>.d"),
    ("some x in (xs), y in [1, 2] satisfies x = y", "<some x=xs y=<list 1 2> <= x y>>"),
    ("every v: F, w: G satisfies v.a = w.a", "<every v:F w:G <= v.a w.a>>"),
    ("not(some v: F satisfies v.x in (a, b))", "<not <some v:F <in v.x <is a> <is b>>>>"),
    # totals
    ("sum(o.share for o: Owns)", "<total sum o.share o:Owns>"),
    (
        "sum(o.share for o: Owns, b: Blocked where o.owned = e and b.party = o.owner) >= 50",
        "<>= <total sum o.share o:Owns b:Blocked <and <= o.owned e> <= b.party o.owner>>> 50>",
    ),
    ("count(v.a for v: F where true) = 0", "<= <total count v.a v:F True> 0>"),
    ("collect(if v.a then 1 else 2 for v: F)", "<total collect <if v.a 1 2> v:F>"),
    # soft words
    ("key + on * start", "<+ key <* on start>>"),
    ("p.if + p.and + p.not", "<+ <+ p.if p.and> p.not>"),
    ("and + or", "<+ and or>"),
    ("f(if: 1, not: 2)", "<call f if:1 not:2>"),
    ("in in in", "<in in <is in>>"),
    ("satisfies(where)", "<call satisfies where>"),
    # comments and layout
    ("a /* b */ + // c\n d", "<+ a d>"),
    ("a./* x */b", "a.b"),
    ("f(x /* y */ : 1)", "<call f x:1>"),
    ("\ufeffa", "a"),
    ("straße + имя + _x1", "<+ <+ straße имя> _x1>"),
]


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_tree(text: str, tree: str) -> None:
    assert sketch(parsed(text)) == tree


VALUES = [
    (r'"a\"b\\c\/d\n\t\r\b\f"', 'a"b\\c/d\n\t\r\b\f'),
    (r'"\u00e9\u20AC"', "é€"),
    (r'"\uD83D\uDC0E\U01F40E"', "🐎🐎"),
    ('"//no comment /* here */"', "//no comment /* here */"),
    ('"it\'s\tso"', "it's\tso"),
    ('@"2026-03-01"', date(2026, 3, 1)),
    ('@"12:30:00"', time(12, 30)),
    ('@"2026-03-01T12:30:00Z"', datetime(2026, 3, 1, 12, 30, tzinfo=UTC)),
    ('@"P10D"', Duration(864_000)),
    ('@"-PT1H30M"', Duration(-5400)),
    ('@"P1Y6M"', Months(18)),
    ("0.10", Decimal("0.1")),
    ("1.0", 1),
    ("1234567890123456789012345678901234", 1234567890123456789012345678901234),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_literal_value(text: str, value: object) -> None:
    expr = parsed(text)
    assert isinstance(expr, Literal)
    assert (type(expr.value), expr.value) == (type(value), value)


@pytest.mark.parametrize("text", [text for text, _ in TREES])
def test_every_node_stands_where_its_text_says(text: str) -> None:
    """Reading the text at a node's place alone gives that node again."""
    nodes = nodes_of(parsed(text))
    for node in nodes:
        if isinstance(node, Expr):
            assert parsed(node.span.text) == node
        elif hasattr(node, "span") and hasattr(node, "text"):
            assert node.span.text.split() == node.text.split()


def test_brackets_belong_to_the_place() -> None:
    expr = parsed(" ( a + b ) * c ")
    assert expr.span.text == "( a + b ) * c"


def test_places_count_from_the_start_of_the_source() -> None:
    source = Source("x.rules", "rule a when p.x = 1")
    expr = parse_expression("p.x = 1", source, report := Report(), offset=12)
    assert isinstance(expr, Comparison)
    assert not report.diagnostics
    assert (expr.span.source, expr.span.text, expr.left.span.text) == (source, "p.x = 1", "p.x")


def test_unary_tests() -> None:
    tests = parse_unary_tests(">= 0, [10..20), 99, (1..2)", None, report := Report())
    assert tests is not None
    assert [sketch(test) for test in tests] == ["<>= 0>", "<is [10..20)>", "<is 99>", "<is (1..2)>"]
    assert not report.diagnostics
    assert parse_unary_tests("1,", None, report) is None
    assert [found.code for found in report.diagnostics] == ["NS101"]


REFUSED = [
    # text, code, the marked text, what the message says
    ("a +", "NS101", "", "something is missing at the end"),
    ("", "NS101", "", "something is missing"),
    ("a b", "NS100", "b", "unexpected `b` here"),
    ("a < b < c", "NS100", "<", "unexpected `<` here"),
    ("x in 1 in 2", "NS100", "in", "unexpected `in` here"),
    ("not x", "NS100", "x", "unexpected `x` here"),
    ("f(a: 1 b: 2)", "NS100", "b", "unexpected `b:` here"),
    ("if a then b", "NS101", "", "something is missing"),
    ("a ? b : c", "NS100", "?", "unexpected `?` here"),
    ('"abc', "NS102", '"abc', "not closed"),
    ('@"P1D', "NS102", '@"P1D', "not closed"),
    ("a /* b", "NS103", "/*", "comment is not closed"),
    ("a # b", "NS104", "#", "`#` has no meaning here"),
    ("a; b", "NS104", ";", "`;` has no meaning here"),
    ("a\u202eb", "NS105", "\u202e", r"hidden character `\u{202e}`"),
    ('"a\x00"', "NS105", "\x00", r"hidden character `\u{0}`"),
    ("// a\rb", "NS105", "\r", r"hidden character `\u{d}`"),
    ("a == b", "NS106", "==", "`==` is not a sign of this language"),
    ("a && b", "NS106", "&&", "`&&` is not a sign"),
    ("!a", "NS106", "!", "`!` is not a sign"),
    ("a ≤ b", "NS106", "≤", "`≤` is not a sign"),
    ("'a'", "NS107", "'a'", "straight double quotes"),
    ("“a”", "NS107", "“a”", "straight double quotes"),
    (r'"C:\data"', "NS108", r"\d", r"`\d` is no character"),
    (r'"\uD83D"', "NS108", r"\uD83D", r"`\uD83D` is no character"),
    (r'"\U110000"', "NS108", r"\U110000", "is no character"),
    ("10_000", "NS109", "10_000", "`10_000` is not a number"),
    ("1.5e-3", "NS109", "1.5e-3", "`1.5e-3` is not a number"),
    ("5kg", "NS109", "5kg", "`5kg` is not a number"),
    ("1" * 35, "NS109", "1" * 35, "cannot be held exactly"),
    ("2026-02-30", "NS110", "2026-02-30", "`2026-02-30` is not a date"),
    ("2026-2-3", "NS110", "2026-2-3", "`2026-2-3` is not a date"),
    ("2026-02-03T10:00:00", "NS110", "2026-02-03T10:00:00", "is not a date"),
    ('@"10 days"', "NS111", '@"10 days"', "no date, time or duration"),
    ('@"P1M1D"', "NS111", '@"P1M1D"', "no date, time or duration"),
    ("x in ]1..3]", "NS119", "]", "is not how a range is written"),
    ("x in ([1..3[, xs)", "NS119", "[", "is not how a range is written"),
    ("x in [1..3[", "NS119", "[", "is not how a range is written"),
    ("x in [1..3[ and y", "NS119", "[", "is not how a range is written"),
    ("some if in xs satisfies a", "NS116", "if", "`if` is a word of expressions"),
    ("function(x) x", "NS120", "function(x) x", "functions as values are not supported yet"),
    ("x instance of number", "NS120", "x instance of number", "not supported yet"),
]


@pytest.mark.parametrize(("text", "code", "place", "message"), REFUSED)
def test_refusal(text: str, code: str, place: str, message: str) -> None:
    report = Report()
    assert parse_expression(text, None, report) is None
    [found] = report.diagnostics
    assert found.primary is not None
    assert isinstance(found.primary.place, Span)
    assert (found.code, found.primary.place.text) == (code, place)
    assert message in found.message


def test_the_problem_is_marked_where_it_is() -> None:
    report = Report()
    parse_expression("a = b\n  and c c", None, report)
    assert str(report.diagnostics[0].primary and report.diagnostics[0].primary.place) == "<expression>:2:9"


ADVICE = [
    ("a < b < c", "comparisons do not chain: join two of them with `and`"),
    ("not x", "`not` takes brackets: `not(...)`"),
    ("a == b", "write `=`"),
    ("some x in xs satisfy x", "did you mean `satisfies`?"),
    ("some x in xs satisfy", "did you mean `satisfies`?"),
    ("f(sum: ) + a: 1", None),
    ("a # b", "a comment begins with `//`"),
]


@pytest.mark.parametrize(("text", "advice"), ADVICE)
def test_advice(text: str, advice: str | None) -> None:
    report = Report()
    parse_expression(text, None, report)
    assert report.diagnostics[0].help == advice


def test_expected_words_are_the_authors() -> None:
    report = Report()
    parse_expression("f(a b", None, report)
    [found] = report.diagnostics
    assert found.primary is not None
    assert found.primary.text == "expected an operator, `)`, `,` or `for`"


def test_problems_of_several_kinds_are_found_at_once() -> None:
    report = Report()
    assert parse_expression('a == "\\q" && b != 2026-02-30', None, report) is None
    assert [found.code for found in report.diagnostics] == ["NS106", "NS108", "NS106", "NS110"]


def test_more_than_a_hundred_problems_are_cut() -> None:
    report = Report()
    assert parse_expression("#" * 1000, None, report) is None
    assert len(report.diagnostics) == 101
    assert report.diagnostics[-1].code == "NS121"


DEEP = [
    "(" * 5000 + "a" + ")" * 5000,
    "-" * 300 + "a",
    "-" * 20_000 + "a",
    "not(" * 300 + "a" + ")" * 300,
    "[" * 300 + "]" * 300,
    "f(" * 300 + ")" * 300,
    "if a then b else " * 300 + "c",
    "some x in xs satisfies " * 300 + "c",
    "a implies " * 300 + "b",
    "a + " * 300 + "b",
    "a + " * 5_000 + "b",
    "a * " * 300 + "b",
    "a" + ".b" * 300,
]


@pytest.mark.parametrize("text", DEEP, ids=[text[:12] for text in DEEP])
def test_deep_nesting_is_a_diagnostic(text: str) -> None:
    report = Report()
    assert parse_expression(text, None, report) is None
    assert [found.code for found in report.diagnostics] == ["NS112"]


WIDE = [
    ("a and " * 5_000 + "b", 5_001),
    ("a or " * 5_000 + "b", 5_001),
]


@pytest.mark.parametrize(("text", "operands"), WIDE, ids=["and", "or"])
def test_long_chains_are_one_level(text: str, operands: int) -> None:
    expr = parsed(text)
    assert len(getattr(expr, "operands")) == operands  # noqa: B009 - a Logical


def test_a_hundred_levels_are_read() -> None:
    expr = parsed("-" * 99 + "a")
    levels = [node for node in nodes_of(expr) if isinstance(node, Expr)]
    assert len(levels) == 100
    assert parse_expression("-" * 100 + "a", None, Report()) is None


def test_deep_brackets_that_make_no_nodes_are_read() -> None:
    assert parsed("(" * 150 + "a" + ")" * 150) == Name("a", Span(Source("", ""), 0, 0))


def test_long_list_of_tests_is_read() -> None:
    expr = parsed(f"x in ({', '.join(map(str, range(5000)))})")
    assert isinstance(expr, Membership)
    assert len(expr.tests) == 5000


def test_the_grammar_has_no_conflict() -> None:
    grammar = shipped_path("grammars", "feel.lark").read_text(encoding="utf-8")
    strict = {"parser": "lalr", "lexer": SoftLexer, "strict": True, "start": ["expression", "unary_tests"]}
    Lark(grammar, **strict)
    with pytest.raises(GrammarError):
        Lark(grammar.replace("?comparison: additive", "?comparison: additive | comparison"), **strict)


def test_every_production_has_a_builder() -> None:
    made = {name for name in dir(ExpressionBuilder) if not name.startswith("_")}
    written = {
        rule.alias or rule.origin.name
        for rule in expression_parser().rules
        if not rule.origin.name.startswith("_") and not (rule.options.expand1 and len(rule.expansion) == 1)
    }
    assert written <= made


def parsed(text: str) -> Expr:
    expr = parse_expression(text, None, report := Report())
    assert not report.diagnostics
    assert expr is not None
    return expr


def nodes_of(root: object) -> list[object]:
    found: list[object] = []
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(node)
        elif is_dataclass(node) and not isinstance(node, (Span, Duration, Months)):
            found.append(node)
            pending.extend(getattr(node, member.name) for member in fields(node))
    return found
