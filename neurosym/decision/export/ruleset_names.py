"""The names of the rulesets of a log, from the envelopes alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.values.canonical import Digest

PROGRAM = "program"  # the digest of an envelope that names the ruleset


@dataclass(frozen=True, slots=True)
class RulesetName:
    """A ruleset as the log knows it; `label` is its name with its version, if it has one."""

    label: str
    program: Digest

    @property
    def name(self) -> str:
        """The name alone."""
        return self.label.partition(" ")[0]


@dataclass(slots=True)
class RulesetNames:
    """Finds them by the digests of their programs. Entries are read once, and only as far as they are needed."""

    log: LogReader
    _found: dict[Digest, RulesetName] = field(default_factory=dict)
    _next: int = 0

    def of(self, decision: Entry) -> RulesetName | None:
        """The ruleset that a decision was made by, or None when no entry says what it is called."""
        program = decision.digests.get(PROGRAM)
        if program is None:
            return None
        if program not in self._found:
            self._read(program)
        return self._found.get(program)

    def _read(self, program: Digest) -> None:
        for entry in self.log.entries(self._next):
            self._next = entry.seq + 1
            known = entry.digests.get(PROGRAM)
            if entry.kind is EntryKind.RULESET and known is not None and entry.outcome is not None:
                self._found[known] = RulesetName(entry.outcome, known)
                if known == program:
                    return
