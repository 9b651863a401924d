"""What a transcript may type beside `neurosym`: the deeds of somebody who tampers with a log."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from neurosym.audit.entry import Entry
from neurosym.values.canonical import digest_bytes
from tests.audit.world import rewrite_log, tampering
from tests.scripts.transcript import Tool


def change_entry(log: str, seq: str) -> None:
    """Change one byte of an entry's envelope."""
    with tampering(Path(log)) as connection:
        ((envelope,),) = connection.execute("SELECT envelope FROM entries WHERE seq = ?", (seq,)).fetchall()
        changed = bytes(envelope).replace(b'"time":"2', b'"time":"3')
        assert changed != envelope
        connection.execute("UPDATE entries SET envelope = ? WHERE seq = ?", (changed, seq))


def change_frontier(log: str) -> None:
    """Change one byte of what the tree is continued from."""
    with tampering(Path(log)) as connection:
        ((frontier,),) = connection.execute("SELECT frontier FROM state").fetchall()
        changed = bytes([frontier[0] ^ 1]) + frontier[1:]
        connection.execute("UPDATE state SET frontier = ?", (changed,))


def rewrite_responses(log: str, target: str, old: str, new: str) -> None:
    """Write the log anew with its own key, another text in the recorded responses."""

    def change(entry: Entry, name: str, content: bytes) -> bytes:
        del entry
        return content.replace(old.encode(), new.encode()) if name == "attempt" else content

    rewrite_log(Path(log), Path(target), change)


def rewrite_engine(log: str, target: str) -> None:
    """Write the log anew with its own key, as if another version of the engine had made its decisions."""

    def change(entry: Entry, name: str, content: bytes) -> bytes:
        del name
        if "engine" in entry.digests:
            assert isinstance(entry.digests, dict)
            entry.digests["engine"] = digest_bytes(b"another engine")
        return content

    rewrite_log(Path(log), Path(target), change)


def remove(path: str) -> None:
    """Remove a file."""
    Path(path).unlink()


def copy(source: str, target: str) -> None:
    """Copy a file."""
    shutil.copy(source, target)


TOOLS: Mapping[str, Tool] = {
    "change-entry": change_entry,
    "change-frontier": change_frontier,
    "rewrite-responses": rewrite_responses,
    "rewrite-engine": rewrite_engine,
    "rm": remove,
    "cp": copy,
}
