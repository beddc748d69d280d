"""Targets: real URL forms, what they are, and which of them are one page."""

import time
import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.schema import SKIP_REASONS
from halong_crawler.discovery.target import Target, is_file, target
from halong_crawler.platforms import TABLES
from halong_crawler.portal import Portal, find

HALONG, PROVINCE = find("halong"), find("quangninh")
CONSTRUCTION, HANOI = find("quangninh_soxaydung"), find("hanoi_sotttt")

_PORTLET = (
    "p_p_id=101&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view&p_p_col_id=column-1"
    "&p_p_col_pos=1&p_p_col_count=2&_101_delta=10&_101_keywords=&_101_advancedSearch=false"
    "&_101_andOperator=true&p_r_p_564233524_resetCur=false"
)
_POLL = "p_p_id=59_INSTANCE_6aZaRrRqV2Cq&p_p_lifecycle=0&p_p_mode=view&p_p_col_id=column-2"


def generic(host: str) -> Portal:
    return Portal(
        name="mau",
        title_vi="Mẫu",
        title_en="Sample",
        level="commune",
        province="Mẫu",
        platform="generic",
        hosts=(host,),
        seeds=(f"https://{host}/",),
    )


def seen(url: str, portal: Portal) -> Target:
    found = target(url, portal)
    assert found is not None
    return found


ARTICLES = [
    (HALONG, "https://halongcity.gov.vn/giao-ban-ngay-31-3-2025-p13n61318.html", "61318"),
    (HALONG, "http://honggai.halongcity.gov.vn/ngay-01-7-p13n54162.html", "honggai-54162"),
    (HALONG, "http://giengday.halongcity.gov.vn/nhanh-N3-p13n54713.html?x=1", "giengday-54713"),
    (PROVINCE, "https://www.quangninh.gov.vn/Trang/ChiTietTinTuc.aspx?nid=113139", "113139"),
    (PROVINCE, "https://quangninh.gov.vn/trang/chitietbvgioithieu.aspx?bvid=458", "bvid-458"),
    (PROVINCE, "https://quangninh.gov.vn/khac/Trang/ChiTietTinTuc.aspx?a=b&nid=7", "khac-7"),
    (
        CONSTRUCTION,
        "https://www.quangninh.gov.vn/So/soxaydung/Trang/ChiTietTinTuc.aspx?nid=5479",
        "5479",
    ),
    (
        find("quangninh_doanhnghiep"),
        "https://doanhnghiep.quangninh.gov.vn/Trang/ChiTietTinTuc.aspx?nid=8850",
        "8850",
    ),
    (HANOI, "https://sotttt.hanoi.gov.vn/shtd/-/view_content/692985-hoi-thao-.html", "692985"),
    (
        HANOI,
        "https://sotttt.hanoi.gov.vn/web/sotttt-eng/hot-news/-/view_content/3159600-events.html",
        "3159600",
    ),
    (
        HANOI,
        "https://sotttt.hanoi.gov.vn/chi-tiet-tin-tuc/-/asset_publisher/M0UUAFstbTMq/content/"
        "le-ra-quan/20181?inheritRedirect=false&redirect=https%3A%2F%2Fx.vn%2Fa%3Fb%3Dc",
        "le-ra-quan",
    ),
    (HANOI, "https://sotttt.hanoi.gov.vn/chi-tiet-tin-tuc/-/news/44741/slug.html", "44741"),
    (
        generic("xuandong.dongnai.gov.vn"),
        "https://xuandong.dongnai.gov.vn/vi/news/thong-tin/hdnd-xa-378.html",
        "378",
    ),
    (
        generic("hamrong.thanhhoa.gov.vn"),
        "https://hamrong.thanhhoa.gov.vn/do-thi-thong-minh-139821/doan-thanh-nien-599825",
        "599825",
    ),
    (
        generic("hoinongdan.bacgiang.gov.vn"),
        "https://hoinongdan.bacgiang.gov.vn/18432-hiep-hoa-2626-co-so-hoi.html",
        "18432",
    ),
    (
        generic("xasonlinh.hatinh.gov.vn"),
        "https://xasonlinh.hatinh.gov.vn/portal/pages/2023-01-30/Ung-dung-trong-v-468686.aspx",
        "468686",
    ),
    (
        generic("tienphuoc.quangnam.gov.vn"),
        "https://tienphuoc.quangnam.gov.vn/webcenter/portal/tienphuoc/pages_tin-tuc/chi-tiet"
        "?dDocName=PORTAL461362&_afrLoop=123",
        "PORTAL461362",
    ),
    (
        generic("donghung.thaibinh.gov.vn"),
        "http://donghung.thaibinh.gov.vn/News/Lists/TongHop/View_Detail.aspx?ItemID=192",
        "news-lists-tonghop-192",
    ),
    (
        generic("sonoivu.tuyenquang.gov.vn"),
        "https://sonoivu.tuyenquang.gov.vn/vi/tin-bai/quy-dinh?id=130235&type=NEWS",
        "130235",
    ),
]


@pytest.mark.parametrize(("portal", "url", "source_id"), ARTICLES)
def test_article(portal: Portal, url: str, source_id: str) -> None:
    found = seen(url, portal)
    assert (found.kind, found.source_id, found.refused) == ("article", source_id, None)
    assert not found.paging


ONE_PAGE = [
    (
        HALONG,
        [
            "https://halongcity.gov.vn/giao-ban-p13n61318.html",
            "http://www.halongcity.gov.vn:80/giao-ban-p13n61318.html#top",
            "HTTPS://HALONGCITY.GOV.VN/tua-de-moi-p13n61318.html?utm_source=zalo&fbclid=1",
        ],
    ),
    (
        PROVINCE,
        [
            "https://www.quangninh.gov.vn/Trang/ChiTietTinTuc.aspx?nid=113139",
            "http://quangninh.gov.vn/trang/chitiettintuc.aspx?nid=113139&title=diem-bao.html",
            "https://quangninh.gov.vn/Trang/ChiTietTinTuc.aspx?Cat=82&NID=113139",
        ],
    ),
    (
        PROVINCE,
        [
            "https://quangninh.gov.vn/Trang/DanhSachBaiVietGioiThieu.aspx?Cat=Cơ sở hạ tầng",
            "https://quangninh.gov.vn/Trang/DanhSachBaiVietGioiThieu.aspx?Cat=Cơ%20sở%20hạ%20tầng",
            "https://quangninh.gov.vn/Trang/DanhSachBaiVietGioiThieu.aspx?Cat=Cơ+sở+hạ+tầng",
            "https://www.quangninh.gov.vn/trang/danhsachbaivietgioithieu.aspx?"
            "Cat=C%C6%A1%20s%E1%BB%9F%20h%E1%BA%A1%20t%E1%BA%A7ng",
        ],
    ),
    (
        HANOI,
        [
            "https://sotttt.hanoi.gov.vn/chien-luoc-quy-hoach",
            f"https://sotttt.hanoi.gov.vn/chien-luoc-quy-hoach?{_POLL}&p_p_state=normal",
            f"https://sotttt.hanoi.gov.vn/chien-luoc-quy-hoach?{_PORTLET}&_101_cur=1",
            "https://sotttt.hanoi.gov.vn/chien-luoc-quy-hoach/?redirect=%2Fa%3Fredirect%3D%252Fb",
        ],
    ),
    (
        HANOI,
        [
            "https://sotttt.hanoi.gov.vn/shtd/-/view_content/692985-hoi-thao-.html",
            "https://sotttt.hanoi.gov.vn/cong-nghe-thong-tin/-/view_content/692985-khac.html",
            "https://sotttt.hanoi.gov.vn/shtd/-/view_content/692985-a.html?inheritRedirect=true",
            "https://sotttt.hanoi.gov.vn/shtd/-/view_content/692985-a.html;jsessionid=1F2E",
        ],
    ),
    (
        generic("xuandong.dongnai.gov.vn"),
        [
            "https://xuandong.dongnai.gov.vn/vi/news/thong-tin/hdnd-xa-378.html",
            "https://xuandong.dongnai.gov.vn/vi/news/savefile/thong-tin/hdnd-xa-378.html",
            "https://xuandong.dongnai.gov.vn/vi/news/print/thong-tin/hdnd-xa-378.html",
            "https://xuandong.dongnai.gov.vn/vi/news/sendmail/thong-tin/hdnd-xa-378.html",
        ],
    ),
]


@pytest.mark.parametrize(("portal", "urls"), ONE_PAGE)
def test_all_urls_of_a_page_meet_in_one_key(portal: Portal, urls: list[str]) -> None:
    assert len({seen(url, portal).key for url in urls}) == 1


_QN, _HN = "https://quangninh.gov.vn/Trang", "https://sotttt.hanoi.gov.vn"
TWO_PAGES = [
    (
        HALONG,
        "http://halongcity.gov.vn/a-p13n52635.html",
        "http://caothang.halongcity.gov.vn/a-p13n52635.html",
    ),
    (PROVINCE, f"{_QN}/ChiTietTinTuc.aspx?nid=458", f"{_QN}/ChiTietBVGioiThieu.aspx?bvid=458"),
    (PROVINCE, f"{_QN}/Tin-tuc-su-kien.aspx?Cat=82", f"{_QN}/Tin-tuc-su-kien.aspx?Cat=113"),
    (HANOI, f"{_HN}/shtd?_101_cur=2", f"{_HN}/shtd?_101_cur=3"),
    (HANOI, f"{_HN}/shtd?_101_INSTANCE_a_cur=2", f"{_HN}/shtd?_101_INSTANCE_b_cur=2"),
    (generic("x.gov.vn"), "https://x.gov.vn/Tin", "https://x.gov.vn/tin"),
    (generic("x.gov.vn"), "https://x.gov.vn/a%2Fb", "https://x.gov.vn/a/b"),
    (generic("x.gov.vn"), "https://x.gov.vn/?q=a%2Bb", "https://x.gov.vn/?q=a+b"),
]


@pytest.mark.parametrize(("portal", "one", "other"), TWO_PAGES)
def test_two_pages_keep_two_keys(portal: Portal, one: str, other: str) -> None:
    assert seen(one, portal).key != seen(other, portal).key


@pytest.mark.parametrize(
    ("portal", "url"),
    [
        (HANOI, f"https://sotttt.hanoi.gov.vn/cong-nghe-thong-tin?{_PORTLET}&_101_cur=17"),
        (HANOI, "https://sotttt.hanoi.gov.vn/a?p_p_id=dsnews_WAR_x&_dsnews_WAR_x_cur=2"),
        (PROVINCE, "https://quangninh.gov.vn/Trang/tin-tuc-su-kien.aspx?Page=3"),
        (generic("x.gov.vn"), "https://x.gov.vn/vi/news/tin-tuc/page-4/"),
        (generic("x.gov.vn"), "http://x.gov.vn/tin-tuc/chinh-tri-xa-hoi/trang-784.html"),
        (generic("x.gov.vn"), "http://x.gov.vn/index.php/ho-t-d-ng?start=50"),
        (generic("x.gov.vn"), "http://x.gov.vn/tin-tuc/phat-trien!/nong-thon-moi/trang-5.html"),
    ],
)
def test_paging(portal: Portal, url: str) -> None:
    found = seen(url, portal)
    assert (found.kind, found.paging, found.refused) == ("listing", True, None)


@pytest.mark.parametrize("path", ["Tin-tuc-su-kien.aspx?Cat=82", "tin-tuc-su-kien.aspx"])
def test_listing(path: str) -> None:
    found = seen(f"https://www.quangninh.gov.vn/Trang/{path}", PROVINCE)
    assert (found.kind, found.paging) == ("listing", False)


def test_a_listing_of_the_descriptor() -> None:
    assert seen("https://sotttt.hanoi.gov.vn/tin-tuc-su-kien", HANOI).kind == "listing"


_EN = f"{_HN}/web/sotttt-eng"
REFUSED = [
    (HANOI, f"{_EN}/hot-news/-/view_content/3159600-typical-events.html/en", "language_recursion"),
    (
        HANOI,
        f"{_EN}/culture/-/view_content/737358-thang-long.html/en/vi/en/vi",
        "language_recursion",
    ),
    (HANOI, f"{_HN}/en/vi/trang-chu", "language_recursion"),
    (
        HANOI,
        f"{_EN}/a/-/view_content/web/sotttt-eng/b/-/view_content/1-x.html",
        "repeated_segments",
    ),
    (generic("x.gov.vn"), "https://x.gov.vn/tin/a/tin/b/tin/c", "repeated_segments"),
    (HANOI, f"{_HN}/chien-luoc-quy-hoach?{_POLL}&p_p_state=pop_up", "portal_state"),
    (HANOI, f"{_HN}/dang-nhap", "portal_state"),
    (HANOI, f"{_HN}/dang-nhap?p_p_id=58&p_p_state=normal", "portal_state"),
    (HANOI, f"{_HN}/c/portal/login?p_l_id=557668", "portal_state"),
    (
        HANOI,
        f"{_HN}/VCMS-portlet/html/portlet/vcmsviewcontent/print_article.jsp?printArticleId=1",
        "portal_state",
    ),
    (
        PROVINCE,
        "https://www.quangninh.gov.vn/_layouts/15/SP.QNP/AdminPages/Admin.aspx",
        "portal_state",
    ),
    (PROVINCE, f"{_QN}/searchqnp.aspx?k=abc", "portal_state"),
    (HALONG, f"https://halongcity.gov.vn/{'a' * 2000}.html", "url_too_long"),
]


@pytest.mark.parametrize(("portal", "url", "reason"), REFUSED)
def test_refused(portal: Portal, url: str, reason: str) -> None:
    assert seen(url, portal).refused == reason


def test_an_article_under_an_endless_redirect_is_asked_by_its_own_url() -> None:
    own = "https://sotttt.hanoi.gov.vn/shtd/-/view_content/692985-hoi-thao.html"
    found = seen(f"{own}?redirect={'%252F' * 800}", HANOI)
    assert (found.url, found.refused) == (own, None)


@pytest.mark.parametrize(
    ("segment", "kind"), [("savefile", "download"), ("print", "print"), ("sendmail", "alias")]
)
def test_a_twin_is_asked_by_its_articles_url(segment: str, kind: str) -> None:
    host = "https://xuandong.dongnai.gov.vn"
    found = seen(f"{host}/vi/news/{segment}/thong-tin/hdnd-378.html", generic(host[8:]))
    assert (found.url, found.alias) == (f"{host}/vi/news/thong-tin/hdnd-378.html", kind)


@pytest.mark.parametrize(
    ("url", "alias"),
    [
        ("https://quangninh.gov.vn/Trang/ChiTietTinTuc.aspx?nid=1", "canonical"),
        ("https://quangninh.gov.vn/Trang/ChiTietTinTuc.aspx?nid=1#x", "canonical"),
        ("https://quangninh.gov.vn/Trang/ChiTietTinTuc.aspx?nid=1&title=x", "alias"),
    ],
)
def test_alias(url: str, alias: str) -> None:
    found = seen(url, PROVINCE)
    assert found.alias == alias
    assert found.canonical == "https://quangninh.gov.vn/Trang/ChiTietTinTuc.aspx?nid=1"


def test_the_query_is_asked_for_as_found() -> None:
    url = f"https://sotttt.hanoi.gov.vn/shtd?{_PORTLET}&_101_cur=2"
    assert seen(url, HANOI).url == url


@pytest.mark.parametrize(
    "url",
    [
        "mailto:a@halongcity.gov.vn",
        "javascript:void(0)",
        "https://baoquangninh.vn/a-p13n1.html",
        "http://halongcity.gov.vn/ckfinder/userfiles/images/2022/05/Loan/ltdl%20vinh%20HL.jpg",
        "http://halongcity.gov.vn/a/b.PDF?x=1",
        "http://halongcity.gov.vn/image/journal/article?img_id=4418032&t=1658804544379",
        "http://halongcity.gov.vn/documents/554897/555001/a.gif/123?t=1",
        "http://halongcity.gov.vn:99999/",
        "http://[halongcity.gov.vn/",
        "http:///x",
        "",
    ],
)
def test_no_target(url: str) -> None:
    assert target(url, HALONG) is None


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("http://x.vn/So/Lists/TinTuc/Attachments/4362/1.%20942-Q%C4%90.pdf", True),
        ("http://x.vn/a.docx?x", True),
        ("http://x.vn/Trang/default.aspx", False),
        ("http://x.vn/sitemap.xml", False),
        ("http://x.vn/", False),
    ],
)
def test_is_file(url: str, answer: bool) -> None:
    assert is_file(url) is answer


def test_refusals_are_from_the_closed_list() -> None:
    assert {rule.reason for table in TABLES for rule in table.refuse} <= SKIP_REASONS.keys()


# Properties. Paths and queries are drawn from what portals really mix: Vietnamese text composed
# and decomposed, percent signs, slashes, dots, twins' words and parameters of the platforms.

_WORDS = st.sampled_from(
    ["Trang", "ChiTietTinTuc.aspx", "print", "savefile", "news", "vi", "en", "a-12.html", "..", ".",
     "", "-", "view_content", "1-x.html", "%2e%2E", "%E0%B", "tin tức", "Hạ Long", ";jsessionid=1"]
)  # fmt: skip
_TEXT = st.one_of(_WORDS, st.text(max_size=8))
_PARAMS = st.tuples(
    st.sampled_from(["nid", "bvid", "Cat", "page", "_101_cur", "p_p_id", "print", "redirect", "q"]),
    _TEXT,
)


@st.composite
def urls(draw: st.DrawFn) -> tuple[str, Portal]:
    portal = draw(st.sampled_from([HALONG, PROVINCE, HANOI, generic("x.gov.vn")]))
    path = "/".join(draw(st.lists(_TEXT, max_size=6)))
    query = "&".join(f"{name}={value}" for name, value in draw(st.lists(_PARAMS, max_size=4)))
    return f"{portal.seeds[0]}{path}?{query}", portal


@given(urls())
def test_a_target_is_its_own_target(drawn: tuple[str, Portal]) -> None:
    url, portal = drawn
    first = target(url, portal)
    if first is not None:
        again = seen(first.url, portal)
        assert (again.key, again.url, again.kind) == (first.key, first.url, first.kind)
        assert seen(first.canonical, portal).key == first.key


@given(st.text(min_size=1, max_size=20), st.text(max_size=20))
def test_all_spellings_of_a_url_have_one_key(segment: str, value: str) -> None:
    # Delimiters and escapes mean something else raw than encoded; they have tests of their own.
    # urlsplit takes white space and control characters out of a raw URL.
    odd = set("/\\?#&%+=;[]@:") | {c for c in segment + value if c.isspace() or not c.isprintable()}
    segment, value = ("".join(c for c in text if c not in odd) for text in (segment, value))
    host, portal = "https://x.gov.vn", generic("x.gov.vn")
    keys = set()
    for form in ("NFC", "NFD"):
        path = unicodedata.normalize(form, segment)
        argument = unicodedata.normalize(form, value)
        keys.add(seen(f"{host}/a-{path}-b?q={argument}z", portal).key)
        keys.add(seen(f"{host}/a-{quote(path)}-b?q={quote(argument)}z", portal).key)
    assert len(keys) == 1


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    for start in ("", "http://", "https://x.gov.vn", "https://x.gov.vn/"):
        target(start + text, generic("x.gov.vn"))


@pytest.mark.parametrize("piece", ["a-11", "/vi", "/en/vi", "print/", "&nid=", "?", "-1.html/"])
def test_no_url_keeps_the_rules_busy(piece: str) -> None:
    for portal in (HALONG, PROVINCE, HANOI, generic("x.gov.vn")):
        start = time.perf_counter()
        target(f"{portal.seeds[0]}{piece * (100_000 // len(piece))}", portal)
        target(f"{portal.seeds[0]}{piece * (1_900 // len(piece))}", portal)
        assert time.perf_counter() - start < 0.5
