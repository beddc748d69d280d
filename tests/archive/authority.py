"""A time-stamp authority on loopback: ``openssl ts`` behind HTTP, with a CA made for the test."""

from __future__ import annotations

import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_CONFIG = """
[tsa]
default_tsa = main
[main]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
certs = {folder}/ca.pem
default_policy = 1.2.3.4.1
digests = {digests}
signer_digest = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[signer]
extendedKeyUsage = critical,timeStamping
"""


def openssl(*words: str | Path, cwd: Path | None = None) -> bytes:
    return subprocess.run(
        ["openssl", *map(str, words)], capture_output=True, check=True, timeout=60, cwd=cwd
    ).stdout


class Authority:
    """Answers by ``mood``: good, nonce, imprint, refused, garbage, slow, away (503)."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder, self.mood, self.asked = folder, "good", 0
        self.ca = folder / "ca.pem"
        self._configure("sha256")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        openssl("req", "-x509", *key, "-keyout", folder / "ca.key", "-out", self.ca, "-days", "30",
                "-subj", "/CN=Test CA")  # fmt: skip
        openssl("req", "-new", *key, "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr",
                "-subj", "/CN=Test TSA")  # fmt: skip
        openssl("x509", "-req", "-in", folder / "tsa.csr", "-CA", self.ca, "-CAkey",
                folder / "ca.key", "-CAcreateserial", "-out", folder / "tsa.pem", "-days", "30",
                "-extfile", folder / "tsa.cnf", "-extensions", "signer")  # fmt: skip
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/tsr"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _configure(self, digests: str) -> None:
        text = _CONFIG.format(folder=self.folder, digests=digests)
        (self.folder / "tsa.cnf").write_text(text)

    def _reply(self, query: bytes) -> bytes:
        self._configure("sha512" if self.mood == "refused" else "sha256")
        path, out = self.folder / "query.tsq", self.folder / "reply.tsr"
        path.write_bytes(query)
        if self.mood == "nonce":  # the same imprint under a nonce of its own
            head = self._imprint(path)
            openssl("ts", "-query", "-digest", head, "-sha256", "-cert", "-out", path)
        if self.mood == "imprint":
            # The imprint is the one octet string of 32 bytes; the nonce stays.
            at = query.index(b"\x04\x20") + 2
            path.write_bytes(query[:at] + bytes(32) + query[at + 32 :])
        openssl("ts", "-reply", "-config", self.folder / "tsa.cnf", "-queryfile", path, "-out", out)
        return out.read_bytes()

    @staticmethod
    def _imprint(path: Path) -> str:
        query = path.read_bytes()
        at = query.index(b"\x04\x20") + 2
        return query[at : at + 32].hex()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                authority.asked += 1
                query = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/timestamp-query"
                if authority.mood == "slow":
                    time.sleep(1.5)
                    return
                data = b"no stamp" if authority.mood == "garbage" else authority._reply(query)
                self.send_response(503 if authority.mood == "away" else 200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        return Handler
