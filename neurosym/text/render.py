"""Diagnostics for a terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.escape import printable
from neurosym.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

RESET = "\x1b[0m"
COLOURS = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m", Severity.NOTE: "\x1b[1;36m"}
QUIET, BOLD = "\x1b[34m", "\x1b[1m"
LINE_LENGTH_MAX = 160  # a source line may be hostile; what is shown of it stays readable


def render_text(diagnostics: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """The diagnostics as people read them, a blank line between two; colour only where the caller saw a terminal."""
    return "\n\n".join(_render_one(found, colour=colour) for found in diagnostics)


def render_json(found: Diagnostic) -> dict[str, Any]:
    """The same content as a JSON object."""
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "primary": _label_json(found.primary),
        "secondary": [_label_json(label) for label in found.secondary],
        "help": found.help,
        "cites": list(found.cites),
    }


def _render_one(found: Diagnostic, *, colour: bool) -> str:
    def paint(text: str, with_colour: str) -> str:
        return f"{with_colour}{text}{RESET}" if colour else text

    lines = [
        paint(f"{found.severity.value}[{found.code}]", COLOURS[found.severity])
        + paint(f": {printable(found.message)}", BOLD)
    ]
    labels = [label for label in (found.primary, *found.secondary) if label is not None]
    for label in labels:
        lines += [paint(line, QUIET) if at == 0 else line for at, line in enumerate(_label_lines(label))]
    if found.help:
        lines.append(f"   = help: {printable(found.help)}")
    lines += [f"   = cites: {printable(cite)}" for cite in found.cites]
    return "\n".join(lines)


def _label_lines(label: Label) -> list[str]:
    place = label.place
    if not isinstance(place, Span) or not place.source.text:
        return [f"  --> {printable(str(place))}", *([f"   = {printable(label.text)}"] if label.text else [])]
    line, column = place.source.line_column(place.start)
    text = place.source.line_text(line)
    cut = max(0, column - LINE_LENGTH_MAX // 2) if len(text) > LINE_LENGTH_MAX else 0
    shown = printable(text[cut : cut + LINE_LENGTH_MAX].replace("\t", " "))
    before = len(printable(text[cut : column - 1].replace("\t", " ")))
    marked = printable(text[column - 1 : column - 1 + max(1, place.end - place.start)].replace("\t", " "))
    width = max(1, min(len(marked), len(shown) - before))
    gutter = str(line)
    return [
        f"  --> {printable(str(place))}",
        f"{gutter} | {shown}".rstrip(),
        f"{' ' * len(gutter)} | {' ' * before}{'^' * width} {printable(label.text)}".rstrip(),
    ]


def _label_json(label: Label | None) -> dict[str, Any] | None:
    if label is None:
        return None
    place = label.place
    if not isinstance(place, Span):
        return {"document": place.document, "path": place.path, "text": label.text}
    line, column = place.source.line_column(place.start)
    end_line, end_column = place.source.line_column(place.end)
    return {
        "file": place.source.name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "text": label.text,
    }
