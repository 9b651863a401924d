"""Artefacts read back from their files, strictly: what decides whose answers are believed is never guessed at."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from neurosym.judgment.calibration.artefact import Artefact, Bin, CalibrationKey
from neurosym.judgment.calibration.threshold import SCORES, Promise
from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.text.span import JsonPath
from neurosym.values.canonical import Digest
from neurosym.values.json_text import read_json
from neurosym.values.number import NumberError, parse_number
from neurosym.values.temporal import TemporalError, parse_date

DIGEST = r"^sha256:[0-9a-f]{64}$"


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    v: Literal[1]
    name: str
    judgment: Annotated[str, Field(pattern=DIGEST)]
    template: Annotated[str, Field(pattern=DIGEST)]
    model: str
    tier: str
    least: str
    tested: Annotated[int, Field(ge=0)]
    accepted: Annotated[int, Field(ge=1)]
    wrong: Annotated[int, Field(ge=0)]
    bound: str
    risk: str
    confidence: str
    doubt: str
    cases: Annotated[int, Field(ge=0)]
    labels: Annotated[str, Field(pattern=DIGEST)]
    made_on: str
    expires_on: str
    bins: list[tuple[str, int, int]]


def read_artefact(content: bytes, name: str, report: Report) -> Artefact | None:
    """The artefact in the bytes; None, with NS663 in `report`, when they are none."""
    read_json(content, name, report)  # a key that stands twice, or a fraction, is refused here
    if report.has_errors:
        return None
    try:
        read = _Document.model_validate_json(content)
        least = parse_number(read.least)
        found = Artefact(
            CalibrationKey(Digest(read.judgment), Digest(read.template), read.model, read.tier),
            Promise(least, read.tested, read.accepted, read.wrong, parse_number(read.bound)),
            parse_number(read.risk),
            parse_number(read.confidence),
            parse_number(read.doubt),
            read.cases,
            Digest(read.labels),
            parse_date(read.made_on),
            parse_date(read.expires_on),
            tuple(Bin(parse_number(low), count, right) for low, count, right in read.bins),
            read.name,
        )
    except (ValidationError, NumberError, TemporalError):
        report.add(_no_artefact("it does not have the members of one", name))
        return None
    if least not in SCORES or read.wrong > read.accepted or read.accepted > read.tested:
        report.add(_no_artefact("its figures contradict one another", name))
        return None
    return found


def artefact_schema() -> dict[str, Any]:
    """The JSON schema of artefacts."""
    return _Document.model_json_schema()


def _no_artefact(why: str, name: str) -> Diagnostic:
    advice = "make it again with `neurosym judgments calibrate`; it is never edited"
    return Diagnostic("NS663", Severity.ERROR, f"no calibration artefact: {why}", Label(JsonPath(name)), help=advice)
