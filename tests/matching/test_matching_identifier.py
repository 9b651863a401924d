from datetime import date

import pytest

from neurosym.matching.identifier import Identifier, Kind, find_identifiers
from neurosym.matching.period import Period

REMARKS = (
    "DOB 02 Mar 1971; alt. DOB 1972; POB Tehran, Iran; nationality Iran; Additional Sanctions Information - Subject to "
    "Secondary Sanctions; Gender Male; Passport A1234567 (Iran) expires 12 Jan 2020; National ID No. 123-456 (Iran); "
    "Tax ID No. 7707083893 (Russia); Registration Number 1027700132195 (Russia); Vessel Registration Identification "
    "IMO 9187629; Linked To: SOMEBODY ELSE."
)
DAY = Period(date(1971, 3, 2), date(1971, 3, 2))


def only(text: str) -> Identifier:
    (identifier,) = find_identifiers(text)
    return identifier


def test_remarks_of_a_sanctions_list_are_read() -> None:
    assert [(found.kind, found.text, found.value) for found in find_identifiers(REMARKS)] == [
        (Kind.BIRTH_DATE, "DOB 02 Mar 1971", DAY),
        (Kind.BIRTH_DATE, "DOB 1972", Period(date(1972, 1, 1), date(1972, 12, 31))),
        (Kind.BIRTH_PLACE, "POB Tehran, Iran", "Tehran, Iran"),
        (Kind.NATIONALITY, "nationality Iran", "Iran"),
        (Kind.GENDER, "Gender Male", "male"),
        (Kind.PASSPORT, "Passport A1234567", "A1234567"),
        (Kind.NATIONAL_ID, "National ID No. 123-456", "123-456"),
        (Kind.TAX_ID, "Tax ID No. 7707083893", "7707083893"),
        (Kind.REGISTRATION, "Registration Number 1027700132195", "1027700132195"),
        (Kind.IMO, "IMO 9187629", "9187629"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Born 2 March 1971 in Tehran.",
        "born in Tehran on 2 March 1971",
        "D.O.B.: 1971-03-02",
        "date of birth March 2, 1971",
    ],
)
def test_a_birth_date_may_be_told_in_many_words(text: str) -> None:
    assert (only(text).kind, only(text).value) == (Kind.BIRTH_DATE, DAY)


@pytest.mark.parametrize(
    "text",
    [
        "DOB circa 1971",
        "DOB c. 1971",
        "DOB 1971?",
        "DOB 02 Mar 1971 (approximately)",
        "possibly born 1971",
        "not born 1971",
        "DOB 02/03/1971",
        "DOB 31 Feb 1971",
        "DOB unknown",
        "DOB approx. March 1971",
    ],
)
def test_a_birth_date_that_is_hedged_or_unclear_is_found_without_a_value(text: str) -> None:
    assert only(text).kind is Kind.BIRTH_DATE
    assert only(text).value is None


@pytest.mark.parametrize("text", ["DOB between 1960 and 1965", "DOB 1960 to 1965", "DOB 1960 or 1965"])
def test_several_years_are_the_period_that_covers_them(text: str) -> None:
    assert only(text).value == Period(date(1960, 1, 1), date(1965, 12, 31))


@pytest.mark.parametrize(
    "text", ["born in Tehran", "passport expired 2012", "gender unknown", "newborn 1971", "", "DOB"]
)
def test_a_keyword_that_states_nothing_is_no_identifier(text: str) -> None:
    assert find_identifiers(text) == ()


def test_a_clause_about_a_relation_speaks_of_another() -> None:
    brother, own = find_identifiers("Brother of Ali (DOB 1 Jan 1950); DOB 02 Mar 1971")
    assert (brother.of_other, own.of_other) == (True, False)


def test_a_stop_after_an_abbreviation_does_not_end_the_clause() -> None:
    assert only("Passport No. A1234567").value == "A1234567"


def test_a_ship_number_with_a_wrong_check_digit_has_no_value() -> None:
    assert only("IMO 9187629").value == "9187629"
    assert only("IMO 9187628").value is None


def test_nothing_out_of_reach_belongs_to_a_keyword() -> None:
    assert only("DOB: " + "x " * 60 + "1971").value is None
