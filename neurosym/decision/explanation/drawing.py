"""The facts that a decision rests on, drawn: a box for each step, an arrow from each premise to what it leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from neurosym.decision.explanation.boxes import Box, Boxes
from neurosym.decision.explanation.layout import Layout, Route, Size, layout
from neurosym.decision.explanation.markup import Markup, element, text_of, texted

SIZE = Size(box=208, gap=20, line=12, row_max=4)
MARGIN, BETWEEN = 8, 56  # around the whole, and between rows
TITLE_HEIGHT, LINE_HEIGHT, FOOT = 28, 17, 8
PADDING = 10
TIP = 7  # length of the point of an arrow


def drawing(of: Boxes, name: str) -> Markup:
    """The drawing as inline SVG 2 in whole units, the conclusions on top; `name` is unique in the page."""
    found = layout(len(of.boxes), [(each.source, each.target) for each in of.arrows], SIZE)
    sheet = _Sheet(of.boxes, found)
    width, height = found.width + 2 * MARGIN, sheet.tops[-1] - BETWEEN + MARGIN
    excepting = {(each.source, each.target): each.is_excepting for each in of.arrows}
    return element(
        "svg",
        texted("title", "What the decision rests on", id=f"{name}-title"),
        texted("desc", description(of), id=f"{name}-text"),
        element("g", sheet.lines(excepting)),
        element("g", (sheet.box(at, each) for at, each in enumerate(of.boxes))),
        role="img",
        aria_labelledby=f"{name}-title {name}-text",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
    )


def description(of: Boxes) -> str:
    """The drawing in words."""
    return " ".join(_sentence(at, box, of) for at, box in enumerate(of.boxes))


def _sentence(at: int, box: Box, of: Boxes) -> str:
    below = [str(of.boxes[each.source].number) for each in of.arrows if each.target == at]
    rests = f" It rests on {', '.join(below)}." if below else ""
    possible = "" if box.is_certain else ", possible"
    return f"{box.number}: {box.title}{possible}; {'; '.join(box.lines)}.{rests}"


@dataclass(frozen=True, slots=True)
class _Sheet:
    boxes: Sequence[Box]
    layout: Layout

    @property
    def heights(self) -> list[int]:
        """The height of every row."""
        rows: list[int] = [0] * self.layout.height
        for box, row in zip(self.boxes, self.layout.rows, strict=True):
            rows[row] = max(rows[row], TITLE_HEIGHT + LINE_HEIGHT * len(box.lines) + FOOT)
        return rows

    @property
    def tops(self) -> list[int]:
        """The y where each row begins, and where another would."""
        return [*accumulate((height + BETWEEN for height in self.heights), initial=MARGIN)]

    def box(self, at: int, box: Box) -> Markup:
        """A box in a window of its own: what is wider than the estimate is cut off at its edge."""
        row = self.layout.rows[at]
        height = self.heights[row]
        standing = "" if box.is_certain else " possible"
        lines = [
            _line(text, PADDING, TITLE_HEIGHT + LINE_HEIGHT * (index + 1) - 5) for index, text in enumerate(box.lines)
        ]
        return element(
            "svg",
            element("rect", x=1, y=1, width=SIZE.box - 2, height=height - 2, rx=6),
            element("text", text_of(box.title), x=PADDING, y=20, class_="title"),
            element("text", text_of(str(box.number)), x=SIZE.box - PADDING, y=20, class_="number"),
            lines,
            x=MARGIN + self.layout.lefts[at],
            y=self.tops[row],
            width=SIZE.box,
            height=height,
            class_=f"box {box.kind}{standing}",
        )

    def lines(self, excepting: Mapping[tuple[int, int], bool]) -> Iterator[Markup]:
        """The arrows; several at one side of a box are spread over it in the order in which they arrive."""
        leaving, arriving = self.ports(is_leaving=True), self.ports(is_leaving=False)
        for route in self.layout.routes:
            key = (route.source, route.target)
            yield self.line(route, leaving[key], arriving[key], is_excepting=excepting[key])

    def ports(self, *, is_leaving: bool) -> dict[tuple[int, int], int]:
        """The x of every arrow at the box that it leaves, or arrives at; those that come as one line arrive as one."""
        sides: dict[int, dict[tuple[int, int], tuple[int, int]]] = {}
        for route in self.layout.routes:
            own, other = (route.source, route.target) if is_leaving else (route.target, route.source)
            line = (route.through[0 if is_leaving else -1], -1) if route.through else (self.middle(other), other)
            sides.setdefault(own, {})[route.source, route.target] = line
        return {
            key: MARGIN + self.layout.lefts[own] + SIZE.box * (lines.index(line) + 1) // (len(lines) + 1)
            for own, several in sides.items()
            for lines in [sorted({*several.values()})]
            for key, line in several.items()
        }

    def middle(self, at: int) -> int:
        return self.layout.lefts[at] + SIZE.box // 2

    def line(self, route: Route, start: int, end: int, *, is_excepting: bool) -> Markup:
        """A curve from the top of the source through the rows between, to the bottom of the target."""
        tops, heights = self.tops, self.heights
        first, last = self.layout.rows[route.source], self.layout.rows[route.target]
        stops = [(start, tops[first])]
        for row, x in zip(range(first - 1, last, -1), route.through, strict=True):
            stops += [(MARGIN + x, tops[row] + heights[row]), (MARGIN + x, tops[row])]
        tip = tops[last] + heights[last]
        stops.append((end, tip + TIP))
        path = "".join(_piece(one, other) for one, other in pairwise(stops))
        point = f"{end},{tip + 1} {end - 4},{tip + TIP + 1} {end + 4},{tip + TIP + 1}"
        return element(
            "g",
            element("path", d=f"M{stops[0][0]},{stops[0][1]}{path}"),
            element("polygon", points=point),
            class_="arrow excepting" if is_excepting else "arrow",
        )


def _line(text: str, x: int, y: int) -> Markup:
    return element("text", text_of(text), x=x, y=y)


def _piece(one: tuple[int, int], other: tuple[int, int]) -> str:
    """From one stop to the other: straight up, or a curve that leaves and arrives straight."""
    if one[0] == other[0]:
        return f"L{other[0]},{other[1]}"
    half = (one[1] + other[1]) // 2
    return f"C{one[0]},{half} {other[0]},{half} {other[0]},{other[1]}"
