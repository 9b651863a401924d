"""Where in the sources of a ruleset each declaration stands: places that a reader may check, and need not believe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from neurosym.feel.lexeme import Reading
from neurosym.feel.lexer import lexemes
from neurosym.grammar.source import is_grammar
from neurosym.lang.section import sections
from neurosym.text.span import Source
from neurosym.values.canonical import Json

SHOWN = frozenset({"rule", "exception", "judgment"})


def rule_places(sources: Iterable[Source]) -> Mapping[str, Json]:
    """By `rule NAME`, `exception NAME` and `judgment NAME`: the source, first and last character of each version."""
    found: dict[str, list[Json]] = {}
    for source in sources:
        if is_grammar(source):
            continue
        for section in sections(lexemes(Reading(source))):
            if len(section) > 1 and section[0].text in SHOWN:
                place: Json = [source.name, section[0].start, section[-1].end]
                found.setdefault(f"{section[0].text} {section[1].text}", []).append(place)
    return {name: [*places] for name, places in sorted(found.items())}
