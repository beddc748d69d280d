"""pywb gives back what a server sent, byte for byte, in any coding and framing, over TLS too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from archive.message import body_start, payload
from archive.place import Archive
from archive.replay import replay
from tests.crawl.certificates import server_context, signed
from tests.crawl.conftest import Rows
from tests.crawl.runs import halong
from tests.crawl.served import descriptor
from tests.crawl.test_wire import AFTER, ANSWERS, INTERIM, Raw
from tests.site.test_replay import free_port

NOT_MODIFIED = 304
_HANDED_ON = ("content-type", "content-encoding", "x-odd-case", "set-cookie")
"""Headers of ours that pywb hands on; others, such as ETag, it drops or makes anew. That all are
kept, with their case, order and repeats, :mod:`tests.crawl.test_wire` shows of the record."""


@pytest.fixture(scope="module", params=["http", "https"])
def replayed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Archive, str, str]]:
    """An archive of two crawls, the second with a 304 and repeated bodies, and pywb over it."""
    folder = tmp_path_factory.mktemp(request.param)
    archive = Archive(folder / "archive")
    archive.create()
    authority = signed("Gốc thử", is_ca=True)
    leaf = signed("vidu.gov.vn", authority, host="127.0.0.1")
    tls = server_context(folder, leaf) if request.param == "https" else None
    (archive.portals_dir / "ca.pem").write_bytes(authority.pem)
    port = free_port()
    with Raw(tls) as raw, ExitStack() as stack:
        text = descriptor(raw.host).replace("http://", f"{request.param}://")
        (archive.portals_dir / "small.toml").write_text(
            text + '[tls]\nca = "ca.pem"\n', encoding="utf-8"
        )
        halong("crawl", "small", archive=archive, env={"HALONG_NOW": "2026-01-01T00:00:00Z"})
        raw.not_modified.add("/0.html")
        halong("crawl", "small", archive=archive, env={"HALONG_NOW": "2099-01-01T00:00:00Z"})
        stack.enter_context(replay(archive, host="127.0.0.1", port=port))
        yield archive, f"http://127.0.0.1:{port}/archive", f"{request.param}://{raw.host}"


def test_every_capture_comes_back_byte_for_byte(replayed: tuple[Archive, str, str]) -> None:
    archive, pywb, site = replayed
    captures = Rows(archive).all(
        "SELECT url, fetched_at, status, refers_to IS NOT NULL FROM captures ORDER BY id"
    )
    assert {status for _, _, status, _ in captures} >= {200, 301, 304, 404, 410}
    assert any(repeats for *_, repeats in captures)
    for url, at, status, repeats in captures:
        sent = ANSWERS[url.removeprefix(site)].removeprefix(INTERIM).removesuffix(AFTER)
        stamp = re.sub(r"\D", "", at)
        with httpx.stream("GET", f"{pywb}/{stamp}id_/{url}", timeout=30) as answer:
            body = b"".join(answer.iter_raw())
            headers = answer.headers
        if b"X-Checksum: " in sent:  # a trailer, which pywb hands on as if it were of the body
            body = body[: len(payload(sent))]
        assert answer.status_code == status, url
        if status == NOT_MODIFIED:
            assert body == b""
            continue
        assert body == payload(sent), (url, at, status, repeats)
        named = _named(sent[: body_start(sent)])
        for name in _HANDED_ON:
            assert headers.get_list(name) == named.get(name, []), (url, name)


def _named(head: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in head.decode("latin-1").splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.lower(), []).append(value.strip())
    return found
