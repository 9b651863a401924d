"""The drawing of an explanation: its boxes, arrows and words, the same bytes every time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from neurosym.decision.explanation.boxes import BOXES_MAX, Boxes, boxes_of
from neurosym.decision.explanation.drawing import description, drawing
from neurosym.decision.explanation.fitting import clipped, width_of, wrapped
from neurosym.decision.explanation.layout import Size, layout
from neurosym.decision.explanation.page import explanation_page
from neurosym.decision.explanation.placement import placed
from neurosym.decision.explanation.why import Why, why_outcome
from tests.decision.page_elements import Element, elements_of
from tests.decision.test_decision_explanation import holdings, owned

SIZE = Size(box=100, gap=10, line=4, row_max=3)


def boxes(why: Why, most: int = BOXES_MAX) -> Boxes:
    numbers = {key: at for at, key in enumerate(why.explanation.steps, start=1)}
    return boxes_of(why.explanation, numbers, why.account.deliberation.case.program, most)


def drawn(of: Boxes) -> Element:
    return elements_of(drawing(of, "why").encode())


@pytest.fixture
def why(tmp_path: Path) -> Why:
    return why_outcome(owned(tmp_path, "C", holdings(("X", "A", 50), ("A", "C", 50))))


# --- what is drawn


def test_every_step_is_a_box_and_every_premise_an_arrow(why: Why) -> None:
    found = boxes(why)
    steps = [*why.explanation.steps.values()]
    assert [box.number for box in found.boxes] == [*range(1, len(steps) + 1)]
    below = {(found.boxes[each.source].number, found.boxes[each.target].number) for each in found.arrows}
    place = {step.id: at for at, step in enumerate(steps, start=1)}
    assert below == {(place[premise], place[step.id]) for step in steps for premise in step.below}
    page = drawn(found)
    assert len(page.of("rect")) == len(steps)
    assert len(page.of("polygon")) == len(below)
    assert found.left_out == 0


def test_a_box_of_a_fact_says_its_type_key_fields_and_rule(why: Why) -> None:
    found = {box.title: box for box in boxes(why).boxes[::-1]}
    assert (found["Blocked"].kind, found["Blocked"].lines) == ("derived", ('party: "C"', "by owned"))
    assert (found["Owns"].kind, found["Owns"].lines) == (
        "given",
        ('id: "AC"', 'owner: "A"', 'owned: "C"', "share: 50"),
    )
    assert found["Outcome"].lines[-1] == "by block"


def test_arrows_of_facts_that_only_an_exception_reads_are_marked(tmp_path: Path) -> None:
    taken = why_outcome(owned(tmp_path, "A", holdings(("X", "A", 50), Licence=[{"id": "L", "party": "A"}])))
    numbers = {key: at for at, key in enumerate(taken.defeated.steps)}
    found = boxes_of(taken.defeated, numbers, taken.account.deliberation.case.program)
    assert {found.boxes[each.source].title for each in found.arrows if each.is_excepting} == {"Licence"}
    assert len(drawn(found).of("g", "excepting")) == 1


def test_the_drawing_has_a_title_and_says_in_words_what_rests_on_what(why: Why) -> None:
    page = drawn(boxes(why))
    assert page.attributes["role"] == "img"
    named = str(page.attributes["aria-labelledby"]).split()
    assert [page.of("title")[0].attributes["id"], page.of("desc")[0].attributes["id"]] == named
    assert page.of("desc")[0].text == description(boxes(why))
    assert re.match(r"1: Outcome; screen\(.*; by block\. It rests on 2, 3\. 2: Case;", page.of("desc")[0].text)


def test_coordinates_are_whole_numbers(why: Why) -> None:
    page = drawn(boxes(why))
    places = ("x", "y", "width", "height", "viewBox", "points", "d", "rx")
    for each in page.all:
        for name, value in each.attributes.items():
            if name.lower() in {place.lower() for place in places}:
                assert re.fullmatch(r"[-0-9MLC, ]+", str(value)), value


def test_a_large_explanation_is_drawn_as_far_as_it_is_near_to_the_outcome(tmp_path: Path) -> None:
    names = ["X", *(f"N{at:02}" for at in range(30))]
    facts = holdings(*((names[at], names[at + 1], 100) for at in range(30)))
    why = why_outcome(owned(tmp_path, names[-1], facts))
    found = boxes(why)
    assert len(found.boxes) == BOXES_MAX
    assert found.left_out == len(why.explanation.steps) - BOXES_MAX > 0
    assert {"Outcome", "Case"} <= {box.title for box in found.boxes}
    shown = {each.source for each in found.arrows} | {each.target for each in found.arrows}
    assert shown == {*range(BOXES_MAX)}
    text = elements_of(explanation_page(why)).of("figcaption")[0].text
    assert f"{found.left_out} steps further from the outcome are left out of the drawing" in text


def test_what_is_drawn_does_not_depend_on_how_much_room_an_earlier_drawing_had(why: Why) -> None:
    assert drawing(boxes(why), "why") == drawing(boxes(why), "why")
    assert len(boxes(why, 3).boxes) == 3


# --- where it is drawn


def test_a_row_takes_so_many_boxes_and_the_next_one_the_others() -> None:
    found = layout(8, [(at, 0) for at in range(1, 8)], SIZE)
    assert sorted(found.rows) == [0, 1, 1, 1, 2, 2, 2, 3]


def test_a_line_across_rows_passes_between_the_boxes() -> None:
    found = layout(4, [(1, 0), (2, 1), (3, 2), (3, 0)], SIZE)
    assert found.rows == (0, 1, 2, 3)
    (route,) = [each for each in found.routes if each.through]
    for row, x in zip((2, 1), route.through, strict=True):
        left = found.lefts[found.rows.index(row)]
        assert not left <= x <= left + SIZE.box


def test_lines_to_one_box_pass_a_row_in_one_place() -> None:
    found = layout(8, [(at, 0) for at in range(1, 8)], SIZE)
    assert len({each.through for each in found.routes if found.rows[each.source] == 2}) == 1
    assert len({each.through[-1] for each in found.routes if each.through}) == 1


def test_lines_that_need_not_cross_do_not() -> None:
    found = layout(6, [(3, 2), (4, 1), (5, 0)], SIZE)
    assert [found.lefts[at] for at in (0, 1, 2)] == [found.lefts[at] for at in (5, 4, 3)]


def test_a_cycle_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="cycle"):
        layout(2, [(0, 1), (1, 0)], SIZE)


def test_nothing_is_laid_out_as_nothing() -> None:
    found = layout(0, [], SIZE)
    assert (found.rows, found.width, found.height) == ((), 0, 0)


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ([0], [0]),
        ([0, 0], [-6, 6]),
        ([0, 100], [0, 45]),  # as far as they may go
        ([100, 0], [33, 45]),
        ([0, 0, 0, 0], [-18, -6, 6, 18]),
    ],
)
def test_things_lie_where_they_want_as_far_as_others_let_them(wanted: list[int], places: list[int]) -> None:
    assert placed(wanted, [10] * len(wanted), 2, 50) == places


# --- what fits into a box


def test_text_that_is_too_wide_is_cut_and_says_so() -> None:
    assert clipped("short", 100) == "short"
    cut = clipped("a rather long text that goes on", 100)
    assert cut.endswith("…")
    assert width_of(cut) <= 100
    assert width_of("漢字") > width_of("ab")


def test_text_is_broken_at_blanks_and_cut_after_the_last_line() -> None:
    assert wrapped("one two three", 60, 3) == ["one two", "three"]
    assert wrapped("one two three four", 60, 1) == ["one t…"]
    assert wrapped("", 60, 2) == []
