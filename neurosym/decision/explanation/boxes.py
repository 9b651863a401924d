"""The steps of an explanation as boxes with lines between them, as many as a drawing shows."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from neurosym.decision.explanation.fitting import clipped, wrapped
from neurosym.decision.explanation.structure import Explanation, Step
from neurosym.decision.explanation.value import written_member
from neurosym.program.program import Program
from neurosym.text.escape import printable
from neurosym.values.canonical import Digest
from neurosym.values.value import Fact

BOXES_MAX = 60  # more than these nobody follows with the eyes
LINE_WIDTH = 188
FIELDS_MAX, SAYS_MAX = 4, 5  # lines
KINDS = {"outcome": "Outcome", "duty": "Duty", "defeated": "Outcome taken away"}


@dataclass(frozen=True, slots=True)
class Box:
    """What a box of a drawing says. `kind` is given, derived or, of a conclusion that is no fact, its own."""

    number: int
    kind: str
    title: str
    lines: tuple[str, ...]
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a premise to what it leads to, by the places of their boxes; `is_excepting` where an exception reads it."""

    source: int
    target: int
    is_excepting: bool


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes in the order of their steps, the arrows between them, and how many steps have none."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    left_out: int


def boxes_of(explanation: Explanation, numbers: Mapping[Digest, int], program: Program, most: int = BOXES_MAX) -> Boxes:
    """The boxes of the steps nearest to the conclusions, and the arrows between them."""
    near = _nearest(explanation, most)
    steps = [step for key, step in explanation.steps.items() if key in near]
    place = {step.id: at for at, step in enumerate(steps)}
    arrows = [
        Arrow(place[premise], place[step.id], premise not in step.premises)
        for step in steps
        for premise in step.below
        if premise in place
    ]
    boxes = [_box(step, numbers[step.id], program) for step in steps]
    return Boxes(tuple(boxes), tuple(arrows), len(explanation.steps) - len(steps))


def _nearest(explanation: Explanation, most: int) -> frozenset[Digest]:
    found: dict[Digest, None] = {}
    waiting = deque(explanation.roots)
    while waiting and len(found) < most:
        step = waiting.popleft()
        if step not in found:
            found[step] = None
            waiting.extend(explanation.steps[step].below)
    return frozenset(found)


def _box(step: Step, number: int, program: Program) -> Box:
    if step.fact is None or step.kind in KINDS:
        lines: Sequence[str] = wrapped(printable(step.says.removeprefix("duty ")), LINE_WIDTH, SAYS_MAX)
        title = KINDS.get(step.kind, step.kind)
    else:
        lines, title = _field_lines(step.fact, program), step.fact.type
    if step.provision is not None:
        lines = [*lines, clipped(f"by {printable(step.provision.id)}", LINE_WIDTH)]
    kind = step.kind if step.kind in KINDS else "given" if step.provision is None else "derived"
    return Box(
        number, kind, clipped(printable(title), LINE_WIDTH - 40), tuple(lines), step.is_certain or kind == "defeated"
    )


def _field_lines(fact: Fact, program: Program) -> list[str]:
    """The key first, then what there is room for."""
    if fact.unnamed:
        return ["nobody named it"]
    declared = program.fact_types[fact.type]
    keys = [each.name for each in declared.key_fields]
    names = [*keys, *(name for name in fact.fields if name not in keys)]
    shown = names if len(names) <= FIELDS_MAX else names[: FIELDS_MAX - 1]
    lines = [clipped(printable(f"{name}: {written_member(fact, name)}"), LINE_WIDTH) for name in shown]
    return lines + ([f"and {len(names) - len(shown)} more fields"] if len(shown) < len(names) else [])
