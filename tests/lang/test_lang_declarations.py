"""Declarations: text and tree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from neurosym.check.tree import (
    CheckClause,
    ChoiceType,
    DatedValue,
    DecisionDeclaration,
    DefineDeclaration,
    DutyConclusion,
    Example,
    ExceptionDeclaration,
    FactConclusion,
    FactDeclaration,
    FieldDeclaration,
    FieldPath,
    GraphName,
    JudgmentDeclaration,
    ListType,
    Need,
    OutcomeConclusion,
    ParameterDeclaration,
    Period,
    Prefix,
    RecordType,
    ReturnsChoice,
    ReturnsYesNo,
    Risk,
    RouteStep,
    RuleDeclaration,
    RulesetDeclaration,
    TargetDeclaration,
    TypedName,
    TypeWords,
)
from neurosym.feel.tree import Literal, Template
from neurosym.text.span import NOWHERE
from neurosym.values.temporal import Duration
from tests.lang.reading import arguments, declarations, declared, expr, named, unary, variables, word, words


def test_ruleset() -> None:
    text = """ruleset sanctions "Sanctions screening"
      version "2026.10" cite "a", "b" prefix own "https://example.org/own#" cite "c"
      effective from 2024-01-01 to 2025-12-31 prefix key "urn:key:" """
    assert declared(text) == RulesetDeclaration(
        word("sanctions"),
        "Sanctions screening",
        word("2026.10"),
        words("a", "b", "c"),
        Period(date(2024, 1, 1), date(2025, 12, 31), NOWHERE),
        (
            Prefix(word("own"), word("https://example.org/own#")),
            Prefix(word("key"), word("urn:key:")),
        ),
        NOWHERE,
    )


FIELDS = [
    ("id: text key", FieldDeclaration(word("id"), named("text"), is_key=True)),
    ("key: Party key", FieldDeclaration(word("key"), named("Party"), is_key=True)),
    ("on : date", FieldDeclaration(word("on"), named("date"))),
    ("born: date or null optional", FieldDeclaration(word("born"), named("date", nullable=True), is_optional=True)),
    ("a: number [0..100]", FieldDeclaration(word("a"), named("number", constraint="[0..100]"))),
    ("a: number >= 0", FieldDeclaration(word("a"), named("number", constraint=">= 0"))),
    ("a: number (0..1], -5, > 7", FieldDeclaration(word("a"), named("number", constraint="(0..1], -5, > 7"))),
    ("a: date or null 2026-01-01", FieldDeclaration(word("a"), named("date", nullable=True, constraint="2026-01-01"))),
    ('a: duration <= @"P10D"', FieldDeclaration(word("a"), named("duration", constraint='<= @"P10D"'))),
    ("a: number >= 0 optional key", FieldDeclaration(word("a"), named("number", constraint=">= 0"), True, True)),
    (
        'a: "x" | "y" or null',
        FieldDeclaration(word("a"), TypeWords(ChoiceType(words("x", "y")), True, (), NOWHERE)),
    ),
    ('a: "x"', FieldDeclaration(word("a"), TypeWords(ChoiceType(words("x")), False, (), NOWHERE))),
    (
        "a: list of Party or null",
        FieldDeclaration(word("a"), TypeWords(ListType(named("Party")), True, (), NOWHERE)),
    ),
    (
        "a: record {b: text, c: number or null}",
        FieldDeclaration(
            word("a"),
            TypeWords(
                RecordType(((word("b"), named("text")), (word("c"), named("number", nullable=True)))),
                False,
                (),
                NOWHERE,
            ),
        ),
    ),
    (
        "a: text from own:holder-name subject personal",
        FieldDeclaration(
            word("a"),
            named("text"),
            is_subject=True,
            data_class=word("personal"),
            source=GraphName(word("own"), word("holder-name"), NOWHERE),
        ),
    ),
    (
        "a: text key from iri",
        FieldDeclaration(word("a"), named("text"), True, source=GraphName(word("iri"), None, NOWHERE)),
    ),
]


@pytest.mark.parametrize(("text", "tree"), FIELDS, ids=[text for text, _ in FIELDS])
def test_field(text: str, tree: FieldDeclaration) -> None:
    fact = declared(f"fact F {text}")
    assert isinstance(fact, FactDeclaration)
    assert fact.fields == (tree,)


@pytest.mark.parametrize("kind", ["fact", "derived", "duty"])
def test_fact_head(kind: str) -> None:
    source = GraphName(word("own"), word("Shareholding"), NOWHERE)
    fields = (FieldDeclaration(word("a"), named("text")), FieldDeclaration(word("b"), named("text")))
    assert declared(f'{kind} Owns "label" from own:Shareholding a: text cite "x" b: text') == FactDeclaration(
        kind, word("Owns"), "label", source, fields, words("x"), NOWHERE
    )
    assert declared(f"{kind} Owns") == FactDeclaration(kind, word("Owns"), "", None, (), (), NOWHERE)


def test_place_of_a_graph_name() -> None:
    fact = declared("fact F from own:Share")
    assert isinstance(fact, FactDeclaration)
    assert fact.source is not None
    assert fact.source.local is not None
    assert [fact.source.span.text, fact.source.prefix.span.text, fact.source.local.span.text] == [
        "own:Share",
        "own",
        "Share",
    ]


def test_parameter() -> None:
    text = """parameter match_score: number [0..1] "How alike" = 0.85 from 2024-01-01 cite "a", "b" cite "c"
      = 0.8 + 0.01 from 2026-01-01"""
    assert declared(text) == ParameterDeclaration(
        word("match_score"),
        "How alike",
        named("number", constraint="[0..1]"),
        (
            DatedValue(expr("0.85"), date(2024, 1, 1), words("a", "b", "c"), NOWHERE),
            DatedValue(expr("0.8 + 0.01"), date(2026, 1, 1), (), NOWHERE),
        ),
        NOWHERE,
    )


def test_define() -> None:
    text = "define looks_like(p: Party, on: date or null) = similar(p.name, on.name) >= match_score"
    assert declared(text) == DefineDeclaration(
        word("looks_like"),
        (TypedName(word("p"), named("Party")), TypedName(word("on"), named("date", nullable=True))),
        expr("similar(p.name, on.name) >= match_score"),
        NOWHERE,
    )
    assert declared("define always() = true") == DefineDeclaration(word("always"), (), expr("true"), NOWHERE)


CONCLUSIONS = [
    ("Blocked(party: e)", FactConclusion(word("Blocked"), arguments(party="e"), NOWHERE)),
    ("Blocked()", FactConclusion(word("Blocked"), (), NOWHERE)),
    ('screen(p: p) is "block"', OutcomeConclusion(word("screen"), arguments(p="p"), word("block"), None, NOWHERE)),
    (
        'screen(p: p) is "block" because "{b.party.name} is {{blocked}} \\u00e9"',
        OutcomeConclusion(
            word("screen"),
            arguments(p="p"),
            word("block"),
            Template((expr("b.party.name"), " is {blocked} é"), NOWHERE),
            NOWHERE,
        ),
    ),
    ("duty d(p: p)", DutyConclusion(word("d"), arguments(p="p"), None, None, NOWHERE)),
    (
        'duty d(p: p) due p.on + 1 owed by "bank"',
        DutyConclusion(word("d"), arguments(p="p"), expr('"bank"'), expr("p.on + 1"), NOWHERE),
    ),
    ('duty(p: p) is "x"', OutcomeConclusion(word("duty"), arguments(p="p"), word("x"), None, NOWHERE)),
]


@pytest.mark.parametrize(("text", "tree"), CONCLUSIONS, ids=[text for text, _ in CONCLUSIONS])
def test_conclusion(text: str, tree: object) -> None:
    rule = declared(f"rule r then {text}")
    assert isinstance(rule, RuleDeclaration)
    assert rule.conclusions == (tree,)


def test_rule_clauses_stand_in_any_order() -> None:
    expected = RuleDeclaration(
        word("r"),
        "label",
        words("a", "b"),
        Period(date(2014, 8, 13), None, NOWHERE),
        variables(p="Payment", b="Blocked"),
        expr("b.party in (p.payer, p.payee)"),
        (
            FactConclusion(word("X"), arguments(a="p"), NOWHERE),
            FactConclusion(word("Y"), arguments(a="b"), NOWHERE),
        ),
        NOWHERE,
    )
    clauses = [
        'cite "a", "b"',
        "effective from 2014-08-13",
        "for p: Payment, b: Blocked",
        "when b.party in (p.payer, p.payee)",
        "then X(a: p) then Y(a: b)",
    ]
    for turn in range(len(clauses)):
        turned = clauses[turn:] + clauses[:turn]
        assert declared(f'rule r "label" {" ".join(turned)}') == expected


def test_exception() -> None:
    text = """exception licence to block_payment.screen, other "A licence"
      when l.payment = p must be proven for l: Licence cite "x" then X(a: l)"""
    assert declared(text) == ExceptionDeclaration(
        word("licence"),
        "A licence",
        (TargetDeclaration(word("block_payment"), word("screen")), TargetDeclaration(word("other"), None)),
        words("x"),
        None,
        variables(l="Licence"),
        expr("l.payment = p"),
        True,
        (FactConclusion(word("X"), arguments(a="l"), NOWHERE),),
        NOWHERE,
    )


def test_decision() -> None:
    text = """decision screen(payment: Payment) "May it go out?" cite "x" on payment.booked_on
      outcomes "block" > "hold" > "release" otherwise "release" undecided "hold"
      needs calibrated for "release" needs no judgment for "block" needs person for "hold" settle duties"""
    assert declared(text) == DecisionDeclaration(
        word("screen"),
        "May it go out?",
        (TypedName(word("payment"), named("Payment")),),
        words("x"),
        expr("payment.booked_on"),
        True,
        words("block", "hold", "release"),
        word("release"),
        word("hold"),
        (Need("calibrated", word("release")), Need("no judgment", word("block")), Need("person", word("hold"))),
        True,
        NOWHERE,
    )


@pytest.mark.parametrize(
    ("text", "ordered", "outcomes"),
    [
        ('outcomes "a" > "b"', True, ("a", "b")),
        ('outcomes "a", "b"', False, ("a", "b")),
        ('outcomes "a"', True, ("a",)),
        ("", True, ()),
    ],
)
def test_outcomes(text: str, ordered: bool, outcomes: tuple[str, ...]) -> None:  # noqa: FBT001 - a table
    decision = declared(f"decision d() {text}")
    assert isinstance(decision, DecisionDeclaration)
    assert (decision.ordered, decision.outcomes) == (ordered, words(*outcomes))
    assert (decision.otherwise, decision.undecided, decision.on, decision.settle_duties) == (None, None, None, False)


def test_judgment() -> None:
    text = """judgment same(customer: Party, entry: Listing) "Same person" returns "same" | "different"
      ask "Is it?" cite "x" reads customer.name, entry.name evidence entry.remarks
      check "one" answer = "same" implies count(quotes) >= 1 check "two" true
      example "some text" is "same" example "other" is "different"
      route local, small?, person risk at most 0.01 with confidence 0.95
      accept uncalibrated reuse for P30D audit 2% two persons"""
    assert declared(text) == JudgmentDeclaration(
        word("same"),
        "Same person",
        (TypedName(word("customer"), named("Party")), TypedName(word("entry"), named("Listing"))),
        ReturnsChoice(words("same", "different")),
        "Is it?",
        words("x"),
        (
            FieldPath(word("customer"), word("name"), NOWHERE),
            FieldPath(word("entry"), word("name"), NOWHERE),
        ),
        (FieldPath(word("entry"), word("remarks"), NOWHERE),),
        (
            CheckClause("one", expr('answer = "same" implies count(quotes) >= 1'), NOWHERE),
            CheckClause("two", expr("true"), NOWHERE),
        ),
        (Example("some text", expr('"same"'), NOWHERE), Example("other", expr('"different"'), NOWHERE)),
        (RouteStep(word("local"), False), RouteStep(word("small"), True), RouteStep(word("person"), False)),
        Risk(Decimal("0.01"), Decimal("0.95"), NOWHERE),
        True,
        Literal(Duration(30 * 86_400), NOWHERE),
        2,
        True,
        NOWHERE,
    )


def test_judgment_of_yes_or_no_without_clauses() -> None:
    assert declared("judgment j() returns yes or no") == JudgmentDeclaration(
        word("j"), "", (), ReturnsYesNo(), None, (), None, (), (), (), (), None, False, None, None, False, NOWHERE
    )
    judged = declared('judgment j() returns yes or no example "x" is true reuse for @"PT12H"')
    assert isinstance(judged, JudgmentDeclaration)
    assert judged.examples == (Example("x", expr("true"), NOWHERE),)
    assert judged.reuse == Literal(Duration(43_200), NOWHERE)


def test_several_declarations_on_one_line() -> None:
    kinds = [type(each) for each in declarations('fact A a: text key rule r then B(a: 1) duty d "x" define f() = 1')]
    assert kinds == [FactDeclaration, RuleDeclaration, FactDeclaration, DefineDeclaration]


def test_words_of_the_language_are_names_where_they_can_be() -> None:
    text = """fact rule when: text key then: fact
      rule when for due: rule, by: fact when due.when = by.then and due = by then is(is: due) then cite(cite: by.if)
      define to(from: is, for_: is) = from.to and key(on: from)
      exception by to when.is, to.to when due then is(is: rule)"""
    kinds = [type(each).__name__ for each in declarations(text)]
    assert kinds == ["FactDeclaration", "RuleDeclaration", "DefineDeclaration", "ExceptionDeclaration"]


def test_place_of_a_declaration_and_its_parts() -> None:
    text = 'fact A\n  a: number [0..1] // end\nrule r "x"\n  when a = 1 then B(a: (1)) // end\n'
    fact, rule = declarations(text)
    assert isinstance(fact, FactDeclaration)
    assert isinstance(rule, RuleDeclaration)
    assert fact.span.text == "fact A\n  a: number [0..1]"
    assert rule.span.text == 'rule r "x"\n  when a = 1 then B(a: (1))'
    assert fact.fields[0].name.span.text == "a"
    assert fact.fields[0].type.span.text == "number [0..1]"
    assert rule.conclusions[0].span.text == "B(a: (1))"


def test_place_of_an_expression_in_a_template() -> None:
    rule = declared('rule r then d() is "x" because "\\u00e9 {{ {a.b + c} end"')
    assert isinstance(rule, RuleDeclaration)
    [conclusion] = rule.conclusions
    assert isinstance(conclusion, OutcomeConclusion)
    assert conclusion.because is not None
    before, inner, after = conclusion.because.parts
    assert (before, after) == ("é { ", " end")
    assert not isinstance(inner, str)
    assert inner.span.text == "a.b + c"


def test_empty_text_declares_nothing() -> None:
    assert declarations("") == ()
    assert declarations(" // only a comment\n") == ()


def test_constraint_of_a_field_equals_the_tests_of_feel() -> None:
    fact = declared("fact F a: number [0..1), >= 5")
    assert isinstance(fact, FactDeclaration)
    assert fact.fields[0].type.constraint == unary("[0..1), >= 5")
