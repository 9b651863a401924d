"""Lexemes: the words and signs of a text, with their places."""

from __future__ import annotations

from dataclasses import dataclass, field

from neurosym.feel.tree import Word
from neurosym.text.diagnostic import Diagnostic
from neurosym.text.span import Source, Span

PROBLEMS_MAX = 100  # for each text

# Kinds of lexemes. WORD and SIGN become the grammar's terminals when the parser is there; the others are terminals.
WORD, SIGN, LABEL, TEXT, DAMAGE = "WORD", "SIGN", "LABEL", "TEXT", "DAMAGE"


@dataclass(slots=True)
class Reading:
    """One text on its way to a tree: its source and what has been found wrong with it so far."""

    source: Source
    problems: list[Diagnostic] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """True when more problems were found than are shown."""
        return len(self.problems) > PROBLEMS_MAX

    def add(self, problem: Diagnostic) -> None:
        """Keep a problem; of those beyond PROBLEMS_MAX only one, as a sign that there are more."""
        if not self.is_full:
            self.problems.append(problem)


class Lexeme:
    """One word or sign; `text` is what it says (of a label, the name alone), `type` the terminal the parser reads."""

    __slots__ = ("end", "kind", "reading", "start", "text", "type")

    # The parser borrows the place of the last token for the end of the text; ours have their own places.
    start_pos = line = column = end_line = end_column = end_pos = None

    def __init__(self, kind: str, text: str, start: int, end: int, reading: Reading) -> None:
        self.kind = kind
        self.type = kind
        self.text = text
        self.start = start
        self.end = end
        self.reading = reading

    @property
    def span(self) -> Span:
        """The place, the colon of a label included."""
        return Span(self.reading.source, self.start, self.end)

    @property
    def word(self) -> Word:
        """The text as a name with its place."""
        end = self.start + len(self.text) if self.kind == LABEL else self.end
        return Word(self.text, Span(self.reading.source, self.start, end))

    def __repr__(self) -> str:
        return f"{self.kind}({self.text!r})"
