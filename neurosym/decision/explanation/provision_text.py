"""The source text of rules and exceptions, as the ruleset that the log holds has it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from neurosym.feel.lexeme import Reading
from neurosym.feel.lexer import lexemes
from neurosym.lang.section import sections
from neurosym.text.span import Source, Span


@dataclass(slots=True)
class ProvisionTexts:
    """Finds the declaration around a place; each source is divided into its declarations once."""

    _declarations: dict[Source, list[Span]] = field(default_factory=dict)

    def declaration(self, of: Span) -> Span | None:
        """The declaration that the place lies in, from its first word to its last; None where there is no text."""
        declared = self.declarations(of.source)
        at = bisect_right(declared, of.start, key=lambda each: each.start) - 1
        return declared[at] if at >= 0 and of.start < declared[at].end else None

    def declarations(self, source: Source) -> list[Span]:
        """The declarations of a source in their order, without the comments between them."""
        if source not in self._declarations:
            found = [each for each in sections(lexemes(Reading(source))) if each]
            self._declarations[source] = [Span(source, each[0].start, each[-1].end) for each in found]
        return self._declarations[source]
