"""Addresses of PostgreSQL servers (`postgresql://USER@HOST:PORT/DATABASE?OPTION=VALUE`), and passwords in them."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

SCHEMES = ("postgresql://", "postgres://")
SECRETS = ("password", "sslpassword")  # parameters of libpq: https://www.postgresql.org/docs/current/libpq-connect.html
ADVICE = "leave it out; PostgreSQL's own means hold it: a password file (`PGPASSFILE`) or a service file"


def is_server_address(text: str) -> bool:
    """True for the address of a server, false for a path."""
    return text.startswith(SCHEMES)


def has_password(address: str) -> bool:
    """True when the address of a server carries a password, or may: it cannot be read."""
    try:
        parts = urlsplit(address)
        named = {name.casefold() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        return parts.password is not None or bool(named & set(SECRETS))
    except ValueError:  # what cannot be read may hold one
        return True
