"""What the judgments of a log came to: how rarely they were asked, who was believed, what it cost, who disagreed."""

from __future__ import annotations

from collections.abc import Callable

from neurosym.audit.entry import Entry
from neurosym.audit.reader import LogReader
from neurosym.decision.calibration import heard_key, valid_claim
from neurosym.decision.deliberation import Deliberation, Matter
from neurosym.decision.judgment_tally import JudgmentReport, JudgmentTally, TierTally
from neurosym.decision.logged_answers import reviews
from neurosym.decision.possible_questions import questions_about
from neurosym.decision.replay import Replayer
from neurosym.engine.verdict import Status
from neurosym.judgment.acceptance import score_of
from neurosym.judgment.answer import AnswerValue, Kind
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.calibration.drift import Observed
from neurosym.judgment.document import read_reviews
from neurosym.judgment.identity import question_id
from neurosym.judgment.poll import Heard, Poll
from neurosym.judgment.validation import Disposition, Examination
from neurosym.program.judgment import Judgment
from neurosym.text.failure import DiagnosticsError, ErasedError, ReplayError
from neurosym.values.canonical import Digest, canonical_bytes
from neurosym.values.encoding import tagged
from neurosym.values.unknown import Question, Standing


def judgment_report(log: LogReader, progress: Callable[[int, int], None] = lambda _, __: None) -> JudgmentReport:
    """The report of a log. Every decision is executed again, so that nothing in it is taken on trust.

    `progress` is told how many decisions are done, and of how many.
    """
    made = [*log.decisions()]
    counting = _Counting(log, Replayer(log))
    followed = {entry.previous for entry in made}
    todo = [entry for entry in made if entry.seq not in followed or entry.decision in counting.reviewed]
    for number, entry in enumerate(todo, start=1):
        try:
            counting.read(entry, is_newest=entry.seq not in followed)
        except (ReplayError, DiagnosticsError, ErasedError):
            counting.report.unreadable.append(entry.decision or f"entry {entry.seq}")
        progress(number, len(todo))
    if made:
        counting.report.period = (made[0].stamp.time, made[-1].stamp.time)
    return counting.report


class _Counting:
    """A report in the making. Of decisions made again because of an answer, the newest counts; in those before it only
    what persons said is compared with what tiers said.
    """

    def __init__(self, log: LogReader, replayer: Replayer) -> None:
        self.replayer = replayer
        self.report = JudgmentReport()
        self.reviewed: set[str | None] = set()
        self._said: dict[Digest, Attempt] = {}  # by question
        self._seen: set[int] = set()  # entries of attempts that were counted
        self._compared: set[tuple[Digest, str, str]] = set()
        self._observed: set[tuple[Digest, str]] = set()
        for entry, attempt in reviews(log):
            self.reviewed.add(entry.decision)
            self._said[attempt.question] = attempt

    def read(self, entry: Entry, *, is_newest: bool) -> None:
        """Count a decision."""
        found = self.replayer.executed(entry).deliberation
        assert found is not None
        _, ruleset, _ = self.replayer.plan(entry)
        for artefact in ruleset.calibrations:
            self.report.artefacts[artefact.key] = artefact
        if is_newest:
            self._count(entry, found)
        for question, matter in found.matters.items():
            judgment = found.case.program.judgments[question.judgment]
            self._compare(judgment, question, matter)

    def _count(self, entry: Entry, found: Deliberation) -> None:
        report, case = self.report, found.case
        report.decisions += 1
        report.undecided += found.verdict.status is not Status.DECIDED
        model = self.replayer.evaluator(entry)(case.situation)
        for question in questions_about(model, case.decision.name, case.subject) | set(found.matters):
            report.judgment(question.judgment).possible += 1
        names = {}
        for question, matter in found.matters.items():
            names[question_id(case.program.judgments[question.judgment], question)] = question.judgment
            _count_matter(report.judgment(question.judgment), matter)
        for seq, attempt in self.replayer.effects(entry):
            if seq not in self._seen and attempt.question in names:
                report.judgment(names[attempt.question]).tier(attempt.tier).note(attempt)
            self._seen.add(seq)

    def _compare(self, judgment: Judgment, question: Question, matter: Matter) -> None:
        """Count what persons said to the answers of tiers, and what tiers say beside their calibrations; each question
        once, however many decisions it came up in.
        """
        asked = question_id(judgment, question)
        said = self._person_said(judgment, asked, matter)
        last: dict[str, Heard] = {each.tier: each for each in matter.heard}
        for heard in last.values():
            key = heard_key(judgment, heard) if _is_model(heard) else None
            for voice in heard.voices if isinstance(heard, Poll) else (heard,):
                self._compare_voice(self.report.judgment(judgment.name).tier(voice.tier), asked, voice, said)
            if key is None or heard.disposition is Disposition.FAILED or (asked, heard.tier) in self._observed:
                continue
            self._observed.add((asked, heard.tier))
            self._observe(self.report.observed.setdefault(key, Observed()), heard, said)

    def _compare_voice(self, tally: TierTally, asked: Digest, voice: Examination, said: bytes | None) -> None:
        claim = valid_claim(voice)
        mark = (asked, voice.tier, f"{voice.attempt.model}/{voice.attempt.sample}")
        if voice.attempt.kind is not Kind.MODEL or claim is None or said is None or mark in self._compared:
            return
        self._compared.add(mark)
        tally.compared += 1
        tally.disagreed += _said(claim.value) != said

    def _observe(self, observed: Observed, heard: Heard, said: bytes | None) -> None:
        claim = valid_claim(heard)
        observed.scores.append(None if claim is None else score_of(claim))
        if heard.disposition is Disposition.ACCEPTED and claim is not None and said is not None:
            observed.audited += 1
            observed.contradicted += _said(claim.value) != said

    def _person_said(self, judgment: Judgment, asked: Digest, matter: Matter) -> bytes | None:
        """What persons answered to the question, or None."""
        if asked in self._said:
            return _said(read_reviews(self._said[asked].response or b"", judgment).value)
        answer = matter.answer
        return _said(answer.value) if answer is not None and answer.kind is Kind.PERSON else None


def _is_model(heard: Heard) -> bool:
    return isinstance(heard, Poll) or heard.attempt.kind is Kind.MODEL


def _count_matter(tally: JudgmentTally, matter: Matter) -> None:
    tally.relevant += 1
    tally.asked += any(not _is_refused(each) for each in matter.heard) or matter.standing is Standing.WAITING
    if matter.answer is not None:
        tally.answered[matter.answer.tier] = tally.answered.get(matter.answer.tier, 0) + 1
    elif matter.standing is Standing.WAITING:
        tally.waiting += 1
    else:
        tally.unanswered += 1
    for each in matter.heard:
        for voice in each.voices if isinstance(each, Poll) else (each,):
            dispositions = tally.tier(voice.tier).dispositions
            dispositions[voice.disposition.value] = dispositions.get(voice.disposition.value, 0) + 1


def _is_refused(heard: Heard) -> bool:
    return isinstance(heard, Examination) and heard.attempt.is_refusal


def _said(value: AnswerValue | None) -> bytes:
    return canonical_bytes(tagged(value))
