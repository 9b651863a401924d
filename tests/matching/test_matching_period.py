from datetime import date

import pytest

from neurosym.matching.period import Period, covering, dates_in, days_apart

YEAR_1971 = Period(date(1971, 1, 1), date(1971, 12, 31))
DAY = Period(date(1971, 3, 2), date(1971, 3, 2))


def periods(text: str) -> list[Period | None]:
    return [mention.period for mention in dates_in(text, 0, len(text))]


@pytest.mark.parametrize(
    "text", ["02 Mar 1971", "2 March 1971", "2nd of March, 1971", "March 2, 1971", "Mar. 2nd 1971", "1971-03-02"]
)
def test_a_day_is_read_in_every_unmistakable_order(text: str) -> None:
    assert periods(text) == [DAY]


def test_a_month_or_a_year_is_all_its_days() -> None:
    assert periods("Feb 1972") == [Period(date(1972, 2, 1), date(1972, 2, 29))]
    assert periods("1971") == [YEAR_1971]


@pytest.mark.parametrize("text", ["02/03/1971", "2.3.1971", "02-03-1971", "2 3 71", "71", "19711", "A1971", "1971/2"])
def test_figures_of_unclear_order_are_no_date(text: str) -> None:
    assert periods(text) == []


@pytest.mark.parametrize("text", ["31 Feb 1971", "0 Mar 1971", "1971-13-01", "29 Feb 1971", "39 May 1971"])
def test_a_day_that_the_calendar_lacks_has_no_period(text: str) -> None:
    assert periods(text) == [None]


def test_a_mention_says_where_it_stands() -> None:
    text = "DOB 02 Mar 1971 or 1973"
    assert [text[mention.start : mention.end] for mention in dates_in(text, 0, len(text))] == ["02 Mar 1971", "1973"]


def test_only_the_part_asked_for_is_read() -> None:
    assert list(dates_in("1970 1971", 0, 4)) == list(dates_in("1970", 0, 4))


def test_days_apart_is_the_least_number_possible() -> None:
    assert days_apart(DAY, YEAR_1971) == 0
    assert days_apart(YEAR_1971, Period(date(1973, 1, 1), date(1973, 12, 31))) == 367
    assert days_apart(Period(date(1973, 1, 1), date(1973, 1, 1)), DAY) == days_apart(
        DAY, Period(*[date(1973, 1, 1)] * 2)
    )


def test_the_covering_period_has_the_first_and_the_last_day() -> None:
    assert covering([Period(date(1973, 1, 1), date(1973, 12, 31)), DAY]) == Period(date(1971, 3, 2), date(1973, 12, 31))
