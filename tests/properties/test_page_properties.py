"""Pages of generated explanations, and layouts of generated graphs."""

from __future__ import annotations

from itertools import combinations, pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from neurosym.decision.explanation.layout import Layout, Size, layout
from neurosym.decision.explanation.page import explanation_page
from neurosym.decision.explanation.placement import placed
from neurosym.decision.explanation.why import why_outcome
from tests.decision.page_elements import elements_of
from tests.generation.case import Case
from tests.generation.property import for_every_case
from tests.properties.test_explanation_properties import account_of_case

FEW = 40
SIZE = Size(box=100, gap=10, line=4, row_max=4)
Graph = tuple[int, list[tuple[int, int]]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Boxes, and edges from later ones to earlier ones."""
    count = draw(st.integers(0, 24))
    pairs = [(source, target) for target, source in combinations(range(count), 2)]
    return count, draw(st.lists(st.sampled_from(pairs), max_size=50)) if pairs else []


@given(graphs())
def test_every_edge_goes_from_a_later_row_to_an_earlier_one(graph: Graph) -> None:
    count, edges = graph
    found = layout(count, edges, SIZE)
    assert all(found.rows[source] > found.rows[target] for source, target in edges)
    assert {(each.source, each.target) for each in found.routes} == set(edges)


@given(graphs())
def test_no_two_boxes_overlap_and_no_line_passes_through_a_box(graph: Graph) -> None:
    found = layout(*graph, SIZE)
    for row in range(found.height):
        spans = [(left, left + SIZE.box) for at, left in enumerate(found.lefts) if found.rows[at] == row]
        spans += [(x - SIZE.line // 2, x + SIZE.line // 2) for x in passing(found, row)]
        spans.sort()
        assert all(one[1] + SIZE.gap <= other[0] for one, other in pairwise(spans))
        assert all(first >= 0 and last <= found.width for first, last in spans)


def passing(found: Layout, row: int) -> set[int]:
    """Where lines pass a row."""
    passed = [each for each in found.routes if row in between(found, each.source, each.target)]
    return {each.through[found.rows[each.source] - 1 - row] for each in passed}


def between(found: Layout, source: int, target: int) -> range:
    return range(found.rows[target] + 1, found.rows[source])


@given(graphs())
def test_no_row_has_more_boxes_than_it_takes_and_none_is_empty(graph: Graph) -> None:
    found = layout(*graph, SIZE)
    for row in range(found.height):
        assert 1 <= found.rows.count(row) <= SIZE.row_max


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_edges_is_irrelevant_to_a_layout(graph: Graph, random: Random) -> None:
    count, edges = graph
    shuffled = [*edges, *edges[:3]]
    random.shuffle(shuffled)
    assert layout(count, shuffled, SIZE) == layout(count, edges, SIZE)


@given(st.lists(st.tuples(st.integers(-500, 500), st.integers(1, 50)), max_size=12), st.integers(0, 9))
def test_places_keep_their_order_and_distance_and_stay_where_there_is_room(
    things: list[tuple[int, int]], gap: int
) -> None:
    widths = [width for _, width in things]
    reach = 400
    found = placed([wanted for wanted, _ in things], widths, gap, reach)
    edges = [(middle - width // 2, middle - width // 2 + width) for middle, width in zip(found, widths, strict=True)]
    assert all(one[1] + gap <= other[0] + 1 for one, other in pairwise(edges))
    if sum(widths) + len(widths) * (gap + 1) <= 2 * reach:
        assert all(-reach <= first and last <= reach + 1 for first, last in edges)


def has_each_step_once(case: Case) -> None:
    """The page is well-formed and inert, gives the same bytes again, and holds every step exactly once."""
    why = why_outcome(account_of_case(case))
    content = explanation_page(why)
    assert content == explanation_page(why_outcome(account_of_case(case)))
    steps = why.explanation.steps.keys() | why.defeated.steps.keys()
    shown = [each for each in elements_of(content).ids if each.startswith("step-")]
    assert sorted(shown) == sorted(f"step-{at}" for at in range(1, len(steps) + 1))


def test_the_page_of_a_generated_decision_has_each_step_exactly_once() -> None:
    for_every_case(FEW, has_each_step_once)
