"""What the remarks of a list entry state to tell one person or thing from another, with the words that state it.

Written for remarks such as `DOB 02 Mar 1971; alt. DOB 1972; Passport A1234567 (Iran); nationality Iran; Gender Male`.
Reading is strict: what is hedged or has no clear meaning is found, but without a value to compare.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from neurosym.matching.period import Period, covering, dates_in


class Kind(Enum):
    """What an identifier tells."""

    BIRTH_DATE = "birth date"
    BIRTH_PLACE = "birth place"
    NATIONALITY = "nationality"
    GENDER = "gender"
    PASSPORT = "passport"
    NATIONAL_ID = "national id"
    TAX_ID = "tax id"
    REGISTRATION = "registration number"
    IMO = "IMO number"


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier found in a text: `text` stands there verbatim from `start` on.

    `value` is None when what is stated cannot be compared. `of_other` when its clause speaks of a relation to someone.
    """

    kind: Kind
    text: str
    start: int
    value: Period | str | None
    of_other: bool = False


# Nothing further from a keyword is read as belonging to it: bounds the work on hostile text.
REACH_BEFORE, REACH_AFTER = 160, 80

_BLANK_OR_STOP = " \t\r\n.,"
_FLAGS = re.ASCII | re.IGNORECASE
_NUMBERED = {
    Kind.PASSPORT: "passport",
    Kind.NATIONAL_ID: r"national\sid|(?:national\s)?identification|identity\scard|id\scard|personal\sid|cedula|ssn",
    Kind.TAX_ID: r"tax\sid|tax\sidentification|tin|inn|vat",
    Kind.REGISTRATION: r"registration|registered|company\snumber|commercial\sregistry|trade\slicen[cs]e|ogrn",
    Kind.IMO: "imo",
}
_KEYWORDS = {
    Kind.BIRTH_DATE: r"[dy]\.?o\.?b|(?:date|year)\sof\sbirth|birth\s?date|born",
    Kind.BIRTH_PLACE: r"pob|place\sof\sbirth",
    Kind.NATIONALITY: r"nationality|citizenship|citizen(?:\sof)?",
    Kind.GENDER: "gender|sex",
    **_NUMBERED,
}
_KEYWORD = re.compile("|".join(rf"(?P<{kind.name}>\b(?:{words})\b)" for kind, words in _KEYWORDS.items()), _FLAGS)
# A full stop, but not the stop of `No.` or `approx.`, ends a clause.
_CLAUSE_END = re.compile(r"[;\n]|(?<=[a-z0-9)]{3})(?<!approx)(?<!alt)\.(?=\s+[A-Z]|\s*$)", re.ASCII)
_NUMBER = re.compile(
    r"(?:\s(?:no|number|num|id|card)\b\.?){0,3}\s?[:#]?\s?"
    r"(?P<value>(?=[A-Z./-]{0,12}[0-9])[A-Z0-9](?:[A-Z0-9./-]{0,28}[A-Z0-9]))",
    _FLAGS,
)
_WORDS = re.compile(r"\s?:?\s?(?P<value>[A-Za-z\u00c0-\U0010ffff][^;:()\n]{0,60})", re.ASCII)
_GENDER = re.compile(r"\s?:?\s?(?P<value>male|female)\b", _FLAGS)
_HEDGE = re.compile(
    r"\b(?:circa|about|around|estimated|perhaps|maybe|believed|early|late|mid|before|after|since|not|never|unknown"
    r"|uncertain|false|fake)\b|\b(?:ca?|est)\.|\b(?:approx|probabl|possibl|report|alleg|claim)|\?",
    _FLAGS,
)
_RELATION = re.compile(
    r"\b(?:brother|sister|sibling|son|daughter|child|children|wife|husband|spouse|father|mother|parent|cousin|nephew"
    r"|niece|uncle|aunt|relative|associate|linked|owner|owned|director|partner|employee|aide|successor)s?\b",
    _FLAGS,
)


def find_identifiers(text: str) -> tuple[Identifier, ...]:
    """The identifiers that a text states, in their order; never raises, and takes time linear in the text."""
    remarks = _Remarks(
        text,
        [0, *(found.end() for found in _CLAUSE_END.finditer(text)), len(text) + 1],
        [found.start() for found in _HEDGE.finditer(text)],
        [found.start() for found in _RELATION.finditer(text)],
    )
    keywords = list(_KEYWORD.finditer(text))
    following = [*(keyword.start() for keyword in keywords), len(text)][1:]
    read = (remarks.identifier(keyword, end) for keyword, end in zip(keywords, following, strict=True))
    return tuple(identifier for identifier in read if identifier)


@dataclass(frozen=True, slots=True)
class _Remarks:
    """A text, and where its clauses, its hedges and its words of relation begin."""

    text: str
    clauses: list[int]
    hedges: list[int]
    relations: list[int]

    def identifier(self, keyword: re.Match[str], reach: int) -> Identifier | None:
        """The identifier that a keyword introduces, if any, stated before the next keyword at `reach`."""
        kind = Kind[keyword.lastgroup or ""]
        start, end = self._clause(keyword)
        stated = _statement(self.text, kind, keyword, min(reach, end))
        if stated is None:
            return None
        stop, value = stated
        if kind is Kind.BIRTH_DATE and _stands_in(self.hedges, start, end):
            value = None
        of_other = _stands_in(self.relations, start, end)
        return Identifier(kind, self.text[keyword.start() : stop], keyword.start(), value, of_other)

    def _clause(self, keyword: re.Match[str]) -> tuple[int, int]:
        clause = bisect_right(self.clauses, keyword.start())
        start, end = self.clauses[clause - 1], self.clauses[clause] - 1
        return max(start, keyword.start() - REACH_BEFORE), min(end, keyword.end() + REACH_AFTER)


def _stands_in(places: list[int], start: int, end: int) -> bool:
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end


def _statement(text: str, kind: Kind, keyword: re.Match[str], reach: int) -> tuple[int, Period | str | None] | None:
    """Where the statement that a keyword opens ends, and its value; None when it states nothing."""
    match kind:
        case Kind.BIRTH_DATE:
            return _birth(text, keyword, reach)
        case Kind.GENDER:
            form = _GENDER
        case Kind.BIRTH_PLACE | Kind.NATIONALITY:
            form = _WORDS
        case Kind.PASSPORT | Kind.NATIONAL_ID | Kind.TAX_ID | Kind.REGISTRATION | Kind.IMO:
            form = _NUMBER
        case _:
            assert_never(kind)
    stated = form.match(text, keyword.end(), reach)
    if stated is None:
        return None
    value = stated["value"].rstrip(_BLANK_OR_STOP)
    return stated.start("value") + len(value), _value(kind, value)


def _birth(text: str, keyword: re.Match[str], reach: int) -> tuple[int, Period | None] | None:
    mentions = list(dates_in(text, keyword.end(), reach))
    periods = [mention.period for mention in mentions if mention.period]
    if mentions:
        return mentions[-1].end, covering(periods) if len(periods) == len(mentions) else None
    unread = text[keyword.end() : reach].rstrip(_BLANK_OR_STOP)
    # `born in Tehran` states no date; `DOB 02/03/71` states one that cannot be read.
    return (keyword.end() + len(unread), None) if unread and keyword[0].lower() != "born" else None


def _value(kind: Kind, stated: str) -> str | None:
    if kind is Kind.IMO:
        return stated if _is_imo_number(stated) else None
    return stated.lower() if kind is Kind.GENDER else stated


def _is_imo_number(figures: str) -> bool:
    """True when the last of seven figures is the check digit of the others (IMO resolution A.1117(30), annex)."""
    if len(figures) != 7 or not figures.isdigit():
        return False
    return sum(int(figure) * (7 - place) for place, figure in enumerate(figures[:6])) % 10 == int(figures[6])
