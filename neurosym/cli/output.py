"""Where a command speaks: one JSON document on standard output, or text for people.

In JSON mode, and where a page is written, everything for people goes to standard error. What came from outside is
escaped line by line, so that it can neither move a cursor nor pretend to be a line of ours.
"""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, TextIO, TypeVar

import click

from neurosym.text.diagnostic import Diagnostic
from neurosym.text.escape import HIDDEN, printable
from neurosym.text.failure import Failure
from neurosym.text.render import render_text
from neurosym.values.canonical import Json

Command = TypeVar("Command", bound=Callable[..., Any])
KEY = "neurosym.output"
DIAGNOSTICS_SHOWN_MAX = 100  # to people, who mend those and try again; JSON has them all
PIECE_LENGTH = 1 << 16  # characters of a long document that are written at once
BOLD, RESET = "\x1b[1m", "\x1b[0m"


class OutputError(Failure):
    """Standard output or standard error cannot be written to."""


@dataclass(slots=True)
class Output:
    """The two streams of a command. `has_document` is true once the one JSON document, or the page, is out."""

    is_json: bool = False
    is_page: bool = False
    has_document: bool = False

    def document(self, document: Json) -> None:
        """Write the JSON document, in JSON mode; nothing otherwise."""
        if not self.is_json:
            return
        assert not self.has_document
        self.has_document = True
        self.verbatim(json_text(document).encode("utf-8") + b"\n")

    def long_document(self, members: dict[str, Json], name: str, items: Iterable[Json]) -> None:
        """Write a document that ends with a list, item by item, however many there are. They must not fail: what is
        written of a document cannot be taken back.
        """
        if not self.is_json:
            return
        assert not self.has_document
        self.has_document = True
        for piece in _in_pieces(_list_lines(members, name, items)):
            self.verbatim(piece.encode("utf-8"))

    def page(self, page: bytes) -> None:
        """Write the page of HTML, where one was asked for."""
        assert self.is_page
        assert not self.has_document
        self.has_document = True
        self.verbatim(page)

    def verbatim(self, content: bytes) -> None:
        """Write bytes to standard output as they are: what a program or a verifier will read."""
        _write(content, _standard_output().buffer, newline=False)

    def say(self, *lines: str) -> None:
        """Write lines for people."""
        self._lines(lines, self._people)

    def title(self, line: str) -> None:
        """Write a line that stands out on a terminal."""
        shown = printable(line)
        stream = self._people
        _write(f"{BOLD}{shown}{RESET}" if has_colour(stream) else shown, stream)

    def warn(self, *lines: str) -> None:
        """Write lines for people to standard error, in either mode."""
        self._lines(lines, sys.stderr)

    def diagnostics(self, found: Iterable[Diagnostic]) -> None:
        """Write diagnostics for people."""
        self._diagnostics(found, self._people)

    def warnings(self, found: Iterable[Diagnostic]) -> None:
        """Write diagnostics for people to standard error, in either mode."""
        self._diagnostics(found, sys.stderr)

    @property
    def _people(self) -> TextIO | None:
        return sys.stderr if self.is_json or self.is_page else _standard_output()

    def _lines(self, lines: Iterable[str], stream: TextIO | None) -> None:
        for line in lines:
            _write(printable(line), stream)

    def _diagnostics(self, found: Iterable[Diagnostic], stream: TextIO | None) -> None:
        several = list(found)
        text = render_text(several[:DIAGNOSTICS_SHOWN_MAX], colour=has_colour(stream))
        if text:
            _write(text, stream)
        if len(several) > DIAGNOSTICS_SHOWN_MAX:
            _write(f"... {len(several) - DIAGNOSTICS_SHOWN_MAX} more problems", stream)


def json_text(document: Json) -> str:
    """The document as indented JSON in which every invisible or reordering character is an escape."""
    written = json.dumps(document, ensure_ascii=False, indent=2)
    if written.isascii() and "\x7f" not in written:  # JSON has an escape for every other character that is hidden
        return written
    return "".join(char if char == "\n" else _escape(char) for char in written)


def _list_lines(members: dict[str, Json], name: str, items: Iterable[Json]) -> Iterator[str]:
    """What `json_text` gives for the document with the list, in pieces."""
    yield json_text({**members, name: []}).removesuffix("]\n}")
    between, end = "\n", "]\n}\n"
    for item in items:
        yield between + "    " + json_text(item).replace("\n", "\n    ")
        between, end = ",\n", "\n  ]\n}\n"
    yield end


def _in_pieces(texts: Iterable[str]) -> Iterator[str]:
    """The same text in fewer pieces."""
    held, length = list[str](), 0
    for text in texts:
        held.append(text)
        length += len(text)
        if length > PIECE_LENGTH:
            yield "".join(held)
            held, length = [], 0
    yield "".join(held)


def has_colour(stream: TextIO | None) -> bool:
    """True when the stream is a terminal that shows colours and nobody asked for none. https://no-color.org."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def is_terminal(stream: TextIO | None) -> bool:
    """True when somebody looks at the stream; Python has None for one that was closed before it began."""
    return stream is not None and stream.isatty()


def format_option(command: Command) -> Command:
    """The command with `--format text|json`; it is called with the `output` to speak through."""
    return _with_formats(command, ["text", "json"], "Text for people, or one JSON document on standard output.")


def page_format_option(command: Command) -> Command:
    """The command with `--format text|json|html`, likewise; whoever takes it makes a page for every document."""
    says = "Text for people, or one JSON document or page of HTML on standard output."
    return _with_formats(command, ["text", "json", "html"], says)


def _with_formats(command: Command, formats: list[str], says: str) -> Command:
    option = click.option(
        "--format",
        "output",
        type=click.Choice(formats),
        default="text",
        is_eager=True,
        callback=_chosen,
        help=says,
    )
    return option(command)


def current_output() -> Output:
    """The output of the command that runs; text when it has no `--format`."""
    return _output_of(click.get_current_context())


def _output_of(context: click.Context) -> Output:
    held = context.meta.setdefault(KEY, Output())
    assert isinstance(held, Output)
    return held


def _chosen(context: click.Context, parameter: click.Parameter, value: str) -> Output:
    del parameter
    output = _output_of(context)
    output.is_json, output.is_page = value == "json", value == "html"
    return output


def _escape(char: str) -> str:
    """The character inside a JSON text, as an escape when it is hidden.

    Half a surrogate pair, from a file name that is no UTF-8, has no JSON that every reader takes: it becomes a name.
    """
    category = unicodedata.category(char)
    if category not in HIDDEN:
        return char
    if category == "Cs":
        return "\\" + printable(char)
    units = char.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _standard_output() -> TextIO:
    if sys.stdout is None:
        raise OutputError("standard output is closed")
    return sys.stdout


def _write(content: str | bytes, stream: TextIO | BinaryIO | None, *, newline: bool = True) -> None:
    """Write and flush. Standard error that is closed takes nothing: whoever closed it did not want to be told."""
    if stream is None:
        return
    try:
        click.echo(content, file=stream, nl=newline)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"the output cannot be written: {error.strerror or error}") from error
