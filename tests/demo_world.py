"""The demo world of `rulesets/sanctions/demo`: the same bytes on every machine.

`python -m tests.demo_world` writes the files anew; a test compares them with the shipped ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.demo_background import fill_background, list_others
from tests.demo_register import Dice, Holding, Licence, Party, Payment, Register
from tests.demo_stories import RELEASE, tell_stories

FOLDER = Path(__file__).resolve().parents[1] / "rulesets" / "sanctions" / "demo"
SEED = 20261122
ENTRIES, PAYMENTS = 40, 60
LARGE = 50_000_00

PREFIXES = """\
@prefix own:   <https://neurosym.dev/ns/ownership#> .
@prefix party: <https://world.example/party/> .
@prefix share: <https://world.example/shareholding/> .
@prefix xsd:   <http://www.w3.org/2001/XMLSchema#> .

# An invented world. Nobody in it exists; the countries carry codes that ISO 3166-1 leaves to its users, but for IR.
"""


def demo_register() -> Register:
    """The whole world, its payments in the order of their numbers."""
    register = Register(Dice(SEED))
    fill_background(register)
    tell_stories(register)
    list_others(register, ENTRIES)
    for number in range(PAYMENTS - len(register.payments)):
        amount = LARGE + 100 * register.dice.below(900_000) if number % 8 == 0 else 0
        register.pays(register.stranger(), "nothing is wrong", RELEASE, amount)
    order = register.dice.shuffled(range(len(register.payments)))
    register.payments = [register.payments[place] for place in order]
    register.licences = [
        Licence(each.id, order.index(each.payment), each.start, each.end, each.is_revoked) for each in register.licences
    ]
    return register


def demo_files() -> dict[str, bytes]:
    """The files of the demo folder, by their names."""
    register = demo_register()
    texts = {
        "world.ttl": _turtle(register),
        "listings.json": _facts(register),
        "payments.json": _rows([_payment(place, each) for place, each in enumerate(register.payments)]) + "\n",
        "README.md": _readme(register),
    }
    return {name: text.encode("utf-8") for name, text in texts.items()}


def payment_id(place: int) -> str:
    """The id of the payment at a place of the register."""
    return f"PAY-{place + 1:02}"


def _turtle(register: Register) -> str:
    parties = (_party(each) for each in register.parties)
    holdings = (_holding(each) for each in register.holdings)
    return "\n".join([PREFIXES, *parties, "", *holdings, ""])


def _party(party: Party) -> str:
    properties = [f"own:identifier {_text(party.id)}", f"own:name {_text(party.name)}"]
    if party.born:
        properties.append(f'own:birthDate "{party.born}"^^xsd:date')
    if party.country:
        properties.append(f"own:country {_text(party.country)}")
    kind = "own:Person" if party.is_person else "own:Organisation"
    return f"party:{party.id} a own:Party , {kind} ; {' ; '.join(properties)} ."


def _holding(holding: Holding) -> str:
    properties = (
        f"own:identifier {_text(holding.id)}",
        f"own:holder party:{holding.owner}",
        f"own:issuer party:{holding.owned}",
        f"own:percentage {_hundredths(holding.share)}",
    )
    return f"share:{holding.id} a own:Shareholding ; {' ; '.join(properties)} ."


def _facts(register: Register) -> str:
    types = {
        "Listing": [
            {"id": each.id, "name": each.name, **({"born": each.born} if each.born else {}), "remarks": each.remarks}
            for each in register.entries
        ],
        "Match": [{"party": party, "entry": entry} for party, entry in register.matches],
        "Licence": [
            {"id": each.id, "payment": payment_id(each.payment), "start": each.start, "end": each.end}
            for each in register.licences
        ],
        "Revocation": [{"licence": each.id} for each in register.licences if each.is_revoked],
    }
    members = (f"{_text(name)}: {_rows(rows)}" for name, rows in types.items())
    return "{\n" + ",\n".join(members) + "\n}\n"


def _payment(place: int, payment: Payment) -> dict[str, str | int]:
    return {
        "id": payment_id(place),
        "payer": payment.payer,
        "payee": payment.payee,
        "amount": _amount(payment.amount),
        "currency": payment.currency,
        "booked_on": payment.booked_on,
    }


def _amount(hundredths: int) -> str | int:
    return hundredths // 100 if hundredths % 100 == 0 else _hundredths(hundredths)


def _hundredths(value: int) -> str:
    return f"{value // 100}.{value % 100:02}" if value % 100 else f"{value // 100}"


def _rows(rows: Sequence[object]) -> str:
    """A JSON list with a row on each line, for people to read."""
    return "[\n" + ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows) + "\n]"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _readme(register: Register) -> str:
    stopped = sum(each.outcome != RELEASE for each in register.payments)
    revoked = sum(each.is_revoked for each in register.licences)
    facts = f"{len(register.entries)} list entries, {len(register.matches)} matches of earlier reviews"
    return "\n".join(
        [
            "# The demo world",
            "",
            "An invented world for `neurosym demo`; `python -m tests.demo_world` writes it. Nobody in it exists.",
            "",
            "| file | what |",
            "|---|---|",
            f"| `world.ttl` | {len(register.parties)} parties and {len(register.holdings)} shareholdings |",
            f"| `listings.json` | {facts}, {len(register.licences)} licences, {revoked} of them revoked |",
            f"| `payments.json` | {len(register.payments)} payments, of which {stopped} do not simply go out |",
            "",
            "What each payment shows, and what becomes of it when only the computed tier answers questions:",
            "",
            "| payment | outcome | what it shows |",
            "|---|---|---|",
            *_story_rows(register.payments),
            "",
        ]
    )


def _story_rows(payments: Iterable[Payment]) -> list[str]:
    return [f"| {payment_id(place)} | {each.outcome} | {each.shows} |" for place, each in enumerate(payments)]


def main() -> None:
    """Write the files into the folder."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in demo_files().items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
