"""The HTTP server of the demo: two faces, two ports, all on loopback."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from halong_crawler.demo.halong_face import HalongFace
from halong_crawler.demo.sharepoint_face import SharepointFace

if TYPE_CHECKING:
    from types import TracebackType

    from halong_crawler.demo.face import Face

HOST = "127.0.0.1"


class DemoServer:
    """Serves both faces while the ``with`` block lasts."""

    def __init__(self, *, halong_port: int = 0, sharepoint_port: int = 0) -> None:
        self.halong: Face = HalongFace()
        self.sharepoint: Face = SharepointFace()
        self._ports = ((self.halong, halong_port), (self.sharepoint, sharepoint_port))
        self._running: list[_FaceServer] = []

    def start(self) -> None:
        """Listen; after this each face knows its ``base_url``."""
        for face, port in self._ports:
            server = _FaceServer(face, port)
            self._running.append(server)
            face.base_url = f"http://{HOST}:{server.server_address[1]}"
            server.begin()

    def stop(self) -> None:
        """Stop listening and close what is open; safe to call twice."""
        while self._running:
            self._running.pop().end()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class _FaceServer(ThreadingHTTPServer):
    """One face on one port. It knows its open connections, so that stopping ends them too."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, face: Face, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.face = face
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        # The default poll of half a second would be the time every test waits at its end.
        self._thread = threading.Thread(
            target=self.serve_forever, args=(0.02,), name=face.name, daemon=True
        )

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
        self.server_close()
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            _hang_up(connection)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        with self._lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)


def _hang_up(connection: socket.socket) -> None:
    """End a kept-alive connection; its thread then reads the end of input and returns."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 for a face."""

    protocol_version = "HTTP/1.1"
    server_version = "DemoPortal"
    sys_version = ""
    # Head and body leave in one packet; apart, Nagle and delayed ACK cost 40 ms an answer.
    wbufsize = -1
    timeout = 30

    server: _FaceServer

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        """A postback or a form: read it to the end, then answer as if asked for the page."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer()

    def _answer(self) -> None:
        answer = self.server.face.respond(self.path)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: a face keeps its own list of requests."""
