"""The judge: it asks the tiers of a house, hands every attempt on before looking at it, and examines what was said."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self, TypeAlias, assert_never

from neurosym.judgment.attempt import Attempt
from neurosym.judgment.computations import COMPUTATIONS
from neurosym.judgment.computed import Computations, ComputedAsker
from neurosym.judgment.configuration import ComputedTier, Configuration, ModelTier, PersonTier, Tier
from neurosym.judgment.configuration_file import parse_configuration
from neurosym.judgment.identity import question_id
from neurosym.judgment.person import PersonAsker
from neurosym.judgment.providers.chat import ChatAsker
from neurosym.judgment.route import DataClasses, next_tier, unseen_fields
from neurosym.judgment.tier import Asker, Request, Skipped, Waiting
from neurosym.judgment.validation import Disposition, Examination, Holds, examine
from neurosym.program.judgment import Judgment
from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.unknown import Question

Recorder: TypeAlias = Callable[[Attempt], None]


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question on its way through the tiers, with all that asking and examining need."""

    judgment: Judgment
    question: Question
    holds: Holds
    classes: DataClasses
    decision: str  # the one that waits for the answer
    earlier: tuple[Examination, ...] = ()


@dataclass(frozen=True, slots=True)
class Judge:
    """The tiers of a house, ready to be asked. Keys are read from `environment` at the moment of a call."""

    configuration: Configuration
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    computations: Computations = field(default_factory=dict, repr=False)

    @classmethod
    def from_config(cls, path: str | Path, environment: Mapping[str, str] | None = None) -> Self:
        """The judge that a judges.toml describes; InputError with every problem in it.

        Keys come from the variables that it names, in `environment` or else in that of the process; relative paths
        start at its folder.
        """
        path = Path(path)
        report = Report()
        try:
            content = path.read_bytes()
        except OSError as error:
            message = f"cannot read the configuration: {error.strerror}"
            raise InputError([Diagnostic("NS600", Severity.ERROR, message, Label(JsonPath(str(path))))]) from error
        configuration = parse_configuration(content, str(path), path.parent, report)
        report.stop_on_errors(InputError)
        return cls(configuration, os.environ if environment is None else environment, COMPUTATIONS)

    def next_tier(self, judgment: Judgment, tried: AbstractSet[str]) -> str | None:
        """The first configured tier of the judgment's route that was not tried, or None when none is left."""
        return next_tier(judgment, self.configuration, tried)

    def ask(self, tier: str, inquiry: Inquiry, record: Recorder) -> Examination | Waiting | Skipped:
        """What became of the question at one configured tier.

        Every attempt is handed to `record` before it is looked at: with a durable log behind it, no answer is used that
        is not recorded. A failed attempt is repeated, a rejected answer gets one correction, all within the attempts
        of the tier. What `record` raises passes through.
        """
        skipped = self._skipped(tier, inquiry)
        if skipped is not None:
            return skipped
        asker = self._asker(tier)
        question = question_id(inquiry.judgment, inquiry.question)
        request = Request(inquiry.judgment, inquiry.question, question, inquiry.decision, earlier=inquiry.earlier)
        while True:
            response = asker.ask(request)
            if isinstance(response, Waiting):
                return response
            record(response)
            examination = examine(inquiry.judgment, inquiry.question, response, inquiry.holds)
            following = _following(request, examination)
            if following is None or following.number > asker.attempts:
                return examination
            request = following

    def _skipped(self, name: str, inquiry: Inquiry) -> Skipped | None:
        tier = self.configuration.tier(name)
        if tier is None:
            return Skipped(name, "no tier has that name")
        unseen = unseen_fields(inquiry.judgment, tier, inquiry.classes)
        return Skipped(name, f"it may not see {', '.join(unseen)}") if unseen else None

    def _asker(self, name: str) -> Asker:
        tier = self.configuration.tier(name)
        match tier:
            case ComputedTier():
                return ComputedAsker(name, self.computations)
            case ModelTier():
                return ChatAsker(tier, self.environment)
            case PersonTier():
                return PersonAsker(name, self.configuration.folder / tier.review)
            case None:
                raise AssertionError(name)
            case _:
                assert_never(tier)


def _following(request: Request, examination: Examination) -> Request | None:
    """The next request at the same tier: again after a failure, once corrected after a rejection, else none."""
    if not asks_again(examination, is_corrected=request.correction is not None):
        return None
    correction = examination.correction or request.correction
    return replace(request, number=request.number + 1, correction=correction)


def asks_again(examination: Examination, *, is_corrected: bool) -> bool:
    """True when a tier with attempts left is asked again: after a failure, and once with our complaint."""
    if examination.disposition is Disposition.FAILED:
        return True
    return examination.correction is not None and not is_corrected


def attempts_at(tier: Tier | None) -> int:
    """How often a tier may be asked one question."""
    return tier.attempts if isinstance(tier, ModelTier) else 1
