"""Bugs that the simulation has to find."""

from __future__ import annotations

from collections.abc import Mapping

from neurosym.audit.checkpoint import parse_checkpoint
from neurosym.audit.committer import Committer
from neurosym.audit.frontier import Frontier
from neurosym.audit.log import Log
from neurosym.audit.store import Batch, Reading
from neurosym.audit.witness import Reply, Witness
from neurosym.audit.witness_request import parse_witness_request
from neurosym.text.failure import LogError
from tests.simulation.contents import COMMITTED, records_of
from tests.simulation.store import SimulatedStore
from tests.simulation.world import Parts


class EarlyStore(SimulatedStore):
    """Acknowledges what it has not forced out."""

    def sync(self) -> None:
        self.disk.show()


class HalvingStore(SimulatedStore):
    """Writes a batch in two transactions."""

    def write(self, batch: Batch) -> None:
        records = [*records_of(batch)]
        for part in (records[: len(batch.entries)], records[len(batch.entries) :]):
            self.write_records(part)
            self.disk.write(COMMITTED)
            self.sync()


class ForgettingStore(SimulatedStore):
    """Takes a payload away before the entry that says so."""

    def write(self, batch: Batch) -> None:
        erased = [record for record in records_of(batch) if type(record).__name__ == "Erased"]
        if erased:
            self.write_records(erased)
            self.disk.write(COMMITTED)
            self.sync()
        super().write(batch)


class StaleCommitter(Committer):
    """Goes on from where it left the log itself."""

    def _vouched_frontier(self, reading: Reading) -> Frontier:
        return super()._vouched_frontier(reading) if self._left is None else self._left.frontier


class StaleLog(Log):
    def __init__(self, *parts: object) -> None:
        super().__init__(*parts)  # type: ignore[arg-type]
        found = self._committer
        self._committer = StaleCommitter(found._store, found.signatory, found._clock)


class CarelessCommitter(Committer):
    """Leaves whoever waited without a word when writing fails."""

    def _commit_waiting(self) -> None:
        with self._lock:
            lots = [self._waiting.popleft() for _ in range(len(self._waiting))]
        self._commit(lots)
        for lot in lots:
            lot.call()


class CarelessLog(Log):
    def __init__(self, *parts: object) -> None:
        super().__init__(*parts)  # type: ignore[arg-type]
        found = self._committer
        self._committer = CarelessCommitter(found._store, found.signatory, found._clock)


class HastyWitness(Witness):
    """Signs before it remembers."""

    def add_checkpoint(self, content: bytes) -> Reply:
        try:
            return super().add_checkpoint(content)
        except LogError:
            return Reply(200, str(self._cosigned(parse_witness_request(content).note)))


class TrustingWitness(Witness):
    """Signs again whatever it has signed a newer checkpoint than."""

    def add_checkpoint(self, content: bytes) -> Reply:
        reply = super().add_checkpoint(content)
        note = parse_witness_request(content).note
        if reply.status == 409 and reply.content.strip() != str(parse_checkpoint(note.text).size):
            with self._store.writing() as rows:
                seen = rows.newest(parse_checkpoint(note.text).origin)
                checkpoint = parse_checkpoint(note.text)
                rows.put(checkpoint.origin, type(seen)(checkpoint.size, checkpoint.root))
            return Reply(200, str(self._cosigned(note)))
        return reply


PLANTED: Mapping[str, Parts] = {
    "a store that acknowledges what is not durable": Parts(store=EarlyStore),
    "a batch written in two transactions": Parts(store=HalvingStore),
    "a payload removed before the entry that says so": Parts(store=ForgettingStore),
    "a committer that goes on from a stale frontier": Parts(log=StaleLog),
    "a committer that forgets who waits": Parts(log=CarelessLog),
    "a witness that signs before it remembers": Parts(witness=HastyWitness),
    "a witness that goes back": Parts(witness=TrustingWitness),
}
