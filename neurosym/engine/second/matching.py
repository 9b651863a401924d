"""What durable-rules matches: facts go out as messages, matches come back as facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from neurosym.engine.second.box import MATCHES_MAX, OutsideBoxError, Refusal
from neurosym.engine.second.encoding import NOTHING, Codes, codes_of, decimals_of, fields_of, is_joined_on
from neurosym.engine.second.holding import Holding, Holdings, Match
from neurosym.engine.second.supervision import Worker
from neurosym.engine.second.translation import Loose, Road, Translation, translated
from neurosym.program.program import Program
from neurosym.values.canonical import Json
from neurosym.values.temporal import Date
from neurosym.values.value import Fact


class Matcher:
    """The matches of every road over the facts told so far, in the order of their facts."""

    def __init__(self, program: Program, on: Date, worker: Worker, facts: Iterable[Fact]) -> None:
        self.program = program
        self.on = on
        self.worker = worker
        self.codes = Codes(decimals_of(facts))
        self.loose: Loose = frozenset()
        self.told: list[Holding] = []
        self.translation: Translation = translated(program, on, self.loose)
        self.is_begun = False
        self._matches: dict[str, dict[Match, None]] = {}

    @property
    def roads(self) -> Mapping[str, Road]:
        """The roads by name."""
        return self.translation.roads

    def matches(self, road: Road) -> list[Match]:
        """The matches of a road so far; a road without variables has one."""
        if not road.variables:
            return [()]
        return sorted(self._matches.get(road.name, ()), key=lambda match: [held.uid for held in match])

    def tell(self, held: Iterable[Holding], known: Holdings) -> None:
        """Take more facts into account. Where one has a value without a code in a field, nothing is joined on that
        field any more: the program is translated anew, and all is told again.
        """
        new = list(held)
        self.told += new
        loose = frozenset(pair for each in new for pair in self._uncoded(each.fact)) - self.loose
        if loose:
            self.loose |= loose
            self.translation = translated(self.program, self.on, self.loose)
            self.is_begun = False
        if not self.is_begun:
            self._begin()
            new = self.told
        self._stop_on_products()
        self._ask(new, known)

    def _uncoded(self, fact: Fact) -> Iterable[tuple[str, str]]:
        of = self.program.fact_types[fact.type]
        types = fields_of(of)
        for field, code in codes_of(fact, of, self.codes).items():
            if code is None and is_joined_on(types[field]):
                yield of.name, field

    def _begin(self) -> None:
        self.worker.load(list(self.translation.networks))
        self._matches = {}
        self.is_begun = True

    def _ask(self, new: list[Holding], known: Holdings) -> None:
        messages: list[Json] = [
            [number, self._message(held)]
            for held in new
            for number, types in enumerate(self.translation.types)
            if held.fact.type in types
        ]
        if not messages:
            return
        for road, uids in self.worker.matches(messages):
            self._matches.setdefault(road, {})[tuple(known.by_uid[uid] for uid in uids)] = None

    def _message(self, held: Holding) -> Json:
        of = self.program.fact_types[held.fact.type]
        coded = codes_of(held.fact, of, self.codes)
        return {
            "t": self.translation.conditions[of.name],
            "uid": held.uid,
            **{field: NOTHING if code is None else code for field, code in coded.items()},
        }

    def _stop_on_products(self) -> None:
        """Refuse a road of which durable-rules would give every combination of very many facts."""
        for road in self.roads.values():
            joined = {later.place for _, later in road.joins}
            product = 1
            for place, (_, of) in enumerate(road.variables):
                if place not in joined:
                    product *= sum(held.fact.type == of for held in self.told) or 1
            if product > MATCHES_MAX:
                reason = f"`{road.name}` matches {product} combinations of facts without an equality between them"
                raise OutsideBoxError([Refusal(f"{reason}; {MATCHES_MAX} are looked at", road.last.span)])
