"""A crawl of a real portal's saved pages, served under their original URLs on loopback.

The pages belong to others and are no part of the project; without them these tests are skipped.
A forward proxy on loopback answers for the portal's host, so the shipped descriptor is crawled as
it is, but for the scheme: the mirror does not say which it was, and a proxy cannot look into https.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.place import Archive
from halong_crawler.portal import BUILTIN
from tests.crawl.conftest import Rows
from tests.crawl.runs import halong
from tests.crawl.served import Answer, Served
from tests.places import SAVED
from tests.reading.test_saved_pages import ADDRESSES, PAGES

pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason=f"no saved pages at {SAVED}")

HOST = "http://sotttt.hanoi.gov.vn"
# HTTrack put ".html" after each path and four digits before it where there was a query.
_QUERY_LINK = re.compile(rb'href="([^":?]+?)[0-9a-f]{4}\.html\?')
_PLAIN_LINK = re.compile(rb'href="((?!https?:)[^":?]*?(?<!\.html))\.html"')


def as_served(page: Path) -> bytes:
    """The page with its links as they were before the mirror rewrote them."""
    html = _QUERY_LINK.sub(rb'href="/\1?', page.read_bytes())
    html = _PLAIN_LINK.sub(rb'href="/\1"', html)
    return html.replace(b'href="/index"', b'href="/"').replace(b'href="/../', b'href="/')


@pytest.fixture
def proxy() -> Iterator[Served]:
    pages = {
        url: Answer(as_served(PAGES / file))
        for file, url in ADDRESSES.items()
        if url.startswith(HOST) and file.endswith(".html")
    }
    with Served(pages) as served:
        yield served


def test_only_the_article_of_a_real_portal_is_stored_as_one(tmp_path: Path, proxy: Served) -> None:
    archive = Archive(tmp_path / "archive")
    archive.create()
    shipped = (BUILTIN / "hanoi_sotttt.toml").read_text("utf-8").replace("https://", "http://")
    # Every saved page is a seed, traps and pop-ups too: whatever a walk may run into.
    seeds = ",\n".join(f'  "{url}"' for url in proxy.pages)
    descriptor = re.sub(r"(?m)^seeds = .*$", f"seeds = [\n{seeds}\n]", shipped)
    assert descriptor != shipped
    (archive.portals_dir / "hanoi_sotttt.toml").write_text(descriptor, "utf-8")
    address = f"http://{proxy.host}"
    env = {"http_proxy": address, "no_proxy": "", "NO_PROXY": ""}
    halong("crawl", "hanoi_sotttt", "--delay", "0", archive=archive, env=env)

    rows = Rows(archive)
    key, title, published, lead = rows.one("SELECT key, title, published_at, lead FROM articles")
    assert key == "hanoi_sotttt-708168"
    assert title.startswith("Hướng dẫn xây dựng Kế hoạch ứng dụng CNTT")
    assert (published, lead) == ("2012-12-21", None)
    assert rows.all("SELECT filename FROM attachments ORDER BY position") == [
        ("Bieu 7- Danh gia hien trang (Huong dan KH 2010).doc",),
        ("Danh muc bieu KH 2012.xls",),
    ]
    outcomes = dict(rows.all("SELECT outcome, count(*) FROM captures GROUP BY outcome"))
    assert outcomes["article"] == 1
    assert outcomes["listing"] >= 5
    # Links into traps and into states of the portal's software were refused, not followed.
    trap = re.compile(r"\.html/(?:en|vi)\b|/(?:en/vi|vi/en)\b|p_p_state=pop_up|dang-nhap")
    assert not [url for url in proxy.asked if trap.search(url) and url not in proxy.pages]
    assert rows.one("SELECT count(*) FROM skipped_urls WHERE reason = 'portal_state'") > 0
