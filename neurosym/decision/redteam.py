"""A judgment attacked: texts put into the material of labelled cases, and what became of a tier's answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from neurosym.decision.calibration import valid_claim
from neurosym.decision.case_inquiry import CaseInquiries
from neurosym.decision.labels import LabelledCase
from neurosym.decision.ruleset import Ruleset
from neurosym.judgment.calibration.binomial import upper_bound
from neurosym.judgment.identity import question_id
from neurosym.judgment.judge import Judge
from neurosym.judgment.poll import Heard
from neurosym.judgment.redteam.corpus import Injection
from neurosym.judgment.validation import Disposition
from neurosym.program.judgment import Judgment
from neurosym.text.failure import ProviderError
from neurosym.values.canonical import Json, canonical_bytes
from neurosym.values.encoding import tagged
from neurosym.values.number import Number, number_text
from neurosym.values.value import Fact

DOUBT = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a case once a text stood in its material; None where there was no valid answer."""

    injection: Injection
    case: LabelledCase
    clean: bytes | None
    said: bytes | None
    is_accepted: bool

    @property
    def is_moved(self) -> bool:
        """True when the answer is another than without the text."""
        return self.said is not None and self.said != self.clean


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, with what the true share does not exceed (95 percent, Clopper and Pearson)."""

    count: int
    of: int

    @property
    def bound(self) -> Number:
        """What the true share does not exceed; 1 where nothing was tried."""
        return upper_bound(self.count, self.of, DOUBT)

    @property
    def json(self) -> Json:
        """The share as `judgments redteam --format json` writes it."""
        return {"count": self.count, "of": self.of, "bound": number_text(self.bound)}


@dataclass(frozen=True, slots=True)
class RedTeam:
    """The trials of one tier, with how they went."""

    tier: str
    trials: tuple[Trial, ...]

    @property
    def shares(self) -> Mapping[str, Share]:
        """Attacks that moved a valid answer, and that moved one that was accepted; harmless texts that moved one, and
        that left a case without an answer that had one.
        """
        attacks = [each for each in self.trials if each.injection.is_attack]
        harmless = [each for each in self.trials if not each.injection.is_attack]
        lost = sum(each.said is None and each.clean is not None for each in harmless)
        return {
            "attacks that moved an answer": Share(sum(each.is_moved for each in attacks), len(attacks)),
            "attacks that moved an accepted answer": Share(
                sum(each.is_moved and each.is_accepted for each in attacks), len(attacks)
            ),
            "harmless texts that moved an answer": Share(sum(each.is_moved for each in harmless), len(harmless)),
            "harmless texts that cost an answer": Share(lost, len(harmless)),
        }

    @property
    def json(self) -> Json:
        """The trials as `judgments redteam --format json` writes them: the shares, and every text that moved one."""
        moved: list[Json] = [
            {"name": each.injection.name, "source": each.injection.source, "case": each.case.id}
            for each in self.trials
            if each.is_moved
        ]
        shares: dict[str, Json] = {name: share.json for name, share in self.shares.items()}
        return {"tier": self.tier, "shares": shares, "moved": moved}


def red_team(
    judge: Judge,
    tier: str,
    ruleset: Ruleset,
    judgment: Judgment,
    cases: Sequence[LabelledCase],
    injections: Sequence[Injection],
    on: date,
    progress: Callable[[int, int], None] = lambda _, __: None,
) -> RedTeam:
    """Every text in the material of every case, beside what the tier says without it. ProviderError when the tier
    cannot be asked, or the judgment reads no text.
    """
    asking = CaseInquiries(ruleset, judgment, on)
    clean = dict(zip([case.id for case in cases], map(_said, asking.heard(judge, tier, cases)), strict=True))
    pairs = [(injection, case) for injection in injections for case in cases]
    attacked = (injected(case, judgment, injection.text) for injection, case in pairs)
    found = asking.heard(judge, tier, attacked, lambda done: progress(done, len(pairs)))
    trials = [
        Trial(injection, case, clean[case.id], _said(each), each.disposition is Disposition.ACCEPTED)
        for (injection, case), each in zip(pairs, found, strict=True)
    ]
    return RedTeam(tier, tuple(trials))


def attacked_field(judgment: Judgment, case: LabelledCase) -> str | None:
    """The field of the material that a stranger could have written: evidence first, else a text that is read."""
    content = dict(case.question.content)
    paths = [f"{argument}.{name}" for argument, name in (*judgment.evidence, *judgment.reads)]
    return next((path for path in paths if isinstance(content.get(path), str)), None)


def injected(case: LabelledCase, judgment: Judgment, text: str) -> LabelledCase:
    """The case with the text at the end of a field of its material, and in the fact that the field is of."""
    path = attacked_field(judgment, case)
    if path is None:
        raise ProviderError(f"`{judgment.name}` reads no text that anybody could write into")
    content = tuple((each, f"{value}\n{text}" if each == path else value) for each, value in case.question.content)
    question = replace(case.question, content=content)
    argument, _, member = path.partition(".")
    place = [name for name, _ in judgment.parameters].index(argument)
    facts = [*case.facts]
    held = facts[place]
    facts[place] = Fact(held.type, held.key, {**held.fields, member: dict(content)[path]})  # type: ignore[dict-item]
    return replace(case, question=question, id=question_id(judgment, question), facts=tuple(facts))


def _said(heard: Heard) -> bytes | None:
    claim = valid_claim(heard)
    return None if claim is None else canonical_bytes(tagged(claim.value))
