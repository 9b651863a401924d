from __future__ import annotations

import json
from dataclasses import replace

import pytest

from neurosym.judgment.answer import Kind, QuoteClaim
from neurosym.judgment.supplied import SuppliedAnswer, answers, supplied_attempt, unmatched
from neurosym.judgment.supplied_file import parse_answers
from neurosym.judgment.validation import Disposition, examine
from neurosym.text.codes import code_page
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.values.unknown import Question
from neurosym.values.value import Reference
from tests.judgment.case import HOLDS, JUDGMENT, YES_OR_NO, question

KEYS = {"Party": ("id",), "Listing": ("id",), "Owns": ("owner", "owned")}
ENTRY = {
    "judgment": "same_person",
    "args": {"customer": "A", "entry": "L1"},
    "answer": "same",
    "quotes": [{"field": "entry.remarks", "start": 0, "text": "DOB 02 Mar 1971"}],
    "by": "Ada",
}
JUDGMENTS = {"same_person": JUDGMENT, "adverse": YES_OR_NO}


def parse(document: object) -> tuple[tuple[SuppliedAnswer, ...], list[Diagnostic]]:
    report = Report()
    return parse_answers(json.dumps(document).encode(), "answers.json", JUDGMENTS, report), report.diagnostics


def only(document: object, code: str) -> Diagnostic:
    _, (found,) = parse(document)
    assert found.code == code
    assert code_page(code) is not None
    return found


def without(name: str) -> dict[str, object]:
    return {key: value for key, value in ENTRY.items() if key != name}


def test_an_entry_is_read() -> None:
    (entry,), problems = parse([ENTRY])
    assert problems == []
    assert (entry.judgment, entry.value, entry.by) == ("same_person", "same", "Ada")
    assert entry.quotes == (QuoteClaim("entry.remarks", "DOB 02 Mar 1971", 0),)


def test_quotes_and_their_places_may_be_left_out() -> None:
    (plain,), problems = parse([without("quotes")])
    assert (plain.quotes, problems) == ((), [])
    (placeless,), problems = parse([{**ENTRY, "quotes": [{"field": "entry.remarks", "text": "DOB"}]}])
    assert (placeless.quotes[0].start, problems) == (None, [])


def test_an_entry_answers_the_question_with_its_keys() -> None:
    (entry,), _ = parse([ENTRY])
    asked = question()
    assert answers(entry, asked, KEYS)
    assert not answers(entry, Question("same_person", asked.args[::-1], asked.content), KEYS)
    assert not answers(entry, Question("other", asked.args, asked.content), KEYS)
    elsewhere = (("customer", Reference("Party", ("B",))), asked.args[1])
    assert not answers(entry, Question("same_person", elsewhere, asked.content), KEYS)


def test_keys_of_several_fields_are_objects_and_large_numbers_texts() -> None:
    judgment = replace(YES_OR_NO, parameters=(("customer", "Owns"),))
    report = Report()
    document = [
        {"judgment": "adverse", "args": {"customer": {"owned": 2**60, "owner": "A"}}, "answer": True, "by": "Ada"}
    ]
    (entry,) = parse_answers(json.dumps(document).encode(), "a", {"adverse": judgment}, report)
    asked = Question("adverse", (("customer", Reference("Owns", ("A", 2**60))),), ())
    assert answers(entry, asked, KEYS)


def test_a_supplied_answer_is_examined_like_any_other() -> None:
    (entry,), _ = parse([ENTRY])
    attempt = supplied_attempt(entry, JUDGMENT, question())
    answer = examine(JUDGMENT, question(), attempt, HOLDS).answer
    assert answer is not None
    assert (answer.kind, answer.tier, answer.by) == (Kind.SUPPLIED, "supplied", ("Ada",))


def test_a_supplied_quote_that_does_not_stand_is_rejected() -> None:
    (entry,), _ = parse([{**ENTRY, "quotes": [{"field": "entry.remarks", "start": 1, "text": "DOB 02 Mar 1971"}]}])
    found = examine(JUDGMENT, question(), supplied_attempt(entry, JUDGMENT, question()), HOLDS)
    assert found.disposition is Disposition.REJECTED


def test_one_supplied_name_is_not_two_persons() -> None:
    (entry,), _ = parse([ENTRY])
    both = replace(JUDGMENT, two_persons=True)
    found = examine(both, question(), supplied_attempt(entry, both, question()), HOLDS)
    assert found.disposition is Disposition.WITHHELD


@pytest.mark.parametrize(
    "document",
    [
        {},
        None,
        ["x"],
        [without("by")],
        [without("args")],
        [{**ENTRY, "judgement": "x"}],
        [{**ENTRY, "by": " "}],
        [{**ENTRY, "by": 3}],
        [{**ENTRY, "quotes": "DOB"}],
        [{**ENTRY, "quotes": ["DOB"]}],
        [{**ENTRY, "quotes": [{"field": "entry.remarks"}]}],
        [{**ENTRY, "quotes": [{"field": "entry.remarks", "text": 3}]}],
        [{**ENTRY, "quotes": [{"field": "entry.remarks", "text": "DOB", "start": "0"}]}],
        [{**ENTRY, "quotes": [{"field": "entry.remarks", "text": "DOB", "start": True}]}],
    ],
)
def test_another_shape_is_refused(document: object) -> None:
    only(document, "NS610")


def test_a_misspelt_member_suggests_the_right_one() -> None:
    assert only([{**ENTRY, "quote": []}], "NS610").help == "did you mean `quotes`?"


def test_a_question_is_answered_once() -> None:
    found = only([ENTRY, {**ENTRY, "answer": "different"}], "NS612")
    assert found.help is not None
    assert "$[0]" in found.help


def test_an_unknown_judgment_suggests_a_known_one() -> None:
    assert only([{**ENTRY, "judgment": "same_persn"}], "NS613").help == "did you mean `same_person`?"


@pytest.mark.parametrize("args", [{}, [], {"customer": "A"}, {"customer": "A", "entry": "L1", "x": 1}])
def test_the_arguments_are_those_of_the_judgment(args: object) -> None:
    only([{**ENTRY, "args": args}], "NS614")


@pytest.mark.parametrize("value", ["Same", "", True, None, 1, ["same"]])
def test_the_answer_is_one_of_the_judgment(value: object) -> None:
    only([{**ENTRY, "answer": value}], "NS615")


def test_an_entry_that_nobody_asked_for_is_reported() -> None:
    (entry,), _ = parse([ENTRY])
    assert unmatched(entry).code == "NS611"
    assert code_page("NS611") is not None


def test_a_duplicate_key_is_refused_before_anything_else() -> None:
    report = Report()
    assert parse_answers(b'[{"by": "a", "by": "b"}]', "a", JUDGMENTS, report) == ()
    assert [found.code for found in report.diagnostics] == ["NS502"]
