"""An authority for time stamps that `openssl ts` plays."""

from __future__ import annotations

import subprocess
from pathlib import Path

CONFIGURATION = """\
[req]
distinguished_name = name
prompt = no
[name]
CN = Test root
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[tsa_request]
distinguished_name = tsa_name
prompt = no
[tsa_name]
CN = Test authority
[tsa]
extendedKeyUsage = critical, timeStamping
[no_tsa]
extendedKeyUsage = critical, serverAuth
[ts]
default_tsa = authority
[authority]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
signer_digest = sha256
ess_cert_id_alg = sha256
"""


class Authority:
    """A time-stamping authority in a folder, by the commands of OpenSSL."""

    def __init__(self, folder: Path, purpose: str = "tsa") -> None:
        self.folder = folder
        (folder / "openssl.cnf").write_text(CONFIGURATION, encoding="utf-8")
        (folder / "serial").write_text("01\n", encoding="utf-8")
        fresh = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc"
        self.run(f"req -x509 -config openssl.cnf -extensions root -days 30 {fresh} -keyout root.key -out root.pem")
        self.run(f"req -new -config openssl.cnf -section tsa_request {fresh} -keyout tsa.key -out tsa.csr")
        sign = f"-extfile openssl.cnf -extensions {purpose} -days 30 -CA root.pem -CAkey root.key -set_serial 2"
        self.run(f"x509 -req -in tsa.csr {sign} -out tsa.pem")

    def run(self, command: str) -> None:
        subprocess.run(["openssl", *command.split()], cwd=self.folder, check=True, capture_output=True)

    def reply(self, query: bytes) -> bytes:
        (self.folder / "query.tsq").write_bytes(query)
        self.run("ts -reply -config openssl.cnf -section authority -queryfile query.tsq -out reply.tsr")
        return (self.folder / "reply.tsr").read_bytes()

    @property
    def root(self) -> bytes:
        return (self.folder / "root.pem").read_bytes()
