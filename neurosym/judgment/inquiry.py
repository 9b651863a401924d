"""What is asked of a tier, and what became of it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from neurosym.judgment.acceptance import NO_TRUST, Trust
from neurosym.judgment.poll import Heard
from neurosym.judgment.route import DataClasses
from neurosym.judgment.tier import Skipped, Waiting
from neurosym.judgment.validation import Holds
from neurosym.program.judgment import Judgment
from neurosym.values.unknown import Question

Response: TypeAlias = Heard | Waiting | Skipped


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question on its way through the tiers, with all that asking and examining need."""

    judgment: Judgment
    question: Question
    holds: Holds
    classes: DataClasses
    decision: str  # the one that waits for the answer
    earlier: tuple[Heard, ...] = ()
    trust: Trust = NO_TRUST
