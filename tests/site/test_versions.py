"""One state beside another, and the page as it was captured, in a frame that can do nothing."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from warcio.archiveiterator import ArchiveIterator

from archive.place import Archive
from bench.crawling.portal import NAME, Town
from bench.reparsing.stored import HOST, archive_of
from tests.site.small_archive import Server

PWN = "window.halongPwned=1"
HOSTILE = (
    f"<script>{PWN}</script><img src='http://{HOST}/x.png' alt='Ảnh \"bến\" cá' onerror={PWN}>"
    f"<svg onload={PWN}></svg><iframe src='http://{HOST}/khung'></iframe>"
    f"<a href='javascript:{PWN}'>bấm</a><a href='http://{HOST}/khac'>khác</a>"
    f"<form action='http://{HOST}/gui'><input name=a><button>gửi</button></form>"
    f"<link rel=stylesheet href='http://{HOST}/x.css'><style>@import 'http://{HOST}/y.css'</style>"
    f"<p style=\"background:url('http://{HOST}/z.png')\" onclick={PWN}>chữ</p>"
    f"<meta http-equiv=refresh content='0;url=http://{HOST}/di'><base href='http://{HOST}/'>"
)


def town() -> dict[str, list[str]]:
    """An article of three states, seen five times, and one of one state."""
    face = Town(2, host=HOST)
    story, other = face.stories
    first = face.page(story).replace("</body>", f"{HOSTILE}</body>")
    words = story.paragraphs[0].split()
    second = first.replace(story.paragraphs[0], " ".join([*words[:3], "chín mươi", *words[4:]]))
    third = second.replace(
        f'<h1 class="title-detail">{story.title}', '<h1 class="title-detail">Tựa mới cho bài'
    )
    return {
        face.path(story): [first, first, second, second, third],
        face.path(other): [face.page(other)],
    }


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archive_of(tmp_path_factory.mktemp("versions"), town(), lambda article: article)


@pytest.fixture(scope="module")
def site(archive: Archive, start_server: Callable[[Path], Server]) -> Server:
    return start_server(archive.path)


@pytest.fixture(scope="module")
def key() -> str:
    return f"{NAME}-{Town(1, host=HOST).stories[0].number}"


def test_a_version_says_between_which_captures_it_came(site: Server, key: str) -> None:
    told = site.get(f"/a/{key}/v/2.json").json()
    assert (told["not_before"], told["not_after"], told["last_seen_at"]) == (
        "2026-03-02T03:15:00Z", "2026-03-03T03:15:00Z", "2026-03-04T03:15:00Z",
    )  # fmt: skip
    page = site.get(f"/a/{key}/v/2").text
    assert re.search("trong khoảng từ.*2/3/2026, 03:15 UTC.*đến.*3/3/2026, 03:15 UTC", page)


def test_a_version_shows_what_changed_word_by_word(site: Server, key: str) -> None:
    told = site.get(f"/a/{key}/v/2.json").json()
    (change,) = told["changes"]
    assert change["field"] == "body"
    gone = Town(1, host=HOST).stories[0].paragraphs[0].split()[3]
    kinds = [(piece["kind"], piece["text"]) for piece in change["pieces"]]
    assert ("removed", gone) in kinds
    assert ("added", "chín mươi") in kinds
    page = site.get(f"/a/{key}/v/2").text
    assert "<ins>chín mươi</ins>" in page
    assert f"<del>{gone}</del>" in page


def test_any_two_versions_are_compared(site: Server, key: str) -> None:
    def fields(number: int, beside: int) -> list[str]:
        told = site.get(f"/a/{key}/v/{number}.json", **{"with": str(beside)}).json()
        return [change["field"] for change in told["changes"]]

    assert fields(3, 1) == fields(1, 3) == ["title", "body"]
    assert fields(3, 2) == ["title"]
    assert fields(2, 2) == []


@pytest.mark.parametrize(
    "path",
    ["/v/4", "/v/0", "/v/2?with=9", "/v/9/captured", "/v/9/captured/page", "/v/9/captured/record"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(site: Server, key: str, path: str) -> None:
    assert site.get(f"/a/{key}{path}").status_code == 404


def test_every_version_leads_to_its_page_as_captured(site: Server, key: str) -> None:
    page = site.get(f"/a/{key}").text
    for number in (1, 2, 3):
        assert f'href="/a/{key}/v/{number}/captured"' in page


def test_the_captured_page_stands_under_the_line_that_proves_it(
    site: Server, archive: Archive, key: str
) -> None:
    capture = site.get(f"/a/{key}/v/3.json").json()["capture"]
    answer = site.get(f"/a/{key}/v/3/captured")
    for told in (
        "2026-03-05T03:15:00Z",
        "HTTP 200",
        capture["payload_digest"],
        capture["warc_file"],
    ):
        assert told in answer.text
    assert re.search(r"<iframe [^>]*\bsandbox src=", answer.text)
    assert "frame-src 'self'" in answer.headers["content-security-policy"]


def test_the_frame_holds_words_and_nothing_that_acts_or_loads(site: Server, key: str) -> None:
    answer = site.get(f"/a/{key}/v/3/captured/page")
    assert "Tựa mới cho bài" in answer.text
    assert "ảnh: Ảnh" in answer.text
    body = answer.text.partition("<body>")[2]
    assert not re.search(r"<(script|img|iframe|form|input|link|style|meta|base|svg)\b", body)
    assert not re.search(r"\b(href|src|style|on\w+)\s*=", body)
    assert PWN not in body
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy


def test_the_record_alone_proves_the_page(site: Server, key: str) -> None:
    answer = site.get(f"/a/{key}/v/2/captured/record")
    assert answer.headers["content-disposition"].endswith('.warc.gz"')
    capture = site.get(f"/a/{key}/v/2.json").json()["capture"]
    assert len(answer.content) == capture["warc_length"]
    assert gzip.decompress(answer.content).startswith(b"WARC/1.1")
    record = next(iter(ArchiveIterator(io.BytesIO(answer.content), check_digests="raise")))
    assert record.rec_headers.get_header("WARC-Payload-Digest") == capture["payload_digest"]
    assert "chín mươi".encode() in record.content_stream().read()


def test_a_damaged_record_is_said_to_be_and_is_not_handed_out(
    tmp_path: Path, start_server: Callable[[Path], Server], key: str
) -> None:
    archive = archive_of(tmp_path / "archive", town(), lambda article: article)
    (path,) = archive.warc_dir.glob("*.warc.gz")
    data = bytearray(path.read_bytes())
    site = start_server(archive.path)
    capture = site.get(f"/a/{key}/v/1.json").json()["capture"]
    data[capture["warc_offset"] + 60] ^= 0xFF
    path.write_bytes(data)
    page = site.get(f"/a/{key}/v/1/captured")
    assert page.status_code == 200
    assert "Không đọc được bản ghi" in page.text
    assert str(tmp_path) not in page.text
    for door in ("page", "record"):
        assert site.get(f"/a/{key}/v/1/captured/{door}").status_code == 404


def test_a_browser_asks_nobody_and_runs_nothing(site: Server, key: str, browser: Browser) -> None:
    asked: list[str] = []
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.address}/a/{key}/v/3/captured")
    frame = page.frame_locator("iframe.captured")
    assert "Tựa mới cho bài" in frame.locator("body").inner_text()
    assert [url for url in asked if not url.startswith(site.address)] == []
    assert not any(each.evaluate("window.halongPwned") for each in page.frames[:1])
    # On a telephone nothing sticks out.
    for path in ("/v/3/captured", "/v/2"):
        page.goto(f"{site.address}/a/{key}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
