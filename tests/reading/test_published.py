"""Which of a page's dates is the article's: bound to it, or none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from halong_crawler.platforms import PLATFORMS
from halong_crawler.portal import Portal
from halong_crawler.reading.dates.page import page_clues
from halong_crawler.reading.dates.shown import shown_dates
from halong_crawler.reading.dates.stated import stated_dates
from halong_crawler.reading.dates.weighing import weigh
from halong_crawler.reading.document import Document
from halong_crawler.reading.published import (
    SURE,
    frame_of,
    read_published,
    read_updated,
)
from halong_crawler.reading.reader import Reader
from halong_crawler.reading.weighing.story import find_story

URL = "https://daidien.gov.vn/tin/hop-ban-bo-tri-lich-tiep-dan.html"
SEEN = datetime(2025, 6, 30, 3, 0, tzinfo=UTC)

TEXT = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "Ủy ban nhân dân phường vừa họp bàn việc bố trí lại lịch tiếp công dân, để người dân không "
        "phải chờ đợi lâu mỗi khi đến nộp hồ sơ tại bộ phận một cửa.",
        "Theo Quyết định số 412/QĐ-UBND ngày 16/11/2020, bộ phận một cửa nhận hồ sơ vào các buổi "
        "sáng; từ nay người dân có thể nộp cả buổi chiều thứ Năm hằng tuần.",
        "Đại diện các tổ dân phố đề nghị niêm yết lịch mới tại nhà văn hóa khu và thông báo trên "
        "loa phát thanh, để những hộ ở xa trung tâm cũng kịp thời nắm được.",
    )
)


def page(
    above: str = "", below: str = "", after: str = "", around: str = "", head: str = ""
) -> str:
    """An article's page with something above and below its title, after its text, around it."""
    return (
        "<!doctype html><html lang='vi'><head><meta charset='utf-8'>"
        f"<title>Phường họp bàn bố trí lại lịch tiếp công dân</title>{head}</head><body>"
        f"<div id='top'><a href='/'>Trang chủ</a> <a href='/tin'>Tin tức</a></div>"
        f"<div id='main'><div class='detail'>{above}"
        f"<h1>Phường họp bàn bố trí lại lịch tiếp công dân</h1>{below}"
        f"<div class='noi-dung'>{TEXT}</div>{after}</div></div>{around}</body></html>"
    )


def reader_of(
    html: str, url: str = URL, *, language: str = "vi", platform: str = "generic"
) -> Reader:
    portal = Portal(
        name="dai_dien",
        title_vi="Cổng thông tin phường",
        title_en="A ward's portal",
        hosts=("daidien.gov.vn",),
        level="commune",
        province="Quảng Ninh",
        platform=platform,
        seeds=("https://daidien.gov.vn/",),
        first_date=date(2011, 1, 1),
        language=language,
    )
    return Reader(Document.parse(html.encode(), url), portal, PLATFORMS[platform])


def published(html: str, url: str = URL, **options: str) -> tuple[str, str] | None:
    found = read_published(reader_of(html, url, **options), SEEN)
    return (found.at, found.precision) if found is not None else None


def linked(**dates: str) -> str:
    fields = ", ".join(f'"{name}": "{value}"' for name, value in dates.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {fields}}}</script>'


@pytest.mark.parametrize("language", ["vi", "und"])
@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (page(below="<p>Thứ Ba, 08/04/2025 - 14:05</p>"), "2025-04-08T14:05:00+07:00"),
        (page(below="<span class='date'>08/04/2025</span>"), "2025-04-08"),
        (page(below="<div>Ngày đăng: 08/04/2025 | Lượt xem: 313</div>"), "2025-04-08"),
        (page(below="<p>14:05 ngày 08 tháng 04 năm 2025</p>"), "2025-04-08T14:05:00+07:00"),
        (page(head=linked(datePublished="2025-04-08T07:05:00+07:00")), "2025-04-08T07:05:00+07:00"),
        (
            page(
                head="<meta property='article:published_time' content='2025-04-08T07:05:00+07:00'>",
                below="<p>08/04/2025 07:05</p>",
            ),
            "2025-04-08T07:05:00+07:00",
        ),
        # the day the page prints, with the time that its markup states
        (
            page(below="<p><time datetime='2025-04-08T07:05:00+07:00'>08/04/2025</time></p>"),
            "2025-04-08T07:05:00+07:00",
        ),
    ],
)
def test_a_date_of_the_article_is_read(html: str, expected: str, language: str) -> None:
    found = published(html, language=language)
    assert found is not None
    assert found[0] == expected


def test_a_date_above_the_title_and_at_the_end() -> None:
    assert published(page(above="<p>08/04/2025</p>")) == ("2025-04-08", "day")
    ending = page(after="<p>( Ngày 02 tháng 04 năm 2018 )</p>").replace("</div><p>(", "<p>(")
    assert published(ending) == ("2018-04-02", "day")


def test_a_day_in_the_address_is_enough() -> None:
    url = "https://daidien.gov.vn/portal/pages/2023-12-07/hop-ban-4727.aspx"
    assert published(page(), url) == ("2023-12-07", "day")


RELATED = "<div class='tin-khac'><h3>Tin tức khác</h3><ul>" + "".join(
    f"<li><a href='/tin/{n}.html'>Phường dọn vệ sinh khu phố số {n}</a> ({n:02}/05/2025)</li>"
    for n in range(1, 7)
) + "</ul></div>"  # fmt: skip

TRAPS = {
    "nothing": page(),
    "the page's clock": page(above="<div>Thứ Hai, 30/06/2025 10:00</div>"),
    "a clock in the banner": page().replace("<div id='top'>", "<div id='top'>Thứ Sáu, 06/06/2025 "),
    "an old clock of a cached page": page(above="<div>Thứ Sáu, 06/06/2025 10:00</div>"),
    "related news": page(after=RELATED, around=RELATED),
    "a side bar": page(
        around="<aside class='sidebar'><b>Tin mới</b><p><a href='/a'>Khai mạc hội sách phường</a>"
        "<br>12/06/2025</p></aside>"
    ),
    "the licence": page(
        around="<footer><p>Số Giấy phép: 100/GP-STTT ngày 09/08/2024</p><p>09/08/2024</p></footer>"
    ),
    "a comment": page(
        after="<div class='comments'><b>Bạn đọc</b> <span class='date'>09/06/2025 08:12</span>"
        "<p>Mong phường sớm niêm yết lịch mới ở nhà văn hóa khu.</p></div>"
    ),
    "a decree": page(below="<p>Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/03/2020</p>"),
    "a counter": page(below="<p>Lượt xem: 12052025</p>"),
    "an edit": page(below="<p>Cập nhật lần cuối: 08/04/2025</p>"),
    "a month": page(below="<p>Tháng 4/2025</p>"),
    "after the capture": page(below="<p>08/04/2026</p>"),
    "before the portal": page(below="<p>08/04/2009</p>"),
    "a change in the page's data": page(head=linked(dateModified="2025-04-08T07:05:00+07:00")),
}


@pytest.mark.parametrize("html", TRAPS.values(), ids=TRAPS)
def test_a_date_of_something_else_is_not_the_articles(html: str) -> None:
    assert published(html) is None


@pytest.mark.parametrize("trap", [RELATED, *(
    "<footer><p>Số Giấy phép: 100/GP-STTT ngày 09/08/2024</p></footer>",
    "<div class='comments'><span class='date'>09/06/2025 08:12</span> Hay quá!</div>",
)])  # fmt: skip
@pytest.mark.parametrize("language", ["vi", "und"])
def test_traps_do_not_hide_the_articles_own_date(trap: str, language: str) -> None:
    html = page(below="<p class='date'>08/04/2025 14:05</p>", around=trap)
    html = html.replace("<div id='top'>", "<div id='top'>Thứ Hai, 30/06/2025 ")
    assert published(html, language=language) == ("2025-04-08T14:05:00+07:00", "minute")


def test_published_is_not_the_last_change() -> None:
    html = page(
        head=linked(
            datePublished="2025-04-08T07:05:00+07:00", dateModified="2025-05-02T08:00:00+07:00"
        ),
        below="<p>Cập nhật lần cuối: 02/05/2025 08:00</p>",
    )
    assert published(html) == ("2025-04-08T07:05:00+07:00", "minute")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (page(head=linked(dateModified="2025-05-02T08:00:00+07:00")), "2025-05-02T08:00:00+07:00"),
        (
            page(head="<meta property='article:modified_time' content='2025-05-02T01:00:00Z'>"),
            "2025-05-02T08:00:00+07:00",
        ),
        (page(below="<p>08/04/2025 | Cập nhật lần cuối: 02/05/2025</p>"), "2025-05-02"),
        (page(below="<p>08/04/2025</p>"), None),
        (page(head=linked(dateModified="2026-05-02T08:00:00+07:00")), None),
    ],
)
def test_the_last_change_is_read_where_it_is_stated_apart(html: str, expected: str | None) -> None:
    assert read_updated(reader_of(html), SEEN) == expected


PHOTOS = "".join(
    f"<p><img src='/ckfinder/userfiles/images/{month}/hanh/buoi%20hop.jpg' alt='Buổi họp'></p>"
    for month in ("2024/11", "2025/04", "2029/01")
)


def test_an_uploads_month_is_the_earliest_the_article_can_be_of() -> None:
    html = page().replace("<div class='noi-dung'>", f"<div class='noi-dung'>{PHOTOS}")
    found = read_published(reader_of(html, platform="halong_cms"), SEEN)
    assert found is not None
    assert (found.at, found.precision, found.source) == ("2025-04", "month", "image path")


def test_paths_of_other_products_say_nothing() -> None:
    html = page().replace("<div class='noi-dung'>", f"<div class='noi-dung'>{PHOTOS}")
    assert published(html) is None


def test_a_month_never_stands_where_a_day_is_known() -> None:
    html = page(below="<p>08/05/2025</p>").replace("<div class='noi-dung'>", f"<div>{PHOTOS}")
    assert published(html, platform="halong_cms") == ("2025-05-08", "day")


def test_the_month_comes_first_only_where_the_page_is_american() -> None:
    american = page(below="<p class='date'>03/04/2025</p>").replace("lang='vi'", "lang='en-US'")
    assert published(american) == ("2025-04-03", "day")
    american = american.replace(
        "Phường họp bàn bố trí lại lịch tiếp công dân", "Council meets again"
    )
    american = american.replace("16/11/2020", "2020")
    url = "https://example.com/council-meets"
    assert published(american, url, language="und") == ("2025-03-04", "day")


HEADLINE = "Council meets again"


def foreign(head: str = "", below: str = "", body: str = "") -> str:
    html = page(head=head, below=below).replace("lang='vi'", "lang='de'")
    html = html.replace("Phường họp bàn bố trí lại lịch tiếp công dân", HEADLINE)
    return html.replace("16/11/2020", "2020").replace("<body>", f"<body class='{body}'>")


def odds_of(html: str) -> float:
    """Log-odds of the likeliest day of a page of an unknown site."""
    zone = ZoneInfo("UTC")
    document = Document.parse(html.encode(), "https://example.de/council-meets")
    shown = shown_dates(document, frame_of(document, find_story(document)), zone, month_first=False)
    stated = stated_dates(document, zone, month_first=False)
    return weigh(stated, shown, frozenset(page_clues(document)))[0].odds


def test_what_a_page_states_needs_less_than_what_it_only_shows() -> None:
    """A day that nobody sees is taken; as likely a one in the text's opening sentence is not."""
    stated = foreign("<meta name='date' content='2025-04-08'>")
    opening = (
        "Ich habe am 8. April 2025 im Namen aller Anwohner der Gartenstraße einen langen Brief an "
        "den Rat geschrieben, und dies ist die Antwort, die daraufhin bei uns eingegangen ist."
    )
    shown = foreign().replace("<div class='noi-dung'>", f"<div class='noi-dung'><p>{opening}</p>")
    assert published(stated, language="und") == ("2025-04-08", "day")
    assert published(shown, language="und") is None
    assert SURE["stated"] < odds_of(stated) < SURE["shown"]


def test_a_page_of_the_site_is_less_likely_to_have_a_day_than_a_post() -> None:
    head = "<meta property='article:published_time' content='2025-04-08T07:05:00+07:00'>"
    assert odds_of(foreign(head, body="page page-id-7")) < odds_of(
        foreign(head, body="single-post")
    )


@pytest.mark.parametrize("label", ["Deadline: ", "Gültig bis ", "Bewertung vom "])
def test_the_day_of_something_else_below_a_title_is_less_likely(label: str) -> None:
    of_something = odds_of(foreign(below=f"<p>{label}08.04.2025</p>"))
    assert of_something < odds_of(foreign(below="<p>Datum: 08.04.2025</p>"))
