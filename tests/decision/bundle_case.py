"""A log with a decision that waited, the answer of a person, the decision made again, and names that mean harm."""

from __future__ import annotations

from pathlib import Path

from neurosym.audit.draft import Draft
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.erased import ERASED, erased_bytes
from neurosym.audit.hold import place_hold, release_hold
from neurosym.audit.keyfile import beside, read_key
from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.audit.retirement import reinstate_program, retire_program
from neurosym.decision.bundle.export import Options, export_bundle
from neurosym.decision.override import override_decision
from neurosym.decision.review import answer_question
from neurosym.judgment.queue.review_queue import ReviewQueue
from tests.audit.world import open_log
from tests.decision.case import EMBARGO, PAYMENT, REMARKS, RULES, engine_of, person_judge, screening, world

HOSTILE = '</script><img src=x onerror="document.title=1">\x1b[2J\u202eEve'


def logged(folder: Path) -> Path:
    """The log: two decisions about CUST-7, the second by the answer of ada, and one about a customer of that name."""
    path = folder / "decisions.db"
    with open_log(path) as log, ReviewQueue.open(folder / "reviews.db") as queue:
        rules = screening(rules=RULES + EMBARGO)
        engine = engine_of(rules, log, person_judge(folder))
        engine.decide("screen", PAYMENT, facts=world("E1"))
        (item,) = queue.open_items()
        answer_question(log, queue, item.question, "same", [REMARKS], HOSTILE, "ada")
        facts = world()
        facts["Party"] = [{"id": HOSTILE, "name": HOSTILE, "country": "XE"}]
        payment = {"payment": {"id": "PAY-2", "payer": HOSTILE, "booked_on": "2026-03-03"}}
        engine.decide("screen", payment, facts=facts)
    return path


def aside(log: Log) -> None:
    """What persons do to decisions and rulesets: entries that no decision refers to."""
    decision = next(log.decisions())
    override_decision(log, decision, "hold", HOSTILE, "eve")
    hold = place_hold(log, [], [decision.payload_digest("case")], "a law suit", "kim")
    release_hold(log, hold.seq, "it is over", "kim")
    retired = retire_program(log, decision.digests["program"], "a wrong threshold", "kim")
    reinstate_program(log, retired.seq, "it was right", "kim")


def exported(path: Path, to: Path, *chosen: int, is_redacted: bool = False) -> Path:
    """The bundle of the log, or of the decisions at these entries."""
    with LogReader.open(path) as log:
        decisions = [log.entry(seq) for seq in chosen] if chosen else None
        export_bundle(log, read_key(beside(path)), to, Options(decisions, is_redacted))
    return to


def erase(path: Path, seq: int, name: str) -> None:
    """Erase a payload of an entry, as an entry says."""
    with Log.open(path) as log:
        digest = log.entry(seq).payload_digest(name)
        said = log.salted(erased_bytes([], [digest], "asked for"))
        log.record(Draft(kind=EntryKind.ERASURE, payloads=((ERASED, said),), erases=(digest,)))
