"""The files of a decision, read together, so that all their problems are said at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from neurosym.cli.named_file import NamedFile
from neurosym.decision.intake import Document
from neurosym.decision.knowledge import Knowledge, gather_knowledge
from neurosym.decision.plan import prepare
from neurosym.judgment.judge import Judge
from neurosym.judgment.supplied import SuppliedAnswer
from neurosym.judgment.supplied_file import parse_answers
from neurosym.program.program import Program
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.json_text import read_json
from neurosym.values.temporal import Date

Part = TypeVar("Part")
UNREADABLE = ("NS501", "NS517")  # nothing of the file can be looked at further


@dataclass(frozen=True, slots=True)
class CaseFiles:
    """What the command line names. No graph files is not the same as an empty graph: `graphs` is then empty."""

    decision: str
    request: NamedFile
    facts: tuple[NamedFile, ...]
    graphs: tuple[NamedFile, ...]
    answers: NamedFile | None
    judges: Path | None
    on: Date | None

    @property
    def from_standard_input(self) -> int:
        """How many of the files are standard input, which can be read only once."""
        named = (self.request, *self.facts, *self.graphs, *([self.answers] if self.answers else []))
        return sum(file.path == "-" for file in named)


@dataclass(frozen=True, slots=True)
class CaseInput:
    """The contents of the files, as the engine takes them."""

    request: Document
    knowledge: Knowledge
    answers: tuple[SuppliedAnswer, ...]
    judge: Judge | None


def read_case(files: CaseFiles, program: Program) -> CaseInput:
    """The contents of the files; InputError with every problem of every file."""
    report = Report()
    request = _document(files.request, report)
    facts = [_document(file, report) for file in files.facts]
    is_readable = not any(found.code in UNREADABLE for found in report.diagnostics)
    graphs = _graphs(files.graphs, report)
    answers = _answers(files.answers, program, report)
    judge = None if files.judges is None else _part(lambda: Judge.from_config(files.judges or Path()), report)
    knowledge = _part(lambda: gather_knowledge(program, facts, graphs), report) if is_readable else None
    if report.has_errors and is_readable:
        _look_further(files, program, request, knowledge or Knowledge(tuple(facts)), report)
    report.stop_on_errors(InputError)
    assert knowledge is not None
    return CaseInput(request, knowledge, answers, judge)


def _look_further(files: CaseFiles, program: Program, request: Document, known: Knowledge, report: Report) -> None:
    """What intake will say, added to what is wrong already: a caller mends everything in one go."""
    other = Report()
    plan = _part(lambda: prepare(program, "", files.decision, request, known, files.on), other)
    if plan is not None:
        other.extend(plan.intake.warnings)
    places = {_place(found) for found in report.diagnostics} - {None}
    report.extend(found for found in other.diagnostics if _place(found) not in places)


def _place(found: Diagnostic) -> JsonPath | None:
    """The member that is wrong. What stands there was refused, so what intake says of it is no news."""
    place = found.primary.place if found.primary else None
    return place if isinstance(place, JsonPath) else None


def _document(file: NamedFile, report: Report) -> Document:
    content = file.content(report)
    return Document(file.name, None if content is None else read_json(content, file.name, report))


def _graphs(files: Sequence[NamedFile], report: Report) -> list[tuple[str, bytes]] | None:
    """The graph files that can be read, or None when none is named: an unread graph would close its types."""
    contents = [(file.name, file.content(report)) for file in files]
    return [(name, content) for name, content in contents if content is not None] or None


def _answers(file: NamedFile | None, program: Program, report: Report) -> tuple[SuppliedAnswer, ...]:
    content = file.content(report) if file else None
    if file is None or content is None:
        return ()
    own = Report()  # a file of answers is looked at even when another file is no JSON
    answers = parse_answers(content, file.name, program.judgments, own)
    report.extend(own.diagnostics)
    return answers


def _part(read: Callable[[], Part], report: Report) -> Part | None:
    """What is read; None, with its diagnostics in the report, when it is refused."""
    try:
        return read()
    except InputError as error:
        report.extend(error.diagnostics)
        return None
