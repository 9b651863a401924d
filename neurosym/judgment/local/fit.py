"""Whether a trained head belongs to a judgment and a model: its weights are numbers by place, and say nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.judgment.answer import AnswerValue
from neurosym.judgment.answer_value import MisfitError, is_allowed, read_value
from neurosym.judgment.local.encoder import Encoder
from neurosym.judgment.local.feature import Declared
from neurosym.judgment.local.head import Head
from neurosym.judgment.local.material import LAYOUT
from neurosym.program.judgment import Judgment
from neurosym.values.encoding import wire


def inputs_count(judgment: Judgment, width: int, features: int) -> int:
    """How many numbers a head sees: the vector of the material, each pair of arguments, and two for each feature."""
    arguments = len(judgment.parameters)
    pairs = arguments * (arguments - 1) // 2
    return width + pairs * (1 + width) + 2 * features


def fields_read(judgment: Judgment) -> tuple[str, ...]:
    """The paths of the fields that are in the material."""
    return tuple(f"{argument}.{name}" for argument, name in (*judgment.reads, *judgment.evidence))


def misfit(head: Head, judgment: Judgment, encoder: Encoder, features: Declared) -> str | None:
    """Why the head is for something else, or None."""
    count = inputs_count(judgment, encoder.width, len(features))
    complaints = (
        (head.judgment != judgment.name, f"it is for `{head.judgment}`, not for `{judgment.name}`"),
        (head.encoder != encoder.digest, "it was trained on the vectors of another model"),
        (head.layout != LAYOUT, "it was trained on texts that were laid out in another way"),
        (head.features != features, "it was trained with other features than the tier declares"),
        (head.reads != fields_read(judgment), f"`{judgment.name}` reads other fields than it was trained on"),
        (not _are_allowed(head.answers, judgment), "it gives answers that are not allowed"),
        (any(len(row) != count for row in head.weights), "it weighs another number of inputs than there are"),
    )
    return next((message for is_wrong, message in complaints if is_wrong), None)


def _are_allowed(answers: Sequence[AnswerValue], judgment: Judgment) -> bool:
    try:
        found = [read_value(wire(answer), judgment.returns) for answer in answers]
    except MisfitError:
        return False
    return len(set(answers)) == len(answers) and all(is_allowed(each, judgment.returns) for each in found)
