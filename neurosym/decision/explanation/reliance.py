"""How much of a proof rests on judgments, and who answered them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from neurosym.decision.explanation.structure import JudgmentShown, Reliance, Step
from neurosym.values.canonical import Digest


def reliance(steps: Mapping[Digest, Step]) -> Reliance:
    """How many of the conclusions rest on an answered judgment, directly or through others; each answer counts once."""
    answers = answered(judged for step in steps.values() for judged in step.read)
    resting = _resting(steps)
    conclusions = [step for step in steps.values() if step.provision is not None]
    judged = [step for step in conclusions if step.id in resting]
    return Reliance(len(conclusions), len(judged), answers)


def answered(judged: Iterable[JudgmentShown]) -> tuple[tuple[str, int], ...]:
    """How many of the questions were answered, by tier and kind; each question counts once."""
    answers = {each.question: each.answer for each in judged if each.answer}
    by = Counter(f"{answer.tier} ({answer.kind.value})" for answer in answers.values())
    return tuple(sorted(by.items()))


def _resting(steps: Mapping[Digest, Step]) -> set[Digest]:
    above: dict[Digest, list[Digest]] = {}
    for step in steps.values():
        for premise in step.below:
            above.setdefault(premise, []).append(step.id)
    waiting = [step.id for step in steps.values() if any(judged.answer for judged in step.read)]
    found: set[Digest] = set()
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(above.get(one, ()))
    return found
