"""Files of grammars beside rule files: which they are, and how rules name them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from neurosym.text.span import Source

SUFFIX = ".lark"
MENTION = re.compile(r'"([A-Za-z0-9_-]+\.lark)"')


def is_grammar(source: Source) -> bool:
    """True for a file of a grammar."""
    return source.name.endswith(SUFFIX)


def grammar_name(source: Source) -> str:
    """The name that rules use: that of the file, without its folder."""
    return PurePosixPath(source.name).name


def mentioned_grammars(sources: Iterable[Source]) -> tuple[str, ...]:
    """The names of all grammars that the texts may use, in order; some may stand in no judgment."""
    return tuple(sorted({name for source in sources for name in MENTION.findall(source.text)}))
