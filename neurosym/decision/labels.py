"""Labelled cases of a judgment: questions with the answer that somebody vouches for, in a file by themselves.

```
[{"args": {"customer": {"id": "A", "name": "Ann Lee", "born": "1969-05-17"}, "entry": {"id": "L1", ...}},
  "answer": "different", "by": "J. Doe"}]
```
Each argument is given as its fact, with its key and the fields that the judgment reads; other fields may stand there
and are not looked at. `by` may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from neurosym.decision import problems
from neurosym.decision.wire import Reader, RefusedError
from neurosym.judgment.answer import AnswerValue, answer_key
from neurosym.judgment.answer_value import MisfitError, is_allowed, read_value
from neurosym.judgment.identity import question_id
from neurosym.program.judgment import Judgment
from neurosym.program.program import Program
from neurosym.program.schema import FactType
from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.text.span import JsonPath
from neurosym.text.suggestion import did_you_mean
from neurosym.values.canonical import Digest, Json
from neurosym.values.json_text import read_json
from neurosym.values.unknown import ABSENT, Absent, MissingValue, Question, Unknown
from neurosym.values.value import Fact, Reference, Value

MEMBERS, MEMBERS_OPTIONAL = ("args", "answer"), ("by",)


@dataclass(frozen=True, slots=True)
class LabelledCase:
    """A question, and the answer that somebody vouches for."""

    question: Question
    id: Digest
    facts: tuple[Fact, ...]  # that the question is about, as far as they are read
    answer: AnswerValue
    by: str | None
    at: JsonPath = field(compare=False)


def read_labels(
    content: bytes, name: str, judgment: Judgment, program: Program, report: Report
) -> tuple[LabelledCase, ...]:
    """The cases of a label file, those aside that `report` has a problem with.

    NS501 to NS503 not JSON as we read it, NS660 another shape, NS661 not an answer of the judgment, NS662 two answers
    to one question; NS504 to NS507 for the facts.
    """
    document = read_json(content, name, report)
    if report.has_errors:
        return ()
    if not isinstance(document, list):
        report.add(_problem("NS660", "a label file is a list of cases", JsonPath(name), None))
        return ()
    reading = _Reading(judgment, program, report)
    found: dict[Digest, LabelledCase] = {}
    for number, entry in enumerate(document):
        case = reading.case(entry, JsonPath(name) / number)
        if case is None:
            continue
        first = found.setdefault(case.id, case)
        if answer_key(first.answer) != answer_key(case.answer):
            advice = f"the first is at {first.at.path}: keep the one that is right"
            report.add(_problem("NS662", "another answer to the same question", case.at, advice))
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Reading:
    judgment: Judgment
    program: Program
    report: Report

    def case(self, entry: Json, at: JsonPath) -> LabelledCase | None:
        """One case, or None with its problems reported."""
        members = self._members(entry, at)
        if members is None:
            return None
        question = self._question(members["args"], at / "args")
        answer = self._answer(members["answer"], at / "answer")
        by = members.get("by")
        if by is not None and not isinstance(by, str):
            self.report.add(_problem("NS660", "`by` is the name of who vouches for it", at / "by", None))
            return None
        if question is None or answer is None:
            return None
        return LabelledCase(question[0], question_id(self.judgment, question[0]), question[1], answer, by, at)

    def _members(self, entry: Json, at: JsonPath) -> Mapping[str, Json] | None:
        known = MEMBERS + MEMBERS_OPTIONAL
        if not isinstance(entry, dict) or any(name not in entry for name in MEMBERS):
            self.report.add(_problem("NS660", "a case has `args` and `answer`", at, "and may have `by`"))
            return None
        for name in entry:
            if name not in known:
                advice = did_you_mean(name, known) or f"there are {', '.join(f'`{each}`' for each in known)}"
                self.report.add(_problem("NS660", f"unknown member `{name}`", at / name, advice))
        return entry

    def _answer(self, given: Json, at: JsonPath) -> AnswerValue | None:
        try:
            found = read_value(given, self.judgment.returns)
        except MisfitError as error:
            self.report.add(_problem("NS661", f"not an answer of `{self.judgment.name}`: {error}", at, None))
            return None
        if found is None or not is_allowed(found, self.judgment.returns):
            texts = [value for value in self.judgment.answers if isinstance(value, str)]
            advice = did_you_mean(given, texts) if isinstance(given, str) else None
            self.report.add(_problem("NS661", f"not an answer of `{self.judgment.name}`", at, advice))
            return None
        return found

    def _question(self, given: Json, at: JsonPath) -> tuple[Question, tuple[Fact, ...]] | None:
        names = [name for name, _ in self.judgment.parameters]
        if not isinstance(given, dict) or set(given) != set(names):
            advice = f"give {', '.join(f'`{name}`' for name in names)}, each with its fields"
            self.report.add(_problem("NS660", f"`{self.judgment.name}` is about {', '.join(names)}", at, advice))
            return None
        facts: dict[str, Fact] = {}
        for name, of in self.judgment.parameters:
            fact = self._fact(self.program.fact_types[of], name, given[name], at / name)
            if fact is None:
                return None
            facts[name] = fact
        read = (*self.judgment.reads, *self.judgment.evidence)
        content = tuple((f"{argument}.{member}", _content(facts[argument], member)) for argument, member in read)
        args = tuple((name, fact.reference) for name, fact in facts.items())
        return Question(self.judgment.name, args, content), tuple(facts.values())

    def _fact(self, of: FactType, argument: str, given: Json, at: JsonPath) -> Fact | None:
        """The fact with its key and the fields that the judgment reads; the others are unknown."""
        if not isinstance(given, dict):
            self.report.add(problems.wrong_shape(f"an object, one `{of.name}`,", at))
            return None
        for name in given:
            if name not in of.by_name:
                self.report.add(problems.unknown_member(name, of.name, tuple(of.by_name), at / name))
        read = {member for owner, member in (*self.judgment.reads, *self.judgment.evidence) if owner == argument}
        reader = Reader(self.program.fact_types, self.report)
        values: dict[str, Value] = {}
        is_whole = True
        for each in of.fields:
            if not each.is_key and each.name not in read:
                continue
            if each.name in given:
                try:
                    values[each.name] = reader.field(each, given[each.name], at / each.name)
                except RefusedError:
                    is_whole = False
            elif not each.is_optional:
                self.report.add(problems.missing_member(each.name, of.name, at))
                is_whole = False
        if not is_whole:
            return None
        key = tuple(values[each.name] for each in of.key_fields)
        reference = Reference(of.name, key)
        unknown = {
            each.name: Unknown(frozenset({MissingValue(reference, each.name)}), each.domain) for each in of.fields
        }
        return Fact(of.name, key, {**unknown, **values})


def _content(of: Fact, member: str) -> Value | Absent:
    value = of.fields[member]
    return ABSENT if isinstance(value, Unknown) else value


def _problem(code: str, message: str, at: JsonPath, advice: str | None) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, Label(at), help=advice)
