"""What outsiders say of a log: checkpoints that were kept elsewhere, with signatures of witnesses and time stamps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from neurosym.audit.checkpoint import parse_checkpoint
from neurosym.audit.key import VerifierKey, cosigned_at
from neurosym.audit.note import NOTE_BYTES_MAX, parse_note
from neurosym.text.failure import LogCorruptError, LogError

STAMP_ENDING, CHECKPOINT_ENDING = ".tsr", ".checkpoint"


@dataclass(frozen=True, slots=True)
class Testimony:
    """A checkpoint that was kept outside, and what others say of it."""

    note: bytes
    sentences: tuple[str, ...] = ()


def read_testimony(path: Path, witnesses: Sequence[VerifierKey] = (), certificates: Path | None = None) -> Testimony:
    """What is in a file: a checkpoint, which one of the witnesses has to have signed where there are some, or a time
    stamp (`.tsr`) over the checkpoint beside it (`.checkpoint`), of an authority that leads to one of the certificates.

    LogError when a file cannot be read or certificates are wanting, LogCorruptError when it says something else.
    """
    if path.suffix == STAMP_ENDING:
        return _stamped(path, certificates)
    content = _content(path)
    note = parse_note(content)
    size = parse_checkpoint(note.text).size
    sentences = []
    for key in witnesses:
        times = [cosigned_at(each.signature) for each in note.signatures if each.is_by(key)]
        if note.is_signed_by(key):
            at = datetime.fromtimestamp(times[0] or 0, UTC)
            sentences.append(f"the checkpoint of {size} entries was signed by `{key.name}` at {at:%Y-%m-%dT%H:%M:%SZ}")
    if witnesses and not sentences:
        raise LogCorruptError(f"`{path}` is signed by none of the witnesses that were named")
    return Testimony(content, tuple(sentences))


def _stamped(path: Path, certificates: Path | None) -> Testimony:
    if certificates is None:
        raise LogError(f"`{path}` is a time stamp; say which authorities are trusted: --certificates FILE")
    try:
        from neurosym.audit.timestamp import read_certificates, read_timestamp  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise LogError("time stamps need `pip install 'neurosym[timestamp]'`") from error
    content = _content(path.with_suffix(CHECKPOINT_ENDING))
    size = parse_checkpoint(parse_note(content).text).size
    stamp = read_timestamp(_content(path), content, read_certificates(_content(certificates)))
    sentence = f"the checkpoint of {size} entries existed at {stamp.time:%Y-%m-%dT%H:%M:%SZ}, says {stamp.authority}"
    return Testimony(content, (sentence,))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(NOTE_BYTES_MAX + 1)
    except OSError as error:
        raise LogError(f"`{path}` cannot be read: {error.strerror or error}") from error
