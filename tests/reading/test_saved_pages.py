"""Pages of real portals as a public mirror saved them: what each is, and what is read from it.

They belong to others and are no part of the project; without them these tests are skipped.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.records import Article
from halong_crawler.portal import BUILTIN, Portal, load_all
from halong_crawler.reading import Document, NotAnArticle, read, read_imprint
from tests.places import SAVED

PAGES = SAVED / "pages"
pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason=f"no saved pages at {PAGES}")

MIRRORED_ON = datetime(2022, 8, 27, 5, tzinfo=UTC)

# file → what the page is. "article" is the only one that may be stored as one.
VERDICTS = {
    "bacninh_dvc_home.html": "home",
    "hanoi_sotttt_article_pl.html": "form",
    "hanoi_sotttt_article_vi.html": "article",
    "hanoi_sotttt_contact.html": "static",
    "hanoi_sotttt_covid.html": "listing",
    "hanoi_sotttt_directory.html": "listing",
    "hanoi_sotttt_eng_about.html": "static",
    "hanoi_sotttt_eng_home.html": "home",
    "hanoi_sotttt_home.html": "home",
    "hanoi_sotttt_home_en.html": "home",
    "hanoi_sotttt_intro.html": "static",
    "hanoi_sotttt_list_bare.html": "listing",
    "hanoi_sotttt_list_cntt.html": "listing",
    "hanoi_sotttt_list_cntt_q.html": "listing",
    "hanoi_sotttt_list_p1q.html": "listing",
    "hanoi_sotttt_list_p2.html": "listing",
    "hanoi_sotttt_login.html": "login",
    "hanoi_sotttt_org.html": "static",
    "hanoi_sotttt_qa.html": "static",
    "hanoi_sotttt_sitemap.html": "static",
    "hanoi_sotttt_trap_en.html": "listing",
    "hanoi_sotttt_trap_vi_culture.html": "listing",
    "hanoi_sotttt_tthc.html": "static",
}


def addresses() -> dict[str, str]:
    if not PAGES.is_dir():
        return {}
    with (PAGES / "index.tsv").open(encoding="utf-8") as stream:
        rows = csv.DictReader(stream, delimiter="\t")
        return {r["file"]: r["source_url"].split(" ")[0].replace("http(s)", "http") for r in rows}


ADDRESSES = addresses()


def portal_of(url: str, portals: dict[str, Portal]) -> Portal:
    return next((p for p in portals.values() if p.covers(url)), portals["hanoi_sotttt"])


@pytest.fixture(scope="module")
def portals() -> dict[str, Portal]:
    return load_all(BUILTIN)


@pytest.mark.parametrize("file", VERDICTS)
def test_a_saved_page_is_what_it_is(file: str, portals: dict[str, Portal]) -> None:
    url = ADDRESSES[file]
    html = (PAGES / file).read_bytes()
    result = read(html, url, portal=portal_of(url, portals), captured_at=MIRRORED_ON)
    found = result.reason if isinstance(result, NotAnArticle) else "article"
    assert found == VERDICTS[file], result


def test_every_saved_page_has_a_verdict() -> None:
    pages = {path.name for path in PAGES.glob("*.html") if "fragment" not in path.name}
    assert pages == set(VERDICTS)


def test_the_real_article_is_read_in_full(portals: dict[str, Portal]) -> None:
    file = "hanoi_sotttt_article_vi.html"
    html = Path(PAGES / file).read_bytes()
    portal = portals["hanoi_sotttt"]
    article = read(html, ADDRESSES[file], portal=portal, captured_at=MIRRORED_ON)
    assert isinstance(article, Article)
    assert article.title == (
        "Hướng dẫn xây dựng Kế hoạch ứng dụng CNTT trong hoạt động của cơ quan nhà nước "
        "thành phố Hà Nội năm 2012"
    )
    assert article.published is not None
    assert (article.published.at, article.published.precision) == ("2012-12-21", "day")
    assert [link.filename for link in article.attachments] == [
        "Bieu 7- Danh gia hien trang (Huong dan KH 2010).doc",
        "Danh muc bieu KH 2012.xls",
    ]
    assert article.authors == ()
    assert article.source_id == "708168"
    assert "Thông tin trao đổi đề nghị liên hệ" in article.body


def test_the_province_footer_is_an_imprint() -> None:
    html = (PAGES / "qnp_footer_fragment.html").read_bytes()
    imprint = read_imprint(Document.parse(html, "https://www.quangninh.gov.vn/"))
    assert imprint is not None
    assert (imprint.licence_number, imprint.licence_date) == ("53/GP-TTĐT", "2015-05-27")
