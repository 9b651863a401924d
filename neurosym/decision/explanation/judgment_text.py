"""Judged questions for people: the answer, who gave it, what it quotes, what was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from neurosym.decision.explanation.structure import JudgmentShown
from neurosym.decision.explanation.value import written
from neurosym.judgment.answer import Answer, Form, Kind, Quote
from neurosym.values.unknown import Question


@dataclass(slots=True)
class Judged:
    """The judged questions of one text; each is told in full the first time."""

    told: set[Question] = field(default_factory=set)

    def lines(self, of: JudgmentShown) -> Iterator[str]:
        """The lines of one judged question."""
        yield judgment_line(of)
        if of.question is None or of.question not in self.told:
            yield from (f"  {line}" for line in _details(of))
        if of.question is not None:
            self.told.add(of.question)


def judgment_line(of: JudgmentShown) -> str:
    """What was asked and answered, in one line."""
    if of.answer is None:
        return f"not judged, {of.standing}: {of.says}"
    return f"judged {written(of.answer.value)} by {answerer(of.answer)}: {of.says}"


def _details(of: JudgmentShown) -> Iterator[str]:
    yield of.ask + (f" ({'; '.join(of.cites)})" if of.cites else "")
    if of.answer is not None:
        yield from (f"quoting {quote_text(quote)}" for quote in of.answer.quotes)
    yield from (f"tier {each.tier} {each.what}: {each.reason}" for each in of.tried)
    if of.question is not None:
        yield "read " + "; ".join(f"{path} {written(value)}" for path, value in of.question.content)


def answerer(of: Answer) -> str:
    """The tier, its kind, the persons, and whether a model's answer was calibrated."""
    names = f", {', '.join(written(name) for name in of.by)}" if of.by else ""
    calibration = "" if of.kind is not Kind.MODEL else ", calibrated" if of.calibrated else ", uncalibrated"
    return f"tier {of.tier} ({of.kind.value}{names}{calibration})"


def quote_text(of: Quote) -> str:
    """A quote with its place, counted in characters from 1."""
    form = "" if of.form is Form.WRITTEN else f" in {of.form.value}"
    return f"{of.field} from character {of.start + 1}{form}: {written(of.text)}"
