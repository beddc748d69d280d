"""Files and odd bodies in the WARC files of others: read as a crawl reads them."""

from __future__ import annotations

import io
import json
import zlib
from pathlib import Path

import brotli
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.message import zstd
from archive.place import Archive
from archive.warc import read_response
from tests.crawl.conftest import Rows
from tests.crawl.quick import quick
from tests.crawl.served import article_page, descriptor
from tests.documents.makers import docx, pdf_page

HOST = "cong.example"
AT = "2020-03-01T08:00:00Z"


@pytest.fixture
def place(tmp_path: Path) -> Archive:
    found = Archive(tmp_path / "archive")
    found.create()
    (found.portals_dir / "vidu.toml").write_text(descriptor(HOST), "utf-8")
    return found


def record(path: str, body: bytes, *headers: tuple[str, str], kind: str = "response") -> bytes:
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    head = StatusAndHeaders("200 OK", list(headers), protocol="HTTP/1.1")
    writer.write_record(writer.create_warc_record(
        f"http://{HOST}{path}", kind, payload=io.BytesIO(body),
        http_headers=head if kind == "response" else None,
        warc_content_type="" if kind == "response" else dict(headers)["Content-Type"],
        warc_headers_dict={"WARC-Date": AT},
    ))  # fmt: skip
    return stream.getvalue()


def imported(place: Archive, tmp_path: Path, *records: bytes) -> str:
    path = tmp_path / "theirs.warc.gz"
    path.write_bytes(b"".join(records))
    return quick("import", str(path), archive=place, env={})


def page(number: int, links: str = "") -> bytes:
    return article_page(f"Tin thứ {number}", more=links)


HTML = ("Content-Type", "text/html; charset=UTF-8")
FONT = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
PAPER = pdf_page(b"BT /F1 12 Tf 72 700 Td (Quyet dinh so 12) Tj ET", FONT)


def test_documents_are_read_as_attachments_of_their_articles(
    place: Archive, tmp_path: Path
) -> None:
    links = ('<p><a href="/vb/12.pdf">PDF</a> <a href="/vb/12.docx">DOCX</a></p>')  # fmt: skip
    imported(
        place, tmp_path,
        record("/tin-so-1-p13n1.html", page(1, links), HTML),
        record("/vb/12.pdf", PAPER, ("Content-Type", "application/pdf")),
        record("/vb/12.docx", docx("<w:p><w:r><w:t>Tờ trình số 7</w:t></w:r></w:p>"),
               ("Content-Type", "application/octet-stream")),
        record("/css/site.css", b"body { color: red }", ("Content-Type", "text/css")),
    )  # fmt: skip
    rows = Rows(place)
    assert rows.all("SELECT outcome, count(*) FROM captures GROUP BY 1 ORDER BY 1") == [
        ("article", 1), ("file", 3),
    ]  # fmt: skip
    texts = dict(rows.all(
        "SELECT a.filename, p.text FROM attachments a "
        "JOIN attachment_pages p ON p.attachment_id = a.id"
    ))  # fmt: skip
    assert "Quyet dinh so 12" in texts["12.pdf"]
    assert "Tờ trình số 7" in texts["12.docx"]
    assert len(list(place.files_dir.rglob("*.*")) or list(place.files_dir.rglob("?" * 64))) == 2


def test_a_document_is_joined_to_an_article_that_comes_later(
    place: Archive, tmp_path: Path
) -> None:
    imported(place, tmp_path, record("/vb/12.pdf", PAPER, ("Content-Type", "application/pdf")))
    rows = Rows(place)
    assert rows.one("SELECT count(*) FROM attachments") == 0
    links = '<p><a href="/vb/12.pdf">PDF</a></p>'
    imported(place, tmp_path, record("/tin-so-1-p13n1.html", page(1, links), HTML))
    assert rows.all(
        "SELECT a.filename, a.text_status, c.outcome, a.sha256 IS NOT NULL FROM attachments a "
        "JOIN captures c ON c.id = a.capture_id"
    ) == [("12.pdf", "read", "file", 1)]
    assert "Quyet dinh so 12" in rows.one("SELECT attachments FROM article_texts")
    new = place.path / "new.db"
    assert "the same:" in quick("rebuild", str(new), archive=place, env={})


@pytest.mark.parametrize("decoded", [False, True])
def test_bodies_in_every_coding_are_read_also_where_they_are_decoded_already(
    place: Archive, tmp_path: Path, decoded: bool
) -> None:
    codings = {"br": brotli.compress, "zstd": zstd.compress, "deflate": zlib.compress}
    imported(place, tmp_path, *(
        record(f"/tin-so-{n}-p13n{n}.html", page(n) if decoded else encode(page(n)), HTML,
               ("Content-Encoding", name))
        for n, (name, encode) in enumerate(codings.items(), 1)
    ))  # fmt: skip
    titles = Rows(place).all("SELECT title FROM articles ORDER BY key")
    assert titles == [("Tin thứ 1",), ("Tin thứ 2",), ("Tin thứ 3",)]
    for row in Rows(place).all("SELECT warc_file, warc_offset, warc_length FROM captures"):
        assert b"detail-news" in read_response(place.warc_dir, *row).body


def test_a_resource_record_of_a_page_is_a_capture(place: Archive, tmp_path: Path) -> None:
    imported(place, tmp_path, record("/tin-so-4-p13n4.html", page(4), HTML, kind="resource"))
    assert Rows(place).all("SELECT status, outcome, media_type FROM captures") == [
        (200, "article", "text/html")
    ]
    said = quick("reparse", "--json", archive=place, env={})
    told, _ = json.JSONDecoder().raw_decode(said)
    assert (told["captures"], told["unread"]) == (1, [])
