"""Legal forms of organisations, in the spellings that lists and registers use."""

from __future__ import annotations

from enum import Enum


class LegalForm(Enum):
    """Families of forms that lists translate into one another; unlike families mark unlike legal persons."""

    COMPANY = "company"  # says no more than that it is one, and agrees with every other
    LIMITED = "limited liability"
    STOCK = "joint stock"
    PARTNERSHIP = "partnership"
    ASSOCIATION = "association"


# As a folded name writes them: without apostrophes, `S.p.A.` in one piece.
_AT_EITHER_END = {
    LegalForm.COMPANY: "incorporated|corporation",
    LegalForm.LIMITED: (
        "limited|ltd|ltda|llc|gmbh|ooo|tov|sarl|srl|sprl|bvba|doo|eood|ood|sro|kft|sp zoo|spolka zoo|pty ltd|"
        "pty limited|pte ltd|pte limited|private limited|pvt ltd|sdn bhd|co ltd|company limited|co limited|"
        "limited liability company|gesellschaft mit beschrankter haftung|societatea cu raspundere limitata|"
        "societe a responsabilite limitee|sociedad de responsabilidad limitada|sociedad limitada|"
        "societa a responsabilita limitata|obshchestvo s ogranichennoy otvetstvennostyu|"
        "tovaristvo z obmezhenoyu vidpovidalnistyu|youxiangongsi|youxianzerengongsi"
    ),
    LegalForm.STOCK: (
        "jsc|ojsc|pjsc|cjsc|oao|pao|zao|plc|spa|asa|oyj|aktiengesellschaft|akg|aktiebolag|aktieselskab|"
        "joint stock company|open joint stock company|public joint stock company|closed joint stock company|"
        "private joint stock company|public limited company|societe anonyme|sociedad anonima|societa per azioni|"
        "naamloze vennootschap|sa de cv|aktsionernoe obshchestvo|otkrytoe aktsionernoe obshchestvo|"
        "publichnoe aktsionernoe obshchestvo|zakrytoe aktsionernoe obshchestvo|zhushihuishe|gufenyouxiangongsi"
    ),
    LegalForm.PARTNERSHIP: (
        "llp|ohg|gmbh co kg|limited partnership|limited liability partnership|kommanditgesellschaft"
    ),
    LegalForm.ASSOCIATION: "ano|stichting|eingetragener verein|avtonomnaya nekommercheskaya organizatsiya",
}
# So short or so common that they are a legal form only where they close a name.
_AT_THE_END = {
    LegalForm.COMPANY: "co|company|corp|inc|cie|gongsi|kompaniya",
    LegalForm.LIMITED: "bv",
    LegalForm.STOCK: "ab|ad|ag|ao|as|kk|nv|nyrt|oy|sa|se|bhd|tbk",
    LegalForm.PARTNERSHIP: "kg|lp|sca|snc",
    LegalForm.ASSOCIATION: "ev",
}
_AT_THE_START = {LegalForm.STOCK: "ao|pt"}


def _phrases(*tables: dict[LegalForm, str]) -> dict[tuple[str, ...], LegalForm]:
    return {
        tuple(phrase.split()): form
        for table in tables
        for form, phrases in table.items()
        for phrase in phrases.split("|")
    }


_LEADING = _phrases(_AT_EITHER_END, _AT_THE_START)
_TRAILING = _phrases(_AT_EITHER_END, _AT_THE_END)
_WORDS_MAX = max(len(phrase) for phrase in _LEADING | _TRAILING)


def split_legal_forms(words: tuple[str, ...]) -> tuple[slice, frozenset[LegalForm]]:
    """Where the name proper lies among its words, never empty of them, and the legal forms that stand around it."""
    start, end = 0, len(words)
    forms: set[LegalForm] = set()
    while True:
        leading = _longest(words[start : end - 1], _LEADING, at_end=False)
        trailing = _longest(words[start + 1 : end], _TRAILING, at_end=True)
        if trailing:
            forms.add(_TRAILING[trailing])
            end -= len(trailing)
        elif leading:
            forms.add(_LEADING[leading])
            start += len(leading)
        else:
            return slice(start, end), frozenset(forms)


def _longest(words: tuple[str, ...], known: dict[tuple[str, ...], LegalForm], *, at_end: bool) -> tuple[str, ...]:
    for length in range(min(_WORDS_MAX, len(words)), 0, -1):
        phrase = words[-length:] if at_end else words[:length]
        if phrase in known:
            return phrase
    return ()
