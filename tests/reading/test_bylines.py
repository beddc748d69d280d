"""Bylines in every printed form; better nobody than somebody wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halong_crawler.reading.bylines import credit_in, is_nobody, read_byline

W, P, C, T = "writer", "photographer", "compiler", "translator"


@pytest.mark.parametrize(
    ("printed", "people"),
    [
        ("Hồng Hạnh ", [("Hồng Hạnh", W)]),
        ("Thanh Xuân", [("Thanh Xuân", W)]),
        ("Trần Thanh- Huy Phương", [("Trần Thanh", W), ("Huy Phương", W)]),
        ("Hồng Liên – Bảo Ngọc", [("Hồng Liên", W), ("Bảo Ngọc", W)]),
        ("Trần Thìn – HND Hiệp Hòa.", [("Trần Thìn", W)]),
        ("Tô Phượng / Đài truyền thanh - Truyền hình huyện", [("Tô Phượng", W)]),
        ("(Hồng Hạnh)", [("Hồng Hạnh", W)]),
        ("Tác giả: Hồng Hạnh", [("Hồng Hạnh", W)]),
        ("Tác giả bài viết: Đoàn Văn Bình", [("Đoàn Văn Bình", W)]),
        ("Tin, ảnh: Quách Hùng", [("Quách Hùng", W), ("Quách Hùng", P)]),
        ("Bài, ảnh: Lan – Huệ", [("Lan", W), ("Huệ", W), ("Lan", P), ("Huệ", P)]),
        ("Ảnh: Phan Kiệt. Bài: Hà My", [("Phan Kiệt", P), ("Hà My", W)]),
        ("T/h: Lệ Quyên", [("Lệ Quyên", C)]),
        ("Lệ Quyên (T/h)", [("Lệ Quyên", C)]),
        ("Lược dịch: Minh Khuê", [("Minh Khuê", T)]),
        ("L.M.T.", [("L.M.T.", W)]),
        ("Tác giả: L.M.T.", [("L.M.T.", W)]),
        ("Phương Chi", [("Phương Chi", W)]),
        ("Phan Anh, Nguyễn Dung và Hoàng Nga", [("Phan Anh", W), ("Nguyễn Dung", W),
                                               ("Hoàng Nga", W)]),
    ],
)  # fmt: skip
def test_people_are_read_from_a_byline(printed: str, people: list[tuple[str, str]]) -> None:
    byline = read_byline(printed)
    assert byline is not None
    assert [(author.name, author.role) for author in byline.authors] == people
    assert byline.printed == printed.strip()


@pytest.mark.parametrize(
    "printed", ["PV", "P.V", "Ban Tổ chức", "Trung tâm Truyền thông và Văn hóa", "BTV", "Hội LHPN"]
)
def test_who_is_nobody_signs_without_an_author(printed: str) -> None:
    byline = read_byline(printed)
    assert byline is not None
    assert byline.authors == ()


@pytest.mark.parametrize(
    ("printed", "source"),
    [
        ("Theo Tuổi Trẻ", "Tuổi Trẻ"),
        ("Nguồn: halongcity.gov.vn", "halongcity.gov.vn"),
        ("Nguồn tin: Báo Quảng Ninh", "Báo Quảng Ninh"),
        ("(Theo TTXVN)", "TTXVN"),
    ],
)
def test_a_source_is_no_author(printed: str, source: str) -> None:
    byline = read_byline(printed)
    assert byline is not None
    assert (byline.source, byline.authors) == (source, ())


@pytest.mark.parametrize(
    "text",
    [
        "admin admin",
        "Thành phố Hạ Long",
        "Phường Hồng Gai",
        "Công tác đối ngoại có nhiều khởi sắc.",
        "Theo kế hoạch, thành phố sẽ khởi công dự án trong quý III",
        "Một số hình ảnh tại lễ ra quân:",
        "Tin tức khác",
        "Đang online 32077",
        "Kế hoạch: Phường Hồng Gai tổ chức ra quân làm sạch môi trường vào sáng thứ Bảy hằng tuần",
    ],
)
def test_what_signs_nothing_is_no_byline(text: str) -> None:
    byline = read_byline(text)
    assert byline is None or (not byline.authors and byline.source is None)


def test_admin_is_nobody() -> None:
    assert is_nobody("admin admin")
    assert not is_nobody("Hồng Hạnh")


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("Quy trình sản xuất đông lạnh tôm. (Ảnh: Thanh Vân/TTXVN)", "Thanh Vân/TTXVN"),
        ("Toàn cảnh hội nghị. Ảnh: Hồng Hạnh", "Hồng Hạnh"),
        ("Toàn cảnh hội nghị", None),
    ],
)
def test_a_photo_credit_is_read_from_its_caption(caption: str, credit: str | None) -> None:
    assert credit_in(caption) == credit


@given(st.text(max_size=160))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_byline(text)
    read_byline(text, stated=True)
