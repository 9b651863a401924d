"""`neurosym log export`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.audit.bundle.verdict import BundleVerdict
from neurosym.audit.entry import Entry
from neurosym.audit.keyfile import read_key
from neurosym.audit.reader import LogReader
from neurosym.audit.verification import verify_log
from neurosym.cli.explain import decision_beginning
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import DATA_KEYS, LOG, LOG_KEY, key_of_log
from neurosym.cli.output import Output, current_output, format_option
from neurosym.cli.progress import Progress
from neurosym.decision.bundle.export import Options, export_bundle
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError, LogCorruptError


@click.command(
    short_help="Write a log as files for an auditor.",
    epilog=examples(
        "neurosym log export decisions.db decisions-2026.zip",
        "neurosym log export decisions.db for-the-auditor 4be1c0 9a77f1",
        "neurosym log export decisions.db public.zip --redacted",
    ),
)
@LOG
@click.argument("target", metavar="DIR|FILE.zip", type=click.Path(path_type=Path))
@click.argument("decisions", metavar="[ID]...", nargs=-1)
@click.option("--redacted", is_flag=True, help="Leave out all that is encrypted, and the keys.")
@LOG_KEY
@DATA_KEYS
@format_option
@click.pass_context
def export(
    context: click.Context,
    path: Address,
    target: Path,
    decisions: tuple[str, ...],
    redacted: bool,  # noqa: FBT001 - click's flag
    log_key: Path | None,
    data_keys: Address | None,
    output: Output,
) -> None:
    """Write LOG, or what belongs to the decisions named, as a folder or a zip that anybody can verify without us.

    A decision may be named by the beginning of its id. The entries are always all there: they hold nothing personal.
    With the payloads go keys that open each of them and nothing else. The log is verified first, and what was written
    is verified before it stands at its place: it is there whole or not at all, and never in the place of another.
    """
    del context
    with LogReader.open(path, data_keys=data_keys) as log:
        with Progress("verifying the log") as progress:
            verdict = verify_log(log, progress=progress)
        if not verdict.is_consistent:
            raise LogCorruptError(f"{verdict.statements()[0]}; `neurosym log verify` says where")
        chosen = _chosen(log, decisions) if decisions else None
        signer = read_key(key_of_log(path, log_key))
        with Progress("exporting") as progress:
            found = export_bundle(log, signer, target, Options(chosen, redacted), progress)
    output.document(found.document())
    output.title(f"exported: {target}")
    output.say(*found.counts())
    _warn(found, redacted=redacted)


def _warn(found: BundleVerdict, *, redacted: bool) -> None:
    """Say what whoever hands it over has to know."""
    if not redacted and found.tally.opened:
        current_output().warn(f"it holds the keys of {found.tally.opened} payloads: hand it over like what they hold")
    current_output().warn(f"let the reader have the verifier key by another way: {found.vkey}")


def _chosen(log: LogReader, names: Sequence[str]) -> list[Entry]:
    """The entries of the decisions named; InputError NS518 for every name that is not of one decision."""
    found: dict[int, Entry] = {}
    report = Report()
    for name in names:
        try:
            entry = decision_beginning(log, name)
        except InputError as error:
            report.extend(error.diagnostics)
        else:
            found[entry.seq] = entry
    report.stop_on_errors(InputError)
    return [found[seq] for seq in sorted(found)]
