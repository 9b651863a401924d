"""Foreign text on its way to a person."""

from __future__ import annotations

import unicodedata

# Unicode TR36 §2: bidirectional controls reorder what a reader sees; the others are invisible or move the cursor.
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def printable(text: str, keep: str = "") -> str:
    """The text with control, format and bidirectional characters as visible escapes, those in `keep` aside."""
    return "".join(
        f"\\u{{{ord(char):x}}}" if unicodedata.category(char) in HIDDEN and char not in keep else char for char in text
    )
