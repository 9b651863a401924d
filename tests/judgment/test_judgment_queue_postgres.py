"""A review queue in PostgreSQL: who makes it, what it refuses, and that no password is told to anybody."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from neurosym.judgment.queue.address import address_problem, queue_address
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.judgment.review import Review
from neurosym.text.failure import InputError, ProviderError
from neurosym.text.server_address import is_server_address
from tests.judgment.review_case import REVIEW, item
from tests.postgres import Server

WITH_PASSWORD = [
    "postgresql://kim:hunter2@db.example/reviews",
    "postgres://kim:hunter2@db.example/reviews",
    "postgresql://kim:@db.example/reviews",
    "postgresql://kim:hun@ter2@db.example/reviews",
    "postgresql://db.example/reviews?user=kim&password=hunter2",
    "postgresql://db.example/reviews?p%61ssword=hunter2",
    "postgresql://db.example/reviews?sslpassword=hunter2",
    "postgresql://kim:hunter2@[db.example/reviews",
]
WITHOUT = [
    "reviews.db",
    "folder:with/colon@.db",
    "postgresql:///reviews?service=reviews",
    "postgresql://kim@db.example:5433/reviews?sslmode=verify-full&passfile=/run/pass",
    "postgresql://kim@first.example:1,second.example:2/reviews",
]


@pytest.fixture
def address(postgres: Server) -> str:
    return postgres.new_database()


@pytest.mark.parametrize("written", WITH_PASSWORD)
def test_a_password_in_the_address_is_refused_and_not_repeated(written: str) -> None:
    with pytest.raises(InputError, match="NS628") as error:
        ReviewQueue.open(written)
    (found,) = error.value.diagnostics
    assert "hunter2" not in f"{found} {error.value}"


@pytest.mark.parametrize("written", WITHOUT)
def test_other_addresses_are_taken(written: str) -> None:
    assert address_problem(written) is None


def test_a_path_starts_at_the_folder_and_an_address_nowhere() -> None:
    assert queue_address("reviews.db", Path("/etc/house")) == "/etc/house/reviews.db"
    assert queue_address("/var/reviews.db", Path("/etc/house")) == "/var/reviews.db"
    assert queue_address(WITHOUT[2], Path("/etc/house")) == WITHOUT[2]
    assert not is_server_address("postgresql.db")


def test_where_none_is_to_be_made_none_is_made(address: str) -> None:
    with pytest.raises(ProviderError, match="there is no review queue"):
        ReviewQueue.open(address, make=False)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'neurosym_review'").fetchone() == (
            0,
        )
    ReviewQueue.open(address).close()
    with ReviewQueue.open(address, make=False) as queue:
        assert queue.open_items() == ()
        assert queue.address == address


def test_several_who_come_first_make_one_queue(address: str) -> None:
    def enqueued(number: int) -> None:
        with ReviewQueue.open(address) as queue:
            queue.enqueue(item(decision=f"D{number}"))

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(enqueued, range(6))) == [None] * 6
    with ReviewQueue.open(address) as queue:
        (found,) = queue.open_items()
    assert sorted(found.decisions) == [f"D{number}" for number in range(6)]


def test_a_queue_of_a_later_version_is_refused(address: str) -> None:
    ReviewQueue.open(address).close()
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE neurosym_review.format SET version = 3")
    with pytest.raises(ProviderError, match="no review queue of this version"):
        ReviewQueue.open(address)


def test_a_damaged_item_is_a_failure(address: str) -> None:
    with ReviewQueue.open(address) as queue:
        queue.enqueue(item())
        with psycopg.connect(address) as connection:
            connection.execute("UPDATE neurosym_review.item SET document = '{}'")
        with pytest.raises(ProviderError, match="damaged"):
            queue.open_items()


def test_what_the_database_cannot_hold_is_a_failure_and_not_the_end(address: str) -> None:
    with ReviewQueue.open(address) as queue:
        queue.enqueue(item())
        for reason in ("\0", "\ud800"):
            with pytest.raises(ProviderError, match="cannot"):
                queue.answer(item().question, Review("Ada", "same", (), reason))
        assert queue.answer(item().question, REVIEW) == (REVIEW,)


def test_a_server_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="cannot be used"):
        ReviewQueue.open(f"postgresql://tester@/reviews?host={tmp_path}")


def test_a_server_that_went_away_is_a_failure(address: str) -> None:
    with ReviewQueue.open(address) as queue:
        queue.enqueue(item())
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        with pytest.raises(ProviderError, match="cannot be used"):
            queue.claim(item().question, "Ada")


def test_a_commit_is_durable_whatever_the_database_is_set_to(address: str) -> None:
    name = conninfo_to_dict(address)["dbname"]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
    with ReviewQueue.open(address) as queue, queue._store.writing() as rows:
        assert rows._execute("SELECT current_setting('synchronous_commit')") == [("on",)]


def test_without_the_package_it_says_what_to_install() -> None:
    """In a process of its own, where the package is not to be found."""
    script = """
import sys
sys.modules["psycopg"] = None
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.text.failure import ProviderError
try:
    ReviewQueue.open("postgresql:///reviews")
except ProviderError as error:
    print(error)
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout == "a review queue in PostgreSQL needs `pip install 'neurosym[postgres]'`\n"
