"""What a demo counts: outcomes, the questions there could have been, those that were asked, and who answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from neurosym.decision.decision import Decision
from neurosym.decision.deliberation import Deliberation
from neurosym.decision.explanation.judgment import question_shown
from neurosym.decision.explanation.provision import provisions_by_id
from neurosym.engine.derivation import ExceptionNote
from neurosym.engine.verdict import Status
from neurosym.values.unknown import Asked, Question, Standing, Unknown

ALIKE = "Candidate"  # the shipped ruleset's pairs of a party and a list entry whose names are close
JUDGMENT = "same_person"
NOTHING_ELSE = "no rule concludes anything else"


@dataclass(frozen=True, slots=True)
class Screened:
    """What is kept of one decision, so that sixty models need not be."""

    id: str
    payment: str
    status: Status
    outcome: str | None
    act_on: str
    why: str
    waits: bool  # for a person
    possible: frozenset[Question]
    relevant: frozenset[Question]
    asked: frozenset[Question]
    tried: tuple[tuple[str, str], ...]  # tier, and what it made of a question

    @property
    def shown(self) -> str:
        """The outcome, or what is done while there is none."""
        return self.outcome or f"{self.status.value}: {self.act_on} meanwhile"


def screened(decision: Decision) -> Screened:
    """The tally of one decision."""
    found = decision.deliberation
    assert found is not None
    (subject,) = found.case.subject
    return Screened(
        decision.id,
        str(subject.key[0]),
        decision.status,
        decision.outcome,
        decision.act_on,
        _why(decision, found),
        any(matter.standing is Standing.WAITING for matter in found.matters.values()),
        frozenset(_possible(found)),
        frozenset(found.matters),
        frozenset(question for question, matter in found.matters.items() if matter.tried),
        tuple(_tried(found)),
    )


def questions(several: Iterable[frozenset[Question]]) -> int:
    """How many questions there are in all; one that several decisions share counts once."""
    return len(frozenset[Question]().union(*several))


def outcomes(several: Iterable[Screened], ranked: Sequence[str]) -> list[tuple[str, str, int]]:
    """Outcome, ground and number of payments: the highest outcome first, the undecided last."""
    counts = Counter((each.shown, each.why) for each in several)
    rank = {outcome: place for place, outcome in enumerate(ranked)}

    def order(row: tuple[str, str, int]) -> tuple[int, int, str]:
        outcome, why, number = row
        return rank.get(outcome, len(rank)), -number, why

    return sorted(((*key, number) for key, number in counts.items()), key=order)


def answers(several: Iterable[Screened]) -> list[tuple[str, Counter[str]]]:
    """What each tier made of the questions it was asked, in the order in which tiers were first asked."""
    found: dict[str, Counter[str]] = {}
    for each in several:
        for tier, what in each.tried:
            found.setdefault(tier, Counter())[what] += 1
    return list(found.items())


def _possible(found: Deliberation) -> Iterator[Question]:
    world = found.model.world
    declared = found.case.program.judgments[JUDGMENT]
    for entry in found.model.entries(ALIKE):
        if not entry.fact.unnamed:
            question = world.question(declared, entry.fact.key)
            if not isinstance(question, Unknown):
                yield question


def _tried(found: Deliberation) -> Iterator[tuple[str, str]]:
    for question in found.matters:
        for each in question_shown(found, question).tried:
            yield each.tier, each.what


def _why(decision: Decision, found: Deliberation) -> str:
    """The ground of the outcome in a few words; of an open one, what it waits for."""
    if decision.status is not Status.DECIDED:
        return _waiting_for(found)
    rules = [reason.rule for reason in decision.reasons if reason.outcome == decision.outcome]
    if rules:
        return _label(found, rules[0])
    defeats = [found.model.derivation(each) for each in found.verdict.defeated]
    lifted = [exception for each in defeats for exception in _in_effect(each.notes)]
    if lifted:
        return f"an exception lifts what a rule concludes: {_label(found, lifted[0])}"
    return f"{NOTHING_ELSE}, now that questions are answered" if decision.answers else NOTHING_ELSE


def _waiting_for(found: Deliberation) -> str:
    standings = {reason.standing for reason in found.verdict.reasons if isinstance(reason, Asked)}
    if Standing.WAITING in standings:
        return "a question waits for a person"
    if standings:
        return "a question has no answer that counts"
    return "something was not supplied"


def _in_effect(notes: Iterable[ExceptionNote]) -> list[str]:
    return [note.id for note in notes if note.state == "in effect"]


def _label(found: Deliberation, provision: str) -> str:
    return provisions_by_id(found.model)[provision].label
