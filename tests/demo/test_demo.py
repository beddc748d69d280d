"""The demo portals: what other tests lean on must itself stand."""

from __future__ import annotations

import gzip
import io
import re
import tomllib
import unicodedata
import xml.etree.ElementTree as ET
import zipfile
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qsl, urljoin, urlsplit
from urllib.request import urlopen

import pytest

from halong_crawler.demo import Block, DemoArticle, DemoServer, Face, descriptor
from halong_crawler.demo.content import CONTENT
from halong_crawler.demo.face import D1N_PAGE
from halong_crawler.demo.model import FORMS, ROLES
from halong_crawler.demo.slugs import slug
from halong_crawler.discovery.target import target
from halong_crawler.portal import load

if TYPE_CHECKING:
    from collections.abc import Iterator

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PAYLOAD = "halongPwned"


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture(params=["halong", "sharepoint"])
def face(server: DemoServer, request: pytest.FixtureRequest) -> Face:
    chosen = getattr(server, request.param)
    assert isinstance(chosen, Face)
    return chosen


CONTENT_FACES = [DemoServer().halong, DemoServer().sharepoint]
ARTICLES = [article for face in CONTENT_FACES for article in face.articles.values()]
ALL = [pytest.param(article, id=article.id) for article in ARTICLES]
DATED = [pytest.param(article, id=article.id) for article in ARTICLES if article.published_at]


class _Page(HTMLParser):
    """The links of a page and the text a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.words: list[str] = []
        self._hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag in ("script", "style", "title")
        if tag == "a":
            self.links += [value for name, value in attrs if name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    @property
    def text(self) -> str:
        return _plain("".join(self.words))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _get(url: str) -> str:
    with urlopen(url) as answer:
        return bytes(answer.read()).decode()


def _status(url: str) -> int:
    try:
        with urlopen(url) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def _id_in(face: Face, url: str) -> str | None:
    """The id of the article a URL leads to, as an adapter would read it."""
    parts = urlsplit(url)
    if face.name == "demo_halong":
        found = re.fullmatch(r"/[^/]*-p13n(\d+)\.html", parts.path)
        return found[1] if found else None
    query = {name.lower(): value for name, value in parse_qsl(parts.query)}
    if parts.path.lower() == "/trang/chitiettintuc.aspx":
        return query["nid"]
    if parts.path.lower() == "/trang/chitietbvgioithieu.aspx":
        return f"bvid-{query['bvid']}"
    return None


def _walk_listings(face: Face) -> dict[str, set[str]]:
    """Article id → the URLs it is listed under, over all pages of all listings."""
    met: dict[str, set[str]] = {}
    waiting = list(tomllib.loads(descriptor(face))["listings"])
    while waiting:
        url = waiting.pop()
        html = _get(url)
        for link in _Page(html).links:
            found = _id_in(face, urljoin(url, link))
            if found:
                met.setdefault(found, set()).add(urljoin(url, link))
        following = re.search(r'class="(?:qnp-link-identifier )?next"[^>]*href="([^"]+)"', html)
        if following:
            waiting.append(urljoin(url, unescape(following[1])))
    return met


# The content files.


def test_ids_are_unique() -> None:
    for prefix in ("halong", "sharepoint"):
        ids = [
            entry["id"]
            for path in CONTENT.glob(f"{prefix}_*.toml")
            for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("article", ())
        ]
        assert len(ids) == len(set(ids)) == {"halong": 40, "sharepoint": 20}[prefix]


def test_static_articles_have_numbers_of_their_own() -> None:
    numbers = [article.number for article in CONTENT_FACES[1].articles.values()]
    assert len(numbers) == len(set(numbers))


def test_enough_of_each_kind() -> None:
    articles = ARTICLES
    texts = [f"{article.title} {article.lead}" for article in articles]
    assert sum("Đại hội Đảng bộ" in text for text in texts) >= 3
    assert {form for article in articles for form in article.forms} == FORMS
    assert {role for article in articles for _, role in article.authors} == ROLES
    assert any(block.kind == "table" for article in articles for block in article.blocks)
    body = " ".join(article.body for article in articles)
    assert "hóa" in body
    assert "hoá" in body


@pytest.mark.parametrize("article", ALL)
def test_article_is_well_formed(article: DemoArticle) -> None:
    assert 3 <= len(article.blocks) <= 9
    assert len(article.slug) <= 96
    assert set(article.forms) <= FORMS
    assert article.body == unicodedata.normalize("NFC", article.body)
    assert all(_plain(line) == line for block in article.blocks for line in block.lines())
    assert all(path.startswith("/") and "%" not in path for path in article.attachments)
    assert (article.date_shown is None) == (article.published_at is None)


@pytest.mark.parametrize("article", ALL)
def test_names_stand_in_the_byline(article: DemoArticle) -> None:
    for name, role in article.authors:
        assert article.byline is not None
        assert name in article.byline
        assert role in ROLES
    if article.source:
        assert article.byline is not None
        assert article.byline.endswith(article.source)
    for image in article.images:
        assert image.credit is None or image.credit in image.text


@pytest.mark.parametrize("article", DATED)
def test_expected_date_is_the_printed_one(article: DemoArticle) -> None:
    assert article.published_at
    assert article.date_shown
    printed = [int(number) for number in re.findall(r"\d+", article.date_shown)]
    weekday = re.match(r"(?i)thứ \w+|chủ nhật", article.date_shown)
    if len(article.published_at) == len("2025-01-01"):
        day = date.fromisoformat(article.published_at)
        assert printed == [day.day, day.month, day.year]
    else:
        moment = datetime.fromisoformat(article.published_at)
        assert moment.utcoffset() == timedelta(hours=7)
        day = moment.date()
        hour = moment.hour - 12 if article.date_shown.endswith("CH") else moment.hour
        assert {day.day, day.month, day.year, hour, moment.minute} <= set(printed)
        assert moment.second in (0, *printed)
    if weekday:
        names = ["thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"]
        assert names[day.weekday()] == weekday[0].lower()


# The pages.


def test_every_page_prints_what_the_content_says(face: Face) -> None:
    for article in face.articles.values():
        text = _Page(_get(face.url_of(article.id))).text
        for part in (article.title, article.lead, article.byline, article.date_shown):
            assert _plain(part or "") in text
        for block in article.blocks:
            for line in block.lines():
                assert line in text, f"{article.id}: {line[:60]}"


def test_every_article_is_reachable_from_the_listings(face: Face) -> None:
    assert set(_walk_listings(face)) == set(face.articles)


def test_listings_have_several_pages_of_ten(server: DemoServer) -> None:
    page = "/chinh-tri-xay-dung-dang-p13c1.html"
    assert _get(f"{server.halong.base_url}{page}").count('class="item-news"') == 10
    assert _get(f"{server.halong.base_url}{page}?page=2").count('class="item-news"') == 2


def test_one_article_is_met_under_several_urls(face: Face) -> None:
    met = _walk_listings(face)
    for link in _Page(_get(f"{face.base_url}/")).links:
        url = urljoin(face.base_url, link)
        if (found := _id_in(face, url)) and found in met:
            met[found].add(url)
    assert sum(len(urls) > 1 for urls in met.values()) >= 5
    for urls in met.values():
        for url in urls:
            assert _status(url) == 200


def test_the_slug_is_ornamental_and_an_unknown_id_is_a_soft_404(server: DemoServer) -> None:
    halong = server.halong
    known = next(iter(halong.articles.values()))
    assert known.title in _get(f"{halong.base_url}/bat-ky-p13n{known.id}.html")
    assert "Không tìm thấy nội dung" in _get(f"{halong.base_url}/{known.slug}-p13n1.html")


def test_path_case_and_title_mean_nothing_on_sharepoint(server: DemoServer) -> None:
    face = server.sharepoint
    for url in (
        "/TRANG/chitiettintuc.aspx?nid=172905",
        "/Trang/ChiTietTinTuc.aspx?title=x&NID=172905",
    ):
        assert face.articles["172905"].title in _get(face.base_url + url)
    assert "Không tìm thấy nội dung" in _get(f"{face.base_url}/Trang/ChiTietTinTuc.aspx?nid=612")


def test_counter_changes_at_every_request(face: Face) -> None:
    url = face.url_of(next(iter(face.articles)))
    pages = [_get(url) for _ in range(3)]
    counters = {re.findall(r"(?:Đang online|lượt truy cập:) (\d+)", page)[0] for page in pages}
    assert len(counters) == 3


def test_the_language_trap_has_no_bottom(server: DemoServer) -> None:
    face = server.halong
    url = face.url_of(next(iter(face.articles)))
    for depth in range(1, 6):
        url = urljoin(url, next(link for link in _Page(_get(url)).links if link.endswith("/en")))
        assert url.count("/en") + url.count("/vi") == depth
    assert 'class="list-news"' in _get(url)


def test_junk_is_there_to_be_refused(server: DemoServer) -> None:
    face = server.halong
    article_id = next(iter(face.articles))
    links = _Page(_get(face.url_of(article_id))).links
    twin = next(link for link in links if link.startswith("/print/"))
    assert face.articles[article_id].title in _get(face.base_url + twin)
    assert {"/dang-nhap.html", "/lien-he.html", "/tham-do-y-kien.html"} <= set(links)
    assert "/quan-tri/" in _Page(_get(f"{face.base_url}/")).links
    assert "Disallow: /quan-tri/" in _get(f"{face.base_url}/robots.txt")


def test_sitemap_and_feed(server: DemoServer) -> None:
    face = server.halong
    index = ET.fromstring(_get(f"{face.base_url}/sitemap.xml"))
    (location,) = (element.text for element in index.iter(f"{SITEMAP}loc"))
    with urlopen(str(location)) as answer:
        urlset = ET.fromstring(gzip.decompress(answer.read()))
    listed = {str(element.text) for element in urlset.iter(f"{SITEMAP}loc")}
    assert listed < {face.url_of(article_id) for article_id in face.articles}
    assert 0.55 < len(listed) / len(face.articles) < 0.78
    for element in urlset.iter(f"{SITEMAP}lastmod"):
        assert datetime.fromisoformat(str(element.text))
    feed = ET.fromstring(_get(f"{face.base_url}/rss/tin-moi.rss"))
    newest = sorted(face.articles, key=int, reverse=True)[:15]
    assert [item.findtext("link") for item in feed.iter("item")] == list(map(face.url_of, newest))
    assert all(parsedate_to_datetime(str(stamp.text)) for stamp in feed.iter("pubDate"))


def test_files_are_what_they_say(face: Face) -> None:
    kinds = set()
    for article in face.articles.values():
        for path in (*article.attachments, *(image.src for image in article.images)):
            with urlopen(face.absolute(path)) as answer:
                content = answer.read()
            kinds.add(path.rpartition(".")[2])
            if path.endswith(".pdf"):
                assert content.startswith(b"%PDF-1.4")
                start = int(content.split(b"startxref\n")[1].split()[0])
                assert content[start:].startswith(b"xref")
            elif path.endswith(".jpg"):
                assert content.startswith(b"\xff\xd8\xff")
                assert content.endswith(b"\xff\xd9")
            else:
                with zipfile.ZipFile(io.BytesIO(content)) as package:
                    assert package.testzip() is None
                    assert "[Content_Types].xml" in package.namelist()
    assert {"jpg", "pdf", "docx", "xlsx"} == kinds


def test_decomposed_letters_are_mixed_with_composed_ones(face: Face) -> None:
    article = next(item for item in face.articles.values() if "nfd" in item.forms)
    page = _get(face.url_of(article.id))
    assert unicodedata.normalize("NFD", article.title) in page
    assert not unicodedata.is_normalized("NFD", page)
    assert re.search("%CC%[89A]", page)


def test_hostile_article_is_markup_and_text(server: DemoServer) -> None:
    page = _get(server.halong.url_of("61408"))
    for payload in (
        "<script>window.",
        "&lt;script&gt;window.",
        "onerror=",
        "javascript:",
        "<svg onload",
    ):
        assert payload in page
    other = [_get(server.halong.url_of(key)) for key in server.halong.articles if key != "61408"]
    assert not any(f"<script>window.{PAYLOAD}" in text for text in other)


def test_imprint_can_be_replaced(face: Face) -> None:
    article = DemoArticle("9", "Tiêu đề & dấu", "Sapo", "Mục lạ", (Block("p", "Thân bài."),))
    text = _Page(
        face.render(article, footer=["CỔNG KHÁC\nSố Giấy phép: 1/GP", "Email: a@b"]).decode()
    )
    assert "Tiêu đề & dấu" in text.text
    assert "CỔNG KHÁC Số Giấy phép: 1/GP Email: a@b" in text.text
    assert face.site.footer[0] not in text.text


# The levers.


def test_edit_shows_from_the_next_request(face: Face) -> None:
    article_id = next(iter(face.articles))
    url, before = face.url_of(article_id), face.articles[article_id]
    face.edit(
        article_id, title="Tiêu đề đã sửa", blocks=(*before.blocks, Block("p", "Đính chính."))
    )
    page = _get(url)
    assert "Tiêu đề đã sửa" in page
    assert "Đính chính." in page
    assert face.url_of(article_id) == url
    assert face.articles[article_id].updated_at > before.updated_at


def test_remove_and_restore(face: Face) -> None:
    article_id = max(face.articles, key=lambda key: face.articles[key].number)
    url = face.url_of(article_id)
    face.remove(article_id)
    assert _status(url) == 404
    assert face.url_of(article_id) == url
    assert article_id not in _walk_listings(face)
    face.restore(article_id)
    assert _status(url) == 200
    assert article_id in _walk_listings(face)


def test_removed_leaves_sitemap_and_feed(server: DemoServer) -> None:
    face = server.halong
    article_id = next(key for key in sorted(face.articles, reverse=True) if int(key) % 3)
    face.remove(article_id)
    with urlopen(f"{face.base_url}/sitemap-tin-bai.xml.gz") as answer:
        assert f"p13n{article_id}" not in gzip.decompress(answer.read()).decode()
    assert f"p13n{article_id}" not in _get(f"{face.base_url}/rss/tin-moi.rss")


def test_fail_until_restored(face: Face) -> None:
    article_id = next(iter(face.articles))
    for status in (500, 503, 429, 522):
        face.fail(article_id, status)
        assert _status(face.url_of(article_id)) == status
    face.restore(article_id)
    assert _status(face.url_of(article_id)) == 200


def test_block_turns_every_page_into_the_cookie_page(face: Face) -> None:
    face.block()
    for url in (f"{face.base_url}/", face.url_of(next(iter(face.articles)))):
        page = _get(url)
        assert page == D1N_PAGE.decode()
        assert re.search(r"D1N=[0-9a-f]{32}\b", page)
    assert 150 <= len(D1N_PAGE) <= 200
    face.block(on=False)
    assert _get(f"{face.base_url}/") != D1N_PAGE.decode()


def test_requests_are_remembered_in_order(face: Face) -> None:
    for path in ("/", "/khong-co?x=1"):
        _status(face.base_url + path)
    assert face.requests == ["/", "/khong-co?x=1"]


def test_descriptor_names_the_place_it_is_served_at(face: Face) -> None:
    portal = tomllib.loads(descriptor(face))
    assert portal["name"] == face.name
    assert [f"http://{host}" for host in portal["hosts"]] == [face.base_url]
    assert all(url.startswith(face.base_url) for url in portal["seeds"] + portal["listings"])
    assert "demo.invalid" not in descriptor(face)


def test_every_article_address_is_known_by_the_descriptor(face: Face, tmp_path: Path) -> None:
    path = tmp_path / f"{face.name}.toml"
    path.write_text(descriptor(face), "utf-8")
    portal = load(path)
    for article_id in face.articles:
        found = target(face.url_of(article_id), portal)
        assert found is not None
        assert (found.kind, found.source_id) == ("article", article_id)


def test_connections_are_kept_and_head_has_no_body(face: Face) -> None:
    connection = HTTPConnection(face.base_url.removeprefix("http://"), timeout=5)
    for method in ("GET", "HEAD", "POST"):
        connection.request(method, "/", body=b"a=1" if method == "POST" else None)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.version == 11
        assert (len(body) == int(str(answer.getheader("Content-Length")))) == (method != "HEAD")
    connection.close()


def test_stops_cleanly_even_with_open_connections() -> None:
    server = DemoServer()
    server.start()
    address = server.halong.base_url
    connection = HTTPConnection(address.removeprefix("http://"), timeout=5)
    connection.request("GET", "/")
    connection.getresponse().read()
    server.stop()
    server.stop()
    assert connection.sock.recv(1) == b""
    connection.close()
    with pytest.raises(URLError):
        urlopen(address)


def test_slug() -> None:
    assert slug("Đại hội “Đảng bộ” lần thứ XII – 2025") == "dai-hoi-dang-bo-lan-thu-xii-2025"
    assert len(slug("dài " * 60)) <= 96
