"""What holds for every grammar of the subset, and for every text."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark
from llguidance.gbnf_to_lark import any_to_lark

from neurosym.grammar.answer_grammar import AnswerGrammar, GrammarMismatchError, read_grammar
from neurosym.grammar.chance import Chance
from neurosym.grammar.gbnf import gbnf
from neurosym.grammar.lint import check_engines, derivation
from neurosym.grammar.mask import Mask
from neurosym.grammar.notation import lark_text
from neurosym.grammar.reading import _notation, _Reader
from neurosym.grammar.shape import shapes_of
from neurosym.grammar.tree import START
from neurosym.grammar.walk import slip, walk
from neurosym.text.diagnostic import Report
from neurosym.text.span import Source
from neurosym.values.value import Record
from tests.grammar.reading import SHIPPED, grammar_of, shipped_grammar

chances = st.integers(0, 10**9).map(lambda number: Chance(str(number)))

LITERALS = ("a", "b", "ab", "-", ", ", ": ", "\\n", '\\"', "x: ", "é", "%")
TERMINALS = ("/[a-z]{1,3}/", '/[^"\\n]{2,6}/', "/-?[0-9]{1,3}(\\.[0-9]{1,2})?/", "/(ab|c){1,2}/", "/[A-C]/")


@st.composite
def grammar_texts(draw: Callable[..., object]) -> str:
    """Texts in the notation of the subset, most of them with something wrong in how their parts meet."""
    literal = st.sampled_from(LITERALS).map(lambda text: f'"{text}"')
    leaf = st.sampled_from(["A", "B"])
    rules = {}
    for name in ("c1", "c2"):
        options = draw(st.lists(literal, min_size=1, max_size=3, unique=True))
        assert isinstance(options, list)
        rules[name] = " | ".join(options)
    for name in ("t1", "t2"):
        rules[name] = f"{draw(st.one_of(st.just(''), literal))} {draw(leaf)} {draw(st.one_of(st.just(''), literal))}"
    symbol = st.one_of(literal, st.sampled_from(["c1", "c2", "t1", "t2"]))
    part = st.one_of(
        symbol,
        st.tuples(symbol, st.sampled_from(["?", "~2", "~0..2", "~1..3"])).map("".join),
        st.lists(symbol, min_size=2, max_size=3).map(lambda each: f"({' '.join(each)})?"),
        st.lists(symbol, min_size=2, max_size=3).map(lambda each: f"({' | '.join(each)})"),
    )
    for name in ("r1", "start"):
        parts = draw(st.lists(part, min_size=1, max_size=4))
        assert isinstance(parts, list)
        rules[name] = " ".join([*parts, *(["r1"] if name == "start" else ["c1"])])
    first, second = draw(st.sampled_from(TERMINALS)), draw(st.sampled_from(TERMINALS))
    lines = [f"{name}: {body}" for name, body in rules.items()]
    return "\n".join([*lines, f"A: {first}", f"B: {second}", ""])


def read(text: str) -> tuple[AnswerGrammar | None, Report]:
    report = Report()
    return read_grammar(Source("trial.lark", text), report), report


def generous(text: str) -> AnswerGrammar:
    """A grammar that nobody looked at."""
    report = Report()
    tree = _Reader(Source("trial.lark", text), report).declarations(_notation().parse(text))
    return AnswerGrammar("trial.lark", tree, shapes_of(tree, report))


@settings(max_examples=150, deadline=None)
@given(grammar_texts())
def test_engines_agree_on_whatever_the_subset_takes(text: str) -> None:
    agree_or_refused(text)


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(grammar_texts())
def test_engines_agree_on_whatever_the_subset_takes_at_length(text: str) -> None:
    agree_or_refused(text)


def agree_or_refused(text: str) -> None:
    grammar, report = read(text)
    if grammar is None:
        assert report.has_errors
        assert {found.code for found in report.diagnostics} <= {"NS637", "NS638", "NS639"}
        return
    check_engines(grammar, report)
    assert not report.has_errors, report.diagnostics


@pytest.mark.parametrize(
    "text",
    [
        'start: a " of " b\na: A\nb: A\nA: /[a-z ]{1,20}/\n',
        "start: a b\na: A\nb: B\nA: /[a-z]{1,3}/\nB: /[a-z]{1,3}/\n",
    ],
)
def test_what_the_subset_keeps_out_would_be_read_differently(text: str) -> None:
    report = Report()
    check_engines(generous(text), report)
    assert [found.code for found in report.diagnostics] == ["NS642"]


@pytest.mark.parametrize("name", SHIPPED)
@settings(deadline=None)
@given(chances)
def test_every_walk_is_read_and_means_the_same_to_both_parsers(name: str, chance: Chance) -> None:
    grammar = shipped_grammar(name)
    text = walk(grammar.tree, chance)
    earley = Lark(lark_text(grammar.tree), start=START, parser="earley", lexer="dynamic", keep_all_tokens=True)
    other = derivation(earley, text)
    assert other is not None
    assert isinstance(grammar.parse(text), Record)
    assert grammar.read(other) == grammar.parse(text)
    assert len(text) <= grammar.length_max


@pytest.mark.parametrize("name", SHIPPED)
@settings(deadline=None)
@given(chances, st.text())
def test_a_text_is_a_record_or_a_mismatch(name: str, chance: Chance, other: str) -> None:
    grammar = shipped_grammar(name)
    for text in (slip(walk(grammar.tree, chance), chance), other):
        if derivation(grammar.lalr, text) is None:
            with pytest.raises(GrammarMismatchError, match=r"not a text of the grammar|longer than"):
                grammar.parse(text)
        else:
            assert isinstance(grammar.parse(text), Record)


@pytest.mark.parametrize("name", SHIPPED)
@settings(deadline=None)
@given(chances)
def test_the_translation_for_llama_cpp_accepts_the_same_texts(name: str, chance: Chance) -> None:
    grammar = shipped_grammar(name)
    translated = Mask(any_to_lark(gbnf(grammar.tree)))
    assert translated.complaints == ()
    text = walk(grammar.tree, chance)
    assert translated.accepts(text)
    changed = slip(text, chance)
    assert translated.accepts(changed) is (derivation(grammar.lalr, changed) is not None)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_normal_text_is_the_same_grammar_and_normal(name: str) -> None:
    grammar = shipped_grammar(name)
    again = grammar_of(grammar.text)
    assert again.tree == grammar.tree
    assert again.text == grammar.text
    assert "//" not in grammar.text


def test_an_engine_that_gives_up_is_named() -> None:
    report = Report()
    pattern = "(([a-z]{1,10}|[a-m]{2,9}x){1,9}|([b-y]{1,20}[c-w]{1,20}){1,8}){1,10}"
    check_engines(generous(f"start: a\na: A\nA: /{pattern}/\n"), report)
    assert [(found.code, "llguidance" in found.message) for found in report.diagnostics] == [("NS641", True)]


def test_comments_and_spacing_are_no_part_of_a_grammar() -> None:
    plain = grammar_of('start: a " " b\na: "x"|"y"\nb: B\nB: /[a-c]{1,2}/\n')
    spaced = grammar_of('// why\nstart: (a " "  b) // so\na: "x"\n | "y"\nb: B\n\nB: /[abc]{1,2}/')
    assert spaced.text == plain.text
