"""HTML and SVG in which whatever came from outside stays text.

The only way from a text to markup is `text_of`, which escapes twice: control, format and bidirectional characters
become visible, and then `&`, `<`, `>` and quotes become references.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import NewType, TypeAlias
from urllib.parse import urlsplit

from neurosym.text.escape import printable

Markup = NewType("Markup", str)
Child: TypeAlias = Markup | Iterable[Markup]

VOID = frozenset({"path", "polygon", "rect", "col"})  # of those used here, what never holds anything
ADDRESS = re.compile(r"https?://[^\s<>\"'`(){}\[\]\\]+")
NOTHING = Markup("")


def text_of(text: str, keep: str = "") -> Markup:
    """The text as markup that shows it; control characters in `keep` stay as they are."""
    return Markup(escape(printable(text, keep)))


def element(tag: str, *children: Child, **attributes: str | int | bool) -> Markup:
    """An element; `class_` and `aria_label` are `class` and `aria-label`, and True is an attribute without a value."""
    written = "".join(_attribute(name, value) for name, value in attributes.items() if value is not False)
    if tag in VOID:
        return Markup(f"<{tag}{written}/>")
    return Markup(f"<{tag}{written}>{joined(*children)}</{tag}>")


def joined(*children: Child) -> Markup:
    """The parts, one after another."""
    return Markup("".join(each if isinstance(each, str) else "".join(each) for each in children))


def texted(tag: str, text: str, /, keep: str = "", **attributes: str | int | bool) -> Markup:
    """An element that holds a text."""
    return element(tag, text_of(text, keep), **attributes)


def linked(text: str) -> Markup:
    """The text with its web addresses as links that tell the other side nothing; other schemes stay text.

    For what the authors of rules wrote: an address in a fact or an answer is no place that a reader should be sent to.
    """
    parts, end = list[Markup](), 0
    for found in ADDRESS.finditer(text):
        address = found[0].rstrip(".,;:!?")
        if printable(address) == address and _has_host(address):
            parts += [text_of(text[end : found.start()]), texted("a", address, href=address, rel="noreferrer")]
            end = found.start() + len(address)
    return joined(parts, text_of(text[end:]))


def worded(text: str) -> Markup:
    """A sentence of ours with what stands between backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return text_of(text)
    return joined(text_of(part) if at % 2 == 0 else texted("code", part) for at, part in enumerate(parts))


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:  # an address in brackets that is none
        return False


def _attribute(name: str, value: str | int) -> str:
    written = name.rstrip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{text_of(str(value))}"'
