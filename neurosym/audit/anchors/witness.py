"""A witness as an anchor (C2SP tlog-witness): it signs the newest checkpoint if the log only grew since the last."""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.audit.anchor import ADVICE
from neurosym.audit.anchors.folder import FolderAnchor
from neurosym.audit.anchors.http import HttpReply, post
from neurosym.audit.checkpoint import DECIMAL, parse_checkpoint
from neurosym.audit.inclusion import consistency_from
from neurosym.audit.key import VerifierKey
from neurosym.audit.note import Note, parse_note
from neurosym.audit.reader import LogReader
from neurosym.audit.witness_request import PATH, SIZE_TYPE, WitnessRequest, parse_signatures
from neurosym.text.failure import LogCorruptError, LogError

ATTEMPTS = 3  # somebody else may have a newer checkpoint signed meanwhile
TEXT = "text/plain"


@dataclass(frozen=True, slots=True)
class WitnessAnchor:
    """A witness at an address, the key that its signatures verify with, and where these are kept."""

    name: str
    url: str
    key: VerifierKey
    kept: FolderAnchor

    def check(self, log: LogReader) -> None:
        """LogCorruptError when the witness has signed what contradicts the log."""
        self._cosigned(log)

    def submit(self, log: LogReader) -> str:
        """Have the newest checkpoint signed, and keep it with the signature."""
        note = self._cosigned(log)
        size = parse_checkpoint(note.text).size
        own = Note(note.text, tuple(each for each in note.signatures if not each.is_by(self.key)))
        self.kept.keep(self.kept.file(log, size), str(own).encode())  # what is looked at when the log is opened
        place = self.kept.file(log, size, f".{self.key.key_id.hex()}.cosigned")
        self.kept.keep(place, str(note).encode())
        return f"signed by `{self.key.name}`: {place}"

    def _cosigned(self, log: LogReader) -> Note:
        """The newest checkpoint with the signature of the witness."""
        old = 0
        for _ in range(ATTEMPTS):
            note = parse_note(log.checkpoint().encode())  # each time: others append, and have it signed, meanwhile
            size = parse_checkpoint(note.text).size
            if old > size:
                raise LogCorruptError(
                    f"{self.name}: the witness has signed a checkpoint of {old} entries and the log has {size}: it was "
                    f"restored from an older copy, or cut off; {ADVICE}"
                )
            request = WitnessRequest(old, consistency_from(log, old, size), note)
            reply = post(f"{self.url.rstrip('/')}{PATH}", str(request).encode(), TEXT)
            if reply.status == 200:
                return self._signed(note, reply)
            if reply.status == 422:  # no proof leads from what it signed last to what the log has now
                break
            newest = self._size(reply)
            if newest is None:
                raise LogError(f"{self.name}: the witness refused (HTTP {reply.status})")
            if newest == old:
                break
            old = newest
        else:
            raise LogError(f"{self.name}: others had newer checkpoints signed again and again; try once more")
        raise LogCorruptError(
            f"{self.name}: the witness has signed a checkpoint that the log does not go on from: it was written anew; "
            f"{ADVICE}"
        )

    def _signed(self, note: Note, reply: HttpReply) -> Note:
        made = Note(note.text, (*note.signatures, *parse_signatures(reply.content)))
        if not made.is_signed_by(self.key):
            raise LogCorruptError(f"{self.name}: what the witness sent is not signed by `{self.key.name}`")
        return made

    def _size(self, reply: HttpReply) -> int | None:
        """Which checkpoint it signed last, where it says so; of one that it does not go on from, ours."""
        text = reply.content.decode("ascii", "replace").strip()
        if reply.status == 409 and reply.type == SIZE_TYPE and DECIMAL.fullmatch(text):
            return int(text)
        return None
