"""The register that the demo world is written into, entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

Item = TypeVar("Item")


@dataclass(slots=True)
class Dice:
    """Numbers that look thrown and are the same on every machine: a linear congruential generator (Knuth's MMIX)."""

    state: int

    def below(self, sides: int) -> int:
        """A number from 0 to `sides - 1`."""
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self.state >> 33) % sides

    def one_of(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in another order."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed


@dataclass(frozen=True, slots=True)
class Party:
    """A person or organisation; only persons have a birth date."""

    id: str
    name: str
    is_person: bool
    country: str | None
    born: str | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """Shares in hundredths of a percent."""

    id: str
    owner: str
    owned: str
    share: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the sanctions list."""

    id: str
    name: str
    born: str | None
    remarks: str


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment, what it shows and what is to become of it; the amount in hundredths."""

    payer: str
    payee: str
    amount: int
    currency: str
    booked_on: str
    shows: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence for the payment at a place of the register."""

    id: str
    payment: int
    start: str
    end: str
    is_revoked: bool


@dataclass(slots=True)
class Register:
    """Everything in the order in which it was written."""

    dice: Dice
    parties: list[Party] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    matches: list[tuple[str, str]] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    licences: list[Licence] = field(default_factory=list)
    strangers: tuple[str, ...] = ()  # parties of the background, with whom nothing is wrong

    def person(self, name: str, country: str | None, born: str | None = None) -> str:
        """The id of a new person."""
        return self._add(name, country, born, is_person=True)

    def company(self, name: str, country: str | None = "XV") -> str:
        """The id of a new company."""
        return self._add(name, country, None, is_person=False)

    def _add(self, name: str, country: str | None, born: str | None, *, is_person: bool) -> str:
        self.parties.append(Party(f"PTY-{len(self.parties) + 1:04}", name, is_person, country, born))
        return self.parties[-1].id

    def holds(self, owner: str, owned: str, share: int) -> None:
        """Write down a holding of `share` hundredths of a percent."""
        self.holdings.append(Holding(f"SHR-{len(self.holdings) + 1:04}", owner, owned, share))

    def rest_is_free(self, owned: str) -> None:
        """Give what nobody holds of a company yet to a stranger."""
        left = 100_00 - sum(holding.share for holding in self.holdings if holding.owned == owned)
        if left > 0:
            self.holds(self.stranger(), owned, left)

    def stranger(self) -> str:
        """A party of the background."""
        return self.dice.one_of(self.strangers)

    def listed(self, name: str, remarks: str, born: str | None = None) -> str:
        """The id of a new entry of the list."""
        self.entries.append(Entry(f"LST-{len(self.entries) + 1:02}", name, born, remarks))
        return self.entries[-1].id

    def matched(self, party: str, name: str, remarks: str) -> str:
        """The party, now known to be a new entry of the list."""
        self.matches.append((party, self.listed(name, remarks)))
        return party

    def pays(self, party: str, shows: str, outcome: str, amount: int = 0) -> int:
        """The place of a new payment between the party and a stranger; small when no amount is said."""
        payer, payee = self.dice.shuffled((party, self.stranger()))
        return self.pays_to(payer, payee, shows, outcome, amount)

    def pays_to(self, payer: str, payee: str, shows: str, outcome: str, amount: int = 0) -> int:
        """The place of a new payment."""
        small = 5 * (20 * 100 + self.dice.below(900_000))
        month, day = self.dice.one_of((("10", 31), ("11", 20)))
        booked_on = f"2026-{month}-{self.dice.below(day) + 1:02}"
        currency = self.dice.one_of(("USD", "USD", "EUR", "GBP"))
        self.payments.append(Payment(payer, payee, amount or small, currency, booked_on, shows, outcome))
        return len(self.payments) - 1

    def licensed(self, payment: int, start: str, end: str, *, is_revoked: bool = False) -> None:
        """Write down a licence for a payment."""
        self.licences.append(Licence(f"LIC-{len(self.licences) + 1:02}", payment, start, end, is_revoked))
