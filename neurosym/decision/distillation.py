"""What persons and larger models answered, taught to a local model: a proposal, which switches nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from neurosym.judgment.answer import answer_key
from neurosym.judgment.configuration import LocalTier
from neurosym.judgment.local.head import Head
from neurosym.judgment.local.model import LocalModel
from neurosym.judgment.local.problems import open_question, too_few_labels
from neurosym.judgment.local.training import Taught, answers_given, enough, train
from neurosym.judgment.local.trial import Trial, by_majority, by_model, is_held_out, tried
from neurosym.program.judgment import Judgment
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.canonical import Json
from neurosym.values.encoding import wire
from neurosym.values.number import number_text

SHOWN_DIGITS = 12  # of a digest, in the name of a file
SWITCH = "nothing is switched: calibrate this version, and let a person put its lines into judges.toml"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A trained head as a new version of a tier, and what it is worth on cases that nothing was learnt from."""

    judgment: Judgment
    tier: LocalTier
    head: Head
    model: str
    labelled: int  # cases of the label file
    logged: int  # answers of the log that were learnt from beside them
    trials: tuple[Trial, ...]  # the head's first, then what it has to be better than

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"{self.judgment.name}-{self.head.digest.partition(':')[2][:SHOWN_DIGITS]}"

    @property
    def is_better(self) -> bool:
        """True when it was right more often than every baseline."""
        found, *others = self.trials
        return all(found.right > other.right for other in others)

    @property
    def unlearnt(self) -> tuple[Json, ...]:
        """The answers that no case had: it never gives them."""
        learnt = {answer_key(answer) for answer in self.head.answers}
        return tuple(wire(answer) for answer in self.judgment.answers if answer_key(answer) not in learnt)

    @property
    def json(self) -> dict[str, Json]:
        """The proposal as `judgments distill --format json` writes it."""
        return {
            "judgment": self.judgment.name,
            "tier": self.tier.name,
            "model": self.model,
            "head": self.head.digest,
            "encoder": self.head.encoder,
            "labelled": self.labelled,
            "logged": self.logged,
            "learnt_from": self.head.cases,
            "never_answers": [*self.unlearnt],
            "is_better": self.is_better,
            "trials": [trial.json for trial in self.trials],
            "note": SWITCH,
        }

    @property
    def text(self) -> Iterator[str]:
        """The proposal for people, line by line."""
        yield f"{self.judgment.name}: learnt from {self.head.cases} cases ({self.logged} of them from the log)"
        for trial in self.trials:
            low, high = (number_text(each) for each in trial.interval)
            yield f"  {trial.name}: {trial.right} of {trial.of} held-out cases right, between {low} and {high}"
        for label, said, count in self.trials[0].counts:
            yield f"  {_shown(wire(label))} was answered {_shown(wire(said))}: {count}"
        if self.unlearnt:
            yield f"  it never answers {', '.join(map(_shown, self.unlearnt))}: no case had that answer"
        if not self.is_better:
            yield "  it is not better than every baseline: keep what you have"
        yield SWITCH

    def toml(self, artefact: str) -> str:
        """The lines of judges.toml that would put it to use, with the file of the head at `artefact`."""
        lines = [
            f"[tier.{self.tier.name}]",
            'kind = "model"',
            f"directory = {_shown(self.tier.directory)}",
            f"artefact = {_shown(artefact)}",
            f"model = {_shown(self.model)}",
            f"may_see = [{', '.join(map(_shown, self.tier.may_see))}]",
        ]
        if self.tier.features:
            lines += ["", f"[tier.{self.tier.name}.features]"]
            lines += [f"{_shown(name)} = {_shown(text)}" for name, text in self.tier.features]
        return "\n".join(lines) + "\n"


def _shown(value: Json) -> str:
    return "no answer" if value is None else json.dumps(value, ensure_ascii=False)


def distilled(
    judgment: Judgment,
    tier: LocalTier,
    plain: LocalModel,
    labelled: Sequence[Taught],
    logged: Sequence[Taught] = (),
    progress: Callable[[int, int], None] = lambda _, __: None,
) -> Proposal:
    """The proposal that the cases lead to; `plain` is the tier's model without a head. InputError: NS676 when nothing
    can be learnt, NS677 when the judgment is not closed.

    One in four labelled cases is held out, by the digest of its question. What the log says of a labelled case does
    not count: the label does.
    """
    report = Report()
    at = JsonPath("labels")
    if not judgment.is_closed:
        report.add(open_question(judgment.name, at))
        report.stop_on_errors(InputError)
    known = {case.id for case in labelled}
    more = [case for case in logged if case.id not in known and not is_held_out(case.id)]
    held_out = [case for case in labelled if is_held_out(case.id)]
    cases = [*(case for case in labelled if not is_held_out(case.id)), *more]
    complaint = enough(judgment, cases) or ("none of them is held out for a trial" if not held_out else None)
    if complaint is not None:
        report.add(too_few_labels(at, complaint))
    report.stop_on_errors(InputError)
    plain = replace(plain, encoder=plain.encoder.remembering())
    for number, case in enumerate(every := [*cases, *held_out], start=1):
        plain.inputs(judgment, case.question)  # what takes the time; the encoder remembers it
        progress(number, len(every))
    head = train(judgment, plain, cases)
    trained = replace(plain, head=head)
    trials = (
        tried("trained", judgment, held_out, by_model(judgment, trained)),
        tried("without labels", judgment, held_out, by_model(judgment, plain)),
        tried("always the most frequent answer", judgment, held_out, by_majority(judgment, cases)),
    )
    assert answers_given(judgment, cases) == head.answers
    return Proposal(judgment, tier, head, trained.name, len(labelled), len(more), trials)
