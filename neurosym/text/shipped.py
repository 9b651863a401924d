"""Where the shipped grammars, ontologies and rulesets lie."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def shipped_path(*parts: str) -> Path:
    """The path of a shipped folder or file: inside the installed package, else at the root of the repository.

    The wheel carries the folders under `neurosym/_shipped`; an editable install has none there and reads the
    repository itself, so that it never sees stale copies.
    """
    installed = PACKAGE / "_shipped"
    root = installed if installed.is_dir() else PACKAGE.parent
    return root.joinpath(*parts)
