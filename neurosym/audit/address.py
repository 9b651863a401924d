"""Where a log lies: in a file, or in a database behind an address."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

from neurosym.text.failure import LogError

SCHEMES = ("postgresql://", "postgres://")
SECRETS = ("password", "sslpassword")  # parameters of libpq: https://www.postgresql.org/docs/current/libpq-connect.html

Address: TypeAlias = str | os.PathLike[str]


def is_server_address(address: Address) -> bool:
    """True for the address of a server, false for a path."""
    return isinstance(address, str) and address.startswith(SCHEMES)


def checked_address(address: Address) -> str | Path:
    """The address of a server, or the path of a file. LogError for an address with a password in it, which is not
    repeated: it would stand in the list of processes and in messages.
    """
    if not isinstance(address, str) or not is_server_address(address):
        return Path(address)
    if _has_password(address):
        raise LogError(
            "the address of the log carries a password; leave it out: a password file (`PGPASSFILE`) or a service file "
            "holds it"
        )
    return address


def _has_password(address: str) -> bool:
    try:
        parts = urlsplit(address)
        named = {name.casefold() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        return parts.password is not None or bool(named & set(SECRETS))
    except ValueError:  # what cannot be read may hold one
        return True
