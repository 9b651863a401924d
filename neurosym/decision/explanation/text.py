"""Explanations for people: an indented tree, each step under what rests on it; shared steps stand once in full."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from neurosym.decision.explanation.judgment_text import Judged
from neurosym.decision.explanation.structure import (
    ExceptionShown,
    Explanation,
    ParameterShown,
    ProvisionShown,
    Reliance,
    Step,
)
from neurosym.decision.explanation.value import written
from neurosym.decision.shelf import Origin
from neurosym.values.canonical import Digest

INDENT = "    "
DEFEATED = "defeated"
STATES = {
    "no case": "nothing satisfies it",
    "not proven": "not proven, and so read as false",
    "lifted": "does not count, because an exception to it is in effect",
    "open": "may be in effect",
    "in effect": "in effect",
}


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of an explanation is shown; those nearest to the conclusion come first."""

    steps_max: int = 200  # some screens full; whoever wants more asks for JSON, or for the inner fact
    depth_max: int = 20  # deeper lines would leave the screen on the right
    triples_max: int = 12  # of one fact
    reasons_max: int = 5  # of one step that is not certain


FULL = Extent()


@dataclass(slots=True)
class Told:
    """What a text has told so far, and refers to instead of telling it again."""

    numbers: dict[Digest, int] = field(default_factory=dict)
    judged: Judged = field(default_factory=Judged)


def explanation_lines(explanation: Explanation, extent: Extent, told: Told) -> list[str]:
    """The lines of the tree, one conclusion after another."""
    tree = _Tree(explanation, extent, _nearest(explanation, extent), told)
    lines = list(tree.below(explanation.roots, 0))
    shown = sum(step in told.numbers for step in explanation.steps)
    if shown < len(explanation.steps):
        lines.append(f"({shown} of {len(explanation.steps)} steps are shown)")
    return lines


def reliance_line(of: Reliance) -> str:
    """How much of the proof rests on judgments, by whom answered."""
    if not of.conclusions:
        line = "no conclusions, and so none that rests on a judged answer"
    elif not of.judged:
        line = f"none of {_count(of.conclusions, 'conclusion')} rests on a judged answer"
    else:
        rest = "rests" if of.judged == 1 else "rest"
        line = f"{of.judged} of {_count(of.conclusions, 'conclusion')} {rest} on judged answers: {_answers(of.answers)}"
    return line + (f"; beside that, on the way: {_answers(of.others)}" if of.others else "")


def _answers(several: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{_count(count, 'answer')} by tier {who}" for who, count in several)


def _count(number: int, of: str) -> str:
    return f"{number} {of}" + ("" if number == 1 else "s")


def _nearest(explanation: Explanation, extent: Extent) -> frozenset[Digest]:
    """The steps nearest to the roots, as many as are to be shown."""
    found: dict[Digest, None] = {}
    waiting = deque((root, 0) for root in explanation.roots)
    while waiting and len(found) < extent.steps_max:
        step, depth = waiting.popleft()
        if step not in found:
            found[step] = None
            if depth < extent.depth_max:
                waiting.extend((premise, depth + 1) for premise in explanation.steps[step].below)
    return frozenset(found)


@dataclass(slots=True)
class _Tree:
    explanation: Explanation
    extent: Extent
    shown: frozenset[Digest]
    told: Told

    def below(self, ids: Iterable[Digest], depth: int) -> Iterator[str]:
        """The steps, and how many more there are that are not shown."""
        left_out = 0
        for each in ids:
            if each in self.shown and depth <= self.extent.depth_max:
                yield from self.step(self.explanation.steps[each], depth)
            else:
                left_out += 1
        if left_out:
            yield f"{INDENT * depth}... {left_out} more"

    def step(self, step: Step, depth: int) -> Iterator[str]:
        indent = INDENT * depth
        numbers = self.told.numbers
        if step.id in numbers:
            yield f"{indent}{step.says} (see [{numbers[step.id]}] above)"
            return
        numbers[step.id] = len(numbers) + 1
        yield f"{indent}[{numbers[step.id]}] {_standing(step)}{step.says}"
        is_new = depth == 0 or step.provision is None
        for line in (*self.grounds(step), *(self.reasons([text for _, text in step.reasons]) if is_new else ())):
            yield f"{indent}{INDENT}{line}"
        yield from self.below(step.premises, depth + 1)
        for exception in step.exceptions:
            yield from self.exception(exception, depth + 1)

    def grounds(self, step: Step) -> Iterator[str]:
        """What a step rests on beside other steps."""
        if step.provision is not None:
            yield f"by {provision_line(step.provision)}"
        elif step.is_certain:
            yield from given_lines(step.origin, self.extent.triples_max)
        for finding in step.findings:
            yield f"when {finding.condition}"
            yield f"here {finding.here}"
        for parameter in step.parameters:
            yield parameter_line(parameter)
        for judged in step.judgments:
            yield from self.told.judged.lines(judged)

    def reasons(self, texts: list[str]) -> Iterator[str]:
        """Why a step is not certain."""
        for text in texts[: self.extent.reasons_max]:
            yield f"not certain: {text}"
        if len(texts) > self.extent.reasons_max:
            yield f"... {len(texts) - self.extent.reasons_max} more reasons"

    def exception(self, exception: ExceptionShown, depth: int) -> Iterator[str]:
        indent = INDENT * depth
        yield f"{indent}exception {provision_line(exception.provision)}: {STATES[exception.state]}"
        for text in self.reasons([text for _, text in exception.reasons]):
            yield f"{indent}{INDENT}{text}"
        for parameter in exception.parameters:
            yield f"{indent}{INDENT}{parameter_line(parameter)}"
        for judged in exception.judgments:
            for line in self.told.judged.lines(judged):
                yield f"{indent}{INDENT}{line}"
        yield from self.below(exception.premises, depth + 1)
        for inner in exception.exceptions:
            yield from self.exception(inner, depth + 1)


def _standing(step: Step) -> str:
    if step.kind == DEFEATED:
        return "but for an exception: "
    return "" if step.is_certain else "possible: "


def provision_line(of: ProvisionShown) -> str:
    """A provision by its name, label, citations and period."""
    label = f" {written(of.label)}" if of.label else ""
    first = f", from {of.period.first}" if of.period.first else ""
    last = f", to {of.period.last}" if of.period.last else ""
    return f"{of.id}{label}{citations(of.cites)}{first}{last}"


def parameter_line(of: ParameterShown) -> str:
    """A parameter with its value, its date and the source of both."""
    since = f" since {of.since}" if of.since else ""
    return f"parameter {of.name} = {written(of.value)}{since}{citations(of.cites)}"


def given_lines(origin: Origin | None, triples_max: int) -> Iterator[str]:
    """Where a fact was supplied, with the triples that it was read from."""
    if origin is None:
        yield "given"
        return
    if not origin.triples:
        yield f"given at {origin.place}"
        return
    yield f"given by {_count(len(origin.triples), 'triple')} of the graph about {origin.place.document}"
    yield from origin.triples[:triples_max]
    if 0 < triples_max < len(origin.triples):
        yield f"... {len(origin.triples) - triples_max} more triples"


def citations(cites: tuple[str, ...]) -> str:
    """The citations in brackets, or nothing."""
    return f" ({'; '.join(cites)})" if cites else ""
