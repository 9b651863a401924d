"""What the first entry of a log says of one that it follows: such as was restored from an older copy.

One origin must never have two histories. A log that lost its end is closed as it is; the new one names it, with the
checkpoints that show what was lost.

```
{"origin": TEXT, "vkey": TEXT, "checkpoint": NOTE, "known": [NOTE]}
```
"""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.audit.note import parse_note
from neurosym.audit.reader import LogReader
from neurosym.values.canonical import canonical_bytes

PREDECESSOR = "predecessor"


def predecessor_bytes(old: LogReader, known: Sequence[bytes]) -> bytes:
    """The payload; LogCorruptError when what is known outside is no signed checkpoint."""
    identity = old.identity
    return canonical_bytes(
        {
            "origin": identity.origin,
            "vkey": identity.vkey,
            "checkpoint": old.checkpoint(),
            "known": [str(parse_note(each)) for each in known],
        }
    )
