"""Entries that somebody names by an id, or by the beginning of one: of a decision, else of a batch."""

from __future__ import annotations

from neurosym.audit.entry import Entry
from neurosym.audit.reader import LogReader
from neurosym.cli.batch_named import batch_beginning
from neurosym.cli.explain import decision_beginning
from neurosym.text.failure import InputError


def entry_beginning(log: LogReader, name: str) -> Entry:
    """The entry of the one decision, else of the one batch, whose id begins like this; InputError NS518 otherwise."""
    try:
        return decision_beginning(log, name)
    except InputError as error:
        try:
            return batch_beginning(log, name)
        except InputError:
            raise error from None
