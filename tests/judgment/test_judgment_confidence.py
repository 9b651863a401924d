"""Confidence from tokens: at the places where the allowed answers part, and never more than the tokens say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from neurosym.judgment.answer import AnswerValue
from neurosym.judgment.completion import read_completion
from neurosym.judgment.completions.envelope import Alternative, Token
from neurosym.judgment.completions.probability import most_probable, renormalised
from neurosym.judgment.completions.token_confidence import token_confidence
from neurosym.judgment.dialect import Constraint, Dialect, Wire
from neurosym.judgment.document import DocumentError
from neurosym.judgment.model_claim import read_model_claim
from neurosym.program.judgment import Judgment
from neurosym.testing.endpoint import Endpoint
from neurosym.values.number import Number
from tests.judgment.asking import ADVERSE, CHOICE, RATING, answered, shown, tier_at
from tests.judgment.case import model_attempt

WORDS = ("same", "different", "unclear")
OPENING = ['{"', "answer", '":', ' "']


def token(chosen: str, **shares: str) -> Token:
    """A token with the probabilities of what might have stood there, the chosen one among them as `_`."""
    others = tuple(alternative(text, share) for text, share in shares.items() if text != "_")
    return Token(alternative(chosen, shares.get("_", "1")), others)


def alternative(text: str, share: str) -> Alternative:
    return Alternative(text.encode(), Decimal(share).ln())


def told(tokens: Sequence[Token], answer: AnswerValue | None, allowed: Sequence[AnswerValue] = WORDS) -> Number | None:
    content = b"".join(each.chosen.content for each in tokens).decode()
    return token_confidence(content, tokens, answer, allowed)


def just_below(found: Number | None, exact: Decimal) -> bool:
    """Logarithms are not exact, and what comes of them is rounded down."""
    return found is not None and 0 <= exact - found <= Decimal("0.000001")


def written(*tokens: Token) -> list[Token]:
    return [*(token(text) for text in OPENING), *tokens, token('"'), token("}")]


def test_the_share_of_the_answer_is_that_of_its_first_token() -> None:
    tokens = written(token("same", _="0.6", different="0.2", un="0.2"))
    assert just_below(told(tokens, "same"), Decimal("0.6"))


def test_probability_beyond_the_allowed_answers_does_not_count() -> None:
    tokens = written(token("same", _="0.5", different="0.2", un="0.1", maybe="0.2"))
    assert just_below(told(tokens, "same"), Decimal("0.625"))


def test_what_is_on_no_list_counts_against_the_answer() -> None:
    tokens = written(token("same", _="0.6", different="0.3"))
    assert just_below(told(tokens, "same"), Decimal("0.6"))


def test_shares_multiply_where_answers_part_one_after_another() -> None:
    allowed = ("alarm", "alert", "none")
    tokens = written(token("al", _="0.8", none="0.2"), token("ert", _="0.75", arm="0.25"))
    assert just_below(told(tokens, "alert", allowed), Decimal("0.6"))


def test_a_token_that_keeps_several_alive_does_not_count_for_one() -> None:
    allowed = ("alarm", "none")
    tokens = written(token("alarm", _="0.5", al="0.3", none="0.2"))
    assert just_below(told(tokens, "alarm", allowed), Decimal("0.8"))


def test_one_number_is_told_from_another_that_begins_alike() -> None:
    tokens = [*(token(text) for text in ('{"answer":', " ")), token("1", _="0.9", **{"2": "0.1"})]
    ends = [*tokens, token("}", _="0.7", **{"0": "0.3"})]
    goes_on = [*tokens, token("0", _="0.3", **{"}": "0.7"}), token("}")]
    assert just_below(told(ends, 1, (1, 2, 10)), Decimal("0.63"))
    assert just_below(told(goes_on, 10, (1, 2, 10)), Decimal("0.27"))


def test_a_number_that_stands_in_one_token_takes_from_the_one_that_begins_alike() -> None:
    tokens = [token('{"answer": '), token("1", _="0.9", **{"10": "0.1"}), token("}", _="0.8", **{"0": "0.2"})]
    assert just_below(told(tokens, 1, (1, 10)), Decimal("0.72"))


def test_null_is_an_answer_like_the_others() -> None:
    tokens = [token('{"answer": '), token("true", _="0.7", false="0.2", null="0.1"), token("}")]
    assert just_below(told(tokens, True, (True, False)), Decimal("0.7"))


def test_a_value_may_begin_within_a_token() -> None:
    tokens = [
        token('{"answer'),
        token('": "same', _="0.8", **{'": "different': "0.1", '": "unclear': "0.1"}),
        token('"}'),
    ]
    # null is on no list, and nothing is left for it.
    assert just_below(told(tokens, "same"), Decimal("0.8"))


@pytest.mark.parametrize(
    "content",
    [
        '{"reply": "same"}',
        '{"quotes": [], "answer": "same"}',
        '{"answer": "SAME"}',
        '{"answer": "same',
        '{"answer": "\\u0073ame"}',
        '["same"]',
        "same",
        "",
    ],
)
def test_where_the_text_does_not_tell_there_is_no_confidence(content: str) -> None:
    assert token_confidence(content, [token(content)], "different", WORDS) is None


def test_tokens_of_another_text_tell_nothing() -> None:
    tokens = written(token("same", _="0.6", different="0.4"))
    assert token_confidence('{"answer": "same" }', tokens, "same", WORDS) is None


def test_a_probability_above_one_tells_nothing() -> None:
    tokens = written(Token(Alternative(b"same", Decimal(1)), ()))
    assert told(tokens, "same") is None


@pytest.mark.parametrize(("shares", "confidence"), [(("0.9", "0.1"), "0.9"), (("0.7", "0.29"), "0.707070")])
def test_the_confidence_is_part_of_the_claim(shares: tuple[str, str], confidence: str) -> None:
    def top(text: str, share: str) -> dict[str, object]:
        return {"token": text, "bytes": [*text.encode()], "logprob": str(Decimal(share).ln())}

    def place(text: str, *options: dict[str, object]) -> dict[str, object]:
        return {**(options[0] if options else top(text, "1")), "top_logprobs": [*options]}

    options = top("true", shares[0]), top("false", shares[1])
    tokens = [place('{"answer": '), place("true", *options), place("}")]
    choice = {"message": {"content": '{"answer": true}'}, "finish_reason": "stop", "logprobs": {"content": tokens}}
    response = unquoted(json.dumps({"model": "m", "choices": [choice]}))
    completion = read_completion(Dialect.CHAT_SCHEMA, response)
    claim = read_model_claim(ADVERSE, model_attempt(response, ADVERSE), completion)
    assert claim.confidence is not None
    # What is left is for null: a hundredth in the second case.
    assert Decimal(confidence) - Decimal("0.01") < claim.confidence <= Decimal(confidence)


BY_TOKENS = [each for each in Dialect if each.wire is not Wire.DECISIONS and each.constraint is not Constraint.LARK]


@pytest.mark.parametrize("judgment", [CHOICE, ADVERSE, RATING], ids=lambda each: each.name)
@pytest.mark.parametrize("dialect", BY_TOKENS)
def test_an_endpoint_that_is_asked_for_tokens_tells_how_sure_it_is(dialect: Dialect, judgment: Judgment) -> None:
    with Endpoint(respond=shown) as endpoint:
        found = answered(replace(tier_at(endpoint.base_url, dialect), logprobs=True), judgment)
        assert json.loads(endpoint.calls[0].body)["top_logprobs"] == 20
    assert found.claim is not None
    assert just_below(found.claim.confidence, Decimal("0.9"))


def test_an_endpoint_that_is_not_asked_for_tokens_tells_nothing() -> None:
    with Endpoint(respond=shown) as endpoint:
        found = answered(tier_at(endpoint.base_url))
    assert found.claim is not None
    assert found.claim.confidence is None


@pytest.mark.parametrize("judgment", [CHOICE, ADVERSE, RATING], ids=lambda each: each.name)
def test_decisions_tell_the_probability_of_every_answer(judgment: Judgment) -> None:
    with Endpoint(respond=shown) as endpoint:
        found = answered(tier_at(endpoint.base_url, Dialect.DECISIONS), judgment)
    assert found.claim is not None
    assert [value for value, _ in found.claim.probabilities] == [*judgment.answers]
    assert just_below(found.claim.confidence, Decimal("0.9"))


def unquoted(text: str) -> bytes:
    """Decimals in quotes as literals: no float has their digits."""
    parts = text.split('"logprob": "')
    return ('"logprob": '.join([parts[0], *(part.replace('"', "", 1) for part in parts[1:])])).encode()


def test_probabilities_are_divided_by_their_sum_and_rounded_down() -> None:
    found = [("a", Decimal("0.5")), ("b", Decimal("0.333")), ("c", Decimal("0.166"))]
    assert renormalised(found, ("c", "a", "b")) == (
        ("c", Decimal("0.166166")),
        ("a", Decimal("0.5005")),
        ("b", Decimal("0.333333")),
    )


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"a": "1"},
        {"a": "0.5", "b": "0.4"},
        {"a": "0.5", "b": "0.6"},
        {"a": "1.5", "b": "-0.5"},
        {"a": "0.5", "b": "0.25", "c": "0.25"},
    ],
)
def test_what_are_no_probabilities_of_the_allowed_answers_is_refused(found: Mapping[str, str]) -> None:
    with pytest.raises(DocumentError):
        renormalised([(value, Decimal(share)) for value, share in found.items()], ("a", "b"))


def test_a_probability_given_twice_is_refused() -> None:
    with pytest.raises(DocumentError):
        renormalised([("a", Decimal("0.5")), ("a", Decimal("0.5"))], ("a",))


def test_a_text_and_a_boolean_of_the_same_spelling_are_two_answers() -> None:
    with pytest.raises(DocumentError):
        renormalised([(1, Decimal("0.5")), (0, Decimal("0.5"))], (True, False))


def test_of_two_answers_alike_in_probability_neither_is_the_most_probable() -> None:
    assert most_probable((("a", Decimal("0.5")), ("b", Decimal("0.5")))) is None


def test_a_predicate_in_the_middle_abstains() -> None:
    response = b'{"model": "m", "answers": [{"type": "predicate", "probability": 0.5}]}'
    attempt = replace(model_attempt(response, ADVERSE), dialect="decisions")
    claim = read_model_claim(ADVERSE, attempt, read_completion(Dialect.DECISIONS, response))
    assert claim.value is None
    assert claim.probabilities == ((True, Decimal("0.5")), (False, Decimal("0.5")))
