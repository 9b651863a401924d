"""A logged decision, executed again so that it can be explained from what the log holds and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from neurosym.audit.entry import Entry
from neurosym.decision import recorder as names
from neurosym.decision.decision import Decision
from neurosym.decision.deliberation import Deliberation
from neurosym.decision.difference import first_difference
from neurosym.decision.override import Override, newest_override
from neurosym.decision.replay import Replayer
from neurosym.decision.shelf import Origin
from neurosym.text.failure import ReplayError
from neurosym.values.value import Reference


@dataclass(frozen=True, slots=True)
class Account:
    """An executed decision whose bytes are the logged ones, where each of its facts was supplied, and whether a person
    set it aside since.
    """

    decision: Decision
    deliberation: Deliberation
    origins: Mapping[Reference, Origin]
    seq: int
    is_same_engine: bool
    override: Override | None = None


def account_of(replayer: Replayer, entry: Entry) -> Account:
    """The account of a logged decision; ReplayError when executing it again gives other bytes than the log holds.

    LogError when the log cannot give what it recorded.
    """
    decision = replayer.executed(entry)
    for name, now in ((names.RESULT, decision.result_bytes), (names.PROOF, decision.proof_bytes)):
        then = replayer.log.content(entry, name)
        if then != now:
            raise ReplayError(f"{name}: {first_difference(then, now)}")
    plan, _, _ = replayer.plan(entry)
    assert decision.deliberation is not None
    same = decision.digests["engine"] == entry.digests.get("engine")
    override = newest_override(replayer.log, entry)
    return Account(decision.as_logged(), decision.deliberation, plan.intake.origins, entry.seq, same, override)
