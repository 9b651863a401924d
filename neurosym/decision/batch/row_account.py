"""A row of a logged batch, executed again so that it can be explained."""

from __future__ import annotations

from neurosym.audit.entry import Entry
from neurosym.audit.reader import LogReader
from neurosym.decision.batch.replay import RowReplayer
from neurosym.decision.difference import first_difference
from neurosym.decision.explanation.account import Account
from neurosym.decision.recorder import RESULT
from neurosym.decision.replay import Replayer, execute
from neurosym.text.failure import ReplayError


def account_of_row(log: LogReader, entry: Entry, row: int) -> Account:
    """The account of a row; errors as of `account_of`, and InputError NS518 when the batch has no such row."""
    rows = RowReplayer(Replayer(log))
    batch = rows.batch(entry)
    record = batch.record(row)
    readied = rows.readied(batch, record)
    decision, then = execute(readied), batch.result(record)
    if then != decision.result_bytes:
        raise ReplayError(f"{RESULT}: {first_difference(then, decision.result_bytes)}")
    assert decision.deliberation is not None
    same = decision.digests["engine"] == entry.digests.get("engine")
    origins = readied.plan.intake.origins
    return Account(decision.as_logged(), decision.deliberation, origins, entry.seq, same)
