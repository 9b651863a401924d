"""Rows out of Arrow: which types have an exact counterpart, what null means, and files that are not what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from neurosym.audit.log import Log
from neurosym.decision.batch.decided_batch import DecidedBatch
from neurosym.decision.batch.recorded_batch import RecordedBatch
from neurosym.text.failure import Failure, InputError
from neurosym.values.size import BYTES_MAX
from tests.audit.world import open_log
from tests.decision.batch_case import FACTS, rows, transfers
from tests.decision.case import engine_of, ruleset

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

values = pytest.importorskip("neurosym.decision.batch.arrow.column_values")
types = pytest.importorskip("neurosym.decision.batch.arrow.column_type")

EVERYTHING = """
ruleset everything "Every type"

fact Thing
  id:       text       key
  day:      date
  count:    number     optional
  exact:    number     optional
  label:    text       optional
  maybe:    text or null  optional
  on:       date       optional
  at:       datetime   optional
  clock:    time       optional
  flag:     boolean    optional
  names:    list of text  optional

decision look(thing: Thing)
  on          thing.day
  outcomes    "stop" > "go"
  otherwise   "go"
  undecided   "stop"

rule stop "It is flagged"
  cite  "Act 1"
  for   t: Thing
  when  t.flag
  then  look(thing: t) is "stop"
"""


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with open_log(tmp_path / "decisions.db") as opened:
        yield opened


def of(kind: Any, *given: Any) -> Any:
    return pa.array([*given], kind)


def counted(kind: Any, *given: int | None) -> Any:
    """A column that stores these whole numbers."""
    width = pa.int32() if kind.bit_width == 32 else pa.int64()
    return pa.array([*given], width).view(kind)


HOUR = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
EXACT: dict[str, tuple[Any, list[object]]] = {
    "null": (of(pa.null(), None), [None]),
    "bool": (of(pa.bool_(), True, None), [True, None]),
    "int8": (of(pa.int8(), -128, None), [-128, None]),
    "int16": (of(pa.int16(), 7), [7]),
    "int32": (of(pa.int32(), 7), [7]),
    "int64": (of(pa.int64(), -(2**63)), [-(2**63)]),
    "uint8": (of(pa.uint8(), 255), [255]),
    "uint16": (of(pa.uint16(), 7), [7]),
    "uint32": (of(pa.uint32(), 7), [7]),
    "uint64": (of(pa.uint64(), 2**64 - 1), [2**64 - 1]),
    "decimal32": (of(pa.decimal32(5, 2), Decimal("1.50"), None), [Decimal("1.50"), None]),
    "decimal64": (of(pa.decimal64(18, 2), Decimal("0.10")), [Decimal("0.10")]),
    "decimal128": (of(pa.decimal128(38, 2), Decimal("49.99")), [Decimal("49.99")]),
    "decimal256": (of(pa.decimal256(76, 2), Decimal("49.99")), [Decimal("49.99")]),
    "string": (of(pa.string(), "a", None, ""), ["a", None, ""]),
    "large_string": (of(pa.large_string(), "a", None), ["a", None]),
    "string_view": (of(pa.string_view(), "a", None), ["a", None]),
    "date32": (of(pa.date32(), date(2026, 3, 2), None), [date(2026, 3, 2), None]),
    "date64": (of(pa.date64(), date(2026, 3, 2), None), [date(2026, 3, 2), None]),
    "date64 within a day": (counted(pa.date64(), 1), ["1 ms since 1970"]),
    "date32 out of the calendar": (counted(pa.date32(), 2**31 - 1), ["2147483647 days since 1970"]),
    "time32[s]": (counted(pa.time32("s"), 37_800, None), [time(10, 30), None]),
    "time32[ms]": (counted(pa.time32("ms"), 1), [time(0, 0, 0, 1_000)]),
    "time64[us]": (counted(pa.time64("us"), 1), [time(0, 0, 0, 1)]),
    "time64[ns]": (counted(pa.time64("ns"), 1_000, 1), [time(0, 0, 0, 1), "1 ns since midnight"]),
    "time32 beyond a day": (counted(pa.time32("s"), 86_400, -1), ["86400 s since midnight", "-1 s since midnight"]),
    "timestamp[s]": (counted(pa.timestamp("s", "UTC"), 1_772_447_400, None), [HOUR, None]),
    "timestamp[ms]": (counted(pa.timestamp("ms", "+02:00"), 1_772_447_400_000), [HOUR]),
    "timestamp[us]": (counted(pa.timestamp("us", "Europe/Berlin"), 1_772_447_400_000_000), [HOUR]),
    "timestamp[ns]": (counted(pa.timestamp("ns", "UTC"), 1_772_447_400_000_000_000), [HOUR]),
    "timestamp without zone": (counted(pa.timestamp("s"), 1_772_447_400), [HOUR.replace(tzinfo=None)]),
    "timestamp before 1970": (
        counted(pa.timestamp("us", "UTC"), -1),
        [datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC)],
    ),
    "nanosecond": (counted(pa.timestamp("ns", "UTC"), 1), ["1970-01-01T00:00:00, to the nanosecond"]),
    "timestamp out of the calendar": (counted(pa.timestamp("s"), 2**62), [f"{2**62} s since 1970"]),
    "dictionary": (of(pa.string(), "a", None, "a").dictionary_encode(), ["a", None, "a"]),
    "list": (of(pa.list_(pa.int8()), [1, 2], None, [], [3]), [[1, 2], None, [], [3]]),
    "large_list": (of(pa.large_list(pa.int8()), [1, 2], None), [[1, 2], None]),
    "fixed_size_list": (of(pa.list_(pa.int8(), 2), [1, 2], None, [3, 4]), [[1, 2], None, [3, 4]]),
    "list_view": (of(pa.list_view(pa.int8()), [1, 2], None, [3]), [[1, 2], None, [3]]),
    "large_list_view": (of(pa.large_list_view(pa.int8()), [1, 2], None, [3]), [[1, 2], None, [3]]),
    "struct": (pa.array([{"a": {"b": 1}}, None, {"a": None}]), [{"a": {"b": 1}}, None, {"a": None}]),
    "empty struct": (of(pa.struct([]), {}, None), [{}, None]),
    "list of structs": (pa.array([[{"a": 1}], None]), [[{"a": 1}], None]),
}
REFUSED: dict[str, tuple[Any, str, str]] = {
    "float16": (pa.float16(), "NS503", "cast it to decimal128"),
    "float32": (pa.float32(), "NS503", "cast it to decimal128"),
    "float64": (pa.float64(), "NS503", "cast it to decimal128"),
    "list of floats": (pa.list_(pa.float64()), "NS503", "cast it to decimal128"),
    "dictionary of floats": (pa.dictionary(pa.int8(), pa.float64()), "NS503", "cast it to decimal128"),
    "struct with a float": (pa.struct([("x", pa.float64())]), "NS503", "cast it to decimal128"),
    "binary": (pa.binary(), "NS506", "as text"),
    "large_binary": (pa.large_binary(), "NS506", "as text"),
    "binary_view": (pa.binary_view(), "NS506", "as text"),
    "fixed_size_binary": (pa.binary(3), "NS506", "as text"),
    "duration": (pa.duration("s"), "NS506", "P1DT2H"),
    "interval": (pa.month_day_nano_interval(), "NS506", "P1DT2H"),
    "map": (pa.map_(pa.string(), pa.int8()), "NS506", "use a struct"),
    "union": (pa.dense_union([pa.field("a", pa.int8())]), "NS506", "a column for each"),
    "run_end_encoded": (pa.run_end_encoded(pa.int32(), pa.int8()), "NS506", "dictionary"),
    "extension": (pa.uuid(), "NS506", "a type of JSON"),
    "twice": (pa.struct([("x", pa.int8()), ("x", pa.int8())]), "NS502", "keep the one"),
}


@pytest.mark.parametrize("name", EXACT)
def test_a_value_of_arrow_is_exactly_one_of_ours(name: str) -> None:
    array, expected = EXACT[name]
    assert types.wrong_columns(pa.schema([("x", array.type)]), "rows") == []
    for start in range(len(expected) + 1):  # a slice is not mistaken for its whole
        assert values.values_of(array.slice(start)) == expected[start:]


@pytest.mark.parametrize("name", REFUSED)
def test_a_type_without_counterpart_is_refused_by_the_name_of_its_column(name: str) -> None:
    kind, code, advice = REFUSED[name]
    found = types.wrong_columns(pa.schema([("x", kind)]), "rows.parquet")
    assert found[0].code == code
    assert str(found[0].primary.place).startswith("rows.parquet: $.x")
    assert advice in str(found[0].help)


def test_columns_are_not_followed_without_end() -> None:
    kind = pa.int8()
    for _ in range(60):
        kind = pa.struct([("n", kind)])
    assert [each.code for each in types.wrong_columns(pa.schema([("x", kind)]), "rows")] == ["NS520"]


# --- as requests


def things(log: Log, *given: Any, kind: Any = None) -> tuple[DecidedBatch, list[Any]]:
    """The batch, and the requests as they were logged."""
    days = [each and {"day": date(2026, 3, 2), **each} for each in given]
    table = pa.table({"thing": pa.array(days, kind)})
    (batch,) = engine_of(ruleset(EVERYTHING), log).decide_batch("look", table)
    recorded = RecordedBatch(log, log.entry(batch.seq))
    return batch, [json.loads(recorded.input(each)) for each in batch.records]


def test_a_request_has_the_members_as_json_would_have_them(log: Log) -> None:
    given = {
        "id": "1",
        "count": 2**60,
        "exact": Decimal("49.90"),
        "on": date(2026, 3, 2),
        "at": HOUR,
        "clock": time(10, 30),
        "flag": True,
        "names": ["a", "b"],
    }
    batch, requests = things(log, given)
    assert requests == [
        {
            "thing": {
                **given,
                "count": str(2**60),
                "exact": "49.90",
                "on": "2026-03-02",
                "at": "2026-03-02T10:30:00Z",
                "clock": "10:30:00",
                "day": "2026-03-02",
            }
        }
    ]
    assert batch.records[0].outcome == "stop"


def test_null_is_null_where_the_type_has_one_and_absent_elsewhere(log: Log) -> None:
    day = {"day": "2026-03-02"}
    _, requests = things(log, {"id": "1", "label": None, "maybe": None}, {"id": "2", "label": "x", "maybe": "y"})
    assert requests == [
        {"thing": {"id": "1", **day, "maybe": None}},
        {"thing": {"id": "2", **day, "label": "x", "maybe": "y"}},
    ]


def test_what_is_no_text_is_not_taken_for_one(log: Log) -> None:
    for wrong in (date(2026, 3, 2), Decimal("1.50"), HOUR):
        with pytest.raises(InputError, match="NS506"):
            things(log, {"id": "1", "label": wrong})


@pytest.mark.parametrize(
    ("member", "array"),
    [
        ("at", counted(pa.timestamp("ns", "UTC"), 1)),
        ("clock", counted(pa.time64("ns"), 1)),
    ],
)
def test_what_the_language_would_round_is_refused(log: Log, member: str, array: Any) -> None:
    day = pa.array([date(2026, 3, 2)])
    struct = pa.StructArray.from_arrays([pa.array(["1"]), day, array], ["id", "day", member])
    with pytest.raises(InputError) as refused:
        list(engine_of(ruleset(EVERYTHING), log).decide_batch("look", pa.table({"thing": struct})))
    assert [str(each.primary.place) for each in refused.value.diagnostics if each.primary] == [
        f"rows row 0: $.thing.{member}"
    ]


def test_a_parameter_that_is_null_is_missing(log: Log) -> None:
    with pytest.raises(InputError, match="thing"):
        things(log, {"id": "1"}, None)


def test_a_damaged_record_batch_is_refused(log: Log, tmp_path: Path) -> None:
    table = pa.table({"thing": pa.array(["ab"])})
    path = written(tmp_path, "r.arrows", table)
    offsets = b"\x00\x00\x00\x00\x02\x00\x00\x00"
    before, found, after = path.read_bytes().rpartition(offsets)
    assert found
    path.write_bytes(before + b"\x00\x00\x00\x00\xff\xff\x00\x00" + after)
    part_of_a_day = pa.RecordBatch.from_arrays([counted(pa.date64(), 1)], ["thing"])
    for damaged in (path, part_of_a_day):
        with pytest.raises(InputError, match="NS517"):
            list(engine_of(ruleset(EVERYTHING), log).decide_batch("look", damaged))


# --- files


def written(folder: Path, name: str, table: Any) -> Path:
    path = folder / name
    match path.suffix:
        case ".parquet":
            parquet.write_table(table, path, row_group_size=7)
        case ".arrow":
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table, 5)
        case ".arrows":
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table, 3)
        case _:
            path.write_text("".join(json.dumps(each) + "\n\n" for each in table.to_pylist()), encoding="utf-8")
    return path


FILES = ("r.parquet", "r.arrow", "r.arrows", "r.jsonl")


def decided(log: Log, given: Any) -> list[DecidedBatch]:
    return list(engine_of(transfers(), log).decide_batch("screen", given, facts=FACTS))


@pytest.mark.parametrize("name", FILES)
def test_every_form_of_the_same_rows_is_the_same_batch(log: Log, tmp_path: Path, name: str) -> None:
    (plain,) = decided(log, rows(20))
    (found,) = decided(log, written(tmp_path, name, pa.Table.from_pylist(rows(20))))
    assert found.was_logged
    assert found.records == plain.records


@pytest.mark.parametrize(
    "make", [lambda table: table, lambda table: table.to_batches()[0], lambda table: table.to_reader()]
)
def test_a_table_a_record_batch_and_a_reader_are_the_same_batch(log: Log, make: Callable[[Any], Any]) -> None:
    (plain,) = decided(log, rows(20))
    (found,) = decided(log, make(pa.Table.from_pylist(rows(20))))
    assert found.records == plain.records


@pytest.mark.parametrize("name", FILES[:3])
def test_a_file_that_is_cut_off_is_refused_and_nothing_of_it_is_logged(log: Log, tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, pa.Table.from_pylist(rows(20)))
    whole = path.read_bytes()
    size = log.size()
    for end in range(8, len(whole) - 16, 97):
        path.write_bytes(whole[:end])
        with pytest.raises(InputError):
            decided(log, path)
    assert log.size() == size


@pytest.mark.parametrize(
    "content", [b"PAR1", b"PAR1" + bytes(400), b"ARROW1\0\0" + bytes(400), b"\xff" * 400, b"\0" * 90]
)
def test_what_is_no_file_of_rows_is_refused(log: Log, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rows.parquet"
    path.write_bytes(content)
    with pytest.raises(InputError):
        decided(log, path)


def test_a_file_that_is_not_there_is_refused(log: Log, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="NS517"):
        decided(log, tmp_path / "nowhere.parquet")


def test_a_line_that_is_no_json_is_named_by_its_row(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(rows(1)[0]) + "\n\n{\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        decided(log, path)
    place = refused.value.diagnostics[0].primary
    assert place is not None
    assert f"{path} row 1" in str(place.place)


def test_a_schema_that_is_nested_too_deep_is_refused(log: Log, tmp_path: Path) -> None:
    kind = pa.int8()
    for _ in range(400):
        kind = pa.struct([("n", kind)])
    parquet.write_table(pa.table({"x": pa.nulls(1, kind)}), tmp_path / "deep.parquet")
    with pytest.raises(InputError, match="NS517"):
        decided(log, tmp_path / "deep.parquet")


def test_a_column_that_takes_more_room_than_a_document_is_refused_unread(log: Log, tmp_path: Path) -> None:
    text = pa.array(["x" * (1 << 20)] * (BYTES_MAX // (1 << 20) + 1), pa.large_string())
    path = tmp_path / "large.parquet"
    parquet.write_table(pa.table({"transfer": text}), path, use_dictionary=False, compression="zstd")
    assert path.stat().st_size < 1 << 20
    del text
    with pytest.raises(InputError, match="NS520"):
        decided(log, path)


READ = """
import re, sys
from pathlib import Path
from neurosym.decision.batch.arrow.row_file import opened_records
from neurosym.decision.batch.arrow.record_rows import readable
from neurosym.decision.batch.arrow.column_values import values_of
with opened_records(Path(sys.argv[1]), "rows") as (schema, batches):
    print(sum(len(values_of(batch.column(0))) for batch in readable(batches, "rows")))
print(re.search(r"VmHWM:\\s*([0-9]+) kB", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells how much memory was taken")
def test_one_long_text_in_very_many_rows_takes_little_memory(tmp_path: Path) -> None:
    """Were each row to have the text for itself, that would be 4 GB."""
    places = pa.array([0] * 40_000, pa.int32())
    text = pa.DictionaryArray.from_arrays(places, pa.array(["x" * 100_000]))
    parquet.write_table(pa.table({"x": text}), tmp_path / "many.parquet", compression="zstd", store_schema=False)
    command = [sys.executable, "-c", READ, str(tmp_path / "many.parquet")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    count, kilobytes = map(int, done.stdout.split())
    assert count == 40_000
    assert kilobytes < 1_000_000


def test_without_pyarrow_the_extra_is_named(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "r.parquet", pa.Table.from_pylist(rows(2)))
    monkeypatch.setattr("neurosym.decision.batch.row_form.find_spec", lambda _: None)
    with pytest.raises(Failure, match=r"neurosym\[arrow\]"):
        decided(log, path)
    assert len(decided(log, written(tmp_path, "r.jsonl", pa.Table.from_pylist(rows(2))))) == 1
