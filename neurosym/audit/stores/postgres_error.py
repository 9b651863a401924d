"""PostgreSQL's errors in our words.

What the server says of an error is repeated where it is short and about the error alone: its primary message. Details
and contexts, which may hold what a row holds, are not. Of a connection that failed, libpq tells host, port, user and
database, and never a password.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from neurosym.text.failure import LogCorruptError, LogError

LOST = "the connection to the server was lost"
# https://www.postgresql.org/docs/current/errcodes-appendix.html: a class of two digits, or a whole code.
CONTENT = ("22P", "3F000", "42703", "42804", "42883", "42P01", "XX001", "XX002")
WORDS = {
    "08": LOST,
    "23": "what is to be written stands there already, or does not fit",
    "25006": "it may only be read",
    "40": "another program wrote at the same time; try again",
    "53100": "the disk of the server is full",
    "53": "the server has no room",
    "55P03": "another program is writing to it and does not finish",
    "57014": "the server broke it off",
    "57P": "the server is not in service",
}


@dataclass(frozen=True, slots=True)
class Named:
    """What an error is about, for people: `the log`, and its address, which has no password in it."""

    kind: str
    address: str

    def __str__(self) -> str:
        return f"{self.kind} `{self.address}`"

    @contextmanager
    def errors(self) -> Iterator[None]:
        """LogError, or LogCorruptError where what lies in the database is at fault, in the place of PostgreSQL's."""
        try:
            yield
        except psycopg.Error as error:
            raise self.error(error) from error
        except UnicodeDecodeError as error:
            raise LogCorruptError(f"{self} is damaged: it holds text that is no UTF-8") from error
        except UnicodeEncodeError as error:
            raise LogError(f"{self} cannot hold half a character") from error

    def error(self, error: psycopg.Error) -> LogError:
        """What an error of PostgreSQL means."""
        code, told = error.sqlstate or "", error.diag.message_primary
        if code.startswith(CONTENT):
            return LogCorruptError(f"{self} is damaged: {told}")
        words = next((WORDS[code[:length]] for length in (5, 3, 2) if code[:length] in WORDS), None)
        said = [each for each in (words, told or " ".join(str(error).split())) if each]
        return LogError(f"{self} cannot be used: {': '.join(said) or type(error).__name__}")
