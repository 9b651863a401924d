"""A small ruleset, tiers that say what they are told, and logs that fail, as the tests of decisions use them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.audit.store import Batch, Key, Plan, Reading, Store
from neurosym.decision.engine import Engine
from neurosym.decision.replay import Replayed, Replayer
from neurosym.decision.ruleset import Ruleset, checked_ruleset
from neurosym.engine.situation import LIMITS, Limits
from neurosym.judgment.answer import AnswerValue, Claim, QuoteClaim
from neurosym.judgment.computed import Computation, Finding
from neurosym.judgment.configuration import ComputedTier, Configuration, PersonTier, Tier
from neurosym.judgment.judge import Judge
from neurosym.judgment.supplied import SuppliedAnswer
from neurosym.program.judgment import Judgment
from neurosym.text.failure import LogError
from neurosym.text.span import JsonPath, Source
from neurosym.values.canonical import Json, canonical_bytes
from neurosym.values.unknown import Question

HEAD = """
ruleset trial "A trial"

fact Party
  id:       text  key
  name:     text  public
  country:  text  optional  public

fact Entry "An entry of a list"
  id:       text  key
  name:     text  public
  remarks:  text  public

fact Payment
  id:         text  key
  payer:      Party
  booked_on:  date
"""
SCREEN = """
decision screen(payment: Payment)
  on          payment.booked_on
  outcomes    "block" > "hold" > "release"
  otherwise   "release"
  undecided   "hold"
  {clauses}
"""
SAME = """
judgment same(customer: Party, entry: Entry) returns "same" | "different" | "unclear"
  ask       "Is the customer the listed one?"
  reads     customer.name, entry.name
  evidence  entry.remarks
  check     "same needs a quote"  answer = "same" implies count(quotes) >= 1
  route     local?, second?, small?, person?
  {clauses}
"""
RULES = """
rule block "The payer is listed"
  cite  "Act 1"
  for   p: Payment, e: Entry
  when  same(p.payer, e) = "same"
  then  screen(payment: p) is "block" because "{p.payer.name} is {e.name}"

rule hold "The payer may be listed"
  cite  "Act 2"
  for   p: Payment, e: Entry
  when  same(p.payer, e) = "unclear"
  then  screen(payment: p) is "hold"
"""
EMBARGO = """
rule embargo "The payer is in an embargoed country"
  cite  "Act 3"
  for   p: Payment
  when  p.payer.country = "XE"
  then  screen(payment: p) is "block"
"""
OPENING = """
judgment severe(entry: Entry) returns yes or no
  ask    "Is the entry severe?"
  reads  entry.name
  route  local?, small?

rule first_or_second
  cite  "x"
  for   p: Payment, a: Entry, b: Entry
  when  a.id = "E1" and b.id = "E2" and severe(if same(p.payer, a) = "same" then a else b)
  then  screen(payment: p) is "block"
"""
REMARKS = "Passport A1234567"
QUOTE = QuoteClaim("entry.remarks", REMARKS)
DAY = "2026-03-02"
PAYMENT = {"payment": {"id": "PAY-1", "payer": "CUST-7", "booked_on": DAY}}
ENGINES = count()

Answers = Mapping[str, AnswerValue | None]
Find = Callable[[Judgment, Question], Finding]


@cache
def ruleset(text: str) -> Ruleset:
    """The checked ruleset of one text."""
    return checked_ruleset([Source("trial.rules", text)], [])


def screening(needs: str = "", clauses: str = "", rules: str = RULES) -> Ruleset:
    """The small screening ruleset, with more clauses in its decision and in its judgment."""
    return ruleset(HEAD + SCREEN.format(clauses=needs) + SAME.format(clauses=clauses) + rules)


def world(*entries: str, **more: Sequence[Mapping[str, object]]) -> dict[str, Sequence[Mapping[str, object]]]:
    """One customer and list entries of these ids, all else empty."""
    listed = [{"id": each, "name": f"LISTED {each}", "remarks": REMARKS} for each in entries]
    return {
        "Party": [{"id": "CUST-7", "name": "Ali Karimi", "country": "XA"}],
        "Entry": listed,
        "Payment": [],
        **more,
    }


@dataclass(slots=True)
class Told:
    """A computed tier that says what it is told, by the key of the question's last argument; `asked` remembers whom."""

    answers: Answers
    quotes: tuple[QuoteClaim, ...] = (QUOTE,)
    asked: list[str] = field(default_factory=list)

    def find(self, judgment: Judgment, question: Question) -> Finding:
        del judgment
        key = str(question.args[-1][1].key[0])
        self.asked.append(key)
        return Finding(Claim(self.answers.get(key), self.quotes, reason=None if key in self.answers else "cannot tell"))


def computed(find: Find, *judgments: str) -> dict[str, Computation]:
    return {name: Computation("1", (), find) for name in judgments or ("same",)}


def told_judge(told: Told | Find, *more: Tier, folder: Path = Path()) -> Judge:
    """A judge whose tier `local` says what it is told, with further tiers."""
    find = told.find if isinstance(told, Told) else told
    return Judge(Configuration((ComputedTier("local"), *more), folder), {}, computed(find))


def person_judge(folder: Path) -> Judge:
    """A judge that sends every question to persons."""
    return Judge(Configuration((PersonTier("person", "reviews.db"),), folder), {}, {})


def supplied(
    value: Json, entry: str = "E1", *, by: str = "ada", quotes: Sequence[QuoteClaim] = (), place: int = 0
) -> SuppliedAnswer:
    """An answer to whether the customer is the entry."""
    args = (("customer", canonical_bytes("CUST-7")), ("entry", canonical_bytes(entry)))
    return SuppliedAnswer("same", args, value, tuple(quotes), by, JsonPath("answers") / place)


def engine_of(rules: Ruleset, log: Log | None = None, judge: Judge | None = None, limits: Limits = LIMITS) -> Engine:
    """An engine whose decisions have ids that no other engine of the test gives."""
    number = next(ENGINES).to_bytes(16)
    ids = count()
    return Engine(
        rules,
        log=log,
        judge=judge,
        limits=limits,
        entropy=lambda size: sha256(number + next(ids).to_bytes(8)).digest()[:size],
    )


def replayed(log: LogReader) -> list[Replayed]:
    """Every decision of the log, executed again."""
    return list(Replayer(log).all())


class FailingStore:
    """A store whose commits fail from one of them on, or that one alone."""

    def __init__(self, store: Store, first: int, last: int) -> None:
        self.store = store
        self.failing = range(first, last + 1)
        self.commits = 0

    def reading(self) -> AbstractContextManager[Reading]:
        return self.store.reading()

    def close(self) -> None:
        self.store.close()

    def commit(self, plan: Plan, wanted: Collection[Key] = ()) -> Batch:
        self.commits += 1
        if self.commits in self.failing:
            raise LogError("the disk is full")
        return self.store.commit(plan, wanted)


def failing(log: Log, first: int, last: int = 1 << 30) -> FailingStore:
    """Make the commits of a log fail; the first one is number 1."""
    store = FailingStore(log._committer._store, first, last)
    log._committer._store = store
    return store


def kinds(log: LogReader) -> list[EntryKind]:
    return [entry.kind for entry in log.entries()][1:]  # every log begins with its start


def objects(documents: object) -> list[dict[str, Any]]:
    """The objects of a list of a decision's JSON."""
    assert isinstance(documents, (list, tuple))
    assert all(isinstance(each, dict) for each in documents)
    return list(documents)
