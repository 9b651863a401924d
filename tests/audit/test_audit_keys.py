"""The key store: who may read what, and what destroying a key takes away."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from neurosym.audit.key_store import NOBODY, Destroyed
from neurosym.audit.payload import DataKey
from neurosym.audit.stores.sqlite_keys import SqliteKeyStore, create_sqlite_keys
from neurosym.text.failure import LogCorruptError, LogError
from tests.audit.world import counted_entropy

ANN, BOB, CAY = "Ann", "Bob", "Cay"


def one(*names: str) -> frozenset[str]:
    return frozenset(names)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "log.keys"
    assert create_sqlite_keys(found, counted_entropy())
    return found


@pytest.fixture
def keys(path: Path) -> Iterator[SqliteKeyStore]:
    entropy = counted_entropy()
    for _ in range(9):  # not the bytes that made the store
        entropy(1)
    with closing(SqliteKeyStore.open(path, entropy)) as found:
        yield found


def test_a_subject_has_one_key_and_a_set_of_subjects_another(keys: SqliteKeyStore) -> None:
    found = [keys.key_of(each) for each in (NOBODY, one(ANN), one(BOB), one(ANN, BOB), one(ANN, BOB, CAY))]
    assert len({each.id for each in found}) == len({each.secret for each in found}) == 5
    assert keys.key_of(one(BOB, ANN)) == found[3]


def test_keys_asked_for_together_are_those_asked_for_one_by_one(keys: SqliteKeyStore) -> None:
    before = keys.key_of(one(BOB))
    found = keys.keys_of([NOBODY, one(ANN), one(BOB), one(ANN, BOB), one(ANN)])
    assert found == {each: keys.key_of(each) for each in (NOBODY, one(ANN), one(BOB), one(ANN, BOB))}
    assert found[one(BOB)] == before
    assert keys.keys_of([]) == {}


def test_keys_are_the_same_when_the_store_is_opened_again(path: Path, keys: SqliteKeyStore) -> None:
    before = [keys.key_of(each) for each in (NOBODY, one(ANN), one(ANN, BOB))]
    with closing(SqliteKeyStore.open(path, counted_entropy())) as again:
        assert [again.key_of(each) for each in (NOBODY, one(ANN), one(ANN, BOB))] == before
        assert again.id == keys.id
        assert again.request_tag(b"payment-1") == keys.request_tag(b"payment-1")


def test_destroying_the_keys_of_a_subject_takes_the_sets_that_it_is_in_and_nothing_else(keys: SqliteKeyStore) -> None:
    house, ann, bob = (keys.key_of(each) for each in (NOBODY, one(ANN), one(BOB)))
    both, others = keys.key_of(one(ANN, BOB)), keys.key_of(one(BOB, CAY))
    assert set(keys.keys_with(ANN)) == {ann.id, both.id}
    keys.destroy([ann.id])
    assert [keys.key(each.id) for each in (ann, both)] == [Destroyed(ann.id), Destroyed(both.id)]
    assert [keys.key(each.id) for each in (house, bob, others)] == [house, bob, others]
    assert keys.keys_with(ANN) == ()


def test_a_subject_that_comes_back_gets_a_new_key(keys: SqliteKeyStore) -> None:
    before, both = keys.key_of(one(ANN)), keys.key_of(one(ANN, BOB))
    keys.destroy(keys.keys_with(ANN))
    after = keys.key_of(one(ANN))
    assert after.id != before.id
    assert keys.key_of(one(ANN, BOB)).id != both.id
    assert keys.key_of(one(BOB)) == keys.key(keys.key_of(one(BOB)).id)


def test_a_key_that_another_process_destroyed_is_not_used_any_more(path: Path, keys: SqliteKeyStore) -> None:
    before = keys.key_of(one(ANN))
    with closing(SqliteKeyStore.open(path, counted_entropy())) as other:
        other.destroy([before.id])
    assert keys.key_of(one(ANN)).id != before.id


def test_a_key_that_was_never_here_is_told_from_one_that_was_destroyed(keys: SqliteKeyStore) -> None:
    assert keys.key("00") is None


def test_a_destroyed_secret_and_the_names_of_subjects_are_in_no_file(path: Path, keys: SqliteKeyStore) -> None:
    ann, bob = keys.key_of(one(ANN)), keys.key_of(one(BOB))
    keys.destroy([ann.id])
    contents = b"".join(each.read_bytes() for each in path.parent.iterdir() if each.name.startswith(path.name))
    assert ann.secret not in contents
    assert ANN.encode() not in contents
    assert bob.secret in contents  # so that the test would see it


def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(LogError, match="may be read by others"):
        SqliteKeyStore.read(path)


def test_a_store_that_is_read_makes_no_key_and_no_file(path: Path, keys: SqliteKeyStore) -> None:
    ann = keys.key_of(one(ANN))
    keys.close()
    with closing(SqliteKeyStore.read(path)) as reader:
        assert reader.key(ann.id) == ann
        with pytest.raises(LogError, match="was opened to be read"):
            reader.key_of(one(BOB))
        assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ("UPDATE keys SET secret = x'00'", "a secret has not 32 bytes"),
        ("UPDATE store SET format = 9", "of another format"),
        ("DELETE FROM store", "is damaged"),
        ("CREATE TABLE strange (x)", "not as they were made"),
        ("PRAGMA application_id = 7", "is no key store"),
    ],
)
def test_a_store_that_was_changed_is_refused(path: Path, keys: SqliteKeyStore, spoil: str, says: str) -> None:
    ann = keys.key_of(one(ANN))
    keys.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(spoil)
    with pytest.raises(LogError, match=says), closing(SqliteKeyStore.read(path)) as reader:
        reader.key(ann.id)


def test_what_is_no_database_is_no_key_store(tmp_path: Path) -> None:
    place = tmp_path / "none.keys"
    with pytest.raises(LogError, match="cannot be read"):
        SqliteKeyStore.read(place)
    place.write_bytes(b"PRIVATE")
    place.chmod(0o600)
    with pytest.raises((LogError, LogCorruptError), match=r"none\.keys"):
        SqliteKeyStore.read(place)


def test_the_key_of_a_payload_opens_no_other(keys: SqliteKeyStore) -> None:
    key = keys.key_of(NOBODY)
    assert isinstance(key, DataKey)
    assert key.payload_key(b"1" * 32) != key.payload_key(b"2" * 32)
