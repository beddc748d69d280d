"""The platforms' tables: that each row can be used, and that pages betray their product."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from halong_crawler import platforms
from halong_crawler.discovery.target import target
from halong_crawler.platforms import FIELDS, PLATFORMS, TABLES, Selector, detect, platform_for
from halong_crawler.platforms.base import Platform, selector
from halong_crawler.portal import Portal
from tests.places import SAVED

PAGES = SAVED / "pages"
FROZEN = Path(__file__).parents[1] / "pages"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_selectors_can_be_read(table: Platform) -> None:
    assert set(table.selectors) <= set(FIELDS)
    tree = LexborHTMLParser("<p></p>")
    for texts in table.selectors.values():
        for text in texts:
            tree.css(selector(text).css)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_article_urls_have_an_id(table: Platform) -> None:
    # Plone's addresses are the editors' own words: none of them says that it is an article.
    assert table.article_urls or table.name == "plone"
    assert all("id" in form.pattern.groupindex for form in table.article_urls)


def test_names_are_unique() -> None:
    assert len(PLATFORMS) == len([table for table in TABLES if table.valid_until is None])


@pytest.mark.parametrize(
    ("text", "css", "attribute", "regex"),
    [
        ("h1.a > b ~ c", "h1.a > b ~ c", None, None),
        ("a[href*='@x']", "a[href*='@x']", None, None),
        ("time@datetime", "time", "datetime", None),
        ("a[href*='@x.vn']@href", "a[href*='@x.vn']", "href", None),
        (r"div[id]@id~^_101_(\d+)$", "div[id]", "id", r"^_101_(\d+)$"),
        (r"p@text~\S+@\S+", "p", "text", r"\S+@\S+"),
    ],
)
def test_selector(text: str, css: str, attribute: str | None, regex: str | None) -> None:
    parsed = selector(text)
    assert parsed[:2] == (css, attribute)
    assert (parsed.regex.pattern if parsed.regex else None) == regex


@pytest.mark.parametrize(
    ("text", "value", "cut"),
    [("a@id~_(\\d+)", "x_12", "12"), ("a@id~\\d+", "x_12", "12"), ("a@id~z", "x", None),
     ("a@id", "x", "x")],
)  # fmt: skip
def test_a_selector_cuts_its_value(text: str, value: str, cut: str | None) -> None:
    parsed: Selector = selector(text)
    assert parsed.cut(value) == cut


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ('<a href="/tin-moi-p13n61318.html">x</a>', "halong_cms"),
        ('<a class="qnp-link-identifier" id="Rss" href="/Trang/QNP-RSS.aspx">', "sharepoint_qnp"),
        ("<script>var Liferay={Browser:{}}</script>", "liferay"),
        # A link to another portal says nothing about the product of this one.
        ('<a href="https://www.quangninh.gov.vn/Trang/ChiTietTinTuc.aspx?nid=1">x</a>', "generic"),
        ("", "generic"),
    ],
)
def test_detect(html: str, name: str) -> None:
    assert detect(html).name == name


@pytest.mark.parametrize(
    ("platform", "address", "kind", "source_id"),
    [
        ("nukeviet", "/vi/news/kinh-te/khoi-cong-cau-4127.html", "article", "4127"),
        ("nukeviet", "/tin-tuc/kinh-te/khoi-cong-cau-4127.html", "article", "4127"),
        ("nukeviet", "/news/Kinh-te/khoi-cong-cau-305/", "article", "305"),
        ("nukeviet", "/index.php?language=vi&nv=news&op=Kinh-te/cau-305", "article", "305"),
        ("nukeviet", "/vi/news/savefile/kinh-te/khoi-cong-cau-4127.html", "article", "4127"),
        ("nukeviet", "/news/print/kinh-te/khoi-cong-cau-4127.html", "article", "4127"),
        ("nukeviet", "/vi/news/kinh-te/page-2/", "listing", None),
        ("nukeviet", "/vi/news/kinh-te/", "listing", None),
        ("nukeviet", "/vi/laws/detail/Quyet-dinh-31/", "page", None),
        ("wordpress", "/?p=18432", "article", "18432"),
        ("wordpress", "/2024/04/11/trao-sinh-ke/", "article", "trao-sinh-ke"),
        ("wordpress", "/2024/04/trao-sinh-ke", "article", "trao-sinh-ke"),
        ("wordpress", "/18432-trao-sinh-ke.html", "article", "18432"),
        ("wordpress", "/2024/04/11/", "page", None),
        ("wordpress", "/category/hoat-dong/page/3/", "listing", None),
        ("wordpress", "/gioi-thieu/", "page", None),
        ("dotnetnuke", "/Default.aspx?TabID=168&ItemID=2417", "article", "2417"),
        ("dotnetnuke", "/x/tabid/9/articleType/ArticleView/articleId/6/a.aspx", "article", "6"),
        ("dotnetnuke", "/tin-tuc/articleid/20719/mo-rong-pho-di-bo", "article", "20719"),
        ("dotnetnuke", "/Default.aspx?tabid=119", "listing", None),
        ("joomla", "/index.php/tin-tuc/512-khu-cong-nghi-p", "article", "512"),
        ("joomla", "/index.php?option=com_content&view=article&id=5:a&Itemid=9", "article", "5"),
        ("joomla", "/index.php?option=com_content&view=category&id=9", "listing", None),
        ("drupal", "/node/10489", "article", "10489"),
        ("drupal", "/vi/node/10489?destination=/", "article", "10489"),
        ("drupal", "/taxonomy/term/7", "listing", None),
        ("plone", "/tin-tuc/hoat-dong/dua-sach-len-ban/view", "page", None),
        ("sharepoint_list", "/News/Lists/A/View_Detail.aspx?ItemID=192", "article",
         "news-lists-a-192"),
        ("vcms", "/web/guest/t/-/vcmsviewcontent/GbkG/2101/2101/81231/", "article", "81231"),
        ("vcms", "/t/-/view_content/4418032-x.html", "article", "4418032"),
        ("vnpt_portal", "/web/guest/tin-tuc/-/view/881217/hoi-nghi", "article", "881217"),
    ],
)  # fmt: skip
def test_forms_of_addresses(platform: str, address: str, kind: str, source_id: str | None) -> None:
    portal = Portal(
        name="unknown", title_vi="?", title_en="?", hosts=("xa.gov.vn",), level="commune",
        province="?", platform=platform, seeds=("https://xa.gov.vn/",),
    )  # fmt: skip
    found = target(f"https://xa.gov.vn{address}", portal)
    assert found is not None
    assert (found.kind, found.source_id) == (kind, source_id)


@pytest.mark.parametrize(
    ("platform", "address"),
    [
        ("nukeviet", "/vi/users/login/"),
        ("wordpress", "/wp-admin/post.php"),
        ("wordpress", "/?s=dat"),
        ("dotnetnuke", "/Default.aspx?tabid=9&ctl=Login"),
        ("joomla", "/index.php/component/mailto/?tmpl=component"),
        ("drupal", "/user/register"),
        ("plone", "/@@search?SearchableText=x"),
        ("sharepoint_list", "/_layouts/Authenticate.aspx"),
    ],
)
def test_states_of_the_software_are_refused(platform: str, address: str) -> None:
    (rules,) = [table.refuse for table in TABLES if table.name == platform]
    assert any(rule.pattern.search(address) for rule in rules)


@pytest.mark.skipif(not PAGES.is_dir(), reason=f"no saved pages in {PAGES}")
@pytest.mark.parametrize(
    ("glob", "name"),
    [("hanoi_*.html", "liferay"), ("bacninh_*.html", "liferay"), ("qnp_f*.html", "sharepoint_qnp")],
)
def test_detect_real_pages(glob: str, name: str) -> None:
    found = {path.name: detect(path.read_text(encoding="utf-8")).name for path in PAGES.glob(glob)}
    assert found
    assert set(found.values()) == {name}, found


@pytest.mark.skipif(not PAGES.is_dir(), reason=f"no saved pages in {PAGES}")
def test_liferay_selectors_on_a_real_article() -> None:
    tree = LexborHTMLParser((PAGES / "hanoi_sotttt_article_vi.html").read_bytes())
    rows = PLATFORMS["liferay"].selectors
    for field in ("title", "lead", "body", "byline", "date", "category"):
        assert len(tree.css(rows[field][0])) == 1 or field == "category", field
    assert tree.css(rows["listing"][0]) == []
    (rule,) = rows["source_id"]
    node = tree.css_first(selector(rule).css)
    assert node is not None
    assert selector(rule).cut(node.attributes["id"] or "") == "708168"


def test_a_capture_is_read_by_the_table_of_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    now = PLATFORMS["liferay"]
    older = replace(now, valid_until=date(2020, 12, 31))
    oldest = replace(now, valid_until=date(2015, 12, 31))
    monkeypatch.setattr(platforms, "TABLES", (now, older, oldest))

    def on(year: int) -> Platform:
        return platform_for("liferay", "", datetime(year, 12, 31, tzinfo=UTC))

    assert (on(2014), on(2020), on(2021)) == (oldest, older, now)
    assert platform_for("liferay", "") is now


def test_a_portal_of_unknown_product_is_read_by_its_pages_marks() -> None:
    assert platform_for("generic", "<script>var Liferay={}</script>").name == "liferay"
    assert platform_for("halong_cms", "<script>var Liferay={}</script>").name == "halong_cms"


def test_a_mark_is_never_missed_for_the_words_looked_for_first() -> None:
    """The words are part of whatever the pattern matches: told on every page there is."""
    pages = [path.read_text("utf-8", "replace") for path in FROZEN.rglob("*.html")]
    borne = [
        (mark, page)
        for table in PLATFORMS.values()
        for mark in table.marks
        for page in pages
        if mark.pattern.search(page)
    ]
    assert len({mark for mark, _ in borne}) > 20
    assert all(mark.words in page for mark, page in borne)
