"""`neurosym log anchor` and `succeed`: what is kept outside of a log, and what to do when it contradicts the log."""

from __future__ import annotations

from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.audit.anchor import Anchor
from neurosym.audit.anchors.configuration import read_anchors
from neurosym.audit.keyfile import anchors_beside
from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.cli.exit_code import ExitCode, exit_code_of
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import DATA_KEYS, LOG, LOG_KEY, log_address
from neurosym.cli.output import Output, current_output
from neurosym.text.failure import LogError


@click.command(
    short_help="Keep the newest checkpoint outside of the log.",
    epilog=examples("neurosym log anchor decisions.db --anchors anchors.toml"),
)
@LOG
@click.option(
    "--anchors", "file", metavar="FILE", type=click.Path(path_type=Path), required=True, help="Where: anchors.toml."
)
@click.pass_context
def anchor(context: click.Context, path: Address, file: Path) -> None:
    """Have the newest checkpoint of LOG kept where nobody who can write the log can change it: by a witness, an
    authority for time stamps, or a folder. Run it as often as you may lose what was logged since.

    Every anchor is tried. Exits with 4 when one cannot be reached, and with 5 when one contradicts the log.
    """
    with LogReader.open(path) as log:
        found = read_anchors(file, anchors_beside(path) if isinstance(path, Path) else None)
        code = max((_submitted(each, log, current_output()) for each in found), default=ExitCode.DONE)
    context.exit(code)


def _submitted(of: Anchor, log: LogReader, output: Output) -> ExitCode:
    try:
        output.say(f"{of.name}: {of.submit(log)}")
    except LogError as error:
        output.warn(f"{of.name}: {error}")
        return exit_code_of(error)
    return ExitCode.DONE


@click.command(
    short_help="Begin a log that follows one which cannot be gone on with.",
    epilog=examples("neurosym log succeed restored.db decisions.db --checkpoint newest.checkpoint"),
)
@click.argument("old", metavar="OLD", type=log_address)
@LOG
@click.option(
    "--checkpoint",
    "known",
    metavar="FILE",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A checkpoint of OLD that was kept outside.",
)
@LOG_KEY
@DATA_KEYS
def succeed(
    *, old: Address, path: Address, known: tuple[Path, ...], log_key: Path | None, data_keys: Address | None
) -> None:
    """Begin the log LOG, which is new, to go on in the place of OLD: restored from an older copy, for one, so that what
    others have kept of it goes further than it does. The first entry names OLD and what is known of it.

    OLD stays as it is, to be read.
    """
    contents = [_content(each) for each in known]
    with (
        LogReader.open(old) as before,
        Log.succeed(before, path, known=contents, key=log_key, data_keys=data_keys) as log,
    ):
        origin, vkey = log.identity.origin, log.identity.vkey
    output = current_output()
    output.title(f"begun: {origin}")
    output.say(f"verifier key: {vkey}")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LogError(f"`{path}` cannot be read: {error.strerror or error}") from error
