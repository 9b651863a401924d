"""Where a review queue lies: in a file, or in a database behind an address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.span import Place

SCHEMES = ("postgresql://", "postgres://")
SECRETS = ("password", "sslpassword")  # parameters of libpq: https://www.postgresql.org/docs/current/libpq-connect.html
ADVICE = "leave it out; PostgreSQL's own means hold it: a password file (`PGPASSFILE`) or a service file"


def is_server_address(review: str) -> bool:
    """True for the address of a server, false for a path."""
    return review.startswith(SCHEMES)


def queue_address(review: str, folder: Path) -> str:
    """The address of the queue that a configuration in this folder names: a relative path starts there."""
    return review if is_server_address(review) else str(folder / review)


def address_problem(review: str, at: Place | None = None) -> Diagnostic | None:
    """NS628 for an address with a password in it, which is not repeated; else None."""
    if not is_server_address(review) or not _has_password(review):
        return None
    message = "the address of the review queue carries a password, which would be recorded"
    return Diagnostic("NS628", Severity.ERROR, message, Label(at) if at is not None else None, help=ADVICE)


def _has_password(address: str) -> bool:
    try:
        parts = urlsplit(address)
        named = {name.casefold() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        return parts.password is not None or bool(named & set(SECRETS))
    except ValueError:  # what cannot be read may hold one
        return True
