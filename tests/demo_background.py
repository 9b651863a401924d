"""The background of the demo world: parties with whom nothing is wrong, and who owns them."""

from __future__ import annotations

from itertools import product

from tests.demo_names import (
    COMPANY_FORMS,
    COMPANY_ROOTS,
    COMPANY_TRADES,
    COUNTRIES,
    OTHER_LISTED_COMPANIES,
    OTHER_LISTED_PERSONS,
    PERSON_NAMES,
)
from tests.demo_register import Dice, Register

PERSONS, COMPANIES = 82, 154
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def fill_background(register: Register) -> None:
    """Write persons, companies and their holdings into the register."""
    persons = [_person(register, name) for name in _person_names(register.dice)]
    companies = [_company(register, name) for name in _company_names(register.dice)]
    register.strangers = (*persons, *companies)
    for place, company in enumerate(companies):
        _divide(register, company, persons, companies[:place])
    for group in range(4):  # some companies own a little of a company above them, as companies do
        one, other = companies[10 * group + register.dice.below(10)], register.dice.one_of(companies[-40:])
        register.holds(other, one, 1_00)


def list_others(register: Register, entries: int) -> None:
    """Add entries that nobody resembles, until the list has as many."""
    names = [*OTHER_LISTED_PERSONS, *OTHER_LISTED_COMPANIES]
    for name in names[: entries - len(register.entries)]:
        country = register.dice.one_of(sorted(COUNTRIES.values()))
        if name in OTHER_LISTED_COMPANIES:
            register.listed(name, f"Registration Number {register.dice.below(900_000) + 100_000} ({country}).")
            continue
        year, month, day = _birthday(register.dice)
        register.listed(
            name,
            f"DOB {day:02} {MONTHS[month - 1]} {year}; nationality {country}; "
            f"Passport {register.dice.one_of('ABCDEF')}{register.dice.below(9_000_000) + 1_000_000} ({country}).",
        )


def _person(register: Register, name: str) -> str:
    year, month, day = _birthday(register.dice)
    is_known = register.dice.below(5) > 0
    country = register.dice.one_of(sorted(COUNTRIES))
    return register.person(name, country, f"{year}-{month:02}-{day:02}" if is_known else None)


def _company(register: Register, name: str) -> str:
    return register.company(name, register.dice.one_of(sorted(COUNTRIES)))


def _birthday(dice: Dice) -> tuple[int, int, int]:
    return 1940 + dice.below(65), 1 + dice.below(12), 1 + dice.below(28)


def _person_names(dice: Dice) -> list[str]:
    names = [f"{given} {family}" for pools in PERSON_NAMES for given, family in product(*pools)]
    return dice.shuffled(names)[:PERSONS]


def _company_names(dice: Dice) -> list[str]:
    names = [f"{root} {trade} {dice.one_of(COMPANY_FORMS)}" for root, trade in product(COMPANY_ROOTS, COMPANY_TRADES)]
    return dice.shuffled(names)[:COMPANIES]


def _divide(register: Register, company: str, persons: list[str], older: list[str]) -> None:
    """Divide at most 99 percent of a company among three or four owners, older companies among them."""
    left = 99_00
    for part in range(3 + register.dice.below(2)):
        owner = register.dice.one_of(older if older and register.dice.below(3) == 0 else persons)
        share = 25 * (1 + register.dice.below(left // 25 - 4 + part))
        register.holds(owner, company, share)
        left -= share
