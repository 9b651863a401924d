"""Invented cases of `same_person`, labelled: who somebody is, what a list says of somebody, and whether it is the same.

Half of the names of a pair are written otherwise, and some remarks say nothing that tells. The label is how the case
was made, so that it is never wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.demo_names import COUNTRIES, PERSON_NAMES

LABELS = ("same", "different", "unclear")
ISO = 0.7  # the share of dates that are written as the customer's is


def labelled_cases(count: int, seed: int = 7) -> list[dict[str, Any]]:
    """The document of a label file with so many cases."""
    chance = Random(seed)  # noqa: S311 - invented cases, the same every time
    return [_case(number, chance) for number in range(count)]


def _case(number: int, chance: Random) -> dict[str, Any]:
    answer = LABELS[number % 3]
    given_names, family_names = PERSON_NAMES[chance.randrange(2)]
    given, family = chance.choice(given_names), chance.choice(family_names)
    born = date(1950, 1, 1) + timedelta(days=chance.randrange(18_000))
    home = chance.choice(sorted(COUNTRIES))
    customer = {"id": f"C{number}", "name": f"{given} {family}", "born": born.isoformat(), "country": home}
    entry: dict[str, Any] = {"id": f"L{number}", "name": _listed(given, family, chance)}
    remarks = [*_remarks(answer, born, home, chance)]
    if answer == "different":
        entry["name"] = _listed(chance.choice(given_names) if chance.random() < 0.5 else given, family, chance)
        if chance.random() < 0.85:
            entry["born"] = (born + timedelta(days=chance.randrange(900, 9_000))).isoformat()
    elif answer == "same" and chance.random() < 0.6:
        entry["born"] = born.isoformat()
    entry["remarks"] = "; ".join(remarks)
    return {"args": {"customer": customer, "entry": entry}, "answer": answer, "by": "the generator"}


def _listed(given: str, family: str, chance: Random) -> str:
    if chance.random() < 0.4:
        place = chance.randrange(1, len(family))
        family = family[:place] + family[place + 1 :]
    return chance.choice([f"{family.upper()}, {given}", f"{given} {family}"])


def _remarks(answer: str, born: date, home: str, chance: Random) -> Iterator[str]:
    """Remarks whose form gives nothing away: it is what they say that agrees with the customer or not."""
    other = chance.choice([code for code in sorted(COUNTRIES) if code != home])
    elsewhere = born + timedelta(days=chance.randrange(900, 9_000))
    if answer != "unclear":
        told = born if answer == "same" else elsewhere
        yield f"DOB {told.isoformat() if chance.random() < ISO else told.strftime('%d %b %Y')}"
        yield f"nationality {COUNTRIES[home if answer == 'same' else other]}"
    elif chance.random() < 0.4:
        yield f"nationality {COUNTRIES[home if chance.random() < 0.5 else other]}"
    yield chance.choice(
        [f"Passport {chance.randrange(10**6, 10**7)}", "linked to a shipping company", "aliases unknown"]
    )
