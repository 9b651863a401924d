"""Rows of payments, and a ruleset whose payments name persons, as the tests of batches use them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from neurosym.audit.log import Log
from neurosym.decision.batch.decided_batch import DecidedBatch
from neurosym.decision.ruleset import Ruleset
from tests.decision.case import ruleset

TRANSFERS = """
ruleset transfers "Transfers"

fact Country
  code:    text  key
  listed:  boolean

fact Transfer
  id:      text  key
  payer:   text  personal  subject
  to:      Country
  amount:  number
  day:     date
  note:    text  optional

rule block "The country is listed"
  cite  "Act 1 s. 2"
  for   t: Transfer
  when  t.to.listed
  then  screen(transfer: t) is "block" because "{t.payer} pays into {t.to.code}"

rule hold "It is much"
  cite  "Act 2"
  for   t: Transfer
  when  t.amount > 1000
  then  screen(transfer: t) is "hold"

decision screen(transfer: Transfer)
  on          transfer.day
  outcomes    "block" > "hold" > "release"
  otherwise   "release"
  undecided   "hold"
"""
FACTS = {"Country": [{"code": "XA", "listed": False}, {"code": "XE", "listed": True}], "Transfer": []}
COUNTRIES = ("XA", "XE", "XU")


def transfers() -> Ruleset:
    return ruleset(TRANSFERS)


def transfer(number: int, **more: Any) -> dict[str, Any]:
    """One request; every third pays to a country that nobody knows."""
    found = {
        "id": f"T{number}",
        "payer": f"Payer {number % 7}",
        "to": COUNTRIES[number % 3],
        "amount": str(100 * number),
        "day": "2026-03-02",
    }
    return {"transfer": found | more}


def rows(count: int) -> list[dict[str, Any]]:
    return [transfer(number) for number in range(count)]


def payloads_of(log: Log, batches: Sequence[DecidedBatch]) -> Iterator[bytes]:
    """All that the log has stored for batches."""
    for each in batches:
        for link in log.entry(each.seq).payloads:
            yield log.payload(link)
