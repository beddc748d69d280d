"""Dates as portals print them; day first always, and nothing invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halong_crawler.reading.dates import date_in_url, find_date, in_bounds, parse_date

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("22/09/2022 15:15", "2022-09-22T15:15:00+07:00"),
        ("05/08/2025 02:15:40 CH", "2025-08-05T14:15:40+07:00"),
        ("05/08/2025 10:15:40 SA", "2025-08-05T10:15:40+07:00"),
        ("05/08/2025 12:30:00 SA", "2025-08-05T00:30:00+07:00"),
        ("21/07/2022 | 10:00 AM", "2022-07-21T10:00:00+07:00"),
        ("21/12/2012 | 12:00 AM", "2012-12-21"),
        ("01/11/2024 - 09:50", "2024-11-01T09:50:00+07:00"),
        ("27/09/2020, 21:58", "2020-09-27T21:58:00+07:00"),
        ("(29/06/2026, 14:49)", "2026-06-29T14:49:00+07:00"),
        ("07:22:35 30/05/2021 (GMT+7)", "2021-05-30T07:22:35+07:00"),
        ("Đăng lúc: 07:22:35 30/05/2021 (GMT+7)", "2021-05-30T07:22:35+07:00"),
        ("09:47, 15/03/2021", "2021-03-15T09:47:00+07:00"),
        ("Thứ Bảy, 09/08/2025", "2025-08-09"),
        ("Chủ Nhật, 12/01/2020, 12:40 [GMT+7]", "2020-01-12T12:40:00+07:00"),
        ("THỨ BA, 07/07/2020 09:35:13", "2020-07-07T09:35:13+07:00"),
        ("Thứ sáu - 12/01/2024 09:30", "2024-01-12T09:30:00+07:00"),
        ("Thứ năm, 26/7/2018, 00:00 (GMT+7)", "2018-07-26"),
        ("Thứ sáu, 6/8/2021, 01:08 (GMT+7)", "2021-08-06T01:08:00+07:00"),
        ("( Ngày 02 tháng 04 năm 2018 )", "2018-04-02"),
        ("21 tháng 09 năm 2025", "2025-09-21"),
        ("Hạ Long, ngày 2 tháng 4 năm 2018", "2018-04-02"),
        ("Ngày đăng 18/03/2019 | 04:01 PM | View count: 536", "2019-03-18T16:01:00+07:00"),
        ("01/11/2024 - 09:50 313", "2024-11-01T09:50:00+07:00"),
        ("2025-04-08T07:05:00Z", "2025-04-08T14:05:00+07:00"),
        ("2025-04-08", "2025-04-08"),
    ],
)
def test_a_printed_date_is_read_day_first(printed: str, expected: str) -> None:
    moment = parse_date(printed, ZONE)
    assert moment is not None
    assert moment.isoformat() == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Chiều 31/3, Thường trực Thành ủy tổ chức hội nghị giao ban công tác tuần.",
        "Nghị quyết số 01-NQ/TU ngày 16/11/2020",
        "Số Giấy phép: 100/GP-STTT ngày 09/08/2024",
        "32/13/2020",
        "30/02/2024",
        "nhiệm kỳ 2025 - 2030",
        "0203.361.1792",
        "25:61 01/01/2020",
    ],
)
def test_what_is_no_date_line_is_no_date(text: str) -> None:
    assert parse_date(text, ZONE) is None


@given(st.dates(date(1998, 1, 1), date(2040, 12, 31)), st.times())
def test_every_day_and_time_comes_back(day: date, clock: object) -> None:
    hour, minute = clock.hour, clock.minute  # type: ignore[attr-defined]
    moment = parse_date(f"{day:%d/%m/%Y} {hour:02}:{minute:02}", ZONE)
    assert moment is not None
    assert moment.at.date() == day
    assert (moment.precision == "day") == (hour == minute == 0)


@given(st.text(max_size=90))
def test_no_text_breaks_the_parser(text: str) -> None:
    parse_date(text, ZONE)
    find_date(text, ZONE)


def test_a_day_in_the_address_counts() -> None:
    moment = date_in_url("https://dbnd.gov.vn/portal/pages/2023-12-07/Hoat-dong-4727.aspx", ZONE)
    assert moment is not None
    assert moment.isoformat() == "2023-12-07"


def test_no_date_after_the_capture_nor_before_the_portal() -> None:
    moment = parse_date("10/05/2024 08:00", ZONE)
    assert moment is not None
    assert in_bounds(moment, date(2020, 1, 1), datetime(2024, 5, 11, tzinfo=UTC))
    assert not in_bounds(moment, date(2024, 6, 1), datetime(2024, 7, 1, tzinfo=UTC))
    assert not in_bounds(moment, None, datetime(2024, 5, 10, 0, 30, tzinfo=UTC))
