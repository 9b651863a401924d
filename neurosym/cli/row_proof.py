"""The proof of a row, checked without the log."""

from __future__ import annotations

from pathlib import Path

from neurosym.audit.checkpoint import parse_checkpoint
from neurosym.audit.key import VerifierKey
from neurosym.audit.row_proof import FIRST_LINE, ROW_PROOF_BYTES_MAX, parse_row_proof
from neurosym.cli.exit_code import ExitCode
from neurosym.cli.output import Output
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Json


def is_row_proof(path: Path) -> bool:
    """True when a file begins like a row proof."""
    try:
        with path.open("rb") as file:
            return file.read(len(FIRST_LINE)) == FIRST_LINE
    except OSError:
        return False


def verified_row(path: Path, key: VerifierKey | None, output: Output) -> ExitCode:
    """The exit code for a row proof, once it is said what it shows."""
    try:
        with path.open("rb") as file:
            proof = parse_row_proof(file.read(ROW_PROOF_BYTES_MAX + 1))
        origin = parse_checkpoint(proof.inclusion.note.text).origin
        wrong = proof.complaint(origin, () if key is None else (key,))
    except LogCorruptError as error:
        wrong = str(error)
    if wrong is not None:
        output.document({"row": None, "problems": [wrong]})
        output.title(f"the row proof does not hold: {wrong}")
        return ExitCode.NOT_VERIFIED
    entry = proof.inclusion.index
    found: dict[str, Json] = {"row": proof.row, "entry": entry, "log": origin, "key_verified": key is not None}
    output.document({**found, "record": proof.record.decode("utf-8"), "problems": []})
    output.title(f"row {proof.row} is in entry {entry} of the log `{origin}`")
    output.say(proof.record.decode("utf-8"))
    output.say("the key given has signed it" if key is not None else "consistent with itself; key not verified")
    return ExitCode.DONE
