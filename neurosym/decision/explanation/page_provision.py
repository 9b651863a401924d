"""Rules, exceptions and parameters on a page: wording, source, days in force, and the text itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from neurosym.decision.explanation.markup import Markup, element, joined, linked, text_of, texted
from neurosym.decision.explanation.provision_text import ProvisionTexts
from neurosym.decision.explanation.structure import ParameterShown, ProvisionShown
from neurosym.decision.explanation.value import written
from neurosym.text.span import Span


@dataclass(slots=True)
class Provisions:
    """The rules and exceptions of a page; the text of each stands where it is first applied."""

    texts: ProvisionTexts = field(default_factory=ProvisionTexts)
    numbers: dict[Span, int] = field(default_factory=dict)

    def shown(self, of: ProvisionShown, kind: str = "rule") -> Markup:
        """What the provision is called and says, where it comes from, and since when it is in force."""
        name = texted("code", of.id)
        label = joined(texted("q", of.label), text_of(" "), name) if of.label else name
        says = element("p", text_of(f"By the {kind} "), label, class_="rule")
        return element("div", says, _sources(of), self.text(of, kind), class_="provision")

    def text(self, of: ProvisionShown, kind: str) -> Iterator[Markup]:
        """The text of the provision, or where on the page it is."""
        declared = self.texts.declaration(of.span)
        if declared is None:
            return
        if declared in self.numbers:
            link = texted("a", f"Text of this {kind}", href=f"#rule-{self.numbers[declared]}")
            yield element("p", link, class_="soft")
            return
        self.numbers[declared] = number = len(self.numbers) + 1
        summary = element("summary", text_of(f"Text of this {kind}, "), texted("span", of.place, class_="soft"))
        yield element("details", summary, texted_block(declared.text), class_="more", id=f"rule-{number}")


def texted_block(text: str) -> Markup:
    """Lines as they are, in a block that a keyboard can scroll."""
    lines = text.replace("\r\n", "\n")
    return texted("pre", lines, keep="\n\t", tabindex=0)


def _sources(of: ProvisionShown) -> Iterator[Markup]:
    if of.cites:
        yield element("p", text_of("Source: "), linked("; ".join(of.cites)), class_="cite")
    first = f" from {of.period.first}" if of.period.first else ""
    last = f" to {of.period.last}" if of.period.last else ""
    if first or last:
        yield texted("p", f"In force{first}{last}.", class_="cite")


def parameter_shown(of: ParameterShown) -> Markup:
    """A parameter with its value, its date and the source of both."""
    since = f", since {of.since}" if of.since else ""
    label = f" ({of.label})" if of.label else ""
    cites = joined(text_of("; source: "), linked("; ".join(of.cites))) if of.cites else joined()
    name, value = texted("code", of.name), texted("strong", written(of.value))
    return element("p", text_of("Parameter "), name, text_of(f"{label}: "), value, text_of(since), cites)
