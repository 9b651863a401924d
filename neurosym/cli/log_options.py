"""What the commands that change a log have in common: its keys, who asks for it, and why."""

from __future__ import annotations

from pathlib import Path

import click

from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.cli.argument import text_argument

LOG = click.argument("path", metavar="LOG", type=click.Path(path_type=Path))
LOG_KEY = click.option(
    "--log-key", metavar="FILE", type=click.Path(path_type=Path), help="The log's key, else FILE.db.key."
)
DATA_KEYS = click.option(
    "--data-keys", metavar="FILE", type=click.Path(path_type=Path), help="The log's key store, else FILE.db.keys."
)
BY = click.option(
    "--as", "by", metavar="NAME", type=text_argument, required=True, help="Who you are; recorded as claimed."
)
REASON = click.option(
    "--reason", metavar="TEXT", type=text_argument, required=True, help="Why; in the log for everybody to read."
)


def opened_log(path: Path, log_key: Path | None, data_keys: Path | None) -> Log:
    """The log, to be written. LogError when there is none: none is made."""
    LogReader.open(path, data_keys=data_keys).close()
    return Log.open(path, key=log_key, data_keys=data_keys)
