"""Where a log lies with its keys, in either kind of store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psycopg

from neurosym.audit.address import Address
from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.audit.verification import verify_log
from tests.audit.world import TickingClock, counted_entropy


@dataclass(frozen=True)
class Place:
    """Where a log lies, with its keys."""

    address: Address
    key: Path
    data_keys: Address

    def open(self) -> Log:
        return Log.open(
            self.address, key=self.key, data_keys=self.data_keys, clock=TickingClock(), entropy=counted_entropy()
        )

    def read(self) -> LogReader:
        return LogReader.open(self.address, data_keys=self.data_keys)

    def problems(self) -> list[str]:
        with self.read() as log:
            return [str(each) for each in verify_log(log).problems]

    def tamper(self, statement: str, *values: object) -> None:
        """What somebody does who may do anything to the database of a server."""
        with psycopg.connect(str(self.address), autocommit=True) as connection:
            connection.execute("SET search_path = neurosym_log")
            connection.execute(statement.encode(), values)
