"""What commands about a log have in common: where it lies, its keys, who asks for something, and why."""

from __future__ import annotations

from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.audit.keyfile import beside
from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.cli.argument import text_argument
from neurosym.text.failure import LogError
from neurosym.text.server_address import is_server_address


def log_address(text: str) -> Address:
    """The path of a file, or the address of a server as it is: a path would lose its slashes."""
    return text if is_server_address(text) else Path(text)


LOG = click.argument("path", metavar="LOG", type=log_address)
LOG_KEY = click.option(
    "--log-key", metavar="FILE", type=click.Path(path_type=Path), help="The log's key, else FILE.db.key."
)
DATA_KEYS = click.option(
    "--data-keys",
    metavar="FILE",
    type=log_address,
    help="The log's key store: a file, or a postgresql:// address; else FILE.db.keys.",
)
BY = click.option(
    "--as", "by", metavar="NAME", type=text_argument, required=True, help="Who you are; recorded as claimed."
)
REASON = click.option(
    "--reason", metavar="TEXT", type=text_argument, required=True, help="Why; in the log for everybody to read."
)


def opened_log(path: Address, log_key: Path | None, data_keys: Address | None) -> Log:
    """The log, to be written. LogError when there is none: none is made."""
    LogReader.open(path, data_keys=data_keys).close()
    return Log.open(path, key=log_key, data_keys=data_keys)


def key_of_log(path: Address, log_key: Path | None) -> Path:
    """Where the signing key lies: as named, else beside the file. LogError where there is no file."""
    if log_key is not None:
        return log_key
    if isinstance(path, Path):
        return beside(path)
    raise LogError("a log on a server has its key elsewhere: say where (--log-key)")
