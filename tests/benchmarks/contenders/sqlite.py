"""The join in the database that comes with Python."""

from __future__ import annotations

import sqlite3

from tests.benchmarks.trial import Ready, repeatable
from tests.benchmarks.work import join

# Strict tables check the types of what is inserted, as an intake does.
TABLES = """
create table account (id text primary key, customer text not null) strict, without rowid;
create table transfer (
  id text primary key, account text not null, amount integer not null, country text not null
) strict;
create table watch (id text primary key, country text not null, threshold integer not null) strict;
"""
# The index is made when its table is full: making it row by row takes longer.
INDEXES = "create index watched on watch (country, threshold);"
ALERTS = """
select t.id, a.id, w.id from transfer t
join account a on a.id = t.account
join watch w on w.country = t.country and t.amount >= w.threshold
"""


def join_run(work: join.Work) -> Ready[join.Answer]:
    """Alerts as rows of the keys of their premises."""

    def run() -> join.Answer:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.executescript(TABLES)
        connection.execute("begin")
        connection.executemany("insert into account values (:id, :customer)", work.facts["Account"])
        connection.executemany(
            "insert into transfer values (:id, :account, :amount, :country)", work.facts["Transaction"]
        )
        connection.executemany("insert into watch values (:id, :country, :threshold)", work.facts["Watch"])
        connection.execute("commit")
        connection.executescript(INDEXES)
        found = connection.execute(ALERTS).fetchall()
        connection.close()
        return found

    return repeatable(run)
