"""What is wrong with the statements of a graph, and the diagnostics it becomes once their places are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Quad

from neurosym.graph.document import Document
from neurosym.graph.place import Places, places_of
from neurosym.program.schema import Field
from neurosym.text.diagnostic import Diagnostic, Label, Severity

PROBLEMS_MAX = 100  # a wrong mapping makes every statement wrong; nobody reads more
LABELS_MAX = 5
LABEL_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """`about` begins the message, `reason` ends it; `quads` are the statements at fault."""

    code: str
    about: str
    reason: str
    help: str | None = None
    quads: tuple[Quad, ...] = ()
    field: Field | None = None
    severity: Severity = Severity.ERROR


def to_diagnostics(problems: Sequence[Problem], documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """A diagnostic for each of the first problems, and NS559 with the number of the others."""
    listed = problems[:PROBLEMS_MAX]
    places = places_of({quad for problem in listed for quad in problem.quads[:LABELS_MAX]}, documents)
    for problem in listed:
        yield _diagnostic(problem, places)
    if len(problems) > len(listed):
        message = f"{len(problems) - len(listed)} more problems of the graph are not listed"
        yield Diagnostic("NS559", Severity.ERROR, message, help="mend the listed ones first: they often have one cause")


def _diagnostic(problem: Problem, places: Places) -> Diagnostic:
    labels = [
        Label(places[quad], f"`{str(quad)[:LABEL_LENGTH_MAX]}`")
        for quad in problem.quads[:LABELS_MAX]
        if quad in places
    ]
    if problem.field is not None and problem.field.span.source.text:
        labels.append(Label(problem.field.span, "the field is declared here"))
    return Diagnostic(
        problem.code,
        problem.severity,
        f"{problem.about}: {problem.reason}",
        labels[0] if labels else None,
        tuple(labels[1:]),
        problem.help,
    )
