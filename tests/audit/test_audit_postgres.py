"""A log in PostgreSQL: what it refuses, what it sets, and that its schema is as it was made."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from neurosym.audit.batch import NextBatch
from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.audit.store import Batch, Reading
from neurosym.audit.stores.postgres_session import DEFAULTS
from neurosym.audit.verification import verify_log
from neurosym.text.failure import LogCorruptError, LogError
from tests.audit.place import Place
from tests.audit.world import answer, decision
from tests.postgres import Server

STRANGERS = {
    "a trigger that drops what is written": (
        """CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER dropping BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION public.f()""",
        "the trigger `dropping` does not belong there",
    ),
    "a rule": (
        "CREATE RULE nothing AS ON INSERT TO entries DO INSTEAD NOTHING",
        "the rule `nothing` does not belong there",
    ),
    "a policy": ("CREATE POLICY hiding ON entries USING (seq < 1)", "the policy `hiding` does not belong there"),
    "a table": ("CREATE TABLE other (a integer)", "the table `other` does not belong there"),
    "a view": ("CREATE VIEW other AS SELECT 1 AS a", "the view `other` does not belong there"),
    "a sequence": ("CREATE SEQUENCE counting", "the sequence `counting` does not belong there"),
    "a type": ("CREATE TYPE mood AS ENUM ('good')", "the type `mood` does not belong there"),
    "a function": (
        "CREATE FUNCTION neurosym_log.f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "the function `f` does not belong there",
    ),
    "a column": ("ALTER TABLE entries ADD COLUMN note text", "the column `entries.note` does not belong there"),
    "an index": ("CREATE INDEX other ON entries (leaf)", "the index `other` does not belong there"),
    "a constraint": (
        "ALTER TABLE entries ADD CONSTRAINT few CHECK (seq < 1000)",
        "the constraint `few` does not belong there",
    ),
    "a table elsewhere that forbids erasure": (
        "CREATE TABLE public.other (digest text REFERENCES payload (digest))",
        "the constraint `other_digest_fkey` does not belong there",
    ),
}
CHANGES = {
    "a view in the place of a table": (
        "ALTER TABLE entries RENAME TO hidden; CREATE VIEW entries AS SELECT * FROM hidden",
        "is not as it was made",
    ),
    "a table that hides rows": ("ALTER TABLE entries ENABLE ROW LEVEL SECURITY", "the table `entries` is not"),
    "a table that a crash empties": ("ALTER TABLE entries SET UNLOGGED", "the table `entries` is not"),
    "a table with the rows of another": (
        "CREATE TABLE public.more () INHERITS (neurosym_log.entries)",
        "the table `entries` is not",
    ),
    "a column of another type": (
        "ALTER TABLE payload ALTER COLUMN seq TYPE integer",
        "the column `payload.seq` is not",
    ),
    "a column that may be empty": (
        "ALTER TABLE entries ALTER COLUMN leaf DROP NOT NULL",
        "the column `entries.leaf` is not",
    ),
    "a column that fills itself": (
        "ALTER TABLE entries ALTER COLUMN leaf SET DEFAULT ''",
        "the column `entries.leaf` is not",
    ),
    "a column that compares otherwise": (
        'ALTER TABLE lookup ALTER COLUMN kind TYPE text COLLATE "POSIX"',
        "the column `lookup.kind` is not",
    ),
    "a key that is gone": ("ALTER TABLE lookup DROP CONSTRAINT lookup_pkey", "the constraint `lookup_pkey` is not"),
    "an index that is gone": ("DROP INDEX payload_seq", "the index `payload_seq` is not"),
    "a column that is gone": ("ALTER TABLE lookup DROP COLUMN seq", "is not as it was made"),
    "a table that is gone": ("DROP TABLE node", "the table `node` is not as it was made"),
}


@pytest.fixture
def log(on_server: Place) -> Iterator[Log]:
    with on_server.open() as opened:
        yield opened


def run_as(place: Place, role: str) -> str:
    """The address, for a role that is made now and may enter the database."""
    with psycopg.connect(str(place.address), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN".encode())
    return str(place.address).replace("tester@", f"{role}@")


def test_a_new_log_has_nothing_strange(on_server: Place, log: Log) -> None:
    with log.store.reading() as reading:
        assert list(reading.damage()) == []
    with on_server.read() as reader:
        assert verify_log(reader).is_consistent


@pytest.mark.parametrize("what", STRANGERS)
def test_what_does_not_belong_to_a_log_stops_the_writer_and_does_not_verify(on_server: Place, what: str) -> None:
    on_server.open().close()
    spoil, says = STRANGERS[what]
    on_server.tamper(spoil)
    with pytest.raises(LogCorruptError, match=says):
        on_server.open()
    assert [problem for problem in on_server.problems() if says in problem]


@pytest.mark.parametrize("what", CHANGES)
def test_a_table_that_is_not_as_it_was_made_stops_readers_and_writers(on_server: Place, what: str) -> None:
    on_server.open().close()
    spoil, says = CHANGES[what]
    on_server.tamper(spoil)
    for opened in (on_server.open, on_server.read):
        with pytest.raises(LogCorruptError, match=says):
            opened()


def test_a_table_that_was_altered_and_altered_back_is_the_one_that_was_made(on_server: Place) -> None:
    on_server.open().close()
    on_server.tamper("ALTER TABLE entries SET UNLOGGED; ALTER TABLE entries SET LOGGED")
    on_server.tamper("ALTER TABLE node ADD COLUMN note text; ALTER TABLE node DROP COLUMN note")
    on_server.open().close()


def test_a_trigger_that_comes_while_the_log_is_open_is_noticed_by_what_is_missing(on_server: Place, log: Log) -> None:
    on_server.tamper(STRANGERS["a trigger that drops what is written"][0])
    with pytest.raises(LogCorruptError, match="did not keep what it was given"):
        log.record(answer("same"))


def test_a_log_of_another_format_is_an_error(on_server: Place) -> None:
    on_server.open().close()
    on_server.tamper("UPDATE identity SET format = 3")
    for opened in (on_server.open, on_server.read):
        with pytest.raises(LogError, match="has format 3; this program reads format 2"):
            opened()
    on_server.tamper("DELETE FROM identity")
    with pytest.raises(LogCorruptError, match="does not say which format"):
        on_server.read()


def test_a_schema_of_another_program_is_left_alone(on_server: Place) -> None:
    with psycopg.connect(str(on_server.address), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA neurosym_log; CREATE TABLE neurosym_log.entries (seq integer)")
    for opened in (on_server.open, on_server.read):
        with pytest.raises(LogError, match=r"the schema `neurosym_log` at .* belongs to another program"):
            opened()


def test_a_log_may_be_made_in_a_schema_that_somebody_else_has_made(on_server: Place) -> None:
    address = run_as(on_server, "keeper")
    with psycopg.connect(str(on_server.address), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA neurosym_log AUTHORIZATION keeper")
    mine = replace(on_server, address=address)
    with mine.open() as log:
        log.record(answer("same"))
    assert mine.problems() == []


def test_a_role_that_may_not_make_a_schema_is_told_so(on_server: Place) -> None:
    with pytest.raises(LogError, match="permission denied for database"):
        replace(on_server, address=run_as(on_server, "stranger")).open()


def test_a_role_that_may_only_read_verifies_and_does_not_write(on_server: Place) -> None:
    on_server.open().close()
    mine = replace(on_server, address=run_as(on_server, "auditor"))
    with pytest.raises(LogError, match="permission denied"):
        mine.read()
    on_server.tamper("GRANT USAGE ON SCHEMA neurosym_log TO auditor")
    on_server.tamper("GRANT SELECT ON ALL TABLES IN SCHEMA neurosym_log TO auditor")
    assert mine.problems() == []
    with mine.open() as log, pytest.raises(LogError, match="permission denied for table"):
        log.record(answer("same"))


def test_a_database_that_only_may_be_read_is_read(on_server: Place) -> None:
    with on_server.open() as log:
        log.record(answer("same"))
        name = conninfo_to_dict(str(on_server.address))["dbname"]
        on_server.tamper(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        assert on_server.problems() == []


def test_rows_that_a_policy_would_hide_are_an_error_and_not_missing(on_server: Place) -> None:
    on_server.open().close()
    mine = replace(on_server, address=run_as(on_server, "watched"))
    on_server.tamper("GRANT USAGE ON SCHEMA neurosym_log TO watched")
    on_server.tamper("GRANT SELECT ON ALL TABLES IN SCHEMA neurosym_log TO watched")
    with mine.read() as log:
        on_server.tamper("ALTER TABLE entries ENABLE ROW LEVEL SECURITY")
        with log.store.reading() as reading, pytest.raises(LogError, match="row-level security"):
            reading.entry_count()


def test_several_who_come_first_make_one_log(on_server: Place) -> None:
    on_server.open().close()  # for the keys
    on_server.tamper("DROP SCHEMA neurosym_log CASCADE")

    def origin(number: int) -> str:
        with Log.open(on_server.address, key=on_server.key, data_keys=on_server.data_keys) as log:
            log.record(decision(number))
            return log.identity.origin

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(origin, range(6)))) == 1
    with on_server.read() as log:
        assert sorted(entry.decision or "" for entry in log.decisions()) == [f"D{number}" for number in range(6)]
    assert on_server.problems() == []


def test_another_log_of_the_same_key_is_not_made_in_the_place_of_one(on_server: Place, postgres: Server) -> None:
    with on_server.open() as first, replace(on_server, address=postgres.new_database()).open() as second:
        assert first.identity.vkey == second.identity.vkey
        assert second.identity.origin.startswith(f"{first.identity.origin}/")


@pytest.mark.parametrize(("setting", "is_kept"), [("off", False), ("local", False), ("remote_apply", True)])
def test_a_commit_is_durable_whatever_the_database_is_set_to(on_server: Place, setting: str, *, is_kept: bool) -> None:
    name = conninfo_to_dict(str(on_server.address))["dbname"]
    on_server.tamper(f"ALTER DATABASE {name} SET synchronous_commit = {setting}")
    seen: list[str] = []
    with on_server.open() as log:
        store = log._committer._store

        def plan(reading: Reading) -> Batch:
            connection = store._session._connection  # type: ignore[attr-defined]
            seen.extend(connection.execute("SELECT current_setting('synchronous_commit')").fetchone())
            signatory = log._committer.signatory
            batch = NextBatch(reading.state().frontier, log.clock.stamp())
            return batch.signed(signatory)

        store.commit(plan)
    assert seen == [setting if is_kept else "on"]


def test_a_server_that_does_not_wait_for_its_disk_is_refused_unless_that_is_accepted(on_server: Place) -> None:
    careful = replace(on_server, address=f"{on_server.address}&options=-c%20neurosym.fsync_off%3Dno")
    with pytest.raises(LogError, match=r"does not wait for its disk \(fsync = off\)"):
        careful.open()
    with on_server.open() as log:
        log.record(answer("same"))
    with pytest.raises(LogError, match="fsync = off"):
        careful.open()
    assert careful.problems() == []  # to read is no risk


def test_a_database_that_cannot_hold_every_text_is_refused(on_server: Place, postgres: Server) -> None:
    address = postgres.new_database("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(LogError, match="its database is in LATIN1; make one in UTF8"):
        replace(on_server, address=address).open()


def test_a_writer_that_keeps_the_others_waiting_is_a_failure_for_them(on_server: Place, log: Log) -> None:
    with psycopg.connect(str(on_server.address)) as other:
        other.execute("SELECT size FROM neurosym_log.state FOR UPDATE")
        with psycopg.connect(str(on_server.address), autocommit=True) as admin, ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(log.record, answer("same"))
            while not admin.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchall():
                pass
            admin.execute("SELECT pg_cancel_backend(pid) FROM pg_locks WHERE NOT granted")
            with pytest.raises(LogError, match="the server broke it off"):
                waiting.result()
    assert log.record(answer("same")).seq == 1


def test_a_row_that_everything_hangs_on_is_missed(on_server: Place, log: Log) -> None:
    for table in ("state", "checkpoint", "identity"):
        on_server.tamper(f"CREATE TABLE public.{table} AS TABLE {table}")
        on_server.tamper(f"TRUNCATE {table}")
        with pytest.raises(LogCorruptError, match=f"the row of the table `{table}` is missing"):
            log.record(answer("same"))
        on_server.tamper(f"INSERT INTO {table} TABLE public.{table}")
    assert log.record(answer("same")).seq == 1


@pytest.mark.parametrize(
    "written",
    [
        "postgresql://kim:hunter2",  # a port, as libpq reads it, and it would say so
        "postgresql://kim@db.example:hunter2/log",
        "postgresql://db.example/log?hunter2=1",
        "postgresql://db.example/log?sslmode",
        "postgresql://db.example/\udcff",
    ],
)
def test_an_address_that_cannot_be_read_is_an_error_and_not_repeated(written: str, tmp_path: Path) -> None:
    with pytest.raises(LogError, match="the address") as caught:
        Log.open(written, key=tmp_path / "log.key", data_keys=tmp_path / "log.keys")
    assert "hunter2" not in str(caught.value)


def test_an_address_comes_before_what_we_would_set(on_server: Place) -> None:
    place = replace(on_server, address=f"{on_server.address}&application_name=auditor")
    on_server.open().close()
    query = "SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()"
    for each, name in ((on_server, DEFAULTS["application_name"]), (place, "auditor")):
        with each.read() as log, log.store.reading():
            assert log.store._session.rows(query) == [(name,)]  # type: ignore[attr-defined]


def test_without_the_package_it_says_what_to_install() -> None:
    """In a process of its own, where the package is not to be found."""
    script = """
import sys
sys.modules["psycopg"] = None
from neurosym.audit.reader import LogReader
from neurosym.audit.log import Log
from neurosym.text.failure import LogError
for address, keys in (("postgresql:///log", "log.keys"), ("log.db", "postgres:///keys")):
    try:
        Log.open(address, key="log.key", data_keys=keys)
    except LogError as error:
        print(error)
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == [
        "a log in PostgreSQL needs `pip install 'neurosym[postgres]'`",
        "a key store in PostgreSQL needs `pip install 'neurosym[postgres]'`",
    ]


def test_a_reader_says_when_the_address_leads_to_another_log_than_before(on_server: Place) -> None:
    on_server.open().close()
    with LogReader.open(on_server.address) as log:
        on_server.tamper("UPDATE identity SET origin = 'another'")
        log.store._session._connection.close()  # type: ignore[attr-defined]
        with pytest.raises(LogError, match="is another log than it was"):
            log.size()
