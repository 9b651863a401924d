"""`neurosym log`: verification of a log, its newest checkpoint, and its decisions in forms that others read."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.audit.bundle.files import is_bundle
from neurosym.audit.key import VerifierKey, parse_verifier_key
from neurosym.audit.reader import LogReader
from neurosym.audit.testimony import Testimony, read_testimony
from neurosym.audit.verdict import Verdict
from neurosym.audit.verification import verify_log
from neurosym.cli.bundle_verdict import verified_bundle
from neurosym.cli.exit_code import ExitCode
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import DATA_KEYS, LOG, LOG_KEY, log_address, opened_log
from neurosym.cli.output import Output, current_output, format_option
from neurosym.cli.progress import Progress
from neurosym.cli.row_proof import is_row_proof, verified_row
from neurosym.text.failure import LogError


def verifier_key(text: str) -> VerifierKey:
    """The key that the argument is; a usage error when it is none."""
    try:
        return parse_verifier_key(text)
    except LogError as error:
        raise click.BadParameter(str(error)) from error


# Loaded when they are called: who verifies a log needs nothing of what decided.
LATE = {
    "anchor": "neurosym.cli.log_anchor",
    "end": "neurosym.cli.log_end",
    "erase": "neurosym.cli.log_erase",
    "expire": "neurosym.cli.log_keep",
    "export": "neurosym.cli.log_export",
    "extract": "neurosym.cli.log_extract",
    "hold": "neurosym.cli.log_erase",
    "override": "neurosym.cli.log_override",
    "prove": "neurosym.cli.log_prove",
    "reinstate": "neurosym.cli.log_retire",
    "release": "neurosym.cli.log_erase",
    "retire": "neurosym.cli.log_retire",
    "rotate": "neurosym.cli.log_rotate",
    "seal": "neurosym.cli.log_keep",
    "succeed": "neurosym.cli.log_anchor",
}


class LogCommands(click.Group):
    """The commands about a log; those in `LATE` stand in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the overview."""
        return sorted([*super().list_commands(ctx), *LATE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in LATE:
            return super().get_command(ctx, cmd_name)
        found = getattr(import_module(LATE[cmd_name]), cmd_name)
        assert isinstance(found, click.Command)
        return found


@click.group(cls=LogCommands)
def log() -> None:
    """Verify a log, prove what is in it, take care of it, or export it."""


@log.command(
    short_help="Verify a log, a bundle, or the proof of a row.",
    epilog=examples('neurosym log verify decisions.db --key "$(cat decisions.vkey)"'),
)
@click.argument("path", metavar="LOG|BUNDLE|ROWPROOF", type=log_address)
@click.option("--key", type=verifier_key, metavar="VKEY", help="The log's verifier key, from a source that you trust.")
@click.option(
    "--anchor",
    "anchors",
    metavar="FILE",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A checkpoint that was kept outside, or a time stamp over the one beside it (.tsr).",
)
@click.option(
    "--witness",
    "witnesses",
    type=verifier_key,
    metavar="VKEY",
    multiple=True,
    help="A witness; one of those named has to have signed what was kept outside.",
)
@click.option(
    "--certificates", metavar="FILE", type=click.Path(path_type=Path), help="Authorities whose time stamps you trust."
)
@format_option
@click.pass_context
def verify(
    context: click.Context,
    *,
    path: Address,
    key: VerifierKey | None,
    anchors: tuple[Path, ...],
    witnesses: tuple[VerifierKey, ...],
    certificates: Path | None,
    output: Output,
) -> None:
    """Compute everything in LOG again from its stored bytes, believing nothing; or in a BUNDLE that was exported, or in
    the proof of a row (`neurosym log prove --row`).

    Exits with 5, and says where, when anything is not as it was logged. Without `--key` the log is checked against the
    key that it names itself: whoever can write a new log can name a new key. Without `--anchor` nothing shows that
    whoever holds the key did not write the log anew, or cut off its end.
    """
    testimony = [read_testimony(each, witnesses, certificates) for each in anchors]
    if isinstance(path, Path) and is_row_proof(path):
        context.exit(verified_row(path, key, output))
    if isinstance(path, Path) and is_bundle(path):
        context.exit(verified_bundle(path, key, [each.note for each in testimony], output))
    with LogReader.open(path) as reader:
        verdict = examined(reader, key, testimony)
    output.document(verdict.document())
    show_verdict(verdict, output)
    context.exit(ExitCode.DONE if verdict.is_consistent else ExitCode.NOT_VERIFIED)


@log.command(
    short_help="Print the newest signed checkpoint.",
    epilog=examples("neurosym log checkpoint decisions.db > checkpoint.txt"),
)
@LOG
@LOG_KEY
@DATA_KEYS
def checkpoint(path: Address, log_key: Path | None, data_keys: Address | None) -> None:
    """Print the signed checkpoint of LOG as it stands, to be kept where nobody who can write the log can change it.

    The verifier key goes to standard error.
    """
    with opened_log(path, log_key, data_keys) as opened:
        note, vkey = opened.checkpoint(), opened.identity.vkey
    output = current_output()
    output.verbatim(note.encode("utf-8"))
    output.warn(f"verifier key: {vkey}")


def examined(reader: LogReader, key: VerifierKey | None = None, testimony: Sequence[Testimony] = ()) -> Verdict:
    """The verdict on a log, with progress."""
    with Progress("verifying the log") as progress:
        return verify_log(reader, key=key, testimony=testimony, progress=progress)


def show_verdict(verdict: Verdict, output: Output) -> None:
    """Say what may be said of the log and what may not, and where it does not verify."""
    first, *others = verdict.statements()
    output.title(first)
    output.say(*others)
    output.say(*(f"  {problem.place}: {problem.message}" for problem in verdict.problems))
    unsaid = verdict.problem_count - len(verdict.problems)
    if unsaid:
        output.say(f"  and {unsaid} more")
    output.say(f"{verdict.entries} entries, {verdict.payloads} payloads")
    if verdict.vkey is not None:
        output.say(f"verifier key by the log's own account: {verdict.vkey}")
