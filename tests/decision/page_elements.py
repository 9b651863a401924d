"""A page as its elements: what a strict reader makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "hr", "img", "input", "link"})
CLOSED = frozenset({"rect", "path", "polygon"})  # of SVG, which may close themselves
DOCUMENT = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "header",
    "main",
    "footer",
    "section",
    "div",
    "h1",
    "h2",
    "h3",
}
PROSE = {
    "p",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "time",
    "code",
    "pre",
    "q",
    "b",
    "strong",
    "span",
    "a",
    "blockquote",
    "cite",
}
PARTS = {"details", "summary", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption"}
DRAWN = {"svg", "g", "rect", "path", "polygon", "text", "desc"}
ALLOWED = DOCUMENT | PROSE | PARTS | DRAWN


@dataclass(eq=False)
class Element:
    """An element with its attributes and what it holds."""

    tag: str
    attributes: dict[str, str | None]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text for each in self.children)

    @property
    def all(self) -> list[Element]:
        inner = [each for each in self.children if isinstance(each, Element)]
        return [self, *(deeper for each in inner for deeper in each.all)]

    def of(self, tag: str, class_: str | None = None) -> list[Element]:
        found = [each for each in self.all if each.tag == tag]
        return (
            found
            if class_ is None
            else [each for each in found if class_ in (each.attributes.get("class") or "").split()]
        )

    @property
    def ids(self) -> list[str]:
        return [str(each.attributes["id"]) for each in self.all if "id" in each.attributes]


class _Reading(HTMLParser):
    """Reads a page; AssertionError where an element is left open, closed twice, or has an attribute twice."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)
        if tag not in VOID:
            added = self.open[-1].children[-1]
            assert isinstance(added, Element)
            self.open.append(added)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in CLOSED
        self._add(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.open[-1].children.append(Element(tag, dict(attrs), self.open[-1]))


def elements_of(page: bytes) -> Element:
    """The document of a page that is well-formed and inert: known elements only, no handlers, no outside references."""
    reading = _Reading()
    reading.feed(page.decode("utf-8"))
    reading.close()
    assert reading.open == [reading.root]
    (root,) = [each for each in reading.root.children if isinstance(each, Element)]
    for each in root.all:
        assert each.tag in ALLOWED, each.tag
        assert not [name for name in each.attributes if name.startswith("on") or name in ("style", "src")]
        href = each.attributes.get("href")
        assert href is None or href.startswith(("#", "http://", "https://"))
        assert href is None or href.startswith("#") or each.attributes["rel"] == "noreferrer"
    assert len(set(root.ids)) == len(root.ids)
    targets = {str(each.attributes["href"])[1:] for each in root.of("a") if str(each.attributes["href"])[0] == "#"}
    assert targets <= set(root.ids)
    return root
