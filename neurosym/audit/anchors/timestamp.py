"""A time-stamping authority as an anchor (RFC 3161): the newest checkpoint existed at a time, in its word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.x509 import Certificate

from neurosym.audit.anchors.folder import FolderAnchor
from neurosym.audit.anchors.http import post
from neurosym.audit.checkpoint import parse_checkpoint
from neurosym.audit.note import parse_note
from neurosym.audit.reader import LogReader
from neurosym.audit.timestamp import QUERY_TYPE, REPLY_TYPE, read_timestamp, timestamp_query
from neurosym.text.failure import LogError

ENDING = ".tsr"


@dataclass(frozen=True, slots=True)
class TimestampAnchor:
    """An authority at an address, the certificates that it is trusted by, and where its stamps are kept."""

    name: str
    url: str
    trusted: Sequence[Certificate]
    kept: FolderAnchor

    def check(self, log: LogReader) -> None:
        """An authority remembers nothing; what it stamped is kept beside the stamps."""
        self.kept.check(log)

    def submit(self, log: LogReader) -> str:
        """Have the newest checkpoint stamped, and keep it with the stamp."""
        content = log.checkpoint().encode()
        query = timestamp_query(content)
        reply = post(self.url, query.content, QUERY_TYPE)
        if reply.status != 200 or reply.type != REPLY_TYPE:
            raise LogError(f"{self.name}: the authority gave no stamp (HTTP {reply.status}, {reply.type or 'no type'})")
        stamp = read_timestamp(reply.content, content, self.trusted, nonce=query.nonce)
        size = parse_checkpoint(parse_note(content).text).size
        self.kept.keep(self.kept.file(log, size), content)
        place = self.kept.file(log, size, ENDING)
        self.kept.keep(place, reply.content)
        return f"stamped at {stamp.time:%Y-%m-%dT%H:%M:%SZ} by {stamp.authority}: {place}"
