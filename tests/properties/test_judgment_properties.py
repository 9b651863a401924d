"""What holds for every judgment, whatever a provider, a file or a document contains."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
from hypothesis import assume, example, given
from hypothesis import strategies as st

from neurosym.judgment.answer import Form, Kind, Quote, QuoteClaim
from neurosym.judgment.attempt import Attempt, Usage, attempt_json, read_attempt
from neurosym.judgment.configuration import ModelTier
from neurosym.judgment.configuration_file import parse_configuration
from neurosym.judgment.evidence import QUOTE_LENGTH_MIN, find_quotes
from neurosym.judgment.identity import question_id
from neurosym.judgment.prompt import build_prompt, fenced
from neurosym.judgment.review import Review, is_settled
from neurosym.judgment.supplied_file import parse_answers
from neurosym.judgment.validation import Disposition, examine
from neurosym.text.diagnostic import Report
from neurosym.text.failure import ReplayError
from neurosym.values.canonical import SAFE_INTEGER_MAX, Digest
from neurosym.values.unknown import ABSENT
from tests.judgment.case import HOLDS, JUDGMENT, REMARKS, completion, model_attempt, question, said

TRUSTING = replace(JUDGMENT, accept_uncalibrated=True)
GOOD = completion(said("same", ("entry.remarks", "Passport A1234567")))
KINDS = st.sampled_from(Kind)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
# Answers that are nearly right, so that every step is reached.
VALUES = st.sampled_from(["same", "different", "unclear", "Same", "", None, True, 1, 1.5, ["same"]])
QUOTES = st.fixed_dictionaries(
    {
        "field": st.sampled_from(["entry.remarks", "entry.name", "remarks", ""]),
        "text": st.sampled_from(["DOB 02 Mar 1971", "Passport", "A1", "dob 02", "(Iran)", ""]),
    },
    optional={"start": st.integers(-2, 50) | st.none()},
)
ANSWERS = st.fixed_dictionaries(
    {"answer": VALUES}, optional={"quotes": st.lists(QUOTES, max_size=3) | JSONS, "why": TEXTS}
)
RESPONSES = st.one_of(
    st.binary(),
    JSONS.map(lambda document: json.dumps(document).encode()),
    ANSWERS.map(lambda answer: completion(json.dumps(answer))),
    ANSWERS.map(lambda answer: json.dumps(answer).encode()),
    st.tuples(ANSWERS, st.sampled_from(["stop", "length", "content_filter", ""]), st.sampled_from(["m", "n", ""])).map(
        lambda parts: completion(json.dumps(parts[0]), parts[1], parts[2])
    ),
    st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)).map(
        lambda change: GOOD[: change[0]] + bytes([change[1]]) + GOOD[change[0] + 1 :]
    ),
    st.integers(0, len(GOOD)).map(lambda length: GOOD[:length]),
    st.integers(0, len(GOOD)).map(lambda at: GOOD[:at] + GOOD[at:] * 2),
)


def attempt_of(kind: Kind, response: bytes) -> Attempt:
    return replace(model_attempt(response, TRUSTING), kind=kind)


def is_valid_by_hand(kind: Kind, response: bytes) -> bool:
    """A reading of the contract that shares no code with the product."""
    document: Any = json.loads(response)
    if kind is Kind.MODEL:
        (choice,) = document["choices"]
        if choice["finish_reason"] != "stop" or document["model"] != "m":
            return False
        document = json.loads(choice["message"]["content"])
        if set(document) != {"answer", "quotes"}:
            return False
    if kind in {Kind.PERSON, Kind.SUPPLIED}:
        (document,) = document["reviews"]
    quotes = document["quotes"]
    return (
        document["answer"] in ("same", "different", "unclear")
        and all(quote["field"] == "entry.remarks" and quote["text"] in REMARKS for quote in quotes)
        and (document["answer"] != "same" or len(quotes) > 0)
    )


@given(KINDS, RESPONSES)
@example(Kind.MODEL, GOOD)
@example(Kind.MODEL, completion("[" * 5000))
@example(Kind.MODEL, b"[" * 100_000)
@example(Kind.MODEL, completion('{"answer": "same", "quotes": [], "quotes": []}'))
@example(Kind.MODEL, completion('{"answer": "\\ud800", "quotes": []}'))
@example(Kind.MODEL, completion('{"answer": ' + "9" * 5000 + ', "quotes": []}'))
@example(Kind.COMPUTED, b'{"answer": "unclear", "quotes": [], "features": [], "reason": null}')
@example(Kind.PERSON, b'{"reviews": [{"answer": "unclear", "quotes": [], "by": "Ada", "reason": null}]}')
@example(Kind.PERSON, b'{"reviews": []}')
def test_no_bytes_are_an_answer_unless_they_are_a_valid_one(kind: Kind, response: bytes) -> None:
    found = examine(TRUSTING, question(), attempt_of(kind, response), HOLDS)
    assert (found.answer is not None) is (found.disposition is Disposition.ACCEPTED)
    if found.answer is not None:
        assert is_valid_by_hand(kind, response)
        assert all(verdict.passed for verdict in found.verdicts)
    else:
        assert found.reason


@given(RESPONSES)
def test_a_model_is_never_believed_without_calibration(response: bytes) -> None:
    found = examine(JUDGMENT, question(), model_attempt(response), HOLDS)
    assert found.answer is None


@given(KINDS, RESPONSES)
def test_a_failed_attempt_is_never_an_answer(kind: Kind, response: bytes) -> None:
    attempt = replace(attempt_of(kind, response), failure="status 500")
    assert examine(TRUSTING, question(), attempt, HOLDS).disposition is Disposition.FAILED


@given(KINDS, RESPONSES)
def test_an_examination_is_the_same_when_it_is_replayed(kind: Kind, response: bytes) -> None:
    attempt = attempt_of(kind, response)
    again = read_attempt(attempt_json(attempt))
    assert examine(TRUSTING, question(), again, HOLDS) == examine(TRUSTING, question(), attempt, HOLDS)


@given(ANSWERS)
def test_a_correction_never_carries_foreign_text(answer: dict[str, Any]) -> None:
    mark = "\u2620 obey \u2620"
    marked = json.dumps({**answer, mark: mark} if "why" in answer else {**answer, "answer": mark})
    found = examine(TRUSTING, question(), model_attempt(completion(marked), TRUSTING), HOLDS)
    assert mark not in (found.correction or "")
    assert found.correction is not None


ATTEMPTS = st.builds(
    Attempt,
    question=TEXTS.map(Digest),
    request_id=TEXTS.map(Digest),
    tier=TEXTS,
    kind=KINDS,
    number=st.integers(1, SAFE_INTEGER_MAX),
    request=st.binary(),
    response=st.binary() | TEXTS.map(lambda text: text.encode()),
    failure=st.none() | TEXTS,
    model=st.none() | TEXTS,
    model_returned=st.none() | TEXTS,
    prompt=st.none() | TEXTS.map(Digest),
    parameters=st.dictionaries(TEXTS, TEXTS | st.booleans() | st.integers(-SAFE_INTEGER_MAX, SAFE_INTEGER_MAX)).map(
        lambda each: tuple(sorted(each.items()))
    ),
    provider_id=st.none() | TEXTS,
    usage=st.none() | st.builds(Usage, st.integers(0, SAFE_INTEGER_MAX), st.integers(0, SAFE_INTEGER_MAX)),
)


@given(ATTEMPTS)
def test_an_attempt_is_read_back_as_it_was_recorded(attempt: Attempt) -> None:
    assert read_attempt(attempt_json(attempt)) == attempt


@given(st.binary() | JSONS.map(lambda document: json.dumps(document).encode()))
def test_no_bytes_break_the_reading_of_attempts(content: bytes) -> None:
    try:
        attempt = read_attempt(content)
    except ReplayError:
        return
    assert read_attempt(attempt_json(attempt)) == attempt


SOURCES = st.text(st.sampled_from("ab 1é\u0301e\u1100\u1161각🧿\n"), max_size=30)


@given(SOURCES, st.text(st.sampled_from("ab1é각🧿"), min_size=QUOTE_LENGTH_MIN), SOURCES)
def test_whatever_stands_in_a_source_can_be_quoted_from_there(before: str, text: str, after: str) -> None:
    assume(not (after and unicodedata.combining(after[0])))
    found = find_quotes([QuoteClaim("f", text, len(before))], {"f": before + text + after})
    assert found == (Quote("f", len(before), text),)


@given(SOURCES, SOURCES, st.none() | st.integers(-3, 30))
def test_a_quote_that_is_found_stands_where_it_is_said_to_stand(source: str, text: str, start: int | None) -> None:
    found = find_quotes([QuoteClaim("f", text, start)], {"f": source})
    if isinstance(found, str):
        assert found
        return
    (quote,) = found
    searched = source if quote.form is Form.WRITTEN else unicodedata.normalize("NFC", source)
    assert searched[quote.start : quote.start + len(quote.text)] == quote.text
    assert unicodedata.normalize("NFC", quote.text) == unicodedata.normalize("NFC", text)
    assert start is None or quote.start == start


@given(TEXTS)
def test_a_fence_closes_only_at_its_end(text: str) -> None:
    shown = fenced("f", text)
    closing = shown.rsplit("\n", 1)[-1]
    assert shown.count(closing) == 1


@given(TEXTS | st.just(None) | st.just(ABSENT))
def test_equal_questions_have_equal_prompts_and_ids(remarks: Any) -> None:
    first, second = question(remarks=remarks), question(remarks=remarks)
    assert build_prompt(JUDGMENT, first) == build_prompt(JUDGMENT, second)
    assert build_prompt(JUDGMENT, first).digest == build_prompt(JUDGMENT, second).digest
    assert question_id(JUDGMENT, first) == question_id(JUDGMENT, second)


CONTENTS = TEXTS | st.just(None) | st.just(ABSENT) | st.booleans() | st.integers()


@given(CONTENTS, CONTENTS)
@example("absent", ABSENT)
@example(True, 1)
@example("1", 1)
def test_other_content_is_another_question(left: Any, right: Any) -> None:
    same = type(left) is type(right) and left == right
    ids = {question_id(JUDGMENT, question(remarks=each)) for each in (left, right)}
    assert len(ids) == (1 if same else 2)


TOML = st.one_of(
    st.binary(),
    TEXTS.map(lambda text: text.encode()),
    st.tuples(
        st.sampled_from(["kind", "base_url", "model", "may_see", "attempts", "key_env", "parameters", "review"]), JSONS
    ).map(lambda pair: f"[tier.small]\nkind = 'model'\n{pair[0]} = {json.dumps(pair[1])}".encode()),
)


@given(TOML)
def test_no_bytes_break_the_reading_of_a_configuration(content: bytes) -> None:
    report = Report()
    configuration = parse_configuration(content, "judges.toml", Path(), report)
    assert configuration.tiers == () or not report.has_errors
    assert all(found.code.startswith("NS60") for found in report.diagnostics)


@given(st.text(st.sampled_from("abz09-_.:/[]@?#% é")))
def test_an_address_that_is_taken_is_an_address_to_the_client(rest: str) -> None:
    text = f"[tier.small]\nkind='model'\nmodel='m'\nmay_see=[]\nbase_url='http://{rest}'\n"
    report = Report()
    configuration = parse_configuration(text.encode(), "judges.toml", Path(), report)
    for tier in configuration.tiers:
        assert isinstance(tier, ModelTier)
        url = httpx2.URL(tier.base_url)
        url.host.encode("idna")
        assert url.host
        assert not url.userinfo
        assert not url.query


@given(st.binary() | JSONS.map(lambda document: json.dumps(document).encode()))
@example(b'[{"judgment": [], "args": {}, "answer": null, "by": "a"}]')
@example(b'[{"judgment": "same_person", "args": {"customer": 1.5, "entry": {}}, "answer": "same", "by": "a"}]')
def test_no_bytes_break_the_reading_of_answers(content: bytes) -> None:
    report = Report()
    found = parse_answers(content, "answers.json", {"same_person": JUDGMENT}, report)
    assert found == () or not report.has_errors


REVIEWS = st.lists(
    st.builds(
        Review, st.sampled_from(["Ada", "ada ", "Grace", "Edsger"]), st.sampled_from(["same", "different", True, None])
    ),
    max_size=5,
)


@given(REVIEWS)
def test_two_persons_are_two_names_that_last_said_the_same(reviews: list[Review]) -> None:
    last = {review.by.strip().lower(): review.value for review in reviews}
    assert is_settled(reviews, 2) is (len(last) >= 2 and len(set(last.values())) == 1)
