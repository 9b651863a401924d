from datetime import date, timedelta

import pytest

from neurosym.matching.person import Answer, Customer, Entry, Quote, Verdict, compare_parties

BORN = date(1971, 3, 2)
CUSTOMER = Customer("Ali Reza Karimi", BORN, "Iran")


def verdict(remarks: str, *, name: str = "KARIMI, Ali Reza", born: date | None = None) -> Verdict:
    return compare_parties(CUSTOMER, Entry(name, born, remarks))


def test_an_equal_name_and_a_quoted_birth_date_are_the_same_person() -> None:
    shown = verdict("nationality Iran; DOB 02 Mar 1971.")
    assert shown.answer is Answer.SAME
    assert shown.quotes == (Quote("DOB 02 Mar 1971", 18),)
    assert {(feature.name, feature.agrees) for feature in shown.features} == {
        ("name", True),
        ("born", True),
        ("country", True),
    }


@pytest.mark.parametrize("remarks", ["", "nationality Iran", "Brother of Reza (DOB 02 Mar 1971)"])
def test_a_birth_date_that_the_remarks_do_not_quote_is_not_the_same(remarks: str) -> None:
    shown = verdict(remarks, born=BORN)
    assert shown.answer is None
    assert shown.quotes == ()


@pytest.mark.parametrize("remarks", ["DOB 1971", "DOB Mar 1971", "DOB circa 1971", "DOB 02/03/1971"])
def test_a_birth_that_is_not_stated_to_the_day_is_not_the_same(remarks: str) -> None:
    assert verdict(remarks).answer is None


def test_another_name_with_the_same_birth_date_is_left_open() -> None:
    shown = verdict("DOB 02 Mar 1971", name="Hassan Rouhani")
    assert shown.answer is None
    assert "names" in shown.reason


def test_births_that_disagree_among_themselves_are_left_open() -> None:
    assert verdict("DOB 02 Mar 1971", born=date(1950, 1, 12)).answer is None
    assert verdict("DOB 12 Jan 1950", born=BORN).answer is None
    assert verdict("DOB 02 Mar 1971; alt. DOB 12 Jan 1950").answer is None


def test_the_first_of_january_is_left_open() -> None:
    customer = Customer("Ali Reza Karimi", date(1971, 1, 1))
    assert compare_parties(customer, Entry("Ali Reza Karimi", None, "DOB 01 Jan 1971")).answer is None


def test_births_stated_far_apart_are_different_persons() -> None:
    shown = verdict("DOB 12 Jan 1950; alt. DOB 1951; nationality Iran")
    assert shown.answer is Answer.DIFFERENT
    assert shown.quotes == (Quote("DOB 12 Jan 1950", 0), Quote("DOB 1951", 22))


def test_a_birth_in_its_own_field_needs_no_quote_to_differ() -> None:
    shown = verdict("", born=date(1950, 1, 12))
    assert shown.answer is Answer.DIFFERENT
    assert shown.quotes == ()


@pytest.mark.parametrize("days", [-731, -1, 1, 731])
def test_births_within_two_years_may_be_an_error_of_record(days: int) -> None:
    assert verdict("", born=BORN + timedelta(days)).answer is None


@pytest.mark.parametrize("days", [-732, 732])
def test_births_more_than_two_years_apart_differ(days: int) -> None:
    assert verdict("", born=BORN + timedelta(days)).answer is Answer.DIFFERENT


@pytest.mark.parametrize(
    "remarks",
    [
        "alt. DOB circa 1971",
        "alt. DOB 1971",
        "alt. DOB 02/03/71",
        "DOB 1950?",
        "Brother of Reza (DOB 02 Mar 1971)",
        "alt. DOB 1969 to 1990",
    ],
)
def test_one_birth_that_may_agree_prevents_different(remarks: str) -> None:
    assert verdict(f"DOB 12 Jan 1950; {remarks}").answer is None


def test_the_birth_of_a_relation_alone_shows_nothing() -> None:
    shown = verdict("Son of Hassan (DOB 12 Jan 1930)")
    assert shown.answer is None
    assert [feature.agrees for feature in shown.features if feature.name == "born"] == [None]


def test_an_unknown_birth_date_of_the_customer_is_left_open() -> None:
    shown = compare_parties(Customer("Ali Reza Karimi"), Entry("Ali Reza Karimi", BORN, "DOB 02 Mar 1971"))
    assert shown.answer is None
    assert shown.reason == "the customer's birth date is not known"


def test_another_country_speaks_neither_for_nor_against() -> None:
    shown = verdict("DOB 02 Mar 1971; nationality Syria")
    assert shown.answer is Answer.SAME
    assert [feature.agrees for feature in shown.features if feature.name == "country"] == [None]
