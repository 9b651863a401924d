"""The work as production rules of CLIPS."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import clips

from tests.benchmarks.trial import Answer, Ready, Trial, repeatable
from tests.benchmarks.work import closure, conditions, increment, join
from tests.benchmarks.work.conditions import Condition, Equal, Within, day

JOIN = (
    "(deftemplate account (slot id) (slot customer))",
    "(deftemplate transaction (slot id) (slot account) (slot amount) (slot country))",
    "(deftemplate watch (slot id) (slot country) (slot threshold))",
    """(defrule watched
      (transaction (id ?t) (account ?a) (amount ?x) (country ?k))
      (account (id ?a))
      (watch (id ?w) (country ?k) (threshold ?l&:(>= ?x ?l)))
      => (assert (alert ?t ?a ?w)))""",
)
ALERT = re.compile(r'\(alert "([^"]*)" "([^"]*)" "([^"]*)"\)')
CLOSURE = (
    "(deftemplate owns (slot id) (slot owner) (slot owned))",
    "(deftemplate holds (slot owner) (slot owned))",
    """(defrule directly
      (owns (id ?s) (owner ?x) (owned ?y))
      (not (holds (owner ?x) (owned ?y)))
      => (assert (holds (owner ?x) (owned ?y)) (step ?x ?y "" ?s)))""",
    """(defrule through
      (holds (owner ?x) (owned ?z))
      (owns (id ?s) (owner ?z) (owned ?y))
      (not (holds (owner ?x) (owned ?y)))
      => (assert (holds (owner ?x) (owned ?y)) (step ?x ?y ?z ?s)))""",
)
STEP = re.compile(r'\(step "([^"]*)" "([^"]*)" "([^"]*)" "([^"]*)"\)')
# Times are minutes. Ids are numbers, so that of two deposits one comes first; the call back says which one completes.
STRUCTURING = (
    "(deftemplate deposit (slot id) (slot account) (slot kind) (slot amount) (slot at))",
    """(defrule three_in_two_days
      (deposit (id ?n) (account ?a) (kind "cash") (amount ?x&:(< ?x 10000)) (at ?t))
      (deposit (id ?i&~?n) (account ?a) (kind "cash") (amount ?y&:(< ?y 10000)) (at ?u&:(<= (- ?t 2880) ?u ?t)))
      (deposit (id ?j&~?n&:(> ?j ?i)) (account ?a) (kind "cash") (amount ?z&:(< ?z 10000))
               (at ?v&:(<= (- ?t 2880) ?v ?t)))
      (not (structuring ?n))
      => (assert (structuring ?n)) (completed ?n))""",
)


def conditions_run(work: conditions.Work) -> Ready[conditions.Answer]:
    """A rule of one pattern each, which calls back with its hit; days are numbers."""
    environment, hits = clips.Environment(), list[conditions.Hit]()
    environment.define_function(lambda rule, reason: hits.append((rule, reason)), "hit")
    environment.build(f"(deftemplate payment {' '.join(f'(slot {name})' for name in ('id', *conditions.FIELDS))})")
    for each in work.rules:
        environment.build(_rule(each))
    payment = environment.find_template("payment")

    def run() -> conditions.Answer:
        answer = []
        for request in work.requests:
            hits.clear()
            environment.reset()
            payment.assert_fact(**conditions.with_day_numbers(request))
            environment.run()
            answer.append(list(hits))
        return answer

    return repeatable(run)


def join_run(work: join.Work) -> Ready[join.Answer]:
    """Alerts as facts of the keys of their premises."""

    def run(environment: clips.Environment) -> join.Answer:
        lines = [f'(account (id "{row["id"]}") (customer "{row["customer"]}"))' for row in work.facts["Account"]]
        lines += [
            f'(transaction (id "{row["id"]}") (account "{row["account"]}") (amount {row["amount"]})'
            f' (country "{row["country"]}"))'
            for row in work.facts["Transaction"]
        ]
        lines += [
            f'(watch (id "{row["id"]}") (country "{row["country"]}") (threshold {row["threshold"]}))'
            for row in work.facts["Watch"]
        ]
        return ALERT.findall(_asserted(environment, lines, "alert"))

    return _in_new_environment(JOIN, run)


def closure_run(work: closure.Work) -> Ready[closure.Answer]:
    """Each pair with the step that was taken first."""

    def run(environment: clips.Environment) -> closure.Answer:
        lines = [
            f'(owns (id "{row["id"]}") (owner "{row["owner"]}") (owned "{row["owned"]}"))' for row in work.facts["Owns"]
        ]
        return STEP.findall(_asserted(environment, lines, "step"))

    return _in_new_environment(CLOSURE, run)


def increment_run(work: increment.Work) -> Ready[increment.Answer]:
    """Each deposit asserted as it comes in."""

    def ready() -> Trial[increment.Answer]:
        environment, completed = clips.Environment(), list[str]()
        environment.define_function(lambda deposit: completed.append(f"D{deposit}"), "completed")
        for each in STRUCTURING:
            environment.build(each)
        deposit = environment.find_template("deposit")
        for row in work.loaded:
            deposit.assert_fact(**_deposit(row))
        environment.run()

        def run() -> increment.Answer:
            answer = []
            for row in work.arriving:
                completed.clear()
                deposit.assert_fact(**_deposit(row))
                environment.run()
                answer.append(list(completed))
            return answer

        return run

    return ready


def _rule(rule: conditions.Rule) -> str:
    slots = " ".join(map(_slot, rule.conditions))
    return f'(defrule {rule.id} (payment {slots}) => (hit "{rule.id}" "{rule.reason}"))'


def _slot(condition: Condition) -> str:
    match condition:
        case Equal(name, value):
            return f'({name} "{value}")'
        case Within(name, None, high):
            return f"({name} ?{name}&:(<= ?{name} {day(high)}))"
        case Within(name, low, None):
            return f"({name} ?{name}&:(>= ?{name} {day(low)}))"
        case Within(name, low, high):
            return f"({name} ?{name}&:(<= {day(low)} ?{name} {day(high)}))"


def _deposit(row: increment.Row) -> increment.Row:
    minutes = datetime.fromisoformat(str(row["at"])) - increment.FIRST
    return row | {"id": int(str(row["id"])[1:]), "at": minutes.days * 24 * 60 + minutes.seconds // 60}


def _in_new_environment(constructs: tuple[str, ...], run: Callable[[clips.Environment], Answer]) -> Ready[Answer]:
    """Runs in an environment of its own: to empty one that is full takes as long as to fill it."""

    def ready() -> Trial[Answer]:
        environment = clips.Environment()
        for each in constructs:
            environment.build(each)
        return lambda: run(environment)

    return ready


def _asserted(environment: clips.Environment, facts: list[str], of: str) -> str:
    """The text of the facts of a template that follow. Files are the fast way in and out: facts asserted through the
    binding take three times as long, facts from a string 25 times, and facts read one by one ten times.
    """
    environment.reset()
    with TemporaryDirectory() as folder:
        given, found = Path(folder) / "given", Path(folder) / "found"
        given.write_text("\n".join(facts), encoding="utf-8")
        environment.load_facts(str(given))
        environment.run()
        environment.eval(f'(save-facts "{found}" local {of})')
        return found.read_text(encoding="utf-8")
