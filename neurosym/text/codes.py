"""The pages of the diagnostic codes."""

from __future__ import annotations

from pathlib import Path

PAGES = Path(__file__).parent / "pages"


def known_codes() -> tuple[str, ...]:
    """Every code that has a page, sorted."""
    return tuple(sorted(page.stem for page in PAGES.glob("NS[0-9][0-9][0-9].md")))


def code_page(code: str) -> str | None:
    """The page of a code as Markdown, or None when no such code exists."""
    return (PAGES / f"{code}.md").read_text(encoding="utf-8") if code in known_codes() else None
