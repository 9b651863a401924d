"""JSON as we read it: no duplicate keys, no binary floats, bounded in size and depth, nothing coerced."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, TypeGuard

from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.span import JsonPath, Source, Span
from neurosym.values.size import BYTES_MAX, FACTS_MAX, VALUES_MAX, too_much

if TYPE_CHECKING:
    from neurosym.text.diagnostic import Report
    from neurosym.values.canonical import Json

DEPTH_MAX = 64
DIGITS_MAX = 400
EXPONENT_MAX = 400  # no binary float has a larger one

# What others write, read exactly: a literal with fraction or exponent is the decimal that its digits say.
ExactJson: TypeAlias = "None | bool | int | str | Decimal | list[ExactJson] | dict[str, ExactJson]"


class _Fraction(str):
    """A number literal with a fraction or an exponent, as written."""

    __slots__ = ()


class _Object(dict[str, object]):
    """A JSON object that remembers the keys it was given twice."""

    twice: tuple[str, ...] = ()


class _RefusedError(ValueError):
    pass


def read_json(content: bytes, name: str, report: Report) -> Json:
    """The document, or null with diagnostics in `report`: NS501 malformed, NS502 duplicate key, NS503 binary float,
    NS520 too much.
    """
    found: Json = _read(content, name, report, _refused)
    return found


def read_exact_json(content: bytes, name: str, report: Report) -> ExactJson:
    """As `read_json`, for documents that others write: a number with fraction or exponent is an exact decimal."""
    found: ExactJson = _read(content, name, report, _decimal)
    return found


_Fractions: TypeAlias = "Callable[[_Fraction, JsonPath, Report], Decimal | None]"


def _read(content: bytes, name: str, report: Report, fraction: _Fractions) -> Any:
    if len(content) > BYTES_MAX:
        report.add(too_much(f"{BYTES_MAX} bytes", JsonPath(name)))
        return None
    if sum(map(content.count, (b",", b"[", b"{"))) > VALUES_MAX:
        report.add(too_much(f"{VALUES_MAX} values", JsonPath(name)))
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        _malformed(name, f"not UTF-8 at byte {error.start}", report)
        return None
    try:
        document = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_float=_Fraction,
            parse_int=_integer,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        place = Span(Source(name, text), error.pos, error.pos + 1)
        report.add(Diagnostic("NS501", Severity.ERROR, f"not JSON: {error.msg.lower()}", Label(place)))
        return None
    except RecursionError:
        _malformed(name, f"nested deeper than {DEPTH_MAX} levels", report)
        return None
    except _RefusedError as error:
        _malformed(name, str(error), report)
        return None
    return _checked(document, JsonPath(name), report, fraction)


def _refused(literal: _Fraction, at: JsonPath, report: Report) -> None:
    advice = f'write "{literal}"' if "e" not in literal.lower() else "write the digits as text"
    report.add(Diagnostic("NS503", Severity.ERROR, f"binary float {literal}", Label(at), help=advice))


def _decimal(literal: _Fraction, at: JsonPath, report: Report) -> Decimal | None:
    exponent = literal.lower().partition("e")[2].lstrip("+-")
    if len(literal) > DIGITS_MAX or (exponent and int(exponent) > EXPONENT_MAX):
        _malformed(at.document, "a number beyond all measure", report)
        return None
    return Decimal(literal)


def _pairs(pairs: list[tuple[str, object]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        found.twice = tuple(sorted(key for key, count in counts.items() if count > 1))
    return found


def _integer(literal: str) -> int:
    if len(literal) > DIGITS_MAX:
        raise _RefusedError(f"a number of more than {DIGITS_MAX} digits")
    return int(literal)


def _constant(literal: str) -> NoReturn:
    raise _RefusedError(f"`{literal}` is not JSON")


def _malformed(name: str, message: str, report: Report) -> None:
    report.add(Diagnostic("NS501", Severity.ERROR, f"not JSON: {message}", Label(JsonPath(name))))


def _checked(document: object, at: JsonPath, report: Report, fraction: _Fractions) -> Any:
    if len(at.steps) > DEPTH_MAX:
        _malformed(at.document, f"nested deeper than {DEPTH_MAX} levels", report)
        return None
    match document:
        case _Object():
            for key in document.twice:
                message = f"key `{key}` stands twice"
                advice = "keep the one that is meant: which of them counts would depend on the reader"
                report.add(Diagnostic("NS502", Severity.ERROR, message, Label(at / key), help=advice))
            return {
                _text(key, at, report): value if _is_plain(value) else _checked(value, at / key, report, fraction)
                for key, value in document.items()
            }
        case list():
            if len(document) > FACTS_MAX:
                report.add(too_much(f"{FACTS_MAX} items", at))
                return None
            return [
                value if _is_plain(value) else _checked(value, at / number, report, fraction)
                for number, value in enumerate(document)
            ]
        case _Fraction():
            return fraction(document, at, report)
        case str():
            return _text(document, at, report)
        case None | bool() | int():
            return document
        case _:
            raise AssertionError(document)


def _is_plain(value: object) -> TypeGuard[Json]:
    """True for what is right whatever its place."""
    if isinstance(value, str):
        return not isinstance(value, _Fraction) and value.isascii()
    return value is None or isinstance(value, int)


def _text(text: str, at: JsonPath, report: Report) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        message = "a lone surrogate is not a character"
        report.add(Diagnostic("NS501", Severity.ERROR, f"not JSON: {message}", Label(at)))
        return ""
    return text
