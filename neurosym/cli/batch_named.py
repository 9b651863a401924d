"""Batches that somebody names by an id, or by the beginning of one."""

from __future__ import annotations

from neurosym.audit.entry import Entry
from neurosym.audit.reader import LogReader
from neurosym.decision.batch.recorded_batch import batches_of
from neurosym.text.diagnostic import Diagnostic, Severity
from neurosym.text.failure import InputError


def batch_beginning(log: LogReader, name: str) -> Entry:
    """The entry of the one batch whose id begins like this; InputError NS518 when there is none, or several."""
    found = [entry for entry in batches_of(log) if name and str(entry.decision).startswith(name)]
    if len(found) == 1:
        return found[0]
    exact = [entry for entry in found if entry.decision == name]
    if exact:
        return exact[0]
    message = f"{len(found)} batches of the log begin with `{name}`" if found else f"no batch `{name}` in the log"
    raise InputError([Diagnostic("NS518", Severity.ERROR, message, help="write more of the id" if found else None)])
