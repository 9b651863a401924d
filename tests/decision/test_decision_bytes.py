"""The same arguments give the same bytes, and the bytes are those of contracts.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import permutations
from pathlib import Path

import pytest

from neurosym.audit.log import Log
from neurosym.decision.decision import Decision
from neurosym.decision.intake import Document
from neurosym.decision.replay import ReplayStatus
from neurosym.judgment.answer import Claim
from neurosym.values.canonical import canonical_bytes, digest, digest_bytes
from tests.audit.world import open_log
from tests.decision.case import (
    DAY,
    HEAD,
    PAYMENT,
    REMARKS,
    RULES,
    SAME,
    SCREEN,
    Told,
    engine_of,
    objects,
    replayed,
    ruleset,
    screening,
    told_judge,
    world,
)

ANSWERS = {"E1": "different", "E2": "same", "E3": "unclear"}
MEMBERS = {  # contracts.md, `answers` and `either_way`
    "either_way",
    "id",
    "decision",
    "subject",
    "status",
    "outcome",
    "act_on",
    "possible",
    "on",
    "reasons",
    "duties",
    "not_proven",
    "missing",
    "questions",
    "answers",
    "proof",
    "logged",
    "digests",
}


def decided(facts: Mapping[str, Sequence[object]] | None = None, text: str = "") -> Decision:
    rules = screening(rules=text or RULES)
    engine = engine_of(rules, None, told_judge(Told(ANSWERS)))
    return engine.decide("screen", PAYMENT, facts=world("E1", "E2", "E3") if facts is None else facts)


# --- the document


@pytest.mark.parametrize("entries", [(), ("E1",), ("E2",), ("E9",)])
def test_a_decision_has_exactly_the_members_of_the_contract(entries: tuple[str, ...]) -> None:
    decision = decided(world(*entries))
    assert set(decision.json) == MEMBERS
    digests = decision.json["digests"]
    assert isinstance(digests, dict)
    assert set(digests) == {"program", "engine", "input", "facts", "graph", "answers"}


def test_a_decision_is_json_as_it_stands() -> None:
    document = decided().json
    assert json.loads(json.dumps(document)) == document
    assert canonical_bytes(document)


def test_a_reason_says_who_said_what_about_whom() -> None:
    assert decided().json["reasons"] == [
        {
            "outcome": "block",
            "rule": "block",
            "binding": {"e": "E2", "p": "PAY-1"},
            "text": "Ali Karimi is LISTED E2",
            "citations": ["Act 1"],
        },
        {
            "outcome": "hold",
            "rule": "hold",
            "binding": {"e": "E3", "p": "PAY-1"},
            "text": "The payer may be listed",
            "citations": ["Act 2"],
        },
    ]


def test_reasons_sort_by_outcome_then_rule_then_the_keys_of_the_binding() -> None:
    rules = """
rule zeta cite "x" for p: Payment, e: Entry then screen(payment: p) is "hold"
rule alpha cite "x" for p: Payment, e: Entry then screen(payment: p) is "hold"
rule last cite "x" for p: Payment then screen(payment: p) is "block"
"""
    # The names of the entries run against their keys: what sorts is the key.
    entries = [{"id": each, "name": str(9 - place), "remarks": ""} for place, each in enumerate(["E1", "E10", "E2"])]
    decision = decided({**world(), "Entry": entries[::-1]}, rules)
    found = [(each["rule"], each["binding"].get("e")) for each in objects(decision.json["reasons"])]
    assert found == [
        ("last", None),
        ("alpha", "E1"),
        ("alpha", "E10"),
        ("alpha", "E2"),
        ("zeta", "E1"),
        ("zeta", "E10"),
        ("zeta", "E2"),
    ]


def test_the_result_is_all_but_id_log_and_engine() -> None:
    decision = decided()
    result = json.loads(decision.result_bytes)
    assert set(result) == MEMBERS - {"id", "logged"}
    assert set(result["digests"]) == {"program", "input", "facts", "graph", "answers"}
    assert decision.result_bytes == canonical_bytes(result)
    assert decision.result_digest == digest_bytes(decision.result_bytes)
    assert decision.as_logged().result_bytes == decision.result_bytes


def test_the_proof_is_named_by_what_it_proves() -> None:
    by = {entry: decided(world(entry)).proof for entry in ("E1", "E2", "E3")}
    assert all(proof.startswith("sha256:") for proof in by.values())
    assert len(set(by.values())) == 3
    assert decided(world("E2")).proof == by["E2"]
    assert decided(world()).proof == by["E1"] == digest([])  # nothing is concluded: the rest is what `otherwise` says


# --- the same bytes


def test_two_engines_give_the_same_bytes_whatever_ids_salts_and_clocks(tmp_path: Path) -> None:
    rules = screening()
    found = []
    with open_log(tmp_path / "one.db") as one, Log.open(tmp_path / "two.db") as two:
        for log in (one, two, None):
            engine = engine_of(rules, log, told_judge(Told(ANSWERS)))
            engine.decide("screen", PAYMENT, facts=world("E9"))  # what was decided before leaves no trace
            found.append(engine.decide("screen", PAYMENT, facts=world("E1", "E2", "E3")))
    assert len({each.id for each in found}) == 3
    assert len({each.result_bytes for each in found}) == 1
    assert len({each.proof_bytes for each in found}) == 1
    assert len({canonical_bytes(each.json["digests"]) for each in found}) == 1


def test_the_order_of_facts_is_irrelevant() -> None:
    entries = world("E1", "E2", "E3")["Entry"]
    bytes_ = {decided(world(Entry=list(order))).result_bytes for order in permutations(entries)}
    assert len(bytes_) == 1
    proofs = {decided(world(Entry=list(order))).proof_bytes for order in permutations(entries)}
    assert len(proofs) == 1


def test_the_order_of_types_members_and_documents_is_irrelevant() -> None:
    expected = decided().result_bytes
    facts = world("E1", "E2", "E3")
    turned = {name: [dict(reversed(list(row.items()))) for row in facts[name]] for name in reversed(list(facts))}
    assert decided(turned).result_bytes == expected
    engine = engine_of(screening(), None, told_judge(Told(ANSWERS)))
    documents = [
        Document("b", {"Entry": facts["Entry"][1:], "Payment": []}),
        Document("a", {"Party": facts["Party"], "Entry": facts["Entry"][:2]}),  # the second one stands in both
    ]
    assert engine.decide("screen", PAYMENT, facts=engine.know(documents)).result_bytes == expected


def test_a_subject_given_by_its_key_or_inline_gives_the_same_but_for_the_input() -> None:
    engine = engine_of(screening(), None, told_judge(Told(ANSWERS)))
    facts = world("E2", Payment=[PAYMENT["payment"]])
    documents = []
    for request in (PAYMENT, {"payment": "PAY-1"}):
        result = json.loads(engine.decide("screen", request, facts=facts).result_bytes)
        result["digests"].pop("input")
        documents.append(result)
    assert documents[0] == documents[1]


def test_the_order_of_rules_changes_nothing_at_all() -> None:
    parts = ["\nrule " + part for part in RULES.split("\nrule ")[1:]]
    assert len(parts) == 2
    assert decided(text="".join(parts)).result_bytes == decided(text="".join(reversed(parts))).result_bytes


def test_values_of_python_and_their_texts_are_the_same_input() -> None:
    engine = engine_of(screening(), None, told_judge(Told(ANSWERS)))
    dated = {"payment": {**PAYMENT["payment"], "booked_on": date.fromisoformat(DAY)}}
    results = [engine.decide("screen", request, facts=world("E2")).result_bytes for request in (PAYMENT, dated)]
    assert results[0] == results[1]


def test_other_answers_give_other_bytes_and_another_digest_of_answers() -> None:
    one = decided(world("E1"))
    other = engine_of(screening(), None, told_judge(Told({"E1": "unclear"}))).decide(
        "screen", PAYMENT, facts=world("E1")
    )
    assert one.digests["answers"] != other.digests["answers"]
    assert {name for name in one.digests if one.digests[name] != other.digests[name]} == {"answers"}


def test_what_facts_say_changes_the_digest_of_facts_alone() -> None:
    facts = world()
    other = decided({**facts, "Party": [{**facts["Party"][0], "country": "XB"}]})
    one = decided(facts)
    assert {name for name in one.digests if one.digests[name] != other.digests[name]} == {"facts"}


def test_a_type_left_out_is_not_the_same_as_an_empty_one() -> None:
    facts = world()
    assert (
        decided(facts).digests["facts"]
        != decided({name: facts[name] for name in facts if name != "Entry"}).digests["facts"]
    )


SEEDED = """
import sys
from hashlib import sha256
from tests.decision.test_decision_bytes import fingerprint
sys.stdout.write(fingerprint())
"""


def fingerprint() -> str:
    """One digest over results and proofs of several decisions."""
    found = sha256()
    worlds: list[Mapping[str, Sequence[object]]] = [world("E1", "E2", "E3"), world("E9", "E8"), world("E1"), {}]
    for facts in worlds:
        decision = decided(facts)
        found.update(decision.result_bytes + decision.proof_bytes)
    return found.hexdigest()


def seeded(seed: int) -> subprocess.Popen[str]:
    root = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": root}
    return subprocess.Popen([sys.executable, "-c", SEEDED], env=environment, stdout=subprocess.PIPE, text=True)


def test_hash_seeds_change_nothing() -> None:
    assert fingerprints(range(1, 2)) == {fingerprint()}  # this process has a seed of its own


@pytest.mark.slow
def test_many_hash_seeds_change_nothing() -> None:
    assert fingerprints(range(3, 15)) == {fingerprint()}


def fingerprints(seeds: range) -> set[str]:
    found = set()
    processes = [seeded(seed) for seed in seeds]
    for process in processes:
        with process:
            assert process.stdout is not None
            found.add(process.stdout.read())
        assert process.returncode == 0
    return found


# --- numbers


NUMBERS = (
    HEAD.replace("booked_on:  date", "booked_on:  date\n  amount: number")
    + SCREEN.format(clauses="")
    + """
rule exact "Exactly one more than a double can tell"
  cite  "x"
  for   p: Payment
  when  p.amount = 9007199254740993
  then  screen(payment: p) is "block" because "{p.amount}"

rule others
  cite  "x"
  for   p: Payment
  then  screen(payment: p) is "hold" because "{p.amount}"
"""
)


@pytest.mark.parametrize(
    ("given", "outcome", "text"),
    [
        (9007199254740993, "block", "9007199254740993"),
        ("9007199254740993", "block", "9007199254740993"),
        ("9007199254740993.0", "block", "9007199254740993"),
        (Decimal(9007199254740993), "block", "9007199254740993"),
        (9007199254740992, "hold", "9007199254740992"),
        (9007199254740994, "hold", "9007199254740994"),
        (-(2**60), "hold", "-1152921504606846976"),
        (2**100, "hold", "1267650600228229401496703205376"),
        ("49.99", "hold", "49.99"),
        (Decimal("0.1"), "hold", "0.1"),
        ("1234567890123456789012345678901234", "hold", "1234567890123456789012345678901234"),
    ],
)
def test_numbers_survive_log_and_replay(tmp_path: Path, given: object, outcome: str, text: str) -> None:
    request = {"payment": {**PAYMENT["payment"], "amount": given}}
    with open_log(tmp_path / "decisions.db") as log:
        decision = engine_of(ruleset(NUMBERS), log).decide("screen", request, facts=world())
        assert decision.outcome == outcome
        assert decision.reasons[0].text == text
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]


def test_a_number_as_key_of_a_question_survives(tmp_path: Path) -> None:
    text = HEAD.replace('fact Entry "An entry of a list"\n  id:       text  key', "fact Entry\n  id: number key")
    rules = ruleset(text + SCREEN.format(clauses="") + SAME.format(clauses="") + RULES)
    told = Told({"9007199254740993": "different"})
    entry = {"id": 9007199254740993, "name": "x", "remarks": REMARKS}
    with open_log(tmp_path / "decisions.db") as log:
        decision = engine_of(rules, log, told_judge(told)).decide("screen", PAYMENT, facts=world(Entry=[entry]))
        assert decision.outcome == "release"
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]
    (answer,) = objects(decision.answers)
    assert answer["args"] == {"customer": "CUST-7", "entry": "9007199254740993"}


def test_an_abstention_is_no_answer() -> None:
    assert Claim(None).value is None
    assert decided(world("E9")).answers == ()
