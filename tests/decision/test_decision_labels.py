"""Label files: cases by themselves, read strictly, every problem with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from neurosym.decision.labels import LabelledCase, read_labels
from neurosym.text.diagnostic import Report
from neurosym.values.unknown import ABSENT
from tests.decision.case import screening

PROGRAM = screening().program
CUSTOMER: dict[str, Any] = {"id": "A", "name": "Ann Lee"}
ENTRY: dict[str, Any] = {"id": "L1", "name": "LEE, Ann", "remarks": "DOB 1971"}
CASE: dict[str, Any] = {"args": {"customer": CUSTOMER, "entry": ENTRY}, "answer": "different"}


def read(document: object) -> tuple[tuple[LabelledCase, ...], list[tuple[str, str]]]:
    report = Report()
    found = read_labels(json.dumps(document).encode(), "labels.json", PROGRAM.judgments["same"], PROGRAM, report)
    return found, [(each.code, each.primary.place.path) for each in report.diagnostics]  # type: ignore[union-attr]


def test_a_case_is_a_question_with_its_answer() -> None:
    (case,), problems = read([{**CASE, "by": "ada"}])
    assert problems == []
    assert (case.answer, case.by) == ("different", "ada")
    assert [name for name, _ in case.question.args] == ["customer", "entry"]
    content = dict(case.question.content)
    assert content["entry.remarks"] == "DOB 1971"
    assert ABSENT not in content.values()


def test_the_same_case_twice_counts_once_and_with_two_answers_is_refused() -> None:
    assert len(read([CASE, CASE])[0]) == 1
    assert read([CASE, {**CASE, "answer": "same"}])[1] == [("NS662", "$[1]")]


BAD: list[tuple[Any, list[tuple[str, str]]]] = [
    ({}, [("NS660", "$")]),
    ([1], [("NS660", "$[0]")]),
    ([{"args": {}}], [("NS660", "$[0]")]),
    ([{**CASE, "b": 1}], [("NS660", "$[0].b")]),
    ([{**CASE, "by": 1}], [("NS660", "$[0].by")]),
    ([{**CASE, "args": {"customer": CUSTOMER}}], [("NS660", "$[0].args")]),
    ([{**CASE, "args": {"customer": "A", "entry": ENTRY}}], [("NS512", "$[0].args.customer")]),
    ([{**CASE, "args": {"customer": {"id": "A"}, "entry": ENTRY}}], [("NS505", "$[0].args.customer")]),
    ([{**CASE, "args": {"customer": {**CUSTOMER, "nam": "x"}, "entry": ENTRY}}], [("NS504", "$[0].args.customer.nam")]),
    ([{**CASE, "args": {"customer": {**CUSTOMER, "name": 1}, "entry": ENTRY}}], [("NS506", "$[0].args.customer.name")]),
    ([{**CASE, "answer": "identical"}], [("NS661", "$[0].answer")]),
    ([{**CASE, "answer": None}], [("NS661", "$[0].answer")]),
    ([{**CASE, "answer": ["same"]}], [("NS661", "$[0].answer")]),
]


@pytest.mark.parametrize(("document", "problems"), BAD)
def test_what_is_wrong_is_said_with_its_place(document: object, problems: list[tuple[str, str]]) -> None:
    assert read(document)[1] == problems
