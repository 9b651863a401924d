"""Words of the command line that will be recorded."""

from __future__ import annotations

import click


def text_argument(text: str) -> str:
    """The argument; a usage error when its bytes are no UTF-8, since no log could hold it."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise click.BadParameter("it is not UTF-8")
    return text
