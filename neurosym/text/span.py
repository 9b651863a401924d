"""Places: in a source file, or in a JSON document."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias


@dataclass(frozen=True)
class Source:
    """A text with a name people recognise, usually its path. Offsets count code points."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of the first character of each line."""
        starts = [0]
        starts.extend(at + 1 for at, char in enumerate(self.text) if char == "\n")
        return tuple(starts)

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a line, counted from 1, without its end."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] - 1 if line < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r")


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` of a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """What the author wrote there."""
        return self.source.text[self.start : self.end]

    def to(self, last: Span) -> Span:
        """From the start of this span to the end of `last`."""
        return Span(self.source, self.start, max(self.end, last.end))

    def __str__(self) -> str:
        line, column = self.source.line_column(self.start)
        return f"{self.source.name}:{line}:{column}"


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A place in a JSON document, written `$.payment.amount` or `$.Party[3].name`."""

    document: str
    steps: tuple[str | int, ...] = ()

    def __truediv__(self, step: str | int) -> JsonPath:
        return JsonPath(self.document, (*self.steps, step))

    @property
    def path(self) -> str:
        """The path alone, from `$`."""
        return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.steps)

    def __str__(self) -> str:
        return f"{self.document}: {self.path}"


Place: TypeAlias = Span | JsonPath
NOWHERE = Span(Source("<built in>", ""), 0, 0)
