"""Where a review queue lies: in a file, or in a database behind an address."""

from __future__ import annotations

from pathlib import Path

from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.server_address import ADVICE, has_password, is_server_address
from neurosym.text.span import Place


def queue_address(review: str, folder: Path) -> str:
    """The address of the queue that a configuration in this folder names: a relative path starts there."""
    return review if is_server_address(review) else str(folder / review)


def address_problem(review: str, at: Place | None = None) -> Diagnostic | None:
    """NS628 for an address with a password in it, which is not repeated; else None."""
    if not is_server_address(review) or not has_password(review):
        return None
    message = "the address of the review queue carries a password, which would be recorded"
    return Diagnostic("NS628", Severity.ERROR, message, Label(at) if at is not None else None, help=ADVICE)
