from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from neurosym.matching.similarity import similar
from neurosym.text.diagnostic import Report
from neurosym.values.json_text import read_json
from tests.demo_background import COMPANIES, PERSONS
from tests.demo_register import Register
from tests.demo_world import FOLDER, demo_files, demo_register

MATCH_SCORE = Decimal("0.80")  # the ruleset's, for the days of the payments
FILES = ("README.md", "listings.json", "payments.json", "world.ttl")


@pytest.fixture(scope="module")
def register() -> Register:
    return demo_register()


@pytest.mark.parametrize("name", FILES)
def test_regenerating_gives_the_shipped_bytes(name: str) -> None:
    assert (FOLDER / name).read_bytes() == demo_files()[name]


def test_the_folder_holds_nothing_else() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(FILES) == sorted(demo_files())


def test_the_world_is_as_large_as_promised(register: Register) -> None:
    assert len(register.parties) >= 300
    assert len(register.holdings) >= 600
    assert len(register.entries) == 40
    assert len(register.payments) == 60
    assert sum(map(len, demo_files().values())) < 400_000


def test_ids_are_unique(register: Register) -> None:
    ids = [party.id for party in register.parties] + [holding.id for holding in register.holdings]
    ids += [entry.id for entry in register.entries] + [licence.id for licence in register.licences]
    assert len(set(ids)) == len(ids)


def test_nobody_owns_more_than_the_whole_of_a_company(register: Register) -> None:
    held: Counter[str] = Counter()
    for holding in register.holdings:
        assert holding.share > 0
        held[holding.owned] += holding.share
    assert max(held.values()) == 100_00


def test_only_companies_are_owned(register: Register) -> None:
    persons = {party.id for party in register.parties if party.is_person}
    assert not persons & {holding.owned for holding in register.holdings}


def test_every_date_is_a_day_of_the_calendar(register: Register) -> None:
    born = [party.born for party in register.parties if party.born]
    born += [entry.born for entry in register.entries if entry.born]
    days = [payment.booked_on for payment in register.payments]
    terms = [day for licence in register.licences for day in (licence.start, licence.end)]
    assert all(str(date.fromisoformat(day)) == day for day in (*born, *days, *terms))


def test_every_outcome_occurs_and_most_payments_go_out(register: Register) -> None:
    outcomes = Counter(payment.outcome for payment in register.payments)
    assert set(outcomes) == {"block", "reject", "hold", "release", "undecided"}
    assert outcomes["release"] > len(register.payments) // 2
    assert min(outcomes["block"], outcomes["undecided"]) >= 5


def test_nobody_of_the_background_is_near_an_entry(register: Register) -> None:
    for party in register.parties[: PERSONS + COMPANIES]:
        near = [entry.name for entry in register.entries if similar(party.name, entry.name) >= MATCH_SCORE]
        assert near == [], party.name


def test_near_names_are_there_in_several_scripts(register: Register) -> None:
    near = [
        party.name
        for party in register.parties
        for entry in register.entries
        if similar(party.name, entry.name) >= MATCH_SCORE
    ]
    assert len(near) >= 25
    assert len([name for name in near if not name.isascii()]) >= 5


def test_the_files_are_read_strictly_without_a_finding() -> None:
    files = demo_files()
    for name in ("listings.json", "payments.json"):
        report = Report()
        assert read_json(files[name], name, report) == json.loads(files[name])
        assert not report.diagnostics


def test_facts_refer_to_facts_that_exist_but_for_one_party(register: Register) -> None:
    parties, entries = {each.id for each in register.parties}, {each.id for each in register.entries}
    owners = {party for holding in register.holdings for party in (holding.owner, holding.owned)}
    payers = {party for payment in register.payments for party in (payment.payer, payment.payee)}
    assert owners <= parties
    assert payers - parties == {"PTY-9999"}
    assert {entry for _, entry in register.matches} <= entries
    assert {party for party, _ in register.matches} <= parties
