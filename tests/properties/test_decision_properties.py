"""What holds for every decision, whatever callers, providers and people do (language §5.9, judgments, audit)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date
from decimal import Decimal
from inspect import signature
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, assume, event, example, given, settings
from hypothesis import strategies as st

from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.decision.decision import Decision
from neurosym.decision.engine import Engine
from neurosym.decision.intake import Document
from neurosym.decision.recorder import ATTEMPT, CASE, CONFIGURATION, FACTS, ONTOLOGIES, PROOF, RESULT, SOURCES
from neurosym.decision.replay import Replayed, Replayer, ReplayStatus
from neurosym.decision.ruleset import Ruleset
from neurosym.judgment.answer import AnswerValue, QuoteClaim
from neurosym.judgment.supplied import SuppliedAnswer
from neurosym.judgment.tier import Request
from neurosym.text.failure import Failure, InputError
from neurosym.values.canonical import canonical_bytes, is_unicode
from tests.audit.world import open_log
from tests.decision.case import (
    DAY,
    HEAD,
    PAYMENT,
    QUOTE,
    REMARKS,
    SAME,
    SCREEN,
    Told,
    engine_of,
    ruleset,
    screening,
    supplied,
    told_judge,
    world,
)
from tests.decision.forger import forge_log, with_payload
from tests.decision.tiers import abstained, computed_says, model_says, raw_judge

OUTCOMES = ("block", "hold", "release")
ENTRIES = ("E1", "E2", "E3")
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(FEW, max_examples=300)

Check: TypeAlias = Callable[..., None]
Facts: TypeAlias = Mapping[str, Sequence[Mapping[str, object]]]
Answers: TypeAlias = dict[str, AnswerValue]
MANY_TIMES: list[Any] = []


def theorem(*examples: Mapping[str, Any], **strategies: st.SearchStrategy[Any]) -> Callable[[Check], Check]:
    """A test over some drawn cases, and over many more when slow tests run."""

    def proven(check: Check) -> Check:
        tried: Check = check
        for each in examples:
            tried = example(**each)(tried)
        MANY_TIMES.append(pytest.param(MANY(given(**strategies)(check)), id=check.__name__))
        return FEW(given(**strategies)(tried))

    return proven


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    with Log.open(tmp_path_factory.mktemp("log") / "decisions.db") as opened:
        yield opened


# --- a richer world: entries that matter and entries that do not

RICH = ruleset(
    HEAD.replace("remarks:  text  public", "remarks:  text  public\n  weight: number\n  stale: boolean optional")
    + SCREEN.format(clauses="")
    + SAME.format(clauses="")
    + """
judgment trusted(customer: Party) returns yes or no
  ask    "Is the customer trusted?"
  reads  customer.name
  route  local?

derived Hit
  party:  Party  key
  entry:  Entry  key

rule hit cite "x"
  for   p: Party, e: Entry
  when  not(e.stale) and e.weight > 1 and same(p, e) = "same"
  then  Hit(party: p, entry: e)

rule blocked cite "x"
  for   p: Payment
  when  sum(e.weight for h: Hit, e: Entry where h.party = p.payer and h.entry = e) >= 5
  then  screen(payment: p) is "block"

rule held cite "x"
  for   p: Payment, h: Hit
  when  h.party = p.payer
  then  screen(payment: p) is "hold"

rule embargo cite "x"
  for   p: Payment
  when  p.payer.country = "XE"
  then  screen(payment: p) is "block"

exception trusted_customer to held cite "x"
  when  trusted(p.payer)
"""
)


@st.composite
def worlds(draw: st.DrawFn) -> Facts:
    entries = []
    for name in draw(st.lists(st.sampled_from(ENTRIES), unique=True)):
        entry = {"id": name, "name": name, "remarks": REMARKS, "weight": draw(st.integers(0, 4))}
        stale = draw(st.sampled_from([None, False, False, True]))
        entries.append(entry if stale is None else {**entry, "stale": stale})
    party: dict[str, object] = {"id": "CUST-7", "name": "Ali"}
    country = draw(st.sampled_from([None, "XA", "XA", "XA", "XE"]))
    return {"Party": [party if country is None else {**party, "country": country}], "Entry": entries, "Payment": []}


ANSWERS = st.fixed_dictionaries(
    {name: st.sampled_from(["same", "different", "unclear"]) for name in ENTRIES} | {"CUST-7": st.booleans()}
)
KNOWN = st.sets(st.sampled_from([*ENTRIES, "CUST-7"]))


def rich(facts: Facts, answers: Answers) -> tuple[Decision, list[str]]:
    """The decision, and whom it asked about."""
    asked: list[str] = []

    def respond(_: str, request: Request) -> bytes:
        key = str(request.question.args[-1][1].key[0])
        asked.append(key)
        quotes = [QUOTE] if request.judgment.evidence else []
        return computed_says(answers[key], *quotes) if key in answers else abstained()

    decision = engine_of(RICH, None, raw_judge(respond)).decide("screen", PAYMENT, facts=facts)
    return decision, asked


@theorem(facts=worlds(), answers=ANSWERS, others=ANSWERS)
def test_outcome_is_the_same_for_every_answer_to_a_question_not_asked(
    facts: Facts,
    answers: Answers,
    others: Answers,
) -> None:
    decision, asked = rich(facts, answers)
    event(f"asked {len(asked)}")
    again, asked_again = rich(facts, others | {name: answers[name] for name in asked})
    assert asked_again == asked
    assert again.result_bytes == decision.result_bytes
    assert again.proof_bytes == decision.proof_bytes


@theorem(facts=worlds(), answers=ANSWERS)
def test_no_question_is_asked_twice(facts: Facts, answers: Answers) -> None:
    _, asked = rich(facts, answers)
    assert len(asked) == len(set(asked))


@theorem(facts=worlds(), answers=ANSWERS, known=KNOWN, more=KNOWN)
def test_more_answers_only_shrink_what_is_possible(
    facts: Facts,
    answers: Answers,
    known: set[str],
    more: set[str],
) -> None:
    few, _ = rich(facts, {name: answers[name] for name in known})
    many, _ = rich(facts, {name: answers[name] for name in known | more})
    event(f"{len(few.possible)} to {len(many.possible)}")
    assert set(many.possible) <= set(few.possible)


@theorem(facts=worlds(), answers=ANSWERS, known=KNOWN)
def test_a_permissive_outcome_leaves_no_doubt(facts: Facts, answers: Answers, known: set[str]) -> None:
    told = {name: answers[name] for name in known}
    decision, _ = rich(facts, told)
    assume(decision.outcome == "release")
    assert decision.possible == ("release",)
    assert decision.questions == ()
    assert decision.missing == ()
    (party,) = facts["Party"]
    assert party.get("country") == "XA"
    for entry in facts["Entry"]:
        harmless = entry.get("stale") is True or int(str(entry["weight"])) <= 1
        answered = told.get(str(entry["id"])) in ("different", "unclear")
        forgiven = told.get("CUST-7") is True
        assert harmless or answered or forgiven


@theorem(facts=worlds(), answers=ANSWERS, known=KNOWN)
def test_whatever_is_not_decided_is_acted_on_with_care(facts: Facts, answers: Answers, known: set[str]) -> None:
    decision, _ = rich(facts, {name: answers[name] for name in known})
    event(decision.status.value)
    if decision.outcome is None:
        assert decision.act_on in decision.possible or decision.act_on == "hold"
        assert decision.act_on != "release" or decision.possible == ("release",)
        assert decision.questions or decision.missing
    else:
        assert decision.act_on == decision.outcome


@theorem(facts=worlds(), answers=ANSWERS, known=KNOWN, random=st.randoms(use_true_random=False))
def test_order_of_facts_is_irrelevant(facts: Facts, answers: Answers, known: set[str], random: Any) -> None:
    told = {name: answers[name] for name in known}
    names = list(facts)
    random.shuffle(names)
    shuffled = {name: random.sample(list(facts[name]), len(facts[name])) for name in names}
    one, asked = rich(facts, told)
    other, asked_too = rich(shuffled, told)
    assert one.result_bytes == other.result_bytes
    assert one.proof_bytes == other.proof_bytes
    assert asked == asked_too


@theorem(several=st.lists(st.tuples(worlds(), ANSWERS), min_size=2, max_size=4))
def test_what_was_decided_before_leaves_no_trace(
    several: list[tuple[Facts, Answers]],
) -> None:
    """Strata that an engine keeps change nothing."""
    said: dict[str, AnswerValue] = {}

    def respond(_: str, request: Request) -> bytes:
        quotes = [QUOTE] if request.judgment.evidence else []
        return computed_says(said[str(request.question.args[-1][1].key[0])], *quotes)

    engine = engine_of(RICH, None, raw_judge(respond))
    for facts, answers in several:
        said.update(answers)
        kept = engine.decide("screen", PAYMENT, facts=facts)
        fresh, _ = rich(facts, answers)
        assert kept.result_bytes == fresh.result_bytes
        assert kept.proof_bytes == fresh.proof_bytes


# --- whatever a provider sends

VALUES = st.sampled_from(["same", "different", "unclear", "Different", "", None, True, 1, ["different"]])
QUOTES = st.sampled_from(
    [(), (QUOTE,), (QuoteClaim("entry.remarks", "A1234567"),), (QuoteClaim("entry.name", "LIST"),)]
)
GOOD = model_says("different", QUOTE)


@st.composite
def completions(draw: st.DrawFn) -> bytes:
    """A response that is nearly right."""
    document = json.loads(GOOD)
    choice = document["choices"][0]
    answer: Any = {"answer": draw(VALUES), "quotes": draw(st.lists(QUOTE_DOCUMENTS, max_size=2))}
    if draw(st.booleans()):
        answer[draw(st.sampled_from(["why", "quotes", "answer"]))] = draw(VALUES)
    choice["message"]["content"] = json.dumps(answer)
    if draw(st.integers(0, 3)) == 0:
        choice["finish_reason"] = draw(st.sampled_from(["length", "content_filter", "stop", None]))
    if draw(st.integers(0, 3)) == 0:
        document["model"] = draw(st.sampled_from(["m", "n", ""]))
    if draw(st.integers(0, 3)) == 0:
        document["choices"] *= draw(st.integers(0, 2))
    return json.dumps(document).encode()


QUOTE_DOCUMENTS = st.fixed_dictionaries(
    {
        "field": st.sampled_from(["entry.remarks", "entry.name", ""]),
        "text": st.sampled_from([REMARKS, "A1234567", "Pass", "A1", "passport", ""]),
    }
)
RESPONSES = st.one_of(
    st.none(),
    st.binary(),
    completions(),
    st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)).map(
        lambda change: GOOD[: change[0]] + bytes([change[1]]) + GOOD[change[0] + 1 :]
    ),
    st.integers(0, len(GOOD)).map(lambda length: GOOD[:length]),
    st.integers(0, len(GOOD)).map(lambda at: GOOD[:at] + GOOD[at:] * 2),
)


def releases_by_hand(response: bytes | None) -> bool:
    """A reading of the contract that shares no code with the product: does the response say `different`, as asked?"""
    try:
        document = json.loads((response or b"").decode(), object_pairs_hook=_without_twins)
        (choice,) = document["choices"]
        if choice["finish_reason"] != "stop" or document["model"] != "m":
            return False
        answer = json.loads(choice["message"]["content"], object_pairs_hook=_without_twins)
        return (
            set(answer) == {"answer", "quotes"}
            and answer["answer"] == "different"
            and isinstance(answer["quotes"], list)
            and all(
                set(quote) == {"field", "text"}
                and quote["field"] == "entry.remarks"
                and len(quote["text"].strip()) >= 3
                and quote["text"] in REMARKS
                for quote in answer["quotes"]
            )
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


TRUSTING = screening(clauses="accept uncalibrated")


@theorem({"responses": [GOOD]}, responses=st.lists(RESPONSES, min_size=1, max_size=3))
def test_no_bytes_of_a_model_release_but_an_answer_that_says_so(log: Log, responses: list[bytes | None]) -> None:
    remaining = list(responses)

    def respond(tier: str, _: Request) -> bytes | None:
        if tier == "local":
            return abstained()
        return remaining.pop(0) if remaining else None

    judge = raw_judge(respond, "small", attempts=len(responses))
    decision = engine_of(TRUSTING, log, judge).decide("screen", PAYMENT, facts=world("E1"))
    used = responses[: len(responses) - len(remaining)]
    event(f"{decision.outcome} after {len(used)}")
    if decision.outcome == "release":
        assert releases_by_hand(used[-1])
    if decision.outcome is None:
        assert decision.act_on == "hold"
        assert not any(releases_by_hand(response) for response in used)
    assert replayed_status(log, decision) is ReplayStatus.IDENTICAL


@theorem(response=RESPONSES | st.just(computed_says("different")) | st.just(computed_says("unclear")))
def test_no_bytes_of_a_tier_are_believed_without_calibration(response: bytes | None) -> None:
    def respond(tier: str, _: Request) -> bytes | None:
        return abstained() if tier == "local" else response

    decision = engine_of(screening(), None, raw_judge(respond, "small")).decide("screen", PAYMENT, facts=world("E1"))
    assert (decision.outcome, decision.act_on, decision.answers) == (None, "hold", ())


def replayed_status(log: Log, decision: Decision) -> ReplayStatus:
    return Replayer(log).replay(log.decision(decision.id)).status


# --- whatever a caller sends

TEXTS = st.text(st.characters()) | st.sampled_from(["CUST-7", "E1", DAY, "\ud800", "\0", "1e5", "-0"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXTS
    | st.decimals()
    | st.just(Decimal("1E+400"))
    | st.dates()
    | st.datetimes()
    | st.binary(max_size=3)
)
NAMES = (
    st.sampled_from(["Party", "Entry", "Payment", "incomplete", "payment", "id", "name", "payer", "booked_on"]) | TEXTS
)
JSONS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def disturbed(draw: st.DrawFn, valid: Any) -> Any:
    """A valid document with one part of it replaced, added or taken away."""
    document = deepcopy(valid)
    at: Any = document
    while True:
        places = list(range(len(at))) if isinstance(at, list) else list(at) if isinstance(at, dict) else []
        if not places:
            return document
        place = draw(st.sampled_from(places))
        if isinstance(at[place], (dict, list)) and at[place] and draw(st.integers(0, 2)):
            at = at[place]
            continue
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "replace":
                at[place] = draw(JSONS)
            case "remove":
                del at[place]
            case _ if isinstance(at, list):
                at.append(draw(st.sampled_from(at) | JSONS))
            case _:
                at[draw(NAMES)] = draw(JSONS)
        return document


CALLERS_FACTS = {
    "Party": [{"id": "CUST-7", "name": "Ali", "country": "XA"}, {"id": "CUST-8", "name": "Bo"}],
    "Entry": [{"id": "E1", "name": "LISTED", "remarks": REMARKS}],
    "Payment": [{"id": "PAY-9", "payer": "CUST-8", "booked_on": DAY}],
    "incomplete": ["Payment"],
}


@pytest.fixture(scope="module")
def caller(log: Log) -> Engine:
    return engine_of(screening(), log, told_judge(Told({"E1": "different"})))


@theorem(
    {"request_": {"payment": {"id": "\ud800", "payer": "CUST-7", "booked_on": DAY}}, "facts": CALLERS_FACTS},
    {"request_": {"payment": {"id": "P", "payer": "CUST-7", "booked_on": DAY, "\ud800": 1}}, "facts": CALLERS_FACTS},
    {"request_": PAYMENT, "facts": {"incomplete": [[]]}},
    {"request_": PAYMENT, "facts": {"\ud800": []}},
    request_=JSONS | disturbed(PAYMENT),
    facts=JSONS | disturbed(CALLERS_FACTS) | st.just(CALLERS_FACTS),
)
def test_any_input_is_decided_or_refused(log: Log, caller: Engine, request_: Any, facts: Any) -> None:
    decision = decided_or_refused(caller, request_, facts)
    if isinstance(decision, InputError):
        event("refused")
        assert {found.code[:3] for found in decision.diagnostics} == {"NS5"}
        return
    event("decided")
    assert decision.logged
    assert decision.act_on in OUTCOMES
    assert canonical_bytes(decision.json)
    assert replayed_status(log, decision) is ReplayStatus.IDENTICAL


def decided_or_refused(engine: Engine, request_: Any, facts: Any) -> Decision | InputError:
    try:
        knowledge = engine.know(facts) if isinstance(facts, dict) else engine.know([Document("facts.json", facts)])
        return engine.decide("screen", request_, facts=knowledge)
    except InputError as error:
        return error


@theorem(request_id=TEXTS, on=st.dates() | st.none())
def test_a_retry_returns_what_was_logged_whatever_the_request_is_called(
    log: Log, caller: Engine, request_id: str, on: date | None
) -> None:
    try:
        first = caller.decide("screen", PAYMENT, facts=world("E1"), on=on, request_id=f"{on}{request_id}")
    except InputError:
        return
    size = log.size()
    again = caller.decide("screen", PAYMENT, facts=world("E1"), on=on, request_id=f"{on}{request_id}")
    assert again.json == first.json
    assert log.size() == size


# --- who may say what

KINDS = st.lists(
    st.tuples(st.sampled_from(ENTRIES), st.sampled_from(["supplied", "local", "small"]), VALUES), max_size=6
)


@theorem(
    says=KINDS,
    need=st.sampled_from(["person", "no judgment", "calibrated"]),
    outcome=st.sampled_from(["release", "hold", "block"]),
)
def test_an_outcome_that_needs_more_stands_on_such_answers_alone(
    says: list[tuple[str, str, Any]], need: str, outcome: str
) -> None:
    rules = screening(f'needs {need} for "{outcome}"', "accept uncalibrated")
    allowed = [(entry, tier, value) for entry, tier, value in says if value in ("same", "unclear", "different")]
    strong = {"person": ["supplied"], "no judgment": [], "calibrated": ["supplied", "local"]}[need]
    decision = answered(rules, allowed)
    event(f"{need} {decision.outcome == outcome}")
    if decision.outcome == outcome:
        plain = screening(clauses="accept uncalibrated")
        alone = answered(plain, [each for each in allowed if each[1] in strong])
        assert alone.outcome == outcome


def answered(rules: Ruleset, says: list[tuple[str, str, Any]]) -> Decision:
    """The decision where each tier says this of the entries; supplied answers that nobody asks for are left out."""
    by = {(tier, entry): value for entry, tier, value in reversed(says)}

    def respond(tier: str, request: Request) -> bytes:
        value = by.get((tier, str(request.question.args[-1][1].key[0])))
        if tier == "local":
            return abstained() if value is None else computed_says(value, QUOTE)
        return model_says(value, QUOTE)

    given_: list[SuppliedAnswer] = [
        supplied(value, entry, quotes=[QUOTE]) for (tier, entry), value in by.items() if tier == "supplied"
    ]
    engine = engine_of(rules, None, raw_judge(respond, "small"))
    return engine.decide("screen", PAYMENT, facts=world(*ENTRIES), answers=given_)


# --- whatever somebody with the key does to a log


@pytest.fixture(scope="module")
def small_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "decisions.db"
    with open_log(path) as log:
        engine = engine_of(screening(), log, told_judge(Told({"E1": "same"})))
        engine.decide("screen", PAYMENT, facts=world("E1"))
    return path


PAYLOADS = st.sampled_from([CASE, FACTS, RESULT, PROOF, ATTEMPT, SOURCES, ONTOLOGIES, CONFIGURATION])
LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
MEMBERS = NAMES.filter(is_unicode)
NESTED = st.lists(LEAVES, max_size=3) | st.dictionaries(MEMBERS, LEAVES, max_size=3)
PLAIN: st.SearchStrategy[Any] = (
    LEAVES | NESTED | st.lists(NESTED, max_size=3) | st.dictionaries(MEMBERS, NESTED, max_size=3)
)


@theorem(name=PAYLOADS, choice=st.data())
def test_whatever_a_log_says_replay_gives_a_verdict(
    small_log: Path, tmp_path_factory: pytest.TempPathFactory, name: str, choice: st.DataObject
) -> None:
    with LogReader.open(small_log) as log:
        (content,) = [log.payload(link) for entry in log.entries() for link in entry.payloads if link.name == name]
    changed = choice.draw(
        st.binary()
        | PLAIN.map(canonical_bytes)
        | disturbed_bytes(content)
        | st.integers(0, len(content)).map(lambda length: content[:length]),
        "content",
    )
    assume(changed != content)
    forged = tmp_path_factory.mktemp("forged") / "forged.db"
    forge_log(small_log, forged, with_payload(name, lambda _: changed))
    found = replayed_or_failed(forged)
    if isinstance(found, Failure):
        event("failure")
        assert str(found)
        return
    event(f"{name} {found.status.value}")
    if found.status is ReplayStatus.IDENTICAL:
        assert name not in (RESULT, PROOF)
        assert name != FACTS or told(changed) == told(content)
    else:
        assert found.difference or found.status is ReplayStatus.ENGINE_MISMATCH


def told(recorded: bytes) -> set[tuple[str, bytes]]:
    """The facts of recorded documents: told twice, they are still told."""
    return {
        (fact_type, canonical_bytes(each))
        for document_ in json.loads(recorded)
        for fact_type, facts in document_["content"].items()
        for each in facts
    } | {(fact_type, b"") for document_ in json.loads(recorded) for fact_type in document_["content"]}


def replayed_or_failed(path: Path) -> Replayed | Failure:
    with LogReader.open(path) as log:
        try:
            (found,) = Replayer(log).all()
        except Failure as error:
            return error
    return found


def disturbed_bytes(content: bytes) -> st.SearchStrategy[bytes]:
    """The document with one part of it changed."""
    document_ = json.loads(content)
    if not isinstance(document_, (dict, list)):
        return st.just(content)
    return disturbed(document_).map(lambda changed: json.dumps(changed, default=str).encode("utf-8", "surrogatepass"))


# --- the same, many times


@pytest.mark.slow
@pytest.mark.parametrize("check", MANY_TIMES)
def test_many_more_cases(check: Check, request: pytest.FixtureRequest) -> None:
    check(**{name: request.getfixturevalue(name) for name in signature(check).parameters})
