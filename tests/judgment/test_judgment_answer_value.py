"""Answers as JSON: what they have to fit, what they are read as, and which texts of theirs are free."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import jsonschema
import pytest

from neurosym.feel.types import Basic, Choice, ListOf, Nullable, RecordOf
from neurosym.judgment.answer_value import (
    ITEMS_MAX,
    TEXT_LENGTH_MAX,
    MisfitError,
    free_texts,
    is_allowed,
    read_value,
    value_schema,
)
from neurosym.program.judgment import Judgment, Returns, Score
from neurosym.values.canonical import Json
from neurosym.values.encoding import wire
from neurosym.values.value import Record, Value

CHOICE = Choice(("same", "different"))
SCORE = Score(0, 10)
RECORD = RecordOf(
    (
        ("verdict", CHOICE),
        ("amount", Nullable(Basic.NUMBER)),
        ("since", Basic.DATE),
        ("names", ListOf(Basic.TEXT)),
        ("inner", Nullable(RecordOf((("urgent", Basic.BOOLEAN),)))),
    )
)
WRITTEN: dict[str, Json] = {
    "verdict": "same",
    "amount": "12.50",
    "since": "2026-03-01",
    "names": ["Ito", "Abe"],
    "inner": {"urgent": True},
}
READ = Record(
    (
        ("verdict", "same"),
        ("amount", Decimal("12.5")),
        ("since", date(2026, 3, 1)),
        ("names", ("Ito", "Abe")),
        ("inner", Record((("urgent", True),))),
    )
)

RIGHT: list[tuple[Returns, Json, Value]] = [
    (CHOICE, "same", "same"),
    (Basic.BOOLEAN, False, False),
    (SCORE, 0, 0),
    (SCORE, 10, 10),
    (RECORD, WRITTEN, READ),
    (RECORD, {**WRITTEN, "amount": None, "inner": None, "names": []}, None),
]


@pytest.mark.parametrize(("returns", "written", "value"), RIGHT)
def test_what_fits_the_schema_is_read_and_allowed(returns: Returns, written: Json, value: Value) -> None:
    jsonschema.validate(written, value_schema(returns))
    found = read_value(written, returns)
    assert value is None or found == value
    assert is_allowed(found, returns)
    assert read_value(wire(found), returns) == found


@pytest.mark.parametrize("returns", [CHOICE, Basic.BOOLEAN, SCORE, RECORD])
def test_null_abstains_and_fits_every_schema(returns: Returns) -> None:
    jsonschema.validate(None, value_schema(returns))
    assert read_value(None, returns) is None


NOT_ALLOWED: list[tuple[Returns, Json]] = [
    (CHOICE, "Same"),
    (CHOICE, "ѕame"),  # a Cyrillic letter that looks like the Latin one
    (CHOICE, True),
    (Basic.BOOLEAN, "true"),
    (SCORE, 11),
    (SCORE, -1),
    (SCORE, "7"),
    (SCORE, True),
    (RECORD, {**WRITTEN, "verdict": "perhaps"}),
]


@pytest.mark.parametrize(("returns", "written"), NOT_ALLOWED)
def test_what_is_not_among_the_answers_is_not_allowed(returns: Returns, written: Json) -> None:
    assert not is_allowed(read_value(written, returns), returns)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written, value_schema(returns))


MISFITS: list[tuple[Returns, Json, str]] = [
    (CHOICE, 1, "not exactly the members"),
    (CHOICE, ["same"], "not exactly the members"),
    (Basic.BOOLEAN, 1, "not exactly the members"),
    (SCORE, {"score": 7}, "not exactly the members"),
    (RECORD, "same", "the answer does not have the members"),
    (RECORD, {name: value for name, value in WRITTEN.items() if name != "inner"}, "the answer does not have"),
    (RECORD, {**WRITTEN, "more": 1}, "the answer does not have"),
    (RECORD, {**WRITTEN, "amount": True}, "`amount` is no number"),
    (RECORD, {**WRITTEN, "amount": "1e5x"}, "`amount` is no number"),
    (RECORD, {**WRITTEN, "since": "2026-02-30"}, "`since` is no date"),
    (RECORD, {**WRITTEN, "since": None}, "`since` is no date"),
    (RECORD, {**WRITTEN, "names": "Ito"}, "`names` does not have"),
    (RECORD, {**WRITTEN, "names": [""]}, "an item of `names` is empty or longer"),
    (RECORD, {**WRITTEN, "names": ["x" * (TEXT_LENGTH_MAX + 1)]}, "an item of `names` is empty or longer"),
    (RECORD, {**WRITTEN, "names": ["x"] * (ITEMS_MAX + 1)}, "`names` does not have"),
    (RECORD, {**WRITTEN, "inner": {"urgent": "yes"}}, "`urgent` is no boolean"),
]


@pytest.mark.parametrize(("returns", "written", "complaint"), MISFITS)
def test_what_has_another_shape_is_no_answer(returns: Returns, written: Json, complaint: str) -> None:
    with pytest.raises(MisfitError) as caught:
        read_value(written, returns)
    assert str(caught.value).startswith(complaint)


def test_the_free_texts_of_an_answer_are_those_that_no_choice_fixes() -> None:
    assert [*free_texts(READ, RECORD)] == ["Ito", "Abe"]
    assert [*free_texts("same", CHOICE)] == []
    assert [*free_texts(7, Basic.NUMBER)] == []
    assert [*free_texts(None, Nullable(Basic.TEXT))] == []


def test_a_judgment_knows_all_its_answers_where_they_are_few() -> None:
    small = RecordOf((("urgent", Basic.BOOLEAN), ("kind", Nullable(Choice(("a",))))))
    found = [
        Judgment("j", "", (), returns, "?").answers for returns in (CHOICE, Basic.BOOLEAN, Score(1, 3), small, RECORD)
    ]
    assert found[:3] == [("same", "different"), (True, False), (1, 2, 3)]
    assert [wire(value) for value in found[3]] == [
        {"urgent": True, "kind": "a"},
        {"urgent": True, "kind": None},
        {"urgent": False, "kind": "a"},
        {"urgent": False, "kind": None},
    ]
    assert found[4] == ()
