"""Dates as pages print them: every notation, and nothing invented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halong_crawler.platforms.halong_cms import HALONG_CMS
from halong_crawler.reading.dates import (
    Moment,
    date_in_url,
    dates_in,
    find_date,
    in_bounds,
    month_of,
    parse_date,
    stated_date,
)
from halong_crawler.reading.dates.labels import OTHER
from halong_crawler.reading.dates.notations import _MONTHS
from halong_crawler.reading.dates.order import is_month_first
from halong_crawler.reading.dates.page import page_clues
from halong_crawler.reading.dates.stated import stated_dates
from halong_crawler.reading.document import Document

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

PRINTED = [
    # Vietnamese portals
    ("22/09/2022 15:15", "2022-09-22T15:15:00+07:00"),
    ("05/08/2025 02:15:40 CH", "2025-08-05T14:15:40+07:00"),
    ("05/08/2025 10:15:40 SA", "2025-08-05T10:15:40+07:00"),
    ("05/08/2025 12:30:00 SA", "2025-08-05T00:30:00+07:00"),
    ("05/08/2025 12:30:00 CH", "2025-08-05T12:30:00+07:00"),
    ("21/07/2022 | 10:00 AM", "2022-07-21T10:00:00+07:00"),
    ("21/12/2012 | 12:00 AM", "2012-12-21"),
    ("01/11/2024 - 09:50", "2024-11-01T09:50:00+07:00"),
    ("27/09/2020, 21:58", "2020-09-27T21:58:00+07:00"),
    ("(29/06/2026, 14:49)", "2026-06-29T14:49:00+07:00"),
    ("07:22:35 30/05/2021 (GMT+7)", "2021-05-30T07:22:35+07:00"),
    ("Đăng lúc: 07:22:35 30/05/2021 (GMT+7)", "2021-05-30T07:22:35+07:00"),
    ("09:47, 15/03/2021", "2021-03-15T09:47:00+07:00"),
    ("Thứ Bảy, 09/08/2025", "2025-08-09"),
    ("Ngày đăng:09/08/2025", "2025-08-09"),
    ("Chủ Nhật, 12/01/2020, 12:40 [GMT+7]", "2020-01-12T12:40:00+07:00"),
    ("THỨ BA, 07/07/2020 09:35:13", "2020-07-07T09:35:13+07:00"),
    ("Thứ sáu - 12/01/2024 09:30", "2024-01-12T09:30:00+07:00"),
    ("Thứ năm, 26/7/2018, 00:00 (GMT+7)", "2018-07-26"),
    ("Thứ sáu, 6/8/2021, 01:08 (GMT+7)", "2021-08-06T01:08:00+07:00"),
    ("( Ngày 02 tháng 04 năm 2018 )", "2018-04-02"),
    ("21 tháng 09 năm 2025", "2025-09-21"),
    ("Thứ Hai, ngày 21 tháng 09 năm 2025, 14:30", "2025-09-21T14:30:00+07:00"),
    ("14:30 ngày 21 tháng 9 năm 2025", "2025-09-21T14:30:00+07:00"),
    ("Ngày 2 tháng Tư năm 2018", "2018-04-02"),
    ("12 Tháng Mười Một, 2024", "2024-11-12"),
    ("Tháng Chín 21, 2025", "2025-09-21"),
    ("14h30, ngày 02/04/2018", "2018-04-02T14:30:00+07:00"),
    ("14 giờ 30 phút, ngày 02/04/2018", "2018-04-02T14:30:00+07:00"),
    ("Hạ Long, ngày 2 tháng 4 năm 2018", "2018-04-02"),
    ("Ngày đăng 18/03/2019 | 04:01 PM | View count: 536", "2019-03-18T16:01:00+07:00"),
    ("Cập nhật lúc 14:05 ngày 08/04/2025", "2025-04-08T14:05:00+07:00"),
    ("01/11/2024 - 09:50 313", "2024-11-01T09:50:00+07:00"),
    ("02-04-2018", "2018-04-02"),
    ("02.04.2018", "2018-04-02"),
    ("26 | 01 | 2022", "2022-01-26"),
    ("09/22/2022", "2022-09-22"),
    # machines
    ("2025-04-08T07:05:00Z", "2025-04-08T14:05:00+07:00"),
    ("2025-04-08T07:05:00.120+07:00", "2025-04-08T07:05:00+07:00"),
    ("2025-04-08 07:05", "2025-04-08T07:05:00+07:00"),
    ("2025-04-08T17:00:00Z", "2025-04-09"),
    ("2025-04-08", "2025-04-08"),
    ("2025/4/8", "2025-04-08"),
    # the rest of the world
    ("Veröffentlicht am 2. November 2019 um 14:30 Uhr", "2019-11-02T14:30:00+07:00"),
    ("Samstag, 12. Jänner 2019", "2019-01-12"),
    ("Stand: 12.03.20", "2020-03-12"),
    ("Publié le 1er mai 2020 à 14h30", "2020-05-01T14:30:00+07:00"),
    ("lundi 3 févr. 2020", "2020-02-03"),
    ("Publicado el 5 de mayo de 2020", "2020-05-05"),
    ("5 de março de 2020 às 09:10", "2020-03-05T09:10:00+07:00"),
    ("Pubblicato il 7 giugno 2021", "2021-06-07"),
    ("Opublikowano: 14 października 2021", "2021-10-14"),
    ("Gepubliceerd op 3 maart 2022", "2022-03-03"),
    ("Published on May 5, 2020", "2020-05-05"),
    ("Posted: 2nd of May 2020 at 3:05 pm", "2020-05-02T15:05:00+07:00"),
    ("Last updated: Sept. 3, 2021", "2021-09-03"),
    ("02-Apr-2018", "2018-04-02"),
    ("5 мая 2020 г.", "2020-05-05"),
    ("24 نيسان / أبريل 2020", "2020-04-24"),
    ("Datum:26. Januar 2022", "2022-01-26"),
    ("2018. április 2.", "2018-04-02"),
    ("2019年11月2日", "2019-11-02"),
    ("2019년 11월 2일", "2019-11-02"),
]


@pytest.mark.parametrize(("printed", "expected"), PRINTED)
def test_a_printed_date_is_read_day_first(printed: str, expected: str) -> None:
    moment = parse_date(printed, ZONE)
    assert moment is not None
    assert moment.isoformat() == expected
    assert moment.precision == ("day" if len(expected) == 10 else "minute")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Chiều 31/3, Thường trực Thành ủy tổ chức hội nghị giao ban công tác tuần.",
        "Nghị quyết số 01-NQ/TU ngày 16/11/2020",
        "Quyết định số 1234/QĐ-UBND ngày 02 tháng 4 năm 2018 của UBND tỉnh",
        "Số Giấy phép: 100/GP-STTT ngày 09/08/2024",
        "Ngày ban hành: 09/08/2024",
        "Hôm nay, 09/08/2024",
        "Bản quyền 2024",
        "32/13/2020",
        "30/02/2024",
        "nhiệm kỳ 2025 - 2030",
        "0203.361.1792",
        "25:61 01/01/2020",
        "192.168.10.24",
        "On 5 May 2020 the council met for the third time.",
    ],
)
def test_what_is_no_date_line_is_no_date(text: str) -> None:
    assert parse_date(text, ZONE) is None


def test_a_date_element_may_hold_other_words() -> None:
    moment = find_date("Đăng bởi Hồng Liên vào 08/04/2025 14:05, 313 lượt xem", ZONE)
    assert moment is not None
    assert moment.isoformat() == "2025-04-08T14:05:00+07:00"


def test_every_date_of_a_text_is_found_in_its_order() -> None:
    text = "Đăng 02/04/2018 08:10 - sửa 03/04/2018"
    assert [span.moment.isoformat() for span in dates_in(text, ZONE)] == [
        "2018-04-02T08:10:00+07:00",
        "2018-04-03",
    ]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Tue, 12 Nov 2019 10:00:00 +0700", "2019-11-12T10:00:00+07:00"),
        ("20191112", "2019-11-12"),
        ("2019-11-12T10:00:00", "2019-11-12T10:00:00+07:00"),
        ("2019-11-12T10:00:08:684Z", "2019-11-12T10:00:08+07:00"),
        ("November 2019", None),
        ("12 Nov", None),
        ("3.5", None),
    ],
)
def test_a_machines_field_takes_any_form_that_is_a_whole_day(
    stated: str, expected: str | None
) -> None:
    moment = stated_date(stated, ZONE)
    assert (moment.isoformat() if moment is not None else None) == expected


def test_where_nobody_knows_the_place_the_stated_offset_is_kept() -> None:
    moment = parse_date("2019-08-02T23:30:00-04:00", ZoneInfo("UTC"))
    assert moment is not None
    assert moment.isoformat() == "2019-08-02T23:30:00-04:00"


def test_a_name_of_a_month_means_one_month() -> None:
    names = Counter(name for names in _MONTHS.values() for name in set(names.split()))
    assert [name for name, count in names.items() if count > 1] == []


# Every way of writing a moment that must come back as that moment.
WRITERS: dict[str, Callable[[datetime], str]] = {
    "slashes": lambda at: f"{at:%d/%m/%Y %H:%M}",
    "no zeros": lambda at: f"{at.day}/{at.month}/{at.year} {at.hour}:{at:%M}",
    "dots": lambda at: f"{at:%d.%m.%Y, %H:%M}",
    "bar": lambda at: f"{at:%d/%m/%Y} | {at:%I:%M %p}",
    "dash": lambda at: f"{at:%d-%m-%Y} - {at:%H:%M}",
    "time first": lambda at: f"{at:%H:%M} {at:%d/%m/%Y} (GMT+7)",
    "bracket": lambda at: f"Chủ Nhật, {at:%d/%m/%Y}, {at:%H:%M} [GMT+7]",
    "SA and CH": lambda at: f"{at:%d/%m/%Y %I:%M:%S} {'SA' if at.hour < 12 else 'CH'}",
    "words": lambda at: f"ngày {at.day} tháng {at.month} năm {at.year}, {at:%H:%M}",
    "words, time first": lambda at: f"{at:%H:%M} ngày {at:%d} tháng {at:%m} năm {at.year}",
    "h": lambda at: f"{at.hour}h{at:%M} ngày {at:%d/%m/%Y}",
    "ISO": lambda at: at.isoformat(),
    "ISO, space": lambda at: f"{at:%Y-%m-%d %H:%M:%S}",
    "English": lambda at: f"{at:%d %B %Y at %H:%M}",
    "American words": lambda at: f"{at:%B} {at.day}, {at.year} {at:%I:%M %p}",
}
moments = st.builds(
    lambda day, at: datetime.combine(day, at.replace(second=0, microsecond=0), ZONE),
    st.dates(date(1998, 1, 1), date(2040, 12, 31)),
    st.times(),
)


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
@given(at=moments)
def test_every_moment_comes_back(writer: Callable[[datetime], str], at: datetime) -> None:
    moment = parse_date(writer(at), ZONE)
    assert moment is not None
    assert moment.at == at
    assert (moment.precision == "day") == (at.time() == time())


@given(at=moments)
def test_a_date_inside_a_sentence_is_not_what_the_text_is(at: datetime) -> None:
    for printed in (f"{at:%d/%m/%Y}", f"ngày {at.day} tháng {at.month} năm {at.year}"):
        assert parse_date(f"Kế hoạch được ký {printed} tại trụ sở phường.", ZONE) is None


@given(st.text(max_size=130))
def test_no_text_breaks_the_parser(text: str) -> None:
    for read in (parse_date, find_date, stated_date):
        moment = read(text, ZONE)
        assert moment is None or moment.at.tzinfo is not None


@given(st.text("0123456789/.-:| thángămnMayGT+Z,h", max_size=40))
def test_no_text_made_of_parts_of_dates_breaks_the_parser(text: str) -> None:
    for read in (parse_date, find_date, stated_date):
        read(text, ZONE)
    list(dates_in(text, ZONE, month_first=True))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://dbnd.gov.vn/portal/pages/2023-12-07/Hoat-dong-4727.aspx", "2023-12-07"),
        ("https://vinhthinh.gov.vn/2024/04/11/trao-sinh-ke/", "2024-04-11"),
        ("https://vinhthinh.gov.vn/tin/20240411/trao-sinh-ke.html", "2024-04-11"),
        ("https://vinhthinh.gov.vn/2024/04/trao-sinh-ke/", None),
        ("https://vinhthinh.gov.vn/?day=/2024/04/11/", None),
        ("https://vinhthinh.gov.vn/2024/13/41/x", None),
        ("https://vinhthinh.gov.vn/tin-20251201123.html", None),
    ],
)
def test_a_day_in_the_address_counts(url: str, expected: str | None) -> None:
    moment = date_in_url(url, ZONE)
    assert (moment.isoformat() if moment is not None else None) == expected


def test_an_uploads_path_states_a_month() -> None:
    path = "http://halongcity.gov.vn/ckfinder/userfiles/images/2022/05/Loan/vịnh HL.jpg"
    match = HALONG_CMS.upload_paths[0].search(path)
    assert match is not None
    moment = month_of(match, ZONE)
    assert moment is not None
    assert (moment.isoformat(), moment.precision) == ("2022-05", "month")


def test_no_date_after_the_capture_nor_before_the_portal() -> None:
    moment = parse_date("10/05/2024 08:00", ZONE)
    assert moment is not None
    assert in_bounds(moment, date(2020, 1, 1), datetime(2024, 5, 11, tzinfo=UTC))
    assert not in_bounds(moment, date(2024, 6, 1), datetime(2024, 7, 1, tzinfo=UTC))
    assert not in_bounds(moment, None, datetime(2024, 5, 10, 0, 30, tzinfo=UTC))


def test_bounds_are_compared_as_exactly_as_the_date_is_known() -> None:
    first, seen = date(2024, 5, 20), datetime(2024, 5, 25, tzinfo=UTC)
    month = Moment(datetime(2024, 5, 1, tzinfo=ZONE), "month", "2024/05")
    assert in_bounds(month, first, seen)
    assert not in_bounds(month, date(2024, 6, 1), seen)
    assert not in_bounds(month, None, datetime(2024, 4, 30, tzinfo=UTC))
    day = Moment(datetime(2024, 5, 25, tzinfo=ZONE), "day", "25/05/2024")
    assert in_bounds(day, first, seen)


@pytest.mark.parametrize(
    ("html", "texts", "url", "expected"),
    [
        ('<html lang="en-US">', [], "https://example.com/", True),
        ('<html lang="en">', ["13/02/2020"], "https://example.com/", False),
        ('<html lang="de">', ["02/13/2020"], "https://example.com/", True),
        ('<html lang="en-GB">', [], "https://example.com/", False),
        ('<html lang="en-us">', [], "https://phuong.gov.vn/", False),
        ('<html lang="en-us"><title>Hội nghị tổng kết</title>', [], "", False),
        ("<html>", [], "https://example.com/", False),
    ],
)
def test_the_order_of_day_and_month(html: str, texts: list[str], url: str, expected: bool) -> None:
    assert is_month_first(Document.parse(html.encode(), url), texts) is expected


def test_the_readings_of_a_date_are_held_against_the_pages_own_data() -> None:
    html = '<html lang="de"><meta property="article:published_time" content="2021-11-01T04:00:00Z">'
    document = Document.parse(html.encode(), "https://example.at/")
    stated = list(stated_dates(document, ZONE, month_first=False))
    assert is_month_first(document, ["11/01/2021"], stated)
    assert not is_month_first(document, ["01/11/2021"], stated)
    assert not is_month_first(document, ["12/01/2021"], stated)


@pytest.mark.parametrize(
    ("before", "other"),
    [
        ("Deadline: ", True),
        ("Anmeldeschluss ist der ", False),
        ("Gültig bis zum ", True),
        ("Hạn chót: ngày ", True),
        ("Bình luận lúc ", True),
        ("The deadline has passed. Published ", False),
        ("Ngày đăng: ", False),
    ],
)
def test_words_that_lead_to_the_day_of_something_else(before: str, other: bool) -> None:
    assert (OTHER.search(before) is not None) is other


def test_an_impossible_day_turns_the_order() -> None:
    for month_first in (True, False):
        moment = parse_date("13/02/2020", ZONE, month_first=month_first)
        assert moment is not None
        assert moment.isoformat() == "2020-02-13"
    american = parse_date("03/04/2020", ZONE, month_first=True)
    assert american is not None
    assert american.isoformat() == "2020-03-04"


@pytest.mark.parametrize(
    ("html", "clues"),
    [
        ("<body class='single-post postid-7'>", {"built as post", "og:type "}),
        ("<body class='home page page-id-2'>", {"built as home", "og:type "}),
        ("<body class='page-template-default page'>", {"built as page", "og:type "}),
        (
            "<meta property='og:type' content='Article'><body class='w3'>",
            {"built as unknown", "og:type article"},
        ),
        (
            "<meta property='og:type' content='product.item'>",
            {"built as unknown", "og:type other"},
        ),
    ],
)
def test_what_a_page_is_called_by_its_template(html: str, clues: set[str]) -> None:
    assert set(page_clues(Document.parse(html.encode(), "https://example.org/"))) == clues
