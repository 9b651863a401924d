"""The work as rulesets of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import cast

from neurosym.decision.session import Changes
from neurosym.values.canonical import Json
from tests.benchmarks import ours
from tests.benchmarks.trial import Ready, Trial, repeatable
from tests.benchmarks.work import closure, conditions, holdings, increment, join
from tests.benchmarks.work.conditions import CHOICES, DATES, NUMBERS, TEXTS, Condition, Equal, Rule, Within

# Proof steps as the rules below make them: their keys are texts.
_Alerting = tuple[tuple[str, ...], str, tuple[tuple[str], tuple[str], tuple[str]]]
_Holding = tuple[closure.Pair, str, tuple[tuple[str, ...], ...]]

JOIN = """
ruleset watching

fact Account
  id:        text  key
  customer:  text

fact Transaction
  id:       text    key
  account:  text
  amount:   number  >= 0
  country:  text

fact Watch
  id:         text    key
  country:    text
  threshold:  number  >= 0

derived Alert
  transaction:  Transaction  key
  account:      Account      key
  watch:        Watch        key

rule watched
  for   t: Transaction, a: Account, w: Watch
  when  a.id = t.account and w.country = t.country and t.amount >= w.threshold
  then  Alert(transaction: t, account: a, watch: w)
"""
CLOSURE = """
ruleset ownership

fact Owns
  id:     text  key
  owner:  text
  owned:  text

derived Holds
  owner:  text  key
  owned:  text  key

rule directly
  for   o: Owns
  then  Holds(owner: o.owner, owned: o.owned)

rule through
  for   h: Holds, o: Owns
  when  o.owner = h.owned
  then  Holds(owner: h.owner, owned: o.owned)
"""
HOLDINGS = """
ruleset fifty_percent

fact Party
  id:  text  key

fact Listed
  party:  Party  key

fact Owns
  id:     text    key
  owner:  Party
  owned:  Party
  share:  number  [0..100]

derived Blocked
  party:  Party  key

rule listed
  for   l: Listed
  then  Blocked(party: l.party)

rule aggregate
  for   e: Party
  when  sum(o.share for o: Owns, b: Blocked where o.owned = e and b.party = o.owner) >= 50
  then  Blocked(party: e)
"""
STRUCTURING = """
ruleset structuring

fact Deposit
  id:       text    key
  account:  text
  kind:     "cash" | "wire"
  amount:   number  >= 0
  at:       datetime

derived Structuring
  last:  Deposit  key

rule three_in_two_days
  for   n: Deposit
  when  n.kind = "cash" and n.amount < 10000
        and count(d.id for d: Deposit where d.account = n.account and d.kind = "cash" and d.amount < 10000
                  and d.at in [n.at - duration("P2D")..n.at]) >= 3
  then  Structuring(last: n)
"""


def conditions_run(work: conditions.Work) -> Ready[conditions.Answer]:
    """Every rule concludes an outcome because of its reason."""
    screen = ours.Screen(ours.compiled(conditions_rules(work.rules)), "screen")

    def run() -> conditions.Answer:
        return [screen.hits({"payment": request}) for request in work.requests]

    return repeatable(run)


def join_run(work: join.Work) -> Ready[join.Answer]:
    """Alerts with the keys of their premises."""
    program = ours.compiled(JOIN)

    def run() -> join.Answer:
        found = cast("Iterator[_Alerting]", ours.derived(ours.evaluated(program, work.facts), "Alert"))
        return [(transaction, account, watch) for _, _, ((account,), (transaction,), (watch,)) in found]

    return repeatable(run)


def closure_run(work: closure.Work) -> Ready[closure.Answer]:
    """Each pair with the last step of its proof."""
    program = ours.compiled(CLOSURE)

    def run() -> closure.Answer:
        found = cast("Iterator[_Holding]", ours.derived(ours.evaluated(program, work.facts), "Holds"))
        return [(*pair, last[0][1] if len(last) == 2 else "", last[-1][0]) for pair, _, last in found]

    return repeatable(run)


def holdings_run(work: holdings.Work) -> Ready[holdings.Answer]:
    """Blocked parties; their proofs are made as well."""
    program = ours.compiled(HOLDINGS)

    def run() -> holdings.Answer:
        return [_id(party) for (party,) in ours.derived_keys(ours.evaluated(program, work.facts), "Blocked")]

    return repeatable(run)


def increment_run(work: increment.Work) -> Ready[increment.Answer]:
    """Each deposit as it comes in to a session."""
    engine = ours.engine(STRUCTURING)

    def ready() -> Trial[increment.Answer]:
        session = engine.session({"Deposit": work.loaded}, on=ours.DAY)
        return lambda: [_completed(session.add({"Deposit": [row]})) for row in work.arriving]

    return ready


def _completed(changes: Changes) -> list[str]:
    return [_deposit(structuring) for structuring in changes.concluded.get("Structuring", ())]


def _deposit(structuring: Json) -> str:
    assert isinstance(structuring, dict)
    return str(structuring["last"])


def conditions_rules(rules: Sequence[Rule]) -> str:
    """The rules as text."""
    fields = [
        *(f"  {name}: {' | '.join(map(json.dumps, options))}" for name, options in CHOICES.items()),
        *(f"  {name}: text" for name in TEXTS),
        *(f"  {name}: number" for name in NUMBERS),
        *(f"  {name}: date" for name in DATES),
    ]
    head = ["ruleset conditions", "fact Payment", "  id: text key", *fields, *DECISION]
    return "\n".join([*head, more_rules(rules)])


def more_rules(rules: Sequence[Rule]) -> str:
    """The rules alone, without what they speak of."""
    return "\n".join(map(_rule, rules))


DECISION = (
    "decision screen(payment: Payment)",
    "  on payment.booked_on",
    '  outcomes "hold" > "release"',
    '  otherwise "release"',
    '  undecided "hold"',
)


def _rule(rule: Rule) -> str:
    conjunction = " and ".join(map(_expression, rule.conditions))
    conclusion = f'screen(payment: p) is "hold" because "{rule.reason}"'
    return f"rule {rule.id}\n  for p: Payment\n  when {conjunction}\n  then {conclusion}"


def _expression(condition: Condition) -> str:
    match condition:
        case Equal(name, value):
            return f"p.{name} = {json.dumps(value)}"
        case Within(name, None, high):
            return f"p.{name} <= {high}"
        case Within(name, low, None):
            return f"p.{name} >= {low}"
        case Within(name, low, high):
            return f"p.{name} in [{low}..{high}]"


def _id(of: object) -> str:
    assert isinstance(of, str)
    return of
