"""Evidence: the texts that may be quoted, and whether a quote stands in its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from unicodedata import ucd_3_2_0 as unicode_3_2

from neurosym.judgment.answer import Form, Quote, QuoteClaim
from neurosym.program.judgment import Judgment
from neurosym.values.number import number_text
from neurosym.values.temporal import Duration, Months, temporal_text
from neurosym.values.unknown import Absent, Question
from neurosym.values.value import Value

QUOTE_LENGTH_MIN = 3  # shorter texts stand in almost every source
QUOTES_MAX = 32


def evidence_texts(judgment: Judgment, question: Question) -> dict[str, str]:
    """The text of each evidence field that has one, by its path such as `entry.remarks`."""
    content = dict(question.content)
    paths = [f"{argument}.{name}" for argument, name in judgment.evidence]
    texts = {path: content_text(content[path]) for path in paths if path in content}
    return {path: text for path, text in texts.items() if text is not None}


def content_text(value: Value | Absent) -> str | None:
    """What a reader sees of a value: text as it is, the items of a list each on its line; None where there is none."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | Decimal():
            return number_text(value)
        case date() | time() | Duration() | Months():
            return temporal_text(value)
        case tuple():
            lines = [content_text(item) for item in value]
            return "\n".join(line for line in lines if line is not None)
        case _:
            return None


def find_evidence(
    claimed: Iterable[QuoteClaim], texts: Iterable[str], sources: Mapping[str, str]
) -> tuple[Quote, ...] | str:
    """The quotes where they stand, and each text of the answer itself in the first source that holds it; or what is
    wrong with the first that does not stand anywhere.
    """
    quotes = find_quotes(claimed, sources)
    if isinstance(quotes, str):
        return quotes
    found = dict.fromkeys(quotes)
    for number, text in enumerate(dict.fromkeys(texts), start=1):
        if number > QUOTES_MAX:
            return f"more than {QUOTES_MAX} texts in the answer"
        standing = (_find_text(QuoteClaim(path, text), source) for path, source in sources.items())
        quote = next((each for each in standing if each is not None), None)
        if quote is None:
            return f"text {number} of the answer does not stand in the evidence"
        found[quote] = None
    return tuple(found)


def find_quotes(claimed: Iterable[QuoteClaim], sources: Mapping[str, str]) -> tuple[Quote, ...] | str:
    """The quotes where they stand, each once, or what is wrong with the first that does not stand anywhere.

    The message names the quote by its number, so that it never carries foreign text.
    """
    found: dict[Quote, None] = {}
    for number, claim in enumerate(claimed, start=1):
        if number > QUOTES_MAX:
            return f"more than {QUOTES_MAX} quotes"
        quote = _find(claim, sources)
        if isinstance(quote, str):
            return f"quote {number} {quote}"
        found[quote] = None
    return tuple(found)


def _find(claim: QuoteClaim, sources: Mapping[str, str]) -> Quote | str:
    source = sources.get(claim.field)
    if source is None:
        return "names a field that is no evidence of this question"
    if len(claim.text.strip()) < QUOTE_LENGTH_MIN:
        return f"is shorter than {QUOTE_LENGTH_MIN} characters"
    return _find_text(claim, source) or (
        f"does not stand in `{claim.field}`" + (" at the offset given" if claim.start is not None else "")
    )


def _find_text(claim: QuoteClaim, source: str) -> Quote | None:
    """The claim where it stands in its source, as written or composed."""
    start = _offset(claim.text, claim.start, source)
    if start is not None:
        return Quote(claim.field, start, claim.text)
    text, composed = _composed(claim.text), _composed(source)
    if text is not None and composed is not None:
        start = _offset(text, claim.start, composed)
        if start is not None:
            return Quote(claim.field, start, text, Form.NFC)
    return None


def _offset(text: str, start: int | None, source: str) -> int | None:
    """The offset given if the text stands there, or where it first stands when none was given."""
    if start is not None:
        return start if start >= 0 and _stands(text, start, source) else None
    at = source.find(text)
    while at >= 0 and not _stands(text, at, source):
        at = source.find(text, at + 1)
    return at if at >= 0 else None


def _stands(text: str, start: int, source: str) -> bool:
    """True when the text stands there whole: a letter without the accent that follows it is another letter."""
    end = start + len(text)
    return source.startswith(text, start) and not (
        unicode_3_2.combining(text[0]) or (end < len(source) and unicode_3_2.combining(source[end]))
    )


def _composed(text: str) -> str | None:
    """The text in form NFC, or None when it has characters that came after Unicode 3.2.

    Every Python carries the tables of Unicode 3.2 unchanged (RFC 3490 needs them), and normalisation of what they
    assign is stable (Unicode Standard Annex 15, section 3): the result depends on no interpreter.
    """
    if any(unicode_3_2.category(char) == "Cn" for char in text):
        return None
    return unicode_3_2.normalize("NFC", text)
