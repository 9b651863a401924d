"""Where a graph file uses a notation that is refused: the parser gives no places for what it accepts."""

from __future__ import annotations

import re

from neurosym.text.span import Source, Span

TRIPLE_TERM = "<<("

# Tokens of Turtle and TriG (W3C RDF 1.2 Turtle §6.5), as far as needed to tell notation from text. What a match means
# is certain only in text that the parser has accepted. Possessive repetition keeps the scan linear in any text.
TOKEN = re.compile(
    r"""
      \#[^\n\r]*+                                                    # comment
    | \"\"\"(?:[^"\\]++|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]++|\\.|'(?!''))*+'''
    | "(?:[^"\\]++|\\.)*+" | '(?:[^'\\]++|\\.)*+'
    | (?P<beyond><< | \{\| | ~ | @[A-Za-z0-9-]+?--(?:ltr|rtl))
    | @[A-Za-z0-9-]++
    | (?P<blank>_: | \[ | \((?!(?:\s|\#[^\n\r]*+)*+\)))     # `()` is the empty list, which has a name
    | <[^<>]*+>
    | (?:\\.|[^\s<>"'{}()\[\];,\#|^@~\\])++                          # a name, number or keyword: `_:` inside is no mark
    """,
    re.VERBOSE | re.DOTALL,
)


def first_mark(source: Source, kind: str) -> Span | None:
    """The first `blank` node, or the first notation `beyond` RDF 1.1, or None when the text has none."""
    for found in TOKEN.finditer(source.text):
        if found.lastgroup == kind:
            return Span(source, found.start(), found.end())
    return None
