"""Diagnostics: what is wrong with what somebody wrote, where, and how to mend it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from neurosym.text.failure import DiagnosticsError, RulesetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from neurosym.text.span import Place


class Severity(Enum):
    """Whether a finding stops the pass, or is probably not meant, or is only to be known."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Label:
    """A place and what is to be said there."""

    place: Place
    text: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. Messages are lower case, without a final stop, with the author's text in backticks."""

    code: str
    severity: Severity
    message: str
    primary: Label | None = None
    secondary: tuple[Label, ...] = ()
    help: str | None = None
    cites: tuple[str, ...] = ()

    @property
    def is_error(self) -> bool:
        """True when the pass cannot go on to the next."""
        return self.severity is Severity.ERROR


class Report:
    """Collects the diagnostics of a pass; the only mutable thing a pass shares."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._held: set[Diagnostic] = set()

    def add(self, found: Diagnostic) -> None:
        """Keep one diagnostic; the same one twice is kept once."""
        if found not in self._held:
            self._held.add(found)
            self.diagnostics.append(found)

    def extend(self, found: Iterable[Diagnostic]) -> None:
        """Keep several."""
        for each in found:
            self.add(each)

    @contextmanager
    def citing(self, cites: tuple[str, ...]) -> Iterator[None]:
        """Whatever is added meanwhile stands in a provision with these citations."""
        start = len(self.diagnostics)
        yield
        fresh = self.diagnostics[start:]
        del self.diagnostics[start:]
        self._held.difference_update(fresh)
        self.extend(found if found.cites else replace(found, cites=cites) for found in fresh)

    @property
    def has_errors(self) -> bool:
        """True when something stops the pass."""
        return any(found.is_error for found in self.diagnostics)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What does not stop the pass."""
        return tuple(found for found in self.diagnostics if not found.is_error)

    def stop_on_errors(self, error: type[DiagnosticsError] = RulesetError) -> None:
        """Raise `error` with everything found so far, if any of it is an error."""
        if self.has_errors:
            raise error(self.diagnostics)
