"""Sessions: facts that come and go, what follows from them, and decisions that replay without the session."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.audit.payload import PayloadLink
from neurosym.decision.engine import Engine
from neurosym.decision.replay import Replayer, ReplayStatus
from neurosym.decision.ruleset import checked_ruleset
from neurosym.decision.session import Session
from neurosym.engine.situation import LIMITS, Limits
from neurosym.text.failure import InputError, LimitError
from neurosym.text.span import Source

DAY = date(2026, 11, 1)
RULES = """
ruleset structuring "Cash in parts below the threshold"
  prefix own "https://neurosym.dev/ns/ownership#"

fact Customer
  id:   text  key
  day:  date

fact Deposit
  id:      text  key
  by:      Customer
  kind:    "cash" | "wire"
  amount:  number  >= 0
  at:      datetime

fact Branch from own:Branch
  id:  text  key  from own:identifier

derived Structuring
  last:  Deposit  key

rule three_in_two_days
  for   n: Deposit
  when  n.kind = "cash" and n.amount < 10000
        and count(d.id for d: Deposit where d.by = n.by and d.kind = "cash" and d.amount < 10000
                  and d.at in [n.at - duration("PT48H")..n.at]) >= 3
  then  Structuring(last: n)

decision review(customer: Customer)
  on         customer.day
  outcomes   "report" > "none"
  otherwise  "none"
  undecided  "report"

rule reported
  for   s: Structuring
  then  review(customer: s.last.by) is "report" because "the last of three is {s.last.id}"
"""
CUSTOMERS = [{"id": "C", "day": "2026-11-01"}, {"id": "E", "day": "2026-11-01"}]
Row = dict[str, object]


def deposit(name: str, at: str, amount: int = 9_000, by: str = "C", kind: str = "cash") -> Row:
    return {"id": name, "by": by, "kind": kind, "amount": amount, "at": f"2026-11-{at}:00"}


def engine(log: Log | None = None, limits: Limits = LIMITS, *, reference: bool = False) -> Engine:
    ruleset = checked_ruleset([Source("structuring.rules", RULES)], ())
    return Engine(ruleset, log=log, limits=limits, reference=reference)


def begun(of: Engine | None = None) -> Session:
    """A session with two customers and no deposit."""
    return (of or engine()).session({"Customer": CUSTOMERS, "Deposit": [], "Branch": []}, on=DAY)


def ids(found: Mapping[str, Sequence[object]], of: str = "Structuring") -> list[object]:
    return [each["last"] for each in found.get(of, ()) if isinstance(each, dict)]


# --- structuring: windows are conditions over event times


@dataclass(frozen=True)
class Step:
    """A change, the deposits that are the last of a structuring since then or no more, and what is then decided."""

    change: Callable[[Session], object]
    concluded: Sequence[str] = ()
    withdrawn: Sequence[str] = ()
    outcome: str = "none"


def arrives(*rows: Row) -> Callable[[Session], object]:
    return lambda session: session.add({"Deposit": [*rows]})


def goes(*names: str) -> Callable[[Session], object]:
    return lambda session: session.retract({"Deposit": [*names]})


def is_now(row: Row) -> Callable[[Session], object]:
    return lambda session: session.replace({"Deposit": [row]})


STORIES: Mapping[str, Sequence[Step]] = {
    "three within 48 hours": (
        Step(arrives(deposit("1", "01T09:00"))),
        Step(arrives(deposit("2", "02T09:00"))),
        Step(arrives(deposit("3", "03T09:00")), concluded=["3"], outcome="report"),
    ),
    "a minute too late": (
        Step(arrives(deposit("1", "01T09:00"), deposit("2", "02T09:00"))),
        Step(arrives(deposit("3", "03T09:01"))),
    ),
    "at the threshold, by wire, of another customer": (
        Step(arrives(deposit("1", "01T09:00"), deposit("2", "01T10:00"))),
        Step(arrives(deposit("3", "01T11:00", amount=10_000))),
        Step(arrives(deposit("4", "01T12:00", kind="wire"))),
        Step(arrives(deposit("5", "01T13:00", by="E"))),
        Step(arrives(deposit("6", "01T14:00", amount=9_999)), concluded=["6"], outcome="report"),
    ),
    "events come late and in any order": (
        Step(arrives(deposit("3", "03T09:00"))),
        Step(arrives(deposit("1", "01T09:00"))),
        Step(arrives(deposit("2", "02T09:00")), concluded=["3"], outcome="report"),
        Step(arrives(deposit("0", "01T08:00")), concluded=["2"], outcome="report"),
    ),
    "a deposit is taken back": (
        Step(arrives(*(deposit(str(n), f"01T0{n}:00") for n in range(1, 5))), concluded=["3", "4"], outcome="report"),
        Step(goes("1"), withdrawn=["3"], outcome="report"),
        Step(goes("4"), withdrawn=["4"]),
        Step(arrives(deposit("1", "01T01:00")), concluded=["3"], outcome="report"),
    ),
    "a deposit is put right": (
        Step(arrives(*(deposit(str(n), f"01T0{n}:00") for n in range(1, 4))), concluded=["3"], outcome="report"),
        Step(is_now(deposit("2", "01T02:00", amount=12_000)), withdrawn=["3"]),
        Step(is_now(deposit("2", "01T02:00", amount=8_000)), concluded=["3"], outcome="report"),
        Step(is_now(deposit("2", "01T02:00", amount=8_000)), outcome="report"),
    ),
    "what no window reaches is forgotten": (
        Step(arrives(*(deposit(str(n), f"0{n}T09:00") for n in range(1, 4))), concluded=["3"], outcome="report"),
        Step(lambda session: session.retract_before("2026-11-02T09:00:00", "Deposit", "at"), withdrawn=["3"]),
        Step(arrives(deposit("4", "03T10:00")), concluded=["4"], outcome="report"),
    ),
}


@pytest.mark.parametrize("steps", STORIES.values(), ids=STORIES)
def test_what_follows_is_told_with_every_change(steps: Sequence[Step]) -> None:
    session = begun()
    for step in steps:
        changes = step.change(session)
        assert (ids(changes.concluded), ids(changes.withdrawn)) == ([*step.concluded], [*step.withdrawn])  # type: ignore[attr-defined]
        assert session.decide("review", {"customer": "C"}).outcome == step.outcome


@pytest.mark.parametrize("reference", [False, True])
@pytest.mark.parametrize("steps", STORIES.values(), ids=STORIES)
def test_a_decision_is_the_one_over_the_same_facts_to_the_byte(steps: Sequence[Step], *, reference: bool) -> None:
    session, apart = begun(engine(reference=reference)), engine()
    for step in steps:
        step.change(session)
        mine = session.decide("review", {"customer": "C"})
        facts = {name: session.facts(name) for name in ("Customer", "Deposit", "Branch")}
        anew = apart.decide("review", {"customer": "C"}, facts=facts)
        assert (mine.result_bytes, mine.proof_bytes) == (anew.result_bytes, anew.proof_bytes)


# --- the facts of a request


def test_the_facts_of_a_request_count_for_its_decision_alone() -> None:
    session = begun()
    session.add({"Deposit": [deposit(str(n), f"01T0{n}:00", by="N") for n in range(1, 4)]})
    before = session.snapshot()
    for _ in range(2):
        decision = session.decide("review", {"customer": {"id": "N", "day": "2026-11-01"}})
        assert (decision.outcome, [each.text for each in decision.reasons]) == ("report", ["the last of three is 3"])
        assert session.snapshot() == before
    assert session.decide("review", {"customer": "C"}).outcome == "none"


def test_what_a_request_brings_goes_though_a_limit_is_reached_without_it(tmp_path: Path) -> None:
    spared = 'for   n: Deposit\n  when  not(some c: Customer satisfies c.id = "N") and'
    rules = RULES.replace("for   n: Deposit\n  when", spared)
    with Log.open(tmp_path / "decisions.db") as log:
        of = Engine(checked_ruleset([Source("spared.rules", rules)], ()), log=log, limits=Limits(facts_max=1))
        session = of.session({"Customer": [], "Deposit": [], "Branch": []})
        session.add({"Deposit": [deposit(str(n), f"01T0{n}:00", by="N") for n in range(1, 5)]})
        before = session.snapshot()
        assert session.decide("review", {"customer": {"id": "N", "day": "2026-11-01"}}).outcome == "none"
        assert session.snapshot() == before
        with pytest.raises(LimitError, match="facts_max"):
            session.decide("review", {"customer": {"id": "M", "day": "2026-11-01"}})
        assert session.snapshot() == before
        kinds = [log.entry(seq).kind for seq in range(log.newest_checkpoint().size)]
        assert kinds.count(EntryKind.FAILURE) == 1  # that there is no decision is on record, too


def test_nobody_who_is_not_held_is_decided_about_for_certain() -> None:
    with pytest.raises(InputError, match="NS514"):
        begun().decide("review", {"customer": "N"})


def test_a_type_is_complete_once_facts_of_it_were_given() -> None:
    session = engine().session({"Customer": CUSTOMERS}, on=DAY)
    assert session.decide("review", {"customer": "C"}).status.value == "undecided"
    session.add({"Deposit": []})
    assert session.decide("review", {"customer": "C"}).outcome == "none"
    session.add({"incomplete": ["Deposit"]})
    assert session.decide("review", {"customer": "C"}).status.value == "undecided"


# --- what is refused changes nothing

REFUSED: Mapping[str, tuple[Callable[[Session], object], Sequence[str]]] = {
    "a value outside": (arrives(deposit("7", "01T09:00"), deposit("8", "01T09:00", amount=-1)), ["NS507"]),
    "a member that is not there": (lambda session: session.add({"Deposit": [{"id": "7"}]}), ["NS505"] * 4),
    "a type that is not there": (lambda session: session.add({"Deposits": []}), ["NS509"]),
    "no document": (lambda session: session.add([deposit("7", "01T09:00")]), ["NS512"]),  # type: ignore[arg-type]
    "a derived type": (lambda session: session.add({"Structuring": []}), ["NS510"]),
    "other contents of a key": (arrives(deposit("7", "01T09:00"), deposit("1", "01T09:30")), ["NS508"]),
    "to go twice": (goes("2", "1", "9", "8"), ["NS531", "NS531"]),
    "to go by no key": (lambda session: session.retract({"Deposit": [7, None]}), ["NS506", "NS506"]),
    "to go of another type": (lambda session: session.retract({"Deposits": ["1"]}), ["NS509"]),
    "to go as one": (lambda session: session.retract({"Deposit": "1"}), ["NS512"]),
    "put right with a float": (is_now(deposit("1", "01T09:00", amount=1.5)), ["NS503"]),  # type: ignore[arg-type]
    "before no moment": (lambda session: session.retract_before("soon", "Deposit", "at"), ["NS506"]),
}


@pytest.mark.parametrize(("change", "codes"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_changes_nothing(change: Callable[[Session], object], codes: Sequence[str]) -> None:
    session = begun()
    session.add({"Deposit": [deposit("1", "01T09:00"), deposit("2", "02T09:00")]})
    before = session.snapshot()
    with pytest.raises(InputError) as refused:
        change(session)
    assert [each.code for each in refused.value.diagnostics if each.is_error] == [*codes]
    assert session.snapshot() == before
    assert ids(session.add({"Deposit": [deposit("3", "02T19:00")]}).concluded) == ["3"]


def test_a_limit_that_is_reached_leaves_the_facts_as_they_were() -> None:
    session = begun(engine(limits=Limits(facts_max=1)))
    rows = [deposit(str(n), f"01T0{n}:00") for n in range(1, 5)]
    session.add({"Deposit": rows[:3]})
    before = session.snapshot()
    with pytest.raises(LimitError, match=r"facts_max.*Structuring"):
        session.add({"Deposit": rows[3:]})
    assert session.snapshot() == before
    assert session.decide("review", {"customer": "C"}).outcome == "report"
    session.retract({"Deposit": ["1"]})
    assert ids(session.add({"Deposit": rows[3:]}).concluded) == ["4"]


def test_who_refers_to_nobody_is_warned_of() -> None:
    changes = begun().add({"Deposit": [deposit("1", "01T09:00", by="N")]})
    assert [each.code for each in changes.warnings] == ["NS511"]


def test_the_same_contents_say_nothing_new() -> None:
    session = begun()
    for _ in range(2):
        session.add({"Deposit": [deposit("1", "01T09:00")]})
    assert len(session) == 3


# --- snapshots


def test_a_restored_session_is_the_session() -> None:
    session = begun()
    session.add({"Deposit": [deposit(str(n), f"01T0{n}:00") for n in (3, 1, 2)], "incomplete": ["Branch"]})
    again = engine().restored(session.snapshot(), on=DAY)
    assert again.snapshot() == session.snapshot()
    assert again.facts("Structuring") == session.facts("Structuring") == [{"last": "3"}]
    mine, theirs = (each.decide("review", {"customer": "C"}) for each in (session, again))
    assert mine.result_bytes == theirs.result_bytes
    assert ids(again.retract({"Deposit": ["1"]}).withdrawn) == ["3"]


def test_equal_sessions_have_equal_snapshots_however_they_came_about() -> None:
    one, other = begun(), begun()
    rows = [deposit(str(n), f"01T0{n}:00") for n in range(1, 5)]
    one.add({"Deposit": rows})
    for row in (*rows[2:], deposit("9", "01T09:00"), *rows[:2]):
        other.add({"Deposit": [row]})
    other.retract({"Deposit": ["9"]})
    assert one.snapshot() == other.snapshot()


@pytest.mark.parametrize(
    ("spoilt", "codes"),
    [
        (lambda _: b"", ["NS533"]),
        (lambda _: b"[]", ["NS533"]),
        (lambda content: content[:-1], ["NS533"]),
        (lambda content: content.replace(b'"v":1', b'"v":2'), ["NS533"]),
        (lambda content: content.replace(b'"graph":null', b'"graph":1'), ["NS533"]),
        (lambda content: content.replace(b'"graph":null,', b""), ["NS533"]),
        (lambda content: content.replace(b'"cash"', b'"gold"'), ["NS507"]),
        (lambda content: content.replace(b'"Deposit":[{', b'"Deposits":[{'), ["NS509"]),
    ],
)
def test_a_spoilt_snapshot_is_refused(spoilt: Callable[[bytes], bytes], codes: Sequence[str]) -> None:
    session = begun()
    session.add({"Deposit": [deposit("1", "01T09:00")]})
    with pytest.raises(InputError) as refused:
        engine().restored(spoilt(session.snapshot()))
    assert [each.code for each in refused.value.diagnostics] == [*codes]


# --- graphs

OWN = "https://neurosym.dev/ns/ownership#"
GRAPH = f'<urn:b> a <{OWN}Branch> ; <{OWN}identifier> "B-1" .'.encode()


def test_facts_of_a_graph_stay_while_others_come_and_go() -> None:
    of = engine()
    session = of.session(of.know({"Customer": CUSTOMERS, "Deposit": []}, [("branches.ttl", GRAPH)]), on=DAY)
    for change in (session.retract, session.replace):
        given = ["B-1"] if change == session.retract else [{"id": "B-1"}]
        with pytest.raises(InputError, match="NS532"):
            change({"Branch": given})
    session.add({"Deposit": [deposit("1", "01T09:00")]})
    again = of.restored(session.snapshot())
    assert again.facts("Branch") == [{"id": "B-1"}]
    assert again.snapshot() == session.snapshot()


# --- the log


def test_logged_decisions_of_a_session_replay_without_it(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    with Log.open(path) as log:
        session = begun(engine(log))
        for number in range(40):
            session.add({"Deposit": [deposit(str(number), f"{1 + number // 9:02}T{number % 9:02}:30")]})
            session.decide("review", {"customer": "C"})
            if number % 5 == 4:
                session.retract({"Deposit": [str(number - 3)]})
    with Log.open(path) as log:
        assert {each.status for each in Replayer(log).all()} == {ReplayStatus.IDENTICAL}
        assert {entry.outcome for entry in log.decisions()} == {"none", "report"}


def test_decisions_share_the_documents_of_facts_that_stay(tmp_path: Path) -> None:
    with Log.open(tmp_path / "decisions.db") as log:
        session = begun(engine(log))
        session.add({"Deposit": [deposit(f"a{number}", "01T09:00", kind="wire") for number in range(300)]})
        seen: set[PayloadLink] = set()
        written = []
        for number in range(60):
            session.add({"Deposit": [deposit(f"b{number}", "01T09:00", kind="wire")]})
            session.decide("review", {"customer": "C"})
        for entry in log.decisions():
            facts = {link for link in entry.payloads if link.name.startswith("facts")}
            written.append((len(facts), sum(len(log.payload(link)) for link in facts - seen)))
            seen |= facts
    assert max(count for count, _ in written) <= 2 + 2 * 7
    everything = written[0][1]
    assert sum(size for _, size in written[1:]) < 3 * everything  # 59 decisions write less than three copies


def test_a_request_id_gives_the_logged_decision_again(tmp_path: Path) -> None:
    with Log.open(tmp_path / "decisions.db") as log:
        session = begun(engine(log))
        first = session.decide("review", {"customer": "C"}, request_id="r1")
        session.add({"Deposit": [deposit(str(n), f"01T0{n}:00") for n in range(1, 4)]})
        again = session.decide("review", {"customer": "C"}, request_id="r1")
        assert (again.id, again.outcome) == (first.id, "none")
        assert session.decide("review", {"customer": "C"}).outcome == "report"


# --- threads


def test_threads_that_share_a_session_see_whole_changes() -> None:
    session = begun()

    def customer(name: str) -> list[str | None]:
        session.add({"Customer": [{"id": name, "day": "2026-11-01"}]})
        outcomes = []
        for number in range(1, 4):
            session.add({"Deposit": [deposit(f"{name}-{number}", f"01T0{number}:00", by=name)]})
            outcomes.append(session.decide("review", {"customer": name}).outcome)
        session.retract({"Deposit": [f"{name}-1"]})
        return [*outcomes, session.decide("review", {"customer": name}).outcome]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(customer, [f"T{number}" for number in range(16)]))
    assert found == [["none", "none", "report", "none"]] * 16


def test_what_is_derived_is_told_by_the_law_of_some_day() -> None:
    session = engine().session({"Customer": CUSTOMERS, "Deposit": [], "Branch": []})
    assert session.add({"Deposit": [deposit(str(n), f"01T0{n}:00") for n in range(1, 4)]}).concluded == {}
    with pytest.raises(ValueError, match="by the law of which day"):
        session.facts("Structuring")
    assert session.facts("Structuring", DAY) == [{"last": "3"}]
