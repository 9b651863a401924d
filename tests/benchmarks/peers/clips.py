"""The work as production rules of CLIPS."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import clips

from tests.benchmarks.work import closure, conditions, join
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


ALERT = re.compile(r'\(alert "([^"]*)" "([^"]*)" "([^"]*)"\)')
STEP = re.compile(r'\(step "([^"]*)" "([^"]*)" "([^"]*)" "([^"]*)"\)')


def join_run(work: join.Work) -> Callable[[], join.Answer]:
    """Alerts as facts of the keys of their premises."""
    environment = _environment(JOIN)

    def run() -> join.Answer:
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

    return run


def closure_run(work: closure.Work) -> Callable[[], closure.Answer]:
    """Each pair with the step that was taken first."""
    environment = _environment(CLOSURE)

    def run() -> closure.Answer:
        lines = [
            f'(owns (id "{row["id"]}") (owner "{row["owner"]}") (owned "{row["owned"]}"))' for row in work.facts["Owns"]
        ]
        return STEP.findall(_asserted(environment, lines, "step"))

    return run


def conditions_run(work: conditions.Work) -> Callable[[], conditions.Answer]:
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

    return run


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


def _environment(constructs: tuple[str, ...]) -> clips.Environment:
    environment = clips.Environment()
    for each in constructs:
        environment.build(each)
    return environment


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
