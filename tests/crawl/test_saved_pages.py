"""Pages that browsers and HTTrack saved, imported: each under its own address, at its own time."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from archive.place import Archive
from archive.warc import read_response
from tests.crawl.conftest import Rows
from tests.crawl.quick import quick
from tests.crawl.served import article_page, descriptor
from tests.documents.makers import scan

HOST = "cong.example"
CHANGED = datetime(2017, 5, 6, 7, 8, 9, tzinfo=UTC)


def url(number: int) -> str:
    return f"http://{HOST}/tin-so-{number}-p13n{number}.html"


@pytest.fixture
def place(tmp_path: Path) -> Archive:
    found = Archive(tmp_path / "archive")
    found.create()
    (found.portals_dir / "vidu.toml").write_text(descriptor(HOST), "utf-8")
    return found


def imported(place: Archive, *paths: Path, code: int = 0) -> str:
    return quick("import", *map(str, paths), archive=place, env={}, code=code)


def articles(place: Archive) -> list[tuple[object, ...]]:
    return Rows(place).all(
        "SELECT a.source_id, a.title, v.captured_at FROM article_versions v "
        "JOIN articles a ON a.id = v.article_id ORDER BY 1, 3"
    )


def saved(path: Path, page: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page)
    os.utime(path, (CHANGED.timestamp(), CHANGED.timestamp()))
    return path


def after_html(page: bytes, words: str) -> bytes:
    return page.replace(b"<html>", f"<html>\n{words}\n".encode())


def httrack(number: int) -> bytes:
    address = url(number).removeprefix("http://")
    return after_html(
        article_page(f"Tin thứ {number}"),
        f"<!-- Mirrored from {address} by HTTrack Website Copier/3.x [XR&CO'2014], "
        f"Mon, 23 Nov 2015 10:00:0{number} GMT -->",
    )


def test_a_mirror_of_httrack_is_read_by_the_comments_in_its_pages(
    place: Archive, tmp_path: Path
) -> None:
    mirror = tmp_path / "mirror"
    for number in (1, 2):
        saved(mirror / HOST / f"tin-{number}.html", httrack(number))
    saved(mirror / "index.html", b"<html><!-- Mirror and index made by HTTrack --></html>")
    saved(mirror / "hts-log.txt", b"HTTrack3.49-2 launched")
    said = imported(place, mirror)
    assert articles(place) == [
        ("1", "Tin thứ 1", "2015-11-23T10:00:01Z"), ("2", "Tin thứ 2", "2015-11-23T10:00:02Z"),
    ]  # fmt: skip
    assert "1 pages that do not say where they are from" in said
    assert "1 files that are no pages" in said
    assert Rows(place).all("SELECT kind, source, length(sha256) FROM imports") == [
        ("folder", "mirror", 64)
    ]
    (row,) = Rows(place).all(
        "SELECT warc_file, warc_offset, warc_length FROM captures WHERE url = ?", url(1)
    )
    stored = read_response(place.warc_dir, *row)
    assert stored.body == httrack(1)
    assert (stored.status, stored.headers) == (200, {"content-type": "text/html"})


@pytest.mark.parametrize(
    ("words", "at", "told"),
    [
        (f"<!-- saved from url=(0042){url(1)} -->", "2017-05-06T07:08:09Z", True),
        (f"<!--\n Page saved with SingleFile \n url: {url(1)} \n saved date: Thu Nov 23 2023 "
         "17:00:00 GMT+0700 (Indochina Time)\n-->", "2023-11-23T10:00:00Z", False),
        (f'<head><link rel="canonical" href="{url(1)}"></head>', "2017-05-06T07:08:09Z", True),
    ],
)  # fmt: skip
def test_a_page_that_a_browser_saved_says_where_it_is_from(
    place: Archive, tmp_path: Path, words: str, at: str, told: bool
) -> None:
    page = saved(tmp_path / "trang.html", after_html(article_page("Một tin"), words))
    said = imported(place, page)
    assert articles(place) == [("1", "Một tin", at)]
    assert ("1 pages name no time" in said) is told


def mhtml(number: int, *more: MIMEApplication) -> bytes:
    """As Chrome writes it."""
    whole = MIMEMultipart("related", boundary="----MultipartBoundary--x----")
    whole["From"] = "<Saved by Blink>"
    whole["Snapshot-Content-Location"] = url(number)
    whole["Subject"] = "Một tin"
    whole["Date"] = f"Fri, 1 Mar 2019 15:00:0{number} +0700"
    page = MIMEText(article_page(f"Tin thứ {number}").decode(), "html", "utf-8")
    page["Content-Location"] = url(number)
    whole.attach(page)
    for part in more:
        whole.attach(part)
    return whole.as_bytes()


def file(address: str, data: bytes) -> MIMEApplication:
    part = MIMEApplication(data, "pdf")
    part["Content-Location"] = address
    return part


def test_mhtml_is_read_with_its_parts(place: Archive, tmp_path: Path) -> None:
    document = scan()
    path = saved(tmp_path / "trang.mhtml", mhtml(
        3, file(f"http://{HOST}/van-ban/12.pdf", document), file("cid:css-1@mhtml.blink", b"x"),
    ))  # fmt: skip
    said = imported(place, path)
    assert articles(place) == [("3", "Tin thứ 3", "2019-03-01T08:00:03Z")]
    assert "1 parts of MHTML without an address" in said
    rows = Rows(place)
    (row,) = rows.all(
        "SELECT warc_file, warc_offset, warc_length FROM captures WHERE outcome = 'file'"
    )
    assert read_response(place.warc_dir, *row).body == document


def test_mhtml_that_is_cut_short_is_told_and_costs_no_other(place: Archive, tmp_path: Path) -> None:
    whole = mhtml(4, file(f"http://{HOST}/van-ban/12.pdf", b"%PDF-1.4" + bytes(5000)))
    folder = tmp_path / "saved"
    saved(folder / "a.mht", whole[:-3000])
    saved(folder / "b.mht", mhtml(5))
    said = imported(place, folder, code=12)
    assert "a.mht: it is cut short; its last part is left out" in said
    assert [source for source, _, _ in articles(place)] == ["4", "5"]
    assert Rows(place).one("SELECT count(*) FROM captures") == 2


def test_saved_pages_are_kept_once_and_stand_the_proof_of_the_archive(
    place: Archive, tmp_path: Path
) -> None:
    page = saved(tmp_path / "trang.html", httrack(1))
    imported(place, page)
    before = Rows(place).counts()
    imported(place, page)
    after = Rows(place).counts()
    assert [name for name in after if name[0] != "_" and after[name] != before[name]] == []
    quick("verify", archive=place, env={})


def test_a_mail_is_no_saved_page(place: Archive, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail.set_content("no page")
    said = imported(place, saved(tmp_path / "mail.eml", mail.as_bytes()), code=12)
    assert "nor a page that was saved" in said
