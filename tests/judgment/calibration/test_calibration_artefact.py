"""Artefacts: exact in writing, strict in reading, found for exactly one key until one day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from neurosym.judgment.calibration.artefact import Artefact, Bin, CalibrationKey, Calibrations
from neurosym.judgment.calibration.artefact_document import read_artefact
from neurosym.judgment.calibration.threshold import Promise
from neurosym.text.diagnostic import Report
from neurosym.values.canonical import digest

KEY = CalibrationKey(digest("judgment"), digest("template"), "m", "small")
ARTEFACT = Artefact(
    KEY,
    Promise(Decimal("0.87"), 600, 412, 3, Decimal("0.018712")),
    Decimal("0.02"),
    Decimal("0.95"),
    Decimal("0.05"),
    820,
    digest("labels"),
    date(2026, 3, 1),
    date(2026, 8, 28),
    (Bin(Decimal("0.8"), 20, 18), Bin(1, 400, 399)),
    "same",
)
DAY = date(2026, 8, 28)


def read(document: object) -> tuple[Artefact | None, list[str]]:
    report = Report()
    found = read_artefact(json.dumps(document).encode(), "small.json", report)
    return found, [each.code for each in report.diagnostics]


def test_what_is_written_is_read_back() -> None:
    assert read(ARTEFACT.json) == (ARTEFACT, [])
    assert ARTEFACT.statement == (
        "scores from 0.87: at most 2 % wrong with confidence 95 %, "
        "by 3 wrong of 412 accepted among 600 valid answers tested"
    )
    assert ARTEFACT.coverage == Decimal("0.6866")


CHANGES: list[tuple[str, object]] = [
    ("v", 2),
    ("least", "0.875"),
    ("least", 1),
    ("least", "most"),
    ("judgment", "sha256:0"),
    ("accepted", 0),
    ("wrong", 413),
    ("accepted", 601),
    ("expires_on", "soon"),
    ("bins", [["0.8", 20]]),
    ("risk", 0.5),
]


@pytest.mark.parametrize(("member", "value"), CHANGES)
def test_what_is_none_is_refused(member: str, value: object) -> None:
    found, codes = read({**ARTEFACT.json, member: value})
    assert found is None
    assert codes in (["NS663"], ["NS503"])


@pytest.mark.parametrize("document", [[], {}, {**ARTEFACT.json, "more": 1}])
def test_what_has_another_shape_is_refused(document: object) -> None:
    assert read(document) == (None, ["NS663"])


def test_an_artefact_is_found_for_its_key_alone_until_it_expires() -> None:
    known = Calibrations.of([ARTEFACT])
    assert known.find(KEY, DAY) == ARTEFACT
    assert known.find(KEY, date(2026, 8, 29)) == "the calibration for it expired on 2026-08-28"
    others = [
        replace(KEY, judgment=digest("other")),
        replace(KEY, template=digest("other")),
        replace(KEY, model="n"),
        replace(KEY, tier="large"),
    ]
    for key in others:
        assert known.find(key, DAY) == "no calibration for this judgment, prompt, model and tier"


def test_the_newest_counts_and_of_one_day_the_strictest() -> None:
    newer = replace(ARTEFACT, made_on=date(2026, 3, 2))
    strict = replace(newer, promise=replace(newer.promise, least=Decimal("0.99")))
    for artefacts in ([ARTEFACT, newer, strict], [strict, newer, ARTEFACT]):
        assert Calibrations.of(artefacts).find(KEY, DAY) == strict
