"""The files of a decision, read together, so that all their problems are said at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from neurosym.cli.named_file import NamedFile
from neurosym.decision.intake import Document
from neurosym.decision.knowledge import Knowledge, gather_knowledge
from neurosym.decision.plan import prepare
from neurosym.decision.situation import decision_named
from neurosym.judgment.judge import Judge
from neurosym.judgment.supplied import SuppliedAnswer
from neurosym.judgment.supplied_file import parse_answers
from neurosym.program.program import Program
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.json_text import read_json
from neurosym.values.size import InputReport
from neurosym.values.temporal import Date

Part = TypeVar("Part")
MALFORMED = "NS501"


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
class BatchFiles:
    """What the command line names for a batch: a file of rows, and what is known about all of them."""

    decision: str
    rows: Path
    facts: tuple[NamedFile, ...]
    graphs: tuple[NamedFile, ...]
    on: Date | None

    @property
    def from_standard_input(self) -> int:
        """How many of the files are standard input."""
        return sum(file.path == "-" for file in (*self.facts, *self.graphs))


@dataclass(frozen=True, slots=True)
class CaseInput:
    """The contents of the files, as the engine takes them."""

    request: Document
    knowledge: Knowledge
    answers: tuple[SuppliedAnswer, ...]
    judge: Judge | None


def read_case(files: CaseFiles, program: Program) -> CaseInput:
    """The contents of the files; InputError with every problem of every file."""
    report = InputReport()
    request = _document(files.request, report)
    facts = [_document(file, report) for file in files.facts]
    graphs = _graphs(files.graphs, report)
    answers = _answers(files.answers, program, report)
    judge = None if files.judges is None else _part(partial(Judge.from_config, files.judges), report)
    readable = [document for document in facts if document is not None]
    knowledge = _part(partial(gather_knowledge, program, readable, graphs), report)
    if report.has_errors:
        is_whole = len(readable) == len(facts) and knowledge is not None
        found = _intake_problems(files, program, request, knowledge or Knowledge(tuple(readable)))
        places = {_place(each) for each in report.diagnostics} - {None}
        report.extend(each for each in found if (each.is_error or is_whole) and _place(each) not in places)
    report.stop_on_errors(InputError)
    assert request is not None
    assert knowledge is not None
    return CaseInput(request, knowledge, answers, judge)


def read_known(files: BatchFiles, program: Program) -> Knowledge:
    """What is known about all rows; InputError with every problem of every file."""
    report = InputReport()
    facts = [_document(file, report) for file in files.facts]
    graphs = _graphs(files.graphs, report)
    readable = [document for document in facts if document is not None]
    knowledge = _part(partial(gather_knowledge, program, readable, graphs), report)
    report.stop_on_errors(InputError)
    assert knowledge is not None
    return knowledge


def _intake_problems(
    files: CaseFiles, program: Program, request: Document | None, known: Knowledge
) -> tuple[Diagnostic, ...]:
    """What intake has to say of the rest, so that a caller can mend everything in one go."""
    try:
        if request is None:
            decision_named(program, files.decision)
            return ()
        return prepare(program, "", files.decision, request, known, files.on).intake.warnings
    except InputError as error:
        return error.diagnostics


def _place(found: Diagnostic) -> JsonPath | None:
    """The member that is wrong. What stands there was refused, so what intake says of it is no news."""
    place = found.primary.place if found.primary else None
    return place if isinstance(place, JsonPath) else None


def _document(file: NamedFile, report: Report) -> Document | None:
    """The document; None when there is nothing in the file that could be looked at further."""
    content = file.content(report)
    if content is None:
        return None
    own = InputReport()
    document = read_json(content, file.name, own)
    report.extend(own.diagnostics)
    return None if any(found.code == MALFORMED for found in own.diagnostics) else Document(file.name, document)


def _graphs(files: Sequence[NamedFile], report: Report) -> list[tuple[str, bytes]] | None:
    """The graph files that can be read, or None when none is named: an unread graph would close its types."""
    contents = [(file.name, file.content(report)) for file in files]
    return [(name, content) for name, content in contents if content is not None] or None


def _answers(file: NamedFile | None, program: Program, report: Report) -> tuple[SuppliedAnswer, ...]:
    content = file.content(report) if file else None
    if file is None or content is None:
        return ()
    own = InputReport()  # a file of answers is looked at even when another file is no JSON
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
