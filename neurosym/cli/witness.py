"""`neurosym witness`: a server that signs what logs say of themselves, as long as it never changes its story."""

from __future__ import annotations

import secrets
import signal
from contextlib import suppress
from pathlib import Path
from threading import Thread

import click

from neurosym.audit.key import COSIGNATURE, VerifierKey, is_key_name
from neurosym.audit.keyfile import create_key, read_key
from neurosym.audit.newfile import stands
from neurosym.audit.stores.sqlite_witness import SqliteWitnessStore
from neurosym.audit.witness import Witness
from neurosym.audit.witness_server import WitnessServer
from neurosym.cli.argument import text_argument
from neurosym.cli.help_text import examples
from neurosym.cli.log import verifier_key
from neurosym.cli.output import current_output
from neurosym.text.failure import LogError

LISTEN, PORT_MAX = "127.0.0.1:8080", 65_535


def listen_address(text: str) -> tuple[str, int]:
    """The host and the port; a usage error when it is neither."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > PORT_MAX:
        raise click.BadParameter(f"write HOST:PORT, such as {LISTEN}")
    return host.strip("[]"), int(port)


@click.command(
    short_help="Serve a witness, which signs checkpoints of logs.",
    epilog=examples(
        'neurosym witness --key witness.key --name witness.example/1 --state witness.db --log ORIGIN "$(cat log.vkey)"'
    ),
)
@click.option("--key", "key_path", metavar="FILE", type=click.Path(path_type=Path), required=True, help="Its key.")
@click.option("--name", metavar="NAME", type=text_argument, help="What a key that is made now is called.")
@click.option(
    "--state", metavar="FILE", type=click.Path(path_type=Path), required=True, help="What it has signed last."
)
@click.option(
    "--log", "logs", metavar="ORIGIN VKEY", nargs=2, type=text_argument, multiple=True, required=True, help="A log."
)
@click.option("--listen", metavar="HOST:PORT", type=listen_address, default=LISTEN, show_default=True, help="Where.")
def witness(
    key_path: Path, name: str | None, state: Path, logs: tuple[tuple[str, str], ...], listen: tuple[str, int]
) -> None:
    """Serve a witness (C2SP tlog-witness, `POST /add-checkpoint`), which signs a checkpoint of a log when it goes on
    from the one that was signed before, and refuses it otherwise.

    Run it where the keeper of the log has no say. The key is made when it is not there. Serves until it is interrupted.
    """
    known: dict[str, list[VerifierKey]] = {}
    for origin, vkey in logs:
        known.setdefault(origin, []).append(verifier_key(vkey))
    if not stands(key_path):
        if name is None or not is_key_name(name):
            raise click.UsageError("a new key needs `--name NAME`, without spaces and `+`")
        create_key(key_path, secrets.token_bytes, name, COSIGNATURE)
    signer = read_key(key_path)
    if signer.type != COSIGNATURE:
        raise LogError(f"`{key_path}` is the key of a log; a witness has a key of its own")
    output = current_output()
    store = SqliteWitnessStore.open(state)
    try:
        server = WitnessServer(Witness(signer, known, store), *listen, report=output.warn)
        signal.signal(signal.SIGTERM, lambda *_: Thread(target=server.shutdown).start())
        output.say(f"witness: {signer.verifier}", f"listening: {server.address}")
        with suppress(KeyboardInterrupt), server:
            server.serve_forever()
    finally:
        store.close()
