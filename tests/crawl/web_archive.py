"""Public web archives on loopback: the Wayback Machine's CDX server and replay, Common Crawl's."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.message import digest
from tests.crawl.served import Answer, Running


@dataclass(frozen=True)
class Held:
    """A capture that an archive holds."""

    url: str
    at: str
    """YYYYMMDDhhmmss."""
    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})

    @property
    def moment(self) -> datetime:
        return datetime.strptime(self.at, "%Y%m%d%H%M%S").replace(tzinfo=UTC)

    @property
    def iso(self) -> str:
        return self.moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def row(self) -> dict[str, str]:
        return {
            "urlkey": self.url, "timestamp": self.at, "original": self.url,
            "mimetype": self.headers.get("Content-Type", "unk").partition(";")[0],
            "statuscode": str(self.status), "digest": digest(self.body)[5:],
            "length": str(len(self.body)),
        }  # fmt: skip

    def record(self) -> bytes:
        """As Common Crawl keeps it: the payload decoded, headers of coding renamed."""
        stream = io.BytesIO()
        writer = WARCWriter(stream, gzip=True)
        pairs = [*self.headers.items(), ("X-Crawler-Content-Encoding", "gzip"),
                 ("Content-Length", str(len(self.body)))]  # fmt: skip
        writer.write_record(writer.create_warc_record(
            self.url, "response", payload=io.BytesIO(self.body),
            http_headers=StatusAndHeaders(f"{self.status} OK", pairs, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": self.iso},
        ))  # fmt: skip
        return stream.getvalue()


class WebArchive(Running):
    """Holds ``captures``; gives ``most`` rows a page. ``faults`` come first: what a path's first
    answers are, by a part of it.
    """

    def __init__(self, captures: Sequence[Held], *, most: int = 4) -> None:
        self.captures = captures
        self.most = most
        self.faults: dict[str, list[Answer]] = {}
        self.asked: list[str] = []
        self.times: list[float] = []
        self.agents: set[str] = set()
        self.slow = 0.0
        records = [held.record() for held in captures]
        self.warc = b"".join(records)
        self.places = [
            (sum(map(len, records[:number])), len(record)) for number, record in enumerate(records)
        ]
        archive = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                archive.asked.append(self.path)
                archive.times.append(time.monotonic())
                archive.agents.add(self.headers["User-Agent"])
                time.sleep(archive.slow)
                answer = archive.answer(self.path, self.headers.get("Range"))
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", answer.length or str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def env(self) -> dict[str, str]:
        return {
            "HALONG_WAYBACK_CDX": f"{self.address}/cdx",
            "HALONG_WAYBACK_REPLAY": f"{self.address}/web/",
            "HALONG_COMMON_CRAWL_INDEX": f"{self.address}/cc",
            "HALONG_COMMON_CRAWL_DATA": f"{self.address}/data",
            "HALONG_WEB_ARCHIVES_DELAY": "0",
            "HALONG_PATIENCE": "0.001",
        }

    def brought(self) -> list[str]:
        """Captures that were asked for, lists left out."""
        return [path for path in self.asked if "/web/" in path or "/data/" in path]

    def answer(self, path: str, span: str | None) -> Answer:
        for part, answers in self.faults.items():
            if part in path and answers:
                return answers.pop(0)
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/cdx":
            return self._cdx(query)
        if parts.path == "/cc/collinfo.json":
            return _json([{"id": f"CC-{n}", "cdx-api": f"/cc/CC-{n}-index"} for n in (2, 1)])
        if parts.path.endswith("-index"):
            return self._index(query, first=parts.path == "/cc/CC-1-index")
        if parts.path.startswith("/data/") and span is not None:
            first, last = map(int, span.removeprefix("bytes=").split("-"))
            return Answer(self.warc[first : last + 1], 206)
        return self._replay(path)

    def _listed(self, query: dict[str, str]) -> list[int]:
        host = query["url"]
        return [
            number for number, held in enumerate(self.captures)
            if urlsplit(held.url).netloc == host
            and held.at[: len(query.get("from", ""))] >= query.get("from", "")
            and held.at[: len(query.get("to", ""))] <= query.get("to", "")
        ]  # fmt: skip

    def _cdx(self, query: dict[str, str]) -> Answer:
        listed = self._listed(query)
        start = int(query.get("resumeKey", "0"))
        rows = [self.captures[number].row for number in listed[start : start + self.most]]
        table: list[list[str]] = [list(row.values()) for row in rows]
        if start + self.most < len(listed):
            table += [[], [str(start + self.most)]]
        return _json([list(self.captures[0].row), *table] if table else [])

    def _index(self, query: dict[str, str], *, first: bool) -> Answer:
        """The first crawl has every other capture, the second one the rest."""
        listed = [number for number in self._listed(query) if number % 2 != first]
        if not listed:
            return Answer(b'{"message": "No Captures found for: x"}', 404)
        if "showNumPages" in query:
            return _json({"pages": -(-len(listed) // self.most), "pageSize": 5})
        start = int(query.get("page", "0")) * self.most
        lines = []
        for number in listed[start : start + self.most]:
            row, (offset, length) = self.captures[number].row, self.places[number]
            renamed = {"url": row["original"], "mime": row["mimetype"], "status": row["statuscode"]}
            told = {"timestamp": row["timestamp"], "digest": row["digest"], "filename": "a.warc.gz",
                    "offset": str(offset), "length": str(length)}  # fmt: skip
            lines.append(json.dumps(renamed | told))
        return Answer("\n".join(lines).encode() + b"\n")

    def _replay(self, path: str) -> Answer:
        digits, _, url = path.removeprefix("/web/").partition("id_/")
        held = next((h for h in self.captures if (h.url, h.at) == (url, digits)), None)
        if held is None:
            return Answer(b"not in archive", 404)
        original = {f"X-Archive-Orig-{name}": value for name, value in held.headers.items()}
        status = held.status
        if 300 <= status < 400:
            # As the Wayback Machine does: for now, and to a place within it.
            goal = original.pop("X-Archive-Orig-Location")
            status, original["Location"] = 302, f"{self.address}/web/{held.at}id_/{goal}"
        return Answer(held.body, status, {
            **original, "Content-Type": held.headers.get("Content-Type", "text/html"),
            "Memento-Datetime": format_datetime(held.moment, usegmt=True),
            "x-archive-src": f"liveweb-{sha256(held.body).hexdigest()[:8]}.warc.gz",
        })  # fmt: skip


def _json(value: object) -> Answer:
    return Answer(json.dumps(value).encode(), headers={"Content-Type": "application/json"})
