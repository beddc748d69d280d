"""Links, further pages, site maps and feeds."""

import gzip
from functools import partial
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from halong_crawler.discovery import sitemap
from halong_crawler.discovery.feed import read_feed
from halong_crawler.discovery.links import Link, every_link, links
from halong_crawler.discovery.listing import next_pages
from halong_crawler.discovery.sitemap import read_sitemap
from halong_crawler.discovery.target import target
from halong_crawler.discovery.xml import Entry
from halong_crawler.portal import find
from tests.places import SAVED

HOME = "https://halongcity.gov.vn/tin/a.html"
HANOI = find("hanoi_sotttt")
PAGES = SAVED / "pages"


def found(html: str, url: str = HOME) -> list[Link]:
    return links(LexborHTMLParser(html), url)


def turned(html: str, url: str) -> list[str]:
    every = every_link(LexborHTMLParser(html), url)
    return [page.url for page in next_pages(every, url, partial(target, portal=HANOI))]


def test_links_are_absolute_squeezed_and_once_in_order() -> None:
    html = """
    <a href="/b.html#x"> Tin \n tức&nbsp; mới </a><a href="c.html" rel="Next NoFollow">2</a>
    <a href="/b.html">lần nữa</a><a href=" //x.vn/d ">d</a><a href="?page=2">trang</a>
    """
    assert found(html) == [
        Link("https://halongcity.gov.vn/b.html", "Tin tức mới", ""),
        Link("https://halongcity.gov.vn/tin/c.html", "2", "next nofollow"),
        Link("https://x.vn/d", "d", ""),
        Link("https://halongcity.gov.vn/tin/a.html?page=2", "trang", ""),
    ]


def test_a_link_without_words_takes_those_of_its_twin_or_its_title() -> None:
    html = '<a href="/b"><img src="x"></a><a href="/b">Tiêu đề</a><a href="/c" title="Ảnh"></a>'
    assert [link.text for link in found(html)] == ["Tiêu đề", "Ảnh"]


@pytest.mark.parametrize(
    "href",
    ["#top", "", "  ", "javascript:void(0)", "mailto:a@b.vn", "tel:0203", "data:text/html,x",
     "http://[half/", "ftp://x.vn/a"],
)  # fmt: skip
def test_what_is_no_link(href: str) -> None:
    assert found(f'<a href="{href}">x</a>') == []


def test_base_is_honoured_even_if_relative() -> None:
    html = '<base href="/goc/"><a href="b.html">x</a>'
    assert found(html)[0].url == "https://halongcity.gov.vn/goc/b.html"


def test_head_links_are_the_next_page_and_feeds_only() -> None:
    html = """<head><link rel="stylesheet" href="a.css"><link rel="canonical" href="/k">
    <link rel="next" href="?page=2"><link rel="alternate" hreflang="en" href="/en">
    <link rel="alternate" type="application/rss+xml" title="Tin mới" href="/rss"></head>"""
    assert [(link.url[25:], link.text) for link in found(html)] == [
        ("/tin/a.html?page=2", ""),
        ("/rss", "Tin mới"),
    ]


def test_next_pages_best_first_and_none_twice() -> None:
    html = """
    <a href="/shtd?_101_cur=1">1</a><a href="/shtd?_101_cur=2">2</a><a href="/shtd?_101_cur=4">4</a>
    <a href="/shtd?_101_cur=9">Cuối cùng →</a><a href="/shtd?p_p_id=101&_101_cur=4">Trang sau</a>
    <a href="/shtd/-/view_content/4-x.html">4</a><a href="/khac">Tiếp</a>
    <a href="/shtd?_101_cur=5&p_p_state=pop_up">5</a>
    """
    pages = turned(html, "https://sotttt.hanoi.gov.vn/shtd?_101_cur=3")
    assert [page.partition("?")[2] for page in pages] == [
        "p_p_id=101&_101_cur=4",
        "_101_cur=2",
        "_101_cur=9",
    ]


@pytest.mark.parametrize(
    "words", ["Trang sau", "Tiếp", "Sau", "›", "»", ">", "Next", "TIẾP THEO »"]
)
def test_next_by_its_words(words: str) -> None:
    html = f'<a href="/shtd?so=2">{words}</a>'
    assert turned(html, "https://sotttt.hanoi.gov.vn/shtd")


@pytest.mark.parametrize("words", ["Sau đại hội", "Tiếp công dân", "2", "Trước", "›a"])
def test_words_that_turn_no_page(words: str) -> None:
    html = f'<a href="/shtd?so=2">{words}</a>'
    assert turned(html, "https://sotttt.hanoi.gov.vn/shtd") == []


def test_next_by_rel_off_the_portal_is_none() -> None:
    html = '<link rel="next" href="https://other.vn/2">'
    assert turned(html, "https://sotttt.hanoi.gov.vn/shtd") == []


# Site maps

MAP = "https://halongcity.gov.vn/sitemap.xml"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
URLSET = f"""<?xml version="1.0"?><urlset {NS}>
<url><loc> https://halongcity.gov.vn/a?x=1&amp;y=2 </loc><lastmod>2025-03-31</lastmod></url>
<url><loc>/b</loc></url><url><lastmod>2025</lastmod></url></urlset>"""
ENTRIES = (
    Entry("https://halongcity.gov.vn/a?x=1&y=2", "2025-03-31"),
    Entry("https://halongcity.gov.vn/b", None),
)


@pytest.mark.parametrize(
    "body",
    [
        URLSET.encode(),
        b"\xef\xbb\xbf\n\n" + URLSET.encode(),
        gzip.compress(URLSET.encode()),
        gzip.compress(URLSET.encode())[:-6],
        URLSET.replace(NS, "").encode(),
        URLSET.replace("</urlset>", "<url><loc").encode(),
        URLSET.replace("&amp;", "&").encode(),
    ],
    ids=["plain", "bom", "gzip", "cut gzip", "no namespace", "cut", "bare ampersand"],
)
def test_sitemap(body: bytes) -> None:
    read = read_sitemap(body, MAP)
    assert read.entries[1] == ENTRIES[1]
    assert read.entries[0].lastmod == ENTRIES[0].lastmod
    assert read.children == ()


def test_sitemap_urls_are_unescaped() -> None:
    assert read_sitemap(URLSET.encode(), MAP).entries == ENTRIES


def test_sitemap_index() -> None:
    body = f"<sitemapindex {NS}><sitemap><loc>/sm/1.xml.gz</loc></sitemap></sitemapindex>"
    read = read_sitemap(body.encode(), MAP)
    assert (read.children, read.entries) == (("https://halongcity.gov.vn/sm/1.xml.gz",), ())


def test_sitemap_of_images_takes_the_pages_location() -> None:
    body = f"""<urlset {NS} xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><url>
    <loc>https://a.vn/1</loc><i:image><i:loc>https://a.vn/1.jpg</i:loc></i:image></url></urlset>"""
    assert read_sitemap(body.encode(), MAP).entries == (Entry("https://a.vn/1"),)


def test_plain_text_sitemap() -> None:
    body = b"\xef\xbb\xbfhttps://a.vn/1\r\nno url\nhttp://a.vn/2\n"
    assert [entry.url for entry in read_sitemap(body, MAP).entries] == [
        "https://a.vn/1",
        "http://a.vn/2",
    ]


@pytest.mark.parametrize(
    "body", [b"", b"<", b"\x1f\x8bnot gzip", b"<html><body>404</body></html>", b"\x00\x01"]
)
def test_what_is_no_sitemap_is_empty(body: bytes) -> None:
    assert read_sitemap(body, MAP) == sitemap.Sitemap()


def test_a_packed_bomb_is_unpacked_to_the_bound_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "LARGEST", 1000)
    body = gzip.compress(b"https://a.vn/1\n" * 100_000)
    assert len(read_sitemap(body, MAP).entries) <= 67


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://a.vn/secret")
    body = f'<!DOCTYPE u [<!ENTITY s SYSTEM "file://{secret}">]><urlset><url><loc>&s;</loc></url>'
    assert "secret" not in str(read_sitemap(f"{body}</urlset>".encode(), MAP))


# Feeds

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Tin</title>
<link>https://a.vn/</link><item><title>x</title><link> https://a.vn/1 </link>
<pubDate>Mon, 31 Mar 2025 10:00:00 +0700</pubDate></item>
<item><guid>https://a.vn/2</guid></item><item><guid isPermaLink="false">7</guid></item>
</channel></rss>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<item rdf:about="https://a.vn/1"><link>https://a.vn/1</link><dc:date>2025-03-31</dc:date></item>
</rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://a.vn/"/><entry>
<link rel="self" href="/self"/><link href="/1"/><updated>2025-03-31T10:00:00+07:00</updated></entry>
</feed>"""


@pytest.mark.parametrize(
    ("body", "entries"),
    [
        (
            RSS,
            (Entry("https://a.vn/1", "Mon, 31 Mar 2025 10:00:00 +0700"), Entry("https://a.vn/2")),
        ),
        (RDF, (Entry("https://a.vn/1", "2025-03-31"),)),
        (ATOM, (Entry("https://a.vn/1", "2025-03-31T10:00:00+07:00"),)),
        ("<html><body>Không tìm thấy</body></html>", ()),
        ("", ()),
    ],
    ids=["rss 2", "rss 1", "atom", "html", "nothing"],
)
def test_feed(body: str, entries: tuple[Entry, ...]) -> None:
    assert read_feed(body.encode(), "https://a.vn/rss") == entries


# Real pages

LISTING = PAGES / "hanoi_sotttt_list_cntt_q.html"


@pytest.mark.skipif(not LISTING.is_file(), reason=f"no saved pages in {PAGES}")
def test_links_of_a_real_listing() -> None:
    url = "https://sotttt.hanoi.gov.vn/cong-nghe-thong-tin?p_p_id=101&_101_cur=17"
    tree = LexborHTMLParser(LISTING.read_bytes())
    targets = [t for link in links(tree, url) if (t := target(link.url, HANOI))]
    articles = {t.key for t in targets if t.kind == "article"}
    assert len(articles) == 10
    assert all(t.source_id and t.source_id.isdigit() for t in targets if t.kind == "article")
    assert [t.refused for t in targets if "dang-nhap" in t.url] == ["portal_state"]
    assert not any(t.paging for t in targets if t.kind == "article")


@pytest.mark.skipif(not LISTING.is_file(), reason=f"no saved pages in {PAGES}")
def test_pages_of_a_real_listing() -> None:
    # The mirror gave every state of the list a file name of its own; as served they share a path.
    html = LISTING.read_text(encoding="utf-8")
    for link in links(LexborHTMLParser(html), "https://m.vn/"):
        name = link.url.removeprefix("https://m.vn/").partition(".html?")[0]
        if name.startswith("cong-nghe-thong-tin") and "/" not in name:
            html = html.replace(f'"{name}.html?', '"cong-nghe-thong-tin?')
    url = "https://sotttt.hanoi.gov.vn/cong-nghe-thong-tin?p_p_id=101&_101_cur=17"
    pages = turned(html, url)
    assert pages[0].endswith("_101_cur=18")
    assert {int(page.rpartition("=")[2]) for page in pages} == {*range(2, 26)} - {17}
