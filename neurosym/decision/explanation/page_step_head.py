"""What a step says, in short for its line and field by field inside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from neurosym.decision.explanation.markup import Markup, element, joined, text_of, texted
from neurosym.decision.explanation.structure import Step
from neurosym.decision.explanation.value import written, written_member
from neurosym.program.program import Program

KINDS = {"outcome": "Outcome", "duty": "Duty", "defeated": "Taken away"}


@dataclass(frozen=True, slots=True)
class StepHead:
    """Words for the steps of a program's proofs."""

    program: Program

    def summary(self, step: Step, number: int) -> Markup:
        """The line that stands for the step: its number, what holds, and how sure that is."""
        tag = "" if step.is_certain else "possible"
        if step.kind == "defeated":
            tag = "but for an exception"
        elif step.is_certain and step.provision is None:
            tag = "given"
        shown = element("span", text_of(tag), class_=f"tag {tag.partition(' ')[0]}") if tag else joined()
        return joined(texted("span", str(number), class_="number"), self.short(step), text_of(" "), shown)

    def short(self, step: Step) -> Markup:
        """What the step says; of a fact no more than its type and key."""
        fact = step.fact
        if fact is None or step.kind in KINDS:
            says = step.says.removeprefix("duty ")
            return element("span", texted("b", KINDS.get(step.kind, step.kind)), text_of(f" {says}"), class_="says")
        if fact.unnamed:
            return texted("span", step.says, class_="says")
        keys = ", ".join(written(fact.fields[each.name]) for each in self.program.fact_types[fact.type].key_fields)
        return element("span", texted("b", fact.type), text_of(f" {keys}"), class_="says")

    def fields(self, step: Step) -> Iterator[Markup]:
        """What kind of fact it is, and all its fields."""
        fact = step.fact
        if fact is None or fact.unnamed or step.kind in KINDS:
            return
        label = self.program.fact_types[fact.type].label
        if label:
            yield texted("p", f"{label}.", class_="soft")
        pairs = (joined(texted("dt", name), texted("dd", written_member(fact, name))) for name in fact.fields)
        yield element("dl", pairs, class_="fields")
