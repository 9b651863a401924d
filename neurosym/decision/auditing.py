"""Accepted answers of models that go to persons all the same, by the share that a judgment declares (`audit 2%`).

Which ones is drawn with a key that this process alone has. The decision is made and logged before; whoever contradicts
an answer later has it made again.
"""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.decision.deliberation import Deliberation
from neurosym.judgment.answer import Kind
from neurosym.judgment.audit_share import is_audited
from neurosym.judgment.configuration import Configuration, PersonTier
from neurosym.judgment.identity import question_id
from neurosym.judgment.person import PersonAsker
from neurosym.judgment.tier import Request
from neurosym.program.judgment import Judgment


def audits(found: Deliberation, key: bytes) -> Iterator[Request]:
    """The accepted answers that were drawn, as requests whose last earlier answer is the one to be looked at."""
    for question, matter in found.matters.items():
        judgment, answer = found.case.program.judgments[question.judgment], matter.answer
        if judgment.audit_percent is None or answer is None or answer.kind is not Kind.MODEL:
            continue
        asked = question_id(judgment, question)
        if is_audited(judgment.audit_percent, key, found.case.id, asked):
            heard = tuple(each for each in matter.heard if each.answer is answer)
            yield Request(judgment, question, asked, found.case.id, earlier=heard)


def auditor(judgment: Judgment, configuration: Configuration) -> PersonAsker | None:
    """The persons who look at audited answers: those of the judgment's route, else the first that there are."""
    named = [configuration.tier(step.tier) for step in judgment.route]
    persons = [tier for tier in (*named, *configuration.tiers) if isinstance(tier, PersonTier)]
    return PersonAsker(persons[0], configuration.folder) if persons else None
