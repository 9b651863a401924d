"""The steps of a proof on a page: a tree that opens and closes, in which every step stands once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from neurosym.decision.explanation.markup import Markup, element, joined, text_of, texted
from neurosym.decision.explanation.page_judgment import Questions
from neurosym.decision.explanation.page_provision import Provisions, parameter_shown
from neurosym.decision.explanation.page_step_head import StepHead
from neurosym.decision.explanation.structure import ExceptionShown, Explanation, Finding, Step
from neurosym.decision.shelf import Origin
from neurosym.values.canonical import Digest

DEPTH_MAX = 8  # of steps inside steps; browsers flatten what is nested too deep, and narrow screens have no room
OPEN_DEPTH = 2  # levels that are open from the start
STATES = {
    "no case": "does not apply: nothing satisfies it",
    "not proven": "does not apply: it was not proven, and the ruleset then reads it as false",
    "lifted": "does not count, because an exception to it is in effect",
    "open": "may apply: that is not known yet",
    "in effect": "applies",
}


@dataclass(slots=True)
class Steps:
    """What a page has shown so far, and links to instead of showing it again."""

    head: StepHead
    numbers: Mapping[Digest, int]
    questions: Questions
    provisions: Provisions
    done: set[Digest] = field(default_factory=set)

    def tree(self, explanation: Explanation) -> Markup:
        """The steps from the conclusions down. What is nested deeper than is shown follows after, where it goes on."""
        branch = _Branch(self, explanation.steps)
        parts = [branch.several(explanation.roots, 0)]
        while branch.waiting:
            root = branch.waiting.popleft()
            if root not in self.done:
                parts += [texted("h3", "Further down"), branch.several([root], 0)]
        return joined(parts)


@dataclass(slots=True)
class _Branch:
    page: Steps
    steps: Mapping[Digest, Step]
    waiting: deque[Digest] = field(default_factory=deque)

    def several(self, ids: Iterable[Digest], depth: int) -> Markup:
        items = [self.one(self.steps[each], depth) for each in ids]
        return element("ol", items, class_="steps") if items else joined()

    def one(self, step: Step, depth: int) -> Markup:
        """A step in full, or a link to where it is."""
        number = self.page.numbers[step.id]
        is_deep = depth >= DEPTH_MAX
        if step.id in self.page.done or is_deep:
            if step.id not in self.page.done:
                self.waiting.append(step.id)
            link = texted("a", f"step {number}", href=f"#step-{number}")
            return element("li", self.page.head.short(step), text_of(": see "), link, class_="again")
        self.page.done.add(step.id)
        whole = element(
            "details",
            element("summary", self.page.head.summary(step, number)),
            element("div", self.body(step, depth), class_="body"),
            open=depth < OPEN_DEPTH,
        )
        return element("li", whole, id=f"step-{number}", class_=f"step {step.kind}")

    def body(self, step: Step, depth: int) -> Iterator[Markup]:
        """Why the step holds."""
        yield from self.page.head.fields(step)
        if step.provision is not None:
            yield self.page.provisions.shown(step.provision)
        elif step.is_certain:
            yield from _given(step.origin)
        if step.findings:
            yield _conditions(step.findings)
        yield from map(parameter_shown, step.parameters)
        yield from map(self.page.questions.shown, step.judgments)
        yield from _reasons([text for _, text in step.reasons])
        if step.premises:
            yield texted("p", "It rests on:", class_="rests")
            yield self.several(step.premises, depth + 1)
        for exception in step.exceptions:
            yield self.exception(exception, depth)

    def exception(self, of: ExceptionShown, depth: int) -> Markup:
        """An exception that was considered, with what it read."""
        return element("section", self.considered(of, depth), class_="exception")

    def considered(self, of: ExceptionShown, depth: int) -> Iterator[Markup]:
        yield element("p", texted("strong", "Exception considered"), text_of(f": it {STATES[of.state]}."))
        yield self.page.provisions.shown(of.provision, "exception")
        yield from _reasons([text for _, text in of.reasons])
        yield from map(parameter_shown, of.parameters)
        yield from map(self.page.questions.shown, of.judgments)
        yield self.several(of.premises, depth + 1)
        for inner in of.exceptions:
            yield self.exception(inner, depth)


def _conditions(found: tuple[Finding, ...]) -> Markup:
    head = element("tr", texted("th", "Condition", scope="col"), texted("th", "In this case", scope="col"))
    rows = [
        element("tr", element("td", texted("code", each.condition)), element("td", texted("code", each.here)))
        for each in found
    ]
    return element("table", element("thead", head), element("tbody", rows), class_="conditions")


def _reasons(texts: list[str]) -> Iterator[Markup]:
    """Why something is not certain."""
    if texts:
        several = element("ul", (texted("li", text) for text in texts))
        yield element("div", texted("p", "Not certain, because of:"), several, class_="uncertain")


def _given(origin: Origin | None) -> Iterator[Markup]:
    """Where a fact was supplied, with the triples that it was read from."""
    if origin is None:
        yield texted("p", "Supplied with the request.", class_="soft")
    elif not origin.triples:
        yield element("p", text_of("Supplied at "), texted("code", str(origin.place)), text_of("."), class_="soft")
    else:
        about = texted("p", f"Read from the graph, about {origin.place.document}", class_="soft")
        triples = element("ul", (element("li", texted("code", each)) for each in origin.triples))
        yield about
        yield element("details", texted("summary", f"{len(origin.triples)} triples"), triples, class_="more")
