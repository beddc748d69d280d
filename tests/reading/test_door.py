"""The door for pages of any site: what it gives, and that no bytes at all disturb it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from halong_crawler.portal import Portal
from halong_crawler.reading import read, read_page
from halong_crawler.reading.bounds import (
    MOST_ATTRIBUTES,
    MOST_BLOCKS,
    MOST_CHARACTERS,
    MOST_OPEN,
    MOST_OPTIONS,
    MOST_TAGS,
    bounded,
)

URL = "https://phuonghonggai.example.vn/tin-tuc/ra-quan-lam-sach-bo-vinh"

PAGE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8">
<title>Phường Hồng Gai ra quân làm sạch bờ vịnh</title>
<script type="application/ld+json">{"@type": "NewsArticle",
  "headline": "Phường Hồng Gai ra quân làm sạch bờ vịnh",
  "author": {"@type": "Person", "name": "Vũ Thị Hải Yến"},
  "datePublished": "2025-09-20T23:30:00+07:00"}</script></head>
<body><div id="menu"><a href="/">Trang chủ</a> <a href="/tin-tuc">Tin tức</a></div>
<div class="noi-dung"><h1>Phường Hồng Gai ra quân làm sạch bờ vịnh</h1>
<p>Sáng 20/9, hơn 200 cán bộ, đoàn viên và người dân phường Hồng Gai đã tham gia thu gom rác thải
dọc tuyến đường bao biển, hưởng ứng chiến dịch làm cho thế giới sạch hơn năm nay.</p>
<p>Sau ba giờ, lực lượng tham gia đã thu gom gần bốn tấn rác, chủ yếu là vỏ chai nhựa, phao xốp và
lưới cũ trôi dạt vào bờ; toàn bộ được phân loại ngay tại chỗ trước khi chuyển đi xử lý.</p>
<p>Ủy ban nhân dân phường đề nghị các hộ kinh doanh ven biển ký cam kết không xả rác xuống vịnh và
bố trí thùng chứa tại mỗi điểm bán hàng trước ngày 15 tháng sau.</p></div>
<div id="footer">Trang thông tin điện tử phường Hồng Gai</div></body></html>"""

NOW = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)

KEYS = {
    "title": str,
    "lead": str | None,
    "body": str,
    "author": list,
    "published": str | None,
    "category": list,
    "source": str | None,
}


def test_a_page_of_no_known_portal_is_read() -> None:
    read = read_page(PAGE.encode(), URL)
    assert read["title"] == "Phường Hồng Gai ra quân làm sạch bờ vịnh"
    assert read["author"] == ["Vũ Thị Hải Yến"]
    assert read["published"] == "2025-09-20T23:30:00+07:00"
    text = f"{read['lead'] or ''} {read['body']}"
    assert "hơn 200 cán bộ" in text
    assert "trước ngày 15 tháng sau" in text
    assert "Trang chủ" not in text
    assert "Trang thông tin điện tử" not in text


@pytest.mark.parametrize("offset", ["+00:00", "-11:00", "+13:00"])
def test_the_day_is_the_one_the_page_states(offset: str) -> None:
    """Whatever day it is in Vietnam at that moment."""
    page = PAGE.replace("+07:00", offset)
    assert read_page(page.encode(), URL)["published"] == f"2025-09-20T23:30:00{offset}"


def test_a_page_without_anything_gives_empty_fields() -> None:
    read = read_page(b"<p>x</p>", "")
    assert {name: read[name] for name in KEYS} == {
        "title": "", "lead": None, "body": read["body"], "author": [], "published": None,
        "category": [], "source": None,
    }  # fmt: skip


def assert_sound(read: dict[str, object]) -> None:
    assert set(read) == set(KEYS)
    for name, kind in KEYS.items():
        assert isinstance(read[name], kind), name


# Whatever the bytes

TAGS = ("div", "p", "table", "tr", "td", "a", "b", "h1", "span", "script", "title", "li", "br",
        "article", "time", "form", "svg", "template", "frameset", "plaintext")  # fmt: skip
OPENING = st.sampled_from([f"<{tag}>" for tag in TAGS])
CLOSING = st.sampled_from([f"</{tag}>" for tag in TAGS])
MARKED = st.sampled_from(
    [
        '<div class="author date title">', '<a href="//[">', '<img src="http://[::1">', "<!--",
        "-->", "<![CDATA[", "<base href='http://['>", "<meta name=author content='A B'>",
        '<script type="application/ld+json">{"@type":"NewsArticle","author":[[1],{}],'
        '"headline":7,"datePublished":{},"@graph":[3,null]}</script>',
        '<script type="application/ld+json">{"@type":["NewsArticle",{}],"headline":["a"],'
        '"author":{"@type":"Person","name":null},"articleSection":{"a":1}}</script>',
        '<meta property="og:title" content="Tin">', '<time datetime="9999-99-99T99:99">', "&#0;",
        "<meta charset=hex>", "31/02/2024", "Ngày 00/00/0000", "Nguồn:", "Tác giả: ", "\0",
        "Cập nhật lúc 25:61 ngày 31/12/9999",
    ]
)  # fmt: skip
SOUP = st.lists(st.one_of(OPENING, CLOSING, MARKED, st.text(max_size=40)), max_size=60)
ANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@ANY
@given(st.binary(max_size=2000), st.text(max_size=60))
def test_any_bytes_and_any_address(html: bytes, url: str) -> None:
    assert_sound(read_page(html, url))


@ANY
@given(SOUP)
def test_any_markup(parts: list[str]) -> None:
    assert_sound(read_page("".join(parts).encode("utf-8", "surrogatepass"), URL))


@ANY
@given(st.data())
def test_a_page_with_anything_in_its_middle(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(PAGE)))
    page = PAGE[:at] + "".join(data.draw(SOUP)) + PAGE[at:]
    assert_sound(read_page(page.encode("utf-8", "surrogatepass"), URL))


HOSTILE = {
    "deep divs": b"<div>" * 100_000 + b"text",
    "deep divs that are closed": b"<div>" * 100_000 + b"text" + b"</div>" * 100_000,
    "deep spans": b"<span>" * 100_000 + b"text",
    "deep tables": b"<table><tr><td>" * 20_000 + b"text",
    "open formatting": b"<p><font><b><i>" * 20_000 + b"text",
    "20 MB of paragraphs": b"<p>a" * 5_000_000,
    "20 MB of text": b"a " * 10_000_000,
    "20 MB of Vietnamese": "<p>Tin tức của thành phố. ".encode() * 700_000,
    "20 MB in one attribute": b'<p class="' + b"a " * 10_000_000 + b'">text',
    "20 MB of script": PAGE.encode() + b"<script>" + b"var a = 1 < 2;" * 1_500_000,
    "no closed script": b"<script>" * 500_000,
    "zeros": b"\0" * 5_000_000,
    "no encoding": bytes(range(128, 256)) * 100_000,
    "less than": b"<" * 1_000_000,
    "ampersands": b"&" * 2_000_000,
    "breaks": b"<p>" + b"<br>" * 500_000,
    "links": b'<a href="/tin-tuc">tin tuc</a>' * 200_000,
    "headings": b"<h1>Tin tuc moi nhat</h1>" * 100_000,
    "dated items": b"<ul>" + b"<li>02/03/2024 Tin" * 100_000,
    "half dates": b"<p>" + b"ngay 1 thang " * 300_000,
    "digits": b"<p>" + b"1/" * 1_000_000,
    "spaces": b"<title>" + b" " * 3_000_000 + b"</title><p>" + b" " * 3_000_000,
    "brackets in JSON": b'<script type="application/ld+json">' + b"[" * 1_000_000 + b"</script>",
    "many JSON scripts": b'<script type="application/ld+json">{"@type":"Article"}</script>'
    * 50_000,
    "metas": b'<meta name="author" content="A B">' * 200_000,
    "comments": b"<!--" * 500_000,
    "classes": b"".join(b'<div class="author date title c%d">x</div>' % n for n in range(60_000)),
    "names": b"<p>" + "Nguyễn Văn ".encode() * 100_000,
    "dashes": b"<title>" + b"a - " * 500_000 + b"</title><h1>" + b"a - " * 100_000,
    "rows": b"<table>" + b"<tr><td>a<td>b" * 100_000,
    "attributes": b"<p " + b"".join(b"a%d=1 " % n for n in range(200_000)) + b">text",
    "attributes without values": b"<p" + b" a" * 500_000 + b">text",
    "options": b"<select>" + b"<option>tin tuc moi" * 200_000,
    "marks": "<p>a{}".format("\u0301\u0323" * 500_000).encode(),
    "marks as entities": b"<p>a" + b"&#769;&#803;" * 80_000,
    "parts of a title": b"<title>" + b"Tin | " * 300_000 + b"</title>" + b"<h2>Tin</h2>" * 9000,
    "authors in JSON": b'<script type="application/ld+json">{"@type":"NewsArticle","author":['
    + b'{"name":"A B"},' * 200_000
    + b"{}]}</script>",
    "times": b'<time datetime="2024-03-02">2/3/2024</time>' * 100_000,
    "bylines": "<p>Tác giả: Nguyễn Văn An</p>".encode() * 60_000,
    "dated lines": b"<p>ngay 1 thang 2 nam 2024 luc 10 gio</p>" * 60_000,
    "dated links": b"<ul>"
    + b'<li><a href="/a-p13n1.html">Tin tuc moi nhat hom nay</a> (02/03/2024)</li>' * 60_000,
    "pictures": b'<figure><img src="/a.jpg"><figcaption>chu thich</figcaption></figure>' * 60_000,
    "files": b"<div><p>text</p>" + b'<a href="/files/a.pdf">a.pdf</a> ' * 100_000,
    "a long breadcrumb": b'<div class="breadcrumb">' + b'<a href="/x">x</a> &raquo; ' * 100_000,
    "an embedded picture": b'<img src="data:image/png;base64,' + b"A" * 10_000_000 + b'">',
    "UTF-16": ("<p>" + "tin tức " * 500_000).encode("utf-16-le"),
    "Latin letters": ("<p>" + "été où ça " * 500_000).encode("latin-1"),
    "parentheses": b"<p>" + b"(" * 2_000_000,
    "initials": b"<p>" + b"A. B. " * 300_000,
    "an endless word": b"<p>" + b"x" * 20_000_000,
    "an endless article": PAGE.encode()
    + (b"<p>" + "Câu văn dài vừa phải để làm một đoạn của bài viết này. ".encode() * 8 + b"</p>")
    * 5_000,
}
MOST_SECONDS = 4
"""Four times what a page may cost on a quiet machine; a quadratic rule costs minutes."""


@pytest.mark.parametrize("name", HOSTILE)
def test_no_page_holds_the_reader_up(name: str) -> None:
    begin = time.process_time()
    assert_sound(read_page(HOSTILE[name], URL))
    assert time.process_time() - begin < MOST_SECONDS


@pytest.mark.parametrize("platform", ["generic", "halong_cms"])
@pytest.mark.parametrize("name", HOSTILE)
def test_no_page_holds_a_crawl_up(name: str, platform: str) -> None:
    """With the verdict, the links and the portal's own selectors."""
    portal = Portal(
        name="hong_gai", title_vi="Phường Hồng Gai", title_en="Hong Gai", level="commune",
        province="Quảng Ninh", platform=platform, hosts=("phuonghonggai.example.vn",),
        seeds=("https://phuonghonggai.example.vn/",),
    )  # fmt: skip
    begin = time.process_time()
    read(HOSTILE[name], URL, portal=portal, captured_at=NOW)
    assert time.process_time() - begin < MOST_SECONDS


def test_a_page_of_ordinary_size_is_left_alone() -> None:
    assert bounded(PAGE * 400) == PAGE * 400


def test_scripts_give_way_before_text() -> None:
    """A page that is large only for its scripts keeps all of its text and structured data."""
    script = f"<SCRIPT async>{'x = 1 < 2; ' * (MOST_CHARACTERS // 10)}</SCRIPT >"
    text = bounded(PAGE.replace("<body>", f"<body>{script}"))
    assert len(text) < MOST_CHARACTERS
    assert PAGE.partition("<body>")[2] in text
    assert "datePublished" in text


def test_what_is_counted_is_bounded() -> None:
    assert bounded("<i></i>" * MOST_TAGS).count("<") == MOST_TAGS
    assert bounded("<p>a</p>" * MOST_TAGS).count("<p>") == MOST_BLOCKS
    assert bounded("<div>a" * MOST_BLOCKS).count("<div>") == MOST_OPEN


def test_an_element_with_too_many_attributes_and_too_many_options_are_passed_over() -> None:
    flood = "<p " + "a=1 " * (MOST_ATTRIBUTES + 1) + ">"
    assert bounded(f"{flood}text {PAGE}") == f"text {PAGE}"
    picture = f'<img src="data:image/png;base64,{"A/=" * 20_000}" alt="Vịnh">'
    assert bounded(picture + PAGE) == picture + PAGE
    assert "<option" not in bounded("<select>" + "<option>tin" * (MOST_OPTIONS + 1) + PAGE)
    assert bounded("<option>tin" * MOST_OPTIONS) == "<option>tin" * MOST_OPTIONS
