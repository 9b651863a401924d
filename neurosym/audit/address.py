"""Where a log or a key store lies: in a file, or in a database behind an address."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

from neurosym.text.failure import LogError
from neurosym.text.server_address import ADVICE, has_password, is_server_address

Address: TypeAlias = str | os.PathLike[str]


def checked_address(address: Address) -> str | Path:
    """The address of a server, or the path of a file. LogError for an address with a password in it, which is not
    repeated: it would stand in the list of processes and in messages.
    """
    if not isinstance(address, str) or not is_server_address(address):
        return Path(address)
    if has_password(address):
        raise LogError(f"the address carries a password; {ADVICE}")
    return address


def name_of(address: Address) -> str:
    """What a log is called in titles: the name of its file, or its address."""
    return address if isinstance(address, str) and is_server_address(address) else Path(address).name
