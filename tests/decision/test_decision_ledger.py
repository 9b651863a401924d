"""The ledger: what is reserved and what is spent never pass a limit together, in however many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from neurosym.audit.draft import Draft
from neurosym.audit.entry_kind import EntryKind
from neurosym.decision.ledger import Ledger, Place, place_of
from neurosym.decision.past import Past, Remembered, is_fresh
from neurosym.decision.recorder import ATTEMPT
from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt, attempt_json
from neurosym.judgment.budget import Allowance, Budget, Spent
from neurosym.values.canonical import digest
from neurosym.values.number import Number
from neurosym.values.temporal import Duration, Months
from tests.audit.world import open_log
from tests.judgment.case import completion, model_attempt

DAY = "2026-03-02"
DOLLARS = Budget("USD", decision=Allowance(1), day=Allowance(3), question={"same": Allowance(Decimal("0.5"))})


def attempt(number: int = 1, cost: Number | None = None, question: str = "q", duration_ms: int = 0) -> Attempt:
    made = replace(model_attempt(completion("{}")), question=digest(question), number=number)
    return replace(made, cost=cost, currency="USD" if cost is not None else None, duration_ms=duration_ms)


def place(number: int = 1, question: str = "q") -> Place:
    return place_of(attempt(number, question=question))


def test_each_limit_refuses_by_itself() -> None:
    ledger = Ledger(DOLLARS, lambda: DAY, None)
    account = ledger.account()
    assert account.refusal("same", place(1), Decimal("0.5")) is None
    assert account.refusal("same", place(2), Decimal("0.1")) == (
        "the budget of a question of `same` is spent: 0.5 USD, of which 0.5 are spent"
    )
    assert account.refusal("other", place(3, "r"), Decimal("0.6")) == (
        "the budget of the decision is spent: 1 USD, of which 0.5 are spent"
    )
    for _ in range(2):
        assert ledger.account().refusal("other", place(), 1) is None
    assert ledger.account().refusal("other", place(), 1) == (
        "the budget of the day is spent: 3 USD, of which 2.5 are spent"
    )


def test_what_is_settled_counts_and_what_was_only_reserved_is_given_back() -> None:
    ledger = Ledger(DOLLARS, lambda: DAY, None)
    account = ledger.account()
    assert account.refusal("other", place(1), 1) is None
    account.settle(attempt(1, Decimal("0.25"), duration_ms=40))
    assert account.spent == Spent(Decimal("0.25"), 40)
    assert account.refusal("other", place(2), Decimal("0.75")) is None
    account.close()
    other = ledger.account()
    assert other.refusal("other", place(1), 1) is None
    assert ledger.account().refusal("other", place(1), 1) is None
    assert ledger.account().refusal("other", place(1), 1) is not None


def test_what_nothing_was_reserved_for_is_free() -> None:
    account = Ledger(DOLLARS, lambda: DAY, None).account()
    account.settle(attempt(1, Decimal("0.9")))
    assert account.spent == Spent()


def test_another_day_has_a_budget_of_its_own() -> None:
    days = [DAY]
    ledger = Ledger(Budget("USD", day=Allowance(1)), lambda: days[-1], None)
    account = ledger.account()
    assert account.refusal("other", place(1), 1) is None
    account.settle(attempt(1, 1))
    assert account.refusal("other", place(2), 1) is not None
    days.append("2026-03-03")
    assert account.refusal("other", place(2), 1) is None


def test_however_many_threads_reserve_the_day_is_not_passed() -> None:
    ledger = Ledger(Budget("USD", day=Allowance(50)), lambda: DAY, None)

    def reserve(number: int) -> bool:
        return ledger.account().refusal("other", place(number), 1) is None

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(reserve, range(400))) == 50


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 100), st.booleans())))
def test_spent_and_reserved_never_pass_a_limit_together(steps: list[tuple[int, int, bool]]) -> None:
    ledger = Ledger(Budget("USD", day=Allowance(100)), lambda: DAY, None)
    account = ledger.account()
    costs: Number = 0
    for number, (bound, share, is_made) in enumerate(steps):
        if account.refusal("other", place(number), bound) is None and is_made:
            cost = Decimal(bound * share) / 100
            account.settle(attempt(number, cost))
            costs += cost
            assert costs <= 100


# --- what the log tells


def test_the_day_is_what_the_log_says_whoever_wrote_it(tmp_path: Path) -> None:
    with open_log(tmp_path / "decisions.db") as log:
        past = Past(log, "2000-01-01T00:00:00Z", "USD")
        ledger = Ledger(Budget("USD", day=Allowance(2)), lambda: DAY, past.spent)
        assert ledger.account().refusal("other", place(), 1) is None
        for number, currency in enumerate(("USD", "EUR", "USD")):
            made = replace(attempt(number + 1, Decimal("0.5"), duration_ms=7), currency=currency)
            log.record(Draft(kind=EntryKind.ANSWER, decision="D", payloads=((ATTEMPT, attempt_json(made)),)))
        assert past.spent(DAY) == Spent(1, 21)
        assert ledger.account().refusal("other", place(), Decimal("0.01")) == (
            "the budget of the day is spent: 2 USD, of which 2 are spent"
        )
        assert Past(log, "2000-01-01T00:00:00Z", "USD").spent(DAY) == Spent(1, 21)
        assert Past(log, "2026-03-03T00:00:00Z", "USD").spent(DAY) == Spent()


def test_the_newest_response_is_remembered_and_no_failure(tmp_path: Path) -> None:
    with open_log(tmp_path / "decisions.db") as log:
        past = Past(log, "2000-01-01T00:00:00Z")
        first, second = attempt(1), attempt(2)
        failed = replace(attempt(3), response=None, failure="the line is dead")
        again = replace(attempt(1), reused_from=1)
        for made in (first, second, failed, again):
            log.record(Draft(kind=EntryKind.ANSWER, decision="D", payloads=((ATTEMPT, attempt_json(made)),)))
        found = past.newest(first.request_id)
        assert found is not None
        assert found.attempt == second
        assert found.seq == 2
        assert past.newest(digest("another")) is None


def test_what_a_model_said_is_forgotten_once_a_person_has_answered(tmp_path: Path) -> None:
    with open_log(tmp_path / "decisions.db") as log:
        past = Past(log, "2000-01-01T00:00:00Z")
        said = attempt(1)
        by_person = replace(attempt(1), kind=Kind.PERSON, tier="person", request_id=digest("person"))
        log.record(Draft(kind=EntryKind.ANSWER, decision="D", payloads=((ATTEMPT, attempt_json(said)),)))
        assert past.newest(said.request_id) is not None
        log.record(Draft(kind=EntryKind.REVIEW, decision="D", payloads=((ATTEMPT, attempt_json(by_person)),)))
        assert past.newest(said.request_id) is None
        assert past.newest(by_person.request_id) is not None


def test_how_long_an_answer_is_fresh() -> None:
    held = Remembered(1, "2026-03-02T09:00:05Z", attempt())
    day, month = Duration(86_400), Months(1)
    assert is_fresh(held, "2026-03-03T09:00:05Z", day)
    assert not is_fresh(held, "2026-03-03T09:00:05.000001Z", day)
    assert is_fresh(held, "2026-04-02T23:59:59Z", month)
    assert not is_fresh(held, "2026-04-03T00:00:00Z", month)
    assert not is_fresh(held, "2026-03-02T09:00:04Z", day)
