"""The key store: who may read what, and what destroying a key takes away."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from neurosym.audit.address import Address
from neurosym.audit.draft import Draft
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.erasure import erase_subject
from neurosym.audit.key_store import NOBODY, Destroyed, KeyStore
from neurosym.audit.payload import DataKey, Entropy
from neurosym.audit.stores.opening import create_key_store, has_key_store, open_key_store, read_key_store
from neurosym.audit.stores.postgres_keys import PostgresKeyStore
from neurosym.audit.stores.sqlite_keys import SqliteKeyStore
from neurosym.text.failure import ErasedError, LogCorruptError, LogError
from tests.audit.place import Place
from tests.audit.world import counted_entropy
from tests.postgres import Server

ANN, BOB, CAY = "Ann", "Bob", "Cay"


def one(*names: str) -> frozenset[str]:
    return frozenset(names)


def other_entropy() -> Entropy:
    """Not the bytes that made the store."""
    entropy = counted_entropy()
    for _ in range(9):
        entropy(1)
    return entropy


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "log.keys"
    assert create_key_store(found, counted_entropy())
    return found


@pytest.fixture
def in_file(path: Path) -> Iterator[KeyStore]:
    with closing(open_key_store(path, other_entropy())) as found:
        yield found


@pytest.fixture
def on_server(postgres: Server) -> str:
    found = postgres.new_database()
    assert not has_key_store(found)
    assert create_key_store(found, counted_entropy())
    return found


@pytest.fixture(params=["file", "server"])
def place(request: pytest.FixtureRequest) -> Address:
    """Where a key store lies, in either kind of place."""
    found: Address = request.getfixturevalue("path" if request.param == "file" else "on_server")
    return found


@pytest.fixture
def keys(place: str | Path) -> Iterator[KeyStore]:
    with closing(open_key_store(place, other_entropy())) as found:
        yield found


def test_a_key_store_is_made_once(place: str | Path) -> None:
    assert has_key_store(place)
    with closing(read_key_store(place)) as before:
        assert not create_key_store(place, other_entropy())
        with closing(read_key_store(place)) as after:
            assert after.id == before.id


def test_a_subject_has_one_key_and_a_set_of_subjects_another(keys: KeyStore) -> None:
    found = [keys.key_of(each) for each in (NOBODY, one(ANN), one(BOB), one(ANN, BOB), one(ANN, BOB, CAY))]
    assert len({each.id for each in found}) == len({each.secret for each in found}) == 5
    assert keys.key_of(one(BOB, ANN)) == found[3]


def test_keys_asked_for_together_are_those_asked_for_one_by_one(keys: KeyStore) -> None:
    before = keys.key_of(one(BOB))
    found = keys.keys_of([NOBODY, one(ANN), one(BOB), one(ANN, BOB), one(ANN)])
    assert found == {each: keys.key_of(each) for each in (NOBODY, one(ANN), one(BOB), one(ANN, BOB))}
    assert found[one(BOB)] == before
    assert keys.keys_of([]) == {}


def test_keys_are_the_same_when_the_store_is_opened_again(place: str | Path, keys: KeyStore) -> None:
    before = [keys.key_of(each) for each in (NOBODY, one(ANN), one(ANN, BOB))]
    with closing(open_key_store(place, counted_entropy())) as again:
        assert [again.key_of(each) for each in (NOBODY, one(ANN), one(ANN, BOB))] == before
        assert again.id == keys.id
        assert again.request_tag(b"payment-1") == keys.request_tag(b"payment-1")


def test_destroying_the_keys_of_a_subject_takes_the_sets_that_it_is_in_and_nothing_else(keys: KeyStore) -> None:
    house, ann, bob = (keys.key_of(each) for each in (NOBODY, one(ANN), one(BOB)))
    both, others = keys.key_of(one(ANN, BOB)), keys.key_of(one(BOB, CAY))
    assert set(keys.keys_with(ANN)) == {ann.id, both.id}
    keys.destroy([ann.id])
    assert [keys.key(each.id) for each in (ann, both)] == [Destroyed(ann.id), Destroyed(both.id)]
    assert [keys.key(each.id) for each in (house, bob, others)] == [house, bob, others]
    assert keys.keys_with(ANN) == ()


def test_a_subject_that_comes_back_gets_a_new_key(keys: KeyStore) -> None:
    before, both = keys.key_of(one(ANN)), keys.key_of(one(ANN, BOB))
    keys.destroy(keys.keys_with(ANN))
    after = keys.key_of(one(ANN))
    assert after.id != before.id
    assert keys.key_of(one(ANN, BOB)).id != both.id
    assert keys.key_of(one(BOB)) == keys.key(keys.key_of(one(BOB)).id)


def test_a_key_that_another_process_destroyed_is_not_used_any_more(place: str | Path, keys: KeyStore) -> None:
    before = keys.key_of(one(ANN))
    with closing(open_key_store(place, counted_entropy())) as other:
        other.destroy([before.id])
    assert keys.key_of(one(ANN)).id != before.id


def test_a_key_that_was_never_here_is_told_from_one_that_was_destroyed(keys: KeyStore) -> None:
    assert keys.key("00") is None


def test_a_destroyed_secret_and_the_names_of_subjects_are_in_no_file(path: Path, in_file: KeyStore) -> None:
    ann, bob = in_file.key_of(one(ANN)), in_file.key_of(one(BOB))
    in_file.destroy([ann.id])
    contents = b"".join(each.read_bytes() for each in path.parent.iterdir() if each.name.startswith(path.name))
    assert ann.secret not in contents
    assert ANN.encode() not in contents
    assert bob.secret in contents  # so that the test would see it


def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(LogError, match="may be read by others"):
        read_key_store(path)


def test_a_store_that_is_read_makes_no_key(place: str | Path, keys: KeyStore) -> None:
    ann = keys.key_of(one(ANN))
    keys.close()
    with closing(read_key_store(place)) as reader:
        assert reader.key(ann.id) == ann
        assert not reader.keys_with(BOB)
        assert isinstance(reader, SqliteKeyStore | PostgresKeyStore)
        with pytest.raises(LogError, match="was opened to be read"):
            reader.key_of(one(BOB))


def test_a_store_that_is_read_makes_no_file(path: Path, in_file: KeyStore) -> None:
    ann = in_file.key_of(one(ANN))
    in_file.close()
    with closing(read_key_store(path)) as reader:
        assert reader.key(ann.id) == ann
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
def test_a_store_that_was_changed_is_refused(path: Path, in_file: KeyStore, spoil: str, says: str) -> None:
    ann = in_file.key_of(one(ANN))
    in_file.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(spoil)
    with pytest.raises(LogError, match=says), closing(read_key_store(path)) as reader:
        reader.key(ann.id)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ("UPDATE neurosym_keys.keys SET secret = '\\x00'", "a secret has not 32 bytes"),
        ("UPDATE neurosym_keys.store SET format = 9", "of another format"),
        ("DELETE FROM neurosym_keys.store", "is damaged"),
        ("CREATE TABLE neurosym_keys.strange (x integer)", "does not belong there"),
        ("ALTER TABLE neurosym_keys.keys DROP CONSTRAINT keys_tag", "is not as it was made"),
        ("DROP SCHEMA neurosym_keys CASCADE", "there is no key store"),
        (
            "GRANT USAGE ON SCHEMA neurosym_keys TO PUBLIC; GRANT SELECT ON neurosym_keys.keys TO PUBLIC",
            "may be read by whoever may enter its database",
        ),
    ],
)
def test_a_store_on_a_server_that_was_changed_is_refused(on_server: str, spoil: str, says: str) -> None:
    with closing(open_key_store(on_server, other_entropy())) as keys:
        ann = keys.key_of(one(ANN))
    with psycopg.connect(on_server, autocommit=True) as connection:
        connection.execute(spoil.encode())
    with pytest.raises(LogError, match=says), closing(read_key_store(on_server)) as reader:
        reader.key(ann.id)


def test_a_destroyed_secret_is_in_no_file_of_its_table(on_server: str, postgres: Server) -> None:
    with closing(open_key_store(on_server, other_entropy())) as keys, psycopg.connect(on_server) as connection:
        ann, bob = keys.key_of(one(ANN)), keys.key_of(one(BOB))
        keys.destroy([ann.id])
        connection.autocommit = True
        connection.execute("CHECKPOINT")
        rows = connection.execute("SELECT pg_relation_filepath('neurosym_keys.keys')").fetchall()
    content = b"".join(each.read_bytes() for each in (postgres.folder / "data" / rows[0][0]).parent.glob("*"))
    assert ann.secret not in content
    assert ANN.encode() not in content
    assert bob.secret in content  # so that the test would see it


def test_a_destroyed_secret_that_the_server_keeps_is_said_to_be_there_still(on_server: str) -> None:
    with psycopg.connect(on_server, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS clerk")
        owner.execute("CREATE ROLE clerk LOGIN")
        owner.execute("GRANT USAGE ON SCHEMA neurosym_keys TO clerk")
        owner.execute("GRANT ALL ON ALL TABLES IN SCHEMA neurosym_keys TO clerk")
    with closing(open_key_store(on_server.replace("tester@", "clerk@"), other_entropy())) as keys:
        ann = keys.key_of(one(ANN))
        with pytest.raises(LogError, match="the keys are destroyed, but files of the server still hold them"):
            keys.destroy([ann.id])
        assert isinstance(keys.key(ann.id), Destroyed)
    with psycopg.connect(on_server, autocommit=True) as owner:
        owner.execute("DROP OWNED BY clerk")
        owner.execute("DROP ROLE clerk")


def test_a_log_and_its_keys_lie_in_two_databases(postgres: Server, tmp_path: Path) -> None:
    log_address, keys_address = postgres.new_database(), postgres.new_database()
    place = Place(log_address, tmp_path / "log.key", keys_address)
    with place.open() as log:
        entry = log.record(Draft(kind=EntryKind.ANSWER, payloads=(("response", b"said"),), subjects=one(ANN)))
    with place.read() as reader:
        assert reader.content(entry, "response") == b"said"
    with place.open() as log:
        erase_subject(log, ANN, "asked", "Kim")
    with place.read() as reader, pytest.raises(ErasedError):
        reader.content(entry, "response")
    assert place.problems() == []
    replaced = postgres.new_database()
    create_key_store(replaced, other_entropy())
    with pytest.raises(LogError, match="is not the key store of the log"):
        Place(log_address, place.key, replaced).read()


def test_what_is_no_database_is_no_key_store(tmp_path: Path) -> None:
    place = tmp_path / "none.keys"
    with pytest.raises(LogError, match="cannot be read"):
        read_key_store(place)
    place.write_bytes(b"PRIVATE")
    place.chmod(0o600)
    with pytest.raises((LogError, LogCorruptError), match=r"none\.keys"):
        read_key_store(place)


def test_the_key_of_a_payload_opens_no_other(keys: KeyStore) -> None:
    key = keys.key_of(NOBODY)
    assert isinstance(key, DataKey)
    assert key.payload_key(b"1" * 32) != key.payload_key(b"2" * 32)
