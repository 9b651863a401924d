"""What the verification of a bundle found, and what may be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from neurosym.audit.bundle.layout import Extent
from neurosym.audit.checkpoint import Checkpoint
from neurosym.audit.verdict import Problem
from neurosym.values.canonical import Json


@dataclass(slots=True)
class Tally:
    """How many of what were looked at."""

    files: int = 0
    entries: int = 0
    decisions: int = 0
    agreeing: int = 0  # decisions whose recorded result was read, and says what the envelope says
    payloads: int = 0
    opened: int = 0
    shut: int = 0  # encrypted, there, and without a key
    key_destroyed: int = 0  # of those, as an entry says
    erased: int = 0
    redacted: int = 0
    not_chosen: int = 0


@dataclass(frozen=True, slots=True)
class BundleVerdict:
    """The outcome of a verification. `vkey` is the present key by the bundle's own account, `changes` how often it was
    changed; `key_verified` says that the key given is one of the log's.
    """

    tally: Tally
    extent: Extent | None
    checkpoint: Checkpoint | None
    vkey: str | None
    changes: int
    key_verified: bool
    earlier_sizes: tuple[int, ...]
    problems: tuple[Problem, ...]
    problem_count: int = field(default=0)

    @property
    def is_consistent(self) -> bool:
        """True when nothing contradicts anything else; the basis of exit code 0 or 5."""
        return not self.problems

    def statements(self) -> Sequence[str]:
        """What may be said of the bundle and what may not, one sentence each."""
        if not self.is_consistent:
            several = "s" if self.problem_count > 1 else ""
            return (f"the bundle does not verify: {self.problem_count} problem{several}",)
        assert self.checkpoint is not None
        key = "key verified" if self.key_verified else "key not verified: whoever made the bundle could name any key"
        return (
            f"the bundle of the log {self.checkpoint.origin} verifies; {key}",
            *self.counts(),
            *([f"keys changed: {self.changes}, each time signed by the old one and the new"] if self.changes else ()),
            *(f"contains the earlier checkpoint of {size} entries unchanged" for size in self.earlier_sizes),
            *(() if self.earlier_sizes else (UNANCHORED,)),
        )

    def counts(self) -> Sequence[str]:
        """How much was found, one kind of thing each."""
        tally = self.tally
        said = (
            (tally.files, "files, as the signed manifest says, and no others"),
            (tally.entries, "entries, which lead to the root of the signed checkpoint"),
            (tally.decisions, "decisions, proven to be among them"),
            (tally.payloads, "payloads, with the digests that entries name"),
            (tally.opened, "of them were opened and are what the entries committed to"),
            (tally.shut, "of them are encrypted, and no key for them is here"),
            (tally.key_destroyed, "of these had a key that was destroyed, as an entry says"),
            (tally.erased, "payloads were erased, as an entry says"),
            (tally.redacted, "payloads are left out because the bundle is redacted"),
            (tally.not_chosen, "payloads are left out because they belong to decisions that were not chosen"),
            (tally.agreeing, "recorded results say what the envelopes of their decisions say"),
        )
        return [f"{count} {what}" for count, what in said if count]

    def document(self) -> Json:
        """The verdict as JSON."""
        tally = self.tally
        return {
            "consistent": self.is_consistent,
            "key_verified": self.key_verified,
            "anchored": bool(self.earlier_sizes) and self.is_consistent,
            "whole": None if self.extent is None else self.extent.is_whole,
            "redacted": None if self.extent is None else self.extent.is_redacted,
            "files": tally.files,
            "entries": tally.entries,
            "decisions": tally.decisions,
            "agreeing_results": tally.agreeing,
            "payloads": tally.payloads,
            "opened": tally.opened,
            "without_key": tally.shut,
            "key_destroyed": tally.key_destroyed,
            "erased": tally.erased,
            "left_out_redacted": tally.redacted,
            "left_out_not_chosen": tally.not_chosen,
            "vkey": self.vkey,
            "key_changes": self.changes,
            "checkpoint": None if self.checkpoint is None else str(self.checkpoint),
            "earlier_sizes": list(self.earlier_sizes),
            "statements": list(self.statements()),
            "problem_count": self.problem_count,
            "problems": [{"place": problem.place, "message": problem.message} for problem in self.problems],
        }


UNANCHORED = "unanchored: nothing outside shows that whoever holds the key did not write the log anew"
