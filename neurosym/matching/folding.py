"""Text of any script as plain lower-case ASCII.

Nothing here depends on the interpreter's own Unicode tables. Romanisation comes from the `anyascii` package.
Composition (NFKC) uses Unicode 3.2, which every Python carries unchanged for IDNA (RFC 3490); newer characters are
romanised before they could meet it, and for the others normalisation is stable (Unicode Standard Annex 15, section 3).
"""

from __future__ import annotations

from unicodedata import ucd_3_2_0 as unicode_3_2

import anyascii

FOLDING_VERSION = anyascii.__version__
UNICODE_VERSION = unicode_3_2.unidata_version

_CONSONANT_SCRIPTS = (("\u0590", "\u08ff"), ("\ufb1d", "\ufdff"), ("\ufe70", "\ufefc"))


def folded(text: str) -> str:
    """The text in lower-case ASCII: composed, romanised, without diacritics; what has no romanisation is left out."""
    if not text.isascii():
        assigned = "".join(anyascii.anyascii(char) if unicode_3_2.category(char) == "Cn" else char for char in text)
        text = anyascii.anyascii(unicode_3_2.normalize("NFKC", assigned))
    return text.lower()


def has_consonant_script(text: str) -> bool:
    """True when a letter belongs to a script that leaves short vowels unwritten: Hebrew, Arabic, Syriac."""
    return any(first <= char <= last for char in text for first, last in _CONSONANT_SCRIPTS)
