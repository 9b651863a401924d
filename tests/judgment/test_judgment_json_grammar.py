"""Grammars of JSON answers: they take what fits the schema, in any script, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace

import lark
import pytest

from neurosym.feel.types import Basic, Choice, ListOf, Nullable, RecordOf
from neurosym.judgment.completion import read_completion
from neurosym.judgment.dialect import Constraint, Dialect
from neurosym.judgment.json_grammar import gbnf_grammar, lark_grammar
from neurosym.judgment.model_claim import read_model_claim
from neurosym.judgment.prompt import answer_schema, build_prompt
from neurosym.judgment.shared_prompt import shared_schema
from neurosym.judgment.validation import Disposition, ValidationStep
from neurosym.program.judgment import Judgment, Parsed, Score
from neurosym.testing.endpoint import Endpoint
from neurosym.values.value import Record
from tests.judgment.asking import ADVERSE, CHOICE, asked, attempts, looked_at, request, tier_at

CITED = RecordOf((("source", Basic.TEXT), ("pages", ListOf(Basic.NUMBER)), ("kind", Nullable(Choice(("a", 'b"c'))))))
RECORD = replace(ADVERSE, name="cited", returns=CITED)
RATED = replace(ADVERSE, returns=Score(-1, 10))
GRAMMAR = 'start: "verdict: " word\nword: WORD\nWORD: /[a-z]{1,20}/\n'
GBNF = 'root ::= "verdict: " r-word\nr-word ::= t-word\nt-word ::= [a-z]{1,20}\n'
PARSED = replace(
    CHOICE, name="parsed", checks=(), returns=Parsed("verdict.lark", GRAMMAR, RecordOf((("word", Basic.TEXT),)))
)
QUOTED = {"field": "entry.remarks", "text": 'сказал "да"\n日本 \\'}
FITTING = [
    (CHOICE, {"answer": "same", "quotes": [QUOTED, QUOTED]}),
    (CHOICE, {"answer": None, "quotes": []}),
    (ADVERSE, {"answer": True}),
    (RATED, {"answer": -1}),
    (RATED, {"answer": 10}),
    (RECORD, {"answer": {"source": "x", "pages": ["1", "-2.5"], "kind": 'b"c'}}),
    (RECORD, {"answer": {"source": "x", "pages": [], "kind": None}}),
    (RECORD, {"answer": None}),
]
MISFITS = [
    (CHOICE, {"answer": "certainly", "quotes": []}),
    (CHOICE, {"answer": "same"}),
    (CHOICE, {"answer": "same", "quotes": [{"field": "customer.name", "text": "x"}]}),
    (ADVERSE, {"answer": "true"}),
    (ADVERSE, {"answer": True, "more": 1}),
    (RATED, {"answer": 11}),
    (RECORD, {"answer": {"source": "x", "pages": ["one"], "kind": "a"}}),
    (RECORD, {"answer": {"source": "x", "pages": [], "kind": "c"}}),
]


def takes(grammar: str, text: str) -> bool:
    try:
        lark.Lark(grammar, parser="lalr").parse(text)
    except lark.exceptions.UnexpectedInput:
        return False
    return True


@pytest.mark.parametrize(("judgment", "document"), FITTING)
def test_what_fits_the_schema_is_taken(judgment: Judgment, document: object) -> None:
    assert takes(lark_grammar(answer_schema(judgment)), json.dumps(document, ensure_ascii=False))


@pytest.mark.parametrize(("judgment", "document"), MISFITS)
def test_what_does_not_fit_is_not_taken(judgment: Judgment, document: object) -> None:
    assert not takes(lark_grammar(answer_schema(judgment)), json.dumps(document, ensure_ascii=False))


def test_answers_to_several_questions_are_taken_with_their_places() -> None:
    grammar = lark_grammar(shared_schema([CHOICE, ADVERSE]))
    first = {"number": 1, "judgment": "same_person", "answer": "same", "quotes": []}
    second = {"number": 2, "judgment": "adverse", "answer": None}
    assert takes(grammar, json.dumps({"answers": [first, second]}))
    assert not takes(grammar, json.dumps({"answers": [{**second, "number": 1}]}))


def test_the_grammar_of_llama_cpp_says_the_same_in_its_notation() -> None:
    assert gbnf_grammar(answer_schema(ADVERSE)).splitlines() == [
        'v1 ::= "true" | "false" | "null"',
        'v2 ::= "{\\"answer\\": " v1 "}"',
        "root ::= v2",
    ]
    assert 'text ::= "\\"" ([^"\\\\\\x00-\\x1F] | "\\\\" ["\\\\/bfnrt])* "\\""' in gbnf_grammar(answer_schema(CHOICE))


@pytest.mark.parametrize("dialect", [each for each in Dialect if each.speaks_grammar])
def test_a_grammar_of_the_author_is_the_constraint_itself(dialect: Dialect) -> None:
    with Endpoint(respond=lambda _: "verdict: adverse") as endpoint:
        (attempt,) = attempts(tier_at(endpoint.base_url, dialect), request(PARSED))
        wanted = GBNF if dialect is Dialect.CHAT_GBNF else GRAMMAR
        assert json.dumps(wanted).encode() in endpoint.calls[0].body
        assert b"json_schema" not in endpoint.calls[0].body
    claim = read_model_claim(PARSED, attempt, read_completion(dialect, attempt.response or b""))
    assert claim.value == Record((("word", "adverse"),))
    examination = looked_at(PARSED, attempt)
    assert examination.verdicts[-1].step is ValidationStep.EVIDENCE  # nothing says `adverse` there


@pytest.mark.parametrize(
    "dialect", [each for each in Dialect if each.constraint in (Constraint.SCHEMA, Constraint.NONE)]
)
def test_elsewhere_the_text_stands_in_json_and_is_read_by_the_same_grammar(dialect: Dialect) -> None:
    with Endpoint(respond=lambda _: json.dumps({"answer": "verdict: adverse"})) as endpoint:
        (attempt,) = attempts(tier_at(endpoint.base_url, dialect), request(PARSED))
        assert json.dumps(GRAMMAR).encode()[1:-3] in endpoint.calls[0].body
    claim = read_model_claim(PARSED, attempt, read_completion(dialect, attempt.response or b""))
    assert claim.value == Record((("word", "adverse"),))


@pytest.mark.parametrize(
    ("answer", "step", "reason"),
    [
        ({"answer": "verdict: ADVERSE"}, ValidationStep.GRAMMAR, "line 1, character 10 `WORD` has to stand"),
        ({"answer": "adverse"}, ValidationStep.GRAMMAR, 'line 1, character 1 "verdict: " has to stand'),
        ({"answer": {"word": "adverse"}}, ValidationStep.SCHEMA, "not exactly the members of the schema"),
        ({"answer": 1}, ValidationStep.SCHEMA, "not exactly the members of the schema"),
        ({"answer": "verdict: adverse", "quotes": []}, ValidationStep.SCHEMA, "not exactly the members of the schema"),
    ],
)
def test_what_the_grammar_does_not_accept_is_rejected(answer: object, step: ValidationStep, reason: str) -> None:
    with Endpoint(respond=lambda _: json.dumps(answer)) as endpoint:
        (attempt,) = attempts(tier_at(endpoint.base_url, Dialect.CHAT), request(PARSED))
    examination = looked_at(PARSED, attempt)
    assert examination.disposition is Disposition.REJECTED
    assert examination.verdicts[-1].step is step
    assert reason in examination.reason
    assert "ADVERSE" not in examination.reason


def test_a_grammar_can_be_left_unanswered_where_the_answer_is_json() -> None:
    with Endpoint(respond=lambda _: json.dumps({"answer": None})) as endpoint:
        (attempt,) = attempts(tier_at(endpoint.base_url, Dialect.CHAT_SCHEMA), request(PARSED))
    assert looked_at(PARSED, attempt).disposition is Disposition.ABSTAINED


def test_a_record_is_no_question_of_the_decisions_interface() -> None:
    with Endpoint() as endpoint:
        several = attempts(tier_at(endpoint.base_url, Dialect.DECISIONS), request(RECORD), request(ADVERSE))
        assert len(endpoint.calls) == 1
    assert several[0].failure == "the decisions interface takes no question of this kind"
    assert looked_at(ADVERSE, several[1]).verdicts[0].step is ValidationStep.COMPLETE
    assert several[1].failure is None


@pytest.mark.parametrize("dialect", Dialect)
def test_the_schema_stands_in_the_prompt_where_the_wire_does_not_show_it(dialect: Dialect) -> None:
    system = build_prompt(ADVERSE, asked(ADVERSE), dialect=dialect).messages[0].content
    assert ("The schema: {" in system) is (dialect not in (Dialect.CHAT_SCHEMA, Dialect.RESPONSES_SCHEMA))
    assert ("no code fence" in system) is (dialect in (Dialect.CHAT, Dialect.RESPONSES))
