"""Judged questions in explanations: what was asked of whom, and what came of it."""

from __future__ import annotations

from neurosym.decision.deliberation import Deliberation, Matter
from neurosym.decision.explanation.structure import JudgmentShown, Tried
from neurosym.decision.explanation.value import written_call
from neurosym.decision.wording import STANDINGS, reason_text
from neurosym.judgment.identity import question_id
from neurosym.judgment.poll import Heard
from neurosym.judgment.validation import Disposition
from neurosym.values.encoding import sorted_reasons
from neurosym.values.unknown import Question, Standing, Unknown
from neurosym.values.value import Value

ANSWERED = "answered"
SET_ASIDE = "set aside: the outcome needs a stronger answer"
TRIED = {Disposition.ACCEPTED: ANSWERED}  # the other dispositions are called by their own names


def judgment_shown(found: Deliberation, judgment: str, arguments: tuple[Value, ...]) -> JudgmentShown:
    """The judgment that was read with these arguments."""
    world = found.model.world
    declared = world.program.judgments[judgment]
    question = world.question(declared, arguments)
    if not isinstance(question, Unknown):
        return question_shown(found, question)
    names = [name for name, _ in declared.parameters]
    says = written_call(judgment, tuple(zip(names, arguments, strict=True)))
    why = "; ".join(reason_text(world.program, each) for each in sorted_reasons(question.reasons))
    return JudgmentShown(judgment, declared.ask, declared.cites, None, None, says, None, f"no question yet: {why}", ())


def question_shown(found: Deliberation, question: Question) -> JudgmentShown:
    """The question with its answer, if the decision rests on one, and all that was tried to get it."""
    declared = found.case.program.judgments[question.judgment]
    matter = found.matters.get(question)
    is_used = question in found.model.world.situation.answers
    return JudgmentShown(
        question.judgment,
        declared.ask,
        declared.cites,
        question,
        question_id(declared, question),
        written_call(question.judgment, question.args),
        matter.answer if matter and is_used else None,
        _standing(matter, is_used=is_used),
        _tried(matter) if matter else (),
    )


def _standing(matter: Matter | None, *, is_used: bool) -> str:
    if is_used:
        return ANSWERED
    if matter is None:
        return STANDINGS[Standing.OPEN]
    return SET_ASIDE if matter.answer else STANDINGS[matter.standing]


def _tried(matter: Matter) -> tuple[Tried, ...]:
    """What the tiers made of the question, in the order in which they were asked."""
    said = {each.tier: _heard(each) for each in matter.heard}
    said |= {each.tier: Tried(each.tier, "skipped", each.reason) for each in matter.skipped}
    return tuple(said.get(tier) or Tried(tier, "waiting", "a person has the question") for tier in matter.tried)


def _heard(examination: Heard) -> Tried:
    what = TRIED.get(examination.disposition, examination.disposition.value)
    own = examination.claim.reason if examination.claim else None
    return Tried(examination.tier, what, own or examination.reason)
