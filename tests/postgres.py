"""A PostgreSQL server of the tests' own, in a temporary folder, behind a Unix socket."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

OWNERS = ("postgres", "nobody")  # the server does not run as root
SETTINGS = "-c listen_addresses='' -c max_connections=40"
# Without waiting for the disk tests are faster, and a log has to be told that this is known.
IN_HASTE = "-c fsync=off -c neurosym.fsync_off=accepted"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs, in which every test makes a database of its own."""

    folder: Path
    owner: str | None
    settings: str = f"{SETTINGS} {IN_HASTE}"
    names: Iterator[int] = field(default_factory=lambda: count(1))

    def address(self, database: str = "postgres") -> str:
        return f"postgresql://tester@/{database}?host={self.folder}"

    def new_database(self, options: str = "") -> str:
        """The address of a new database."""
        name = f"queue{next(self.names)}"
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} {options}".encode())
        return self.address(name)

    def start(self) -> None:
        self._pg_ctl("-l", f"{self.folder}/log", "-o", f"-k {self.folder} {self.settings}", "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """End the server: `immediate` is a crash, after which it has to recover."""
        self._pg_ctl("-m", mode, "-w", "stop")

    def is_running(self) -> bool:
        return (self.folder / "data" / "postmaster.pid").exists()

    def _pg_ctl(self, *arguments: str) -> None:
        _run(self.owner, "pg_ctl", "-D", f"{self.folder}/data", *arguments)


def server_tool(name: str) -> str | None:
    """The path of a program of the server, the newest where several are installed."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(installed[-1]) if installed else shutil.which(name)


@contextmanager
def running_server(*, waits_for_disk: bool = False) -> Iterator[Server]:
    """The server, from beginning to end."""
    folder = Path(tempfile.mkdtemp(prefix="ns-pg-"))
    owner = next(name for name in OWNERS if _is_user(name)) if os.geteuid() == 0 else None
    if owner is not None:
        shutil.chown(folder, owner)
    server = Server(folder, owner, SETTINGS if waits_for_disk else f"{SETTINGS} {IN_HASTE}")
    try:
        _run(owner, "initdb", "-D", f"{folder}/data", "-U", "tester", "--auth=trust", "--no-sync", "-E", "UTF8")
        server.start()
        try:
            yield server
        finally:
            if server.is_running():
                server.stop()
    finally:
        shutil.rmtree(folder)


def _is_user(name: str) -> bool:
    return any(each.pw_name == name for each in pwd.getpwall())


def _run(owner: str | None, name: str, *arguments: str) -> None:
    tool = server_tool(name)
    assert tool is not None
    # To a file and not a pipe: the server keeps it open for as long as it runs.
    with tempfile.TemporaryFile() as told:
        ended = subprocess.run([tool, *arguments], stdout=told, stderr=told, user=owner, cwd="/", check=False)
        told.seek(0)
        assert ended.returncode == 0, told.read().decode()
