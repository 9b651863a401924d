"""How rows come: which form a file has, and whether what reads it is there."""

from __future__ import annotations

from importlib.util import find_spec

from neurosym.text.failure import Failure

PARQUET, IPC_FILE, IPC_STREAM = b"PAR1", b"ARROW1", b"\xff\xff\xff\xff"  # what these files begin with


def is_arrow_file(beginning: bytes) -> bool:
    """True when a file that begins like this is Parquet or Arrow IPC."""
    return beginning.startswith((PARQUET, IPC_FILE, IPC_STREAM))


def need_arrow() -> None:
    """Failure when the extra `arrow` is not installed."""
    if find_spec("pyarrow") is None:
        raise Failure("rows in Arrow or Parquet need pyarrow: pip install 'neurosym[arrow]'")
