"""What persons and models answered to a judgment, as a log has it: cases to learn from, and labels.

An audited answer that the persons agree with has no decision made again; it counts all the same, since labels would
otherwise be those alone that a model got wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.decision.deliberation import check_condition
from neurosym.decision.recorder import ATTEMPT
from neurosym.decision.replay import Replayer
from neurosym.judgment.answer import Answer, AnswerValue, Kind
from neurosym.judgment.attempt import Attempt, read_attempt
from neurosym.judgment.configuration import Configuration, LocalTier
from neurosym.judgment.identity import question_id
from neurosym.judgment.validation import Disposition, examine
from neurosym.program.judgment import Judgment
from neurosym.program.program import Program
from neurosym.text.failure import DiagnosticsError, ErasedError, ReplayError
from neurosym.values.canonical import Digest, Json
from neurosym.values.encoding import wire
from neurosym.values.unknown import Absent, Question


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """An accepted answer; `by` names the persons who gave it, and is empty where a model did."""

    id: Digest
    question: Question
    answer: AnswerValue
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoggedAnswers:
    """The answers of a log, and the decisions that cannot be executed again and were left out."""

    cases: tuple[LoggedAnswer, ...]
    unreadable: tuple[str, ...]


def reviews(log: LogReader) -> Iterator[tuple[Entry, Attempt]]:
    """What persons answered as far as it counted and was not erased, with its entry; a later answer comes later."""
    for entry in log.entries():
        if entry.kind is EntryKind.REVIEW and entry.outcome == Disposition.ACCEPTED.value:
            try:
                attempt = read_attempt(log.content(entry, ATTEMPT))
            except ErasedError:
                continue
            yield entry, attempt


def logged_answers(
    log: LogReader, judgment: Judgment, progress: Callable[[int, int], None] = lambda _, __: None
) -> LoggedAnswers:
    """What persons, and models that are no local ones, answered to the judgment in a log, as far as it was accepted.

    Every decision is executed again, so that nothing is taken on trust; of decisions made again the newest counts, and
    of a question in several decisions the newest answer. What another text of the judgment asked is left out.
    `progress` is told how many entries are done, and of how many.
    """
    size = log.size()
    said = {attempt.question: attempt for _, attempt in reviews(log)}
    replayer, found, unreadable = Replayer(log), dict[Digest, LoggedAnswer](), []
    for entry in log.newest_decisions():
        try:
            found |= {case.id: case for case in _answers(replayer, entry, judgment, said)}
        except (ReplayError, DiagnosticsError, ErasedError):
            unreadable.append(entry.decision or f"entry {entry.seq}")
        progress(entry.seq + 1, size)
    return LoggedAnswers(tuple(found.values()), tuple(unreadable))


def _answers(
    replayer: Replayer, entry: Entry, judgment: Judgment, said: Mapping[Digest, Attempt]
) -> Iterator[LoggedAnswer]:
    """The answers of a decision to the judgment, as long as it is still what was asked."""
    deliberation = replayer.executed(entry).deliberation
    assert deliberation is not None
    _, _, configuration = replayer.plan(entry)
    asked = deliberation.case.program.judgments.get(judgment.name)
    if asked is None or not asks_the_same(asked, judgment):
        return
    holds = check_condition(deliberation.model)
    for question, matter in deliberation.matters.items():
        if question.judgment != judgment.name:
            continue
        review = said.get(question_id(asked, question))
        answer = matter.answer if review is None else examine(asked, question, review, holds).answer
        if answer is not None and _is_learnt_from(answer, configuration):
            yield LoggedAnswer(question_id(judgment, question), question, answer.value, answer.by)


def _is_learnt_from(answer: Answer, configuration: Configuration) -> bool:
    """True for what persons say, and for what a model says in which no local one has a voice: it learns nothing from
    itself.
    """
    if answer.kind is Kind.MODEL:
        return not any(isinstance(voice, LocalTier) for voice, _ in configuration.voices(answer.tier))
    return answer.kind is Kind.PERSON


def label_json(program: Program, case: LoggedAnswer) -> Json:
    """The case as a label file has it: its arguments as facts with the fields that were read, its answer, by whom."""
    facts: dict[str, dict[str, Json]] = {name: {} for name, _ in case.question.args}
    for path, value in case.question.content:
        argument, _, member = path.partition(".")
        if not isinstance(value, Absent):
            facts[argument][member] = wire(value)
    for name, of in case.question.args:
        keys = [each.name for each in program.fact_types[of.type].key_fields]
        facts[name] = {**dict(zip(keys, map(wire, of.key), strict=True)), **facts[name]}
    args: dict[str, Json] = {**facts}
    return {"args": args, "answer": wire(case.answer), "by": ", ".join(case.by)}


def asks_the_same(left: Judgment, right: Judgment) -> bool:
    """True when an answer to the one is an answer to the other; who is asked, and who is believed, may differ."""
    asked = ((each.name, each.parameters, each.returns, each.ask, each.reads, each.evidence) for each in (left, right))
    first, second = asked
    return first == second
