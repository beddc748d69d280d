"""Bylines in every printed form; better nobody than somebody wrong."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text import squeeze
from halong_crawler.reading.bylines import credit_in, is_nobody, is_person, read_byline

W, P, C, T = "writer", "photographer", "compiler", "translator"
HH, TX = "Hồng Hạnh", "Thanh Xuân"

FORMS: list[tuple[str, list[tuple[str, str]], str | None]] = [
    # A bare closing line
    ("Hồng Hạnh ", [(HH, W)], None),
    ("Thanh Xuân", [(TX, W)], None),
    ("HỒNG HẠNH", [("HỒNG HẠNH", W)], None),
    ("Hồng Hạnh.", [(HH, W)], None),
    ("Nguyễn Thị Thu Hằng", [("Nguyễn Thị Thu Hằng", W)], None),
    ("Nông Thúy Hằng", [("Nông Thúy Hằng", W)], None),
    ("Đoàn Văn Bình", [("Đoàn Văn Bình", W)], None),
    ("Giàng Seo Phử", [("Giàng Seo Phử", W)], None),
    ("H'Hen Niê", [("H'Hen Niê", W)], None),
    ("Y Moan", [("Y Moan", W)], None),
    ("* Hồng Hạnh", [(HH, W)], None),
    ("– Hồng Hạnh –", [(HH, W)], None),
    ("***Hồng Hạnh***", [(HH, W)], None),
    ("(Hồng Hạnh)", [(HH, W)], None),
    ("[Hồng Hạnh]", [(HH, W)], None),
    ("( Hồng Hạnh ).", [(HH, W)], None),
    # Two names and three, with uneven dashes
    ("Trần Thanh- Huy Phương", [("Trần Thanh", W), ("Huy Phương", W)], None),
    ("Hồng Liên – Bảo Ngọc", [("Hồng Liên", W), ("Bảo Ngọc", W)], None),
    ("Trần Thanh-Huy Phương", [("Trần Thanh", W), ("Huy Phương", W)], None),
    ("Trần Thanh -Huy Phương", [("Trần Thanh", W), ("Huy Phương", W)], None),
    ("Hồng Hạnh, Thanh Xuân", [(HH, W), (TX, W)], None),
    ("Hồng Hạnh & Thanh Xuân", [(HH, W), (TX, W)], None),
    ("Hồng Hạnh + Thanh Xuân", [(HH, W), (TX, W)], None),
    ("Hồng Hạnh/Thanh Xuân", [(HH, W), (TX, W)], None),
    ("Hồng Hạnh; Thanh Xuân", [(HH, W), (TX, W)], None),
    ("Hồng Hạnh và Thanh Xuân", [(HH, W), (TX, W)], None),
    ("Hồng Hạnh- Thanh Xuân –Lê Na", [(HH, W), (TX, W), ("Lê Na", W)], None),
    (
        "Phan Anh, Nguyễn Dung và Hoàng Nga",
        [("Phan Anh", W), ("Nguyễn Dung", W), ("Hoàng Nga", W)],
        None,
    ),
    # Name and unit
    ("Trần Thìn – HND Hiệp Hòa.", [("Trần Thìn", W)], None),
    ("Tô Phượng / Đài truyền thanh - Truyền hình huyện", [("Tô Phượng", W)], None),
    ("Hồng Hạnh – Trung tâm Truyền thông và Văn hóa", [(HH, W)], None),
    ("Hồng Hạnh, Văn phòng UBND phường", [(HH, W)], None),
    ("Hồng Hạnh (Đài truyền thanh phường)", [(HH, W)], None),
    ("Lê Na - Công an phường Hồng Gai", [("Lê Na", W)], None),
    # Ranks before a name
    ("PV Hồng Hạnh", [(HH, W)], None),
    ("Phóng viên Hồng Hạnh", [(HH, W)], None),
    ("CTV Hồng Hạnh", [(HH, W)], None),
    ("BTV Hồng Hạnh", [(HH, W)], None),
    ("Nhà báo Hồng Hạnh", [(HH, W)], None),
    ("ThS. Nguyễn Văn Khoa", [("Nguyễn Văn Khoa", W)], None),
    ("BS. Lê Na", [("Lê Na", W)], None),
    ("Đại úy Lê Na – Công an phường", [("Lê Na", W)], None),
    # Labels
    ("Tác giả: Hồng Hạnh", [(HH, W)], None),
    ("Tác giả : Hồng Hạnh", [(HH, W)], None),
    ("(Tác giả: Hồng Hạnh)", [(HH, W)], None),
    ("TÁC GIẢ: HỒNG HẠNH", [("HỒNG HẠNH", W)], None),
    ("Tác giả bài viết: Đoàn Văn Bình", [("Đoàn Văn Bình", W)], None),
    ("Người viết: Hồng Hạnh", [(HH, W)], None),
    ("Người viết bài: Hồng Hạnh", [(HH, W)], None),
    ("Người đăng: Hồng Hạnh", [(HH, W)], None),
    ("Thực hiện: Hồng Hạnh", [(HH, W)], None),
    ("Người thực hiện: Hồng Hạnh", [(HH, W)], None),
    ("Nhóm thực hiện: Hồng Hạnh - Thanh Xuân", [(HH, W), (TX, W)], None),
    ("Bài: Hồng Hạnh", [(HH, W)], None),
    ("Tin: Hồng Hạnh", [(HH, W)], None),
    ("Tin bài: Hồng Hạnh", [(HH, W)], None),
    ("Phóng viên: Hồng Hạnh", [(HH, W)], None),
    ("PV: Hồng Hạnh", [(HH, W)], None),
    ("CTV: Hồng Hạnh", [(HH, W)], None),
    ("Bút danh: Sóng Biển", [("Sóng Biển", W)], None),
    ("Tác giả: Hạnh", [("Hạnh", W)], None),
    ("Tác giả: Nguyễn Văn Khoa – Phó Chủ tịch Hội", [("Nguyễn Văn Khoa", W)], None),
    # Words and pictures
    ("Tin, ảnh: Quách Hùng", [("Quách Hùng", W), ("Quách Hùng", P)], None),
    ("Tin,ảnh: Hồng Hạnh", [(HH, W), (HH, P)], None),
    ("Tin - ảnh: Hồng Hạnh", [(HH, W), (HH, P)], None),
    ("Tin và ảnh: Hồng Hạnh", [(HH, W), (HH, P)], None),
    ("Tin ảnh: Hồng Hạnh", [(HH, W), (HH, P)], None),
    ("Tin, bài, ảnh: Hồng Hạnh", [(HH, W), (HH, P)], None),
    ("(Tin, ảnh: Hồng Hạnh)", [(HH, W), (HH, P)], None),
    ("Bài và ảnh: Hồng Hạnh", [(HH, W), (HH, P)], None),
    ("Bài, ảnh: Lan – Huệ", [("Lan", W), ("Huệ", W), ("Lan", P), ("Huệ", P)], None),
    ("Tin, clip: Hồng Hạnh", [(HH, W), (HH, P)], None),
    ("Ảnh: Phan Kiệt. Bài: Hà My", [("Phan Kiệt", P), ("Hà My", W)], None),
    ("Bài: Hồng Hạnh - Ảnh: Thanh Xuân", [(HH, W), (TX, P)], None),
    ("Bài: Hồng Hạnh; Ảnh: Thanh Xuân", [(HH, W), (TX, P)], None),
    ("Bài: Hồng Hạnh, ảnh: Thanh Xuân", [(HH, W), (TX, P)], None),
    ("Tin: Hồng Hạnh Ảnh: Thanh Xuân", [(HH, W), (TX, P)], None),
    ("Hồng Hạnh - Ảnh: Thanh Xuân", [(HH, W), (TX, P)], None),
    ("Ảnh: Thanh Vân", [("Thanh Vân", P)], None),
    # Compilers, translators
    ("T/h: Lệ Quyên", [("Lệ Quyên", C)], None),
    ("Tổng hợp: Lệ Quyên", [("Lệ Quyên", C)], None),
    ("Biên tập: Lệ Quyên", [("Lệ Quyên", C)], None),
    ("Sưu tầm: Lệ Quyên", [("Lệ Quyên", C)], None),
    ("Lệ Quyên (T/h)", [("Lệ Quyên", C)], None),
    ("Lệ Quyên (tổng hợp)", [("Lệ Quyên", C)], None),
    ("Lệ Quyên - tổng hợp", [("Lệ Quyên", C)], None),
    ("Lược dịch: Minh Khuê", [("Minh Khuê", T)], None),
    ("Biên dịch: Minh Khuê", [("Minh Khuê", T)], None),
    # Initials
    ("L.M.T.", [("L.M.T.", W)], None),
    ("Tác giả: L.M.T.", [("L.M.T.", W)], None),
    ("H.H", [("H.H", W)], None),
    ("N. Anh", [("N. Anh", W)], None),
    ("Th.Hương", [("Th.Hương", W)], None),
    # Nobody's name
    ("PV", [], None),
    ("P.V", [], None),
    ("BTV", [], None),
    ("Nhóm PV", [], None),
    ("Ban Tổ chức", [], None),
    ("Ban Biên tập", [], None),
    ("Hội LHPN", [], None),
    ("Trung tâm Truyền thông và Văn hóa", [], None),
    ("UBND phường Hồng Gai", [], None),
    ("Tác giả: Ban Biên tập", [], None),
    ("Ảnh: CTV", [], None),
    ("Ảnh: Internet", [], None),
    ("Ảnh: Sưu tầm", [], None),
    # Sources, alone and beside a name
    ("Theo Tuổi Trẻ", [], "Tuổi Trẻ"),
    ("Theo: Báo Quảng Ninh", [], "Báo Quảng Ninh"),
    ("(Theo TTXVN)", [], "TTXVN"),
    ("Nguồn: halongcity.gov.vn", [], "halongcity.gov.vn"),
    ("Nguồn tin: Báo Quảng Ninh", [], "Báo Quảng Ninh"),
    ("Nguồn bài viết: Báo Quảng Ninh", [], "Báo Quảng Ninh"),
    ("Trích nguồn: Báo Quảng Ninh", [], "Báo Quảng Ninh"),
    ("Nguồn Báo Quảng Ninh", [], "Báo Quảng Ninh"),
    ("Hồng Hạnh (Theo TTXVN)", [(HH, W)], "TTXVN"),
    ("Hồng Hạnh – Theo Báo Quảng Ninh", [(HH, W)], "Báo Quảng Ninh"),
    ("Hồng Hạnh (Nguồn: Báo Quảng Ninh)", [(HH, W)], "Báo Quảng Ninh"),
    ("Tác giả: Hồng Hạnh. Nguồn: Báo Quảng Ninh", [(HH, W)], "Báo Quảng Ninh"),
]


@pytest.mark.parametrize(("printed", "people", "source"), FORMS)
def test_a_byline_is_read_as_it_is_printed(
    printed: str, people: list[tuple[str, str]], source: str | None
) -> None:
    byline = read_byline(printed)
    assert byline is not None
    assert [(author.name, author.role) for author in byline.authors] == people
    assert byline.source == source
    assert byline.printed == squeeze(printed)
    assert {author.printed for author in byline.authors} <= {byline.printed}


@pytest.mark.parametrize("printed", [printed for printed, people, _ in FORMS if people])
def test_letters_in_pieces_are_the_same_byline(printed: str) -> None:
    pieces = read_byline(unicodedata.normalize("NFD", printed))
    assert pieces == read_byline(printed)


@pytest.mark.parametrize(
    "text",
    [
        # Accounts, places, slogans and phrases
        "admin",
        "admin admin",
        "Quản trị viên",
        "Thành phố Hạ Long",
        "Phường Hồng Gai",
        "Trân trọng cảm ơn",
        "TRÂN TRỌNG CẢM ƠN",
        "Trân Trọng Cảm Ơn!",
        "Xin Trân Trọng Cảm Ơn",
        "Chúc Mừng Năm Mới",
        "TOÀN DÂN ĐOÀN KẾT",
        "AN TOÀN LÀ TRÊN HẾT",
        "Đoàn Thanh Niên",
        "Hạnh",
        "Read More",
        "Contact Us",
        # Who is named with a post is spoken of
        "Nguyễn Văn Khoa – Phó Chủ tịch UBND phường",
        "CHỦ TỊCH",
        "Đồng chí Nguyễn Văn Khoa",
        "Ông Nguyễn Văn Khoa",
        # Sentences and lines of other matter
        "Công tác đối ngoại có nhiều khởi sắc.",
        "Theo kế hoạch, thành phố sẽ khởi công dự án trong quý III",
        "Theo đó, 12 hộ dân đã bàn giao mặt bằng.",
        "Một số hình ảnh tại lễ ra quân:",
        "Tin tức khác",
        "Đang online 32077",
        "Kế hoạch: Phường Hồng Gai tổ chức ra quân làm sạch môi trường vào sáng thứ Bảy hằng tuần",
        "Hồng Hạnh <b>và Thanh Xuân",
        "Hồng Hạnh phát biểu tại hội nghị",
        "",
    ],
)
def test_what_signs_nothing_is_no_byline(text: str) -> None:
    byline = read_byline(text)
    assert byline is None or (not byline.authors and byline.source is None)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Hồng Hạnh", True),
        ("Phan Phương", True),
        ("Phan Phường", False),
        ("Nguyễn Thị Hồng Ánh Dương", True),
        ("Biển Xanh Gọi Hè", False),
        ("John Smith", False),
        ("hồng hạnh", False),
    ],
)
def test_a_name_is_built_as_vietnamese_names_are(text: str, person: bool) -> None:
    assert is_person(text) is person


def test_a_single_pen_name_is_a_name_only_where_one_is_stated() -> None:
    stated = read_byline("Hạnh", stated=True)
    assert stated is not None
    assert [author.name for author in stated.authors] == ["Hạnh"]
    assert read_byline("Hạnh") is None


def test_admin_is_nobody() -> None:
    assert is_nobody("admin admin")
    assert is_nobody("Administrator")
    assert not is_nobody("Hồng Hạnh")


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("Quy trình sản xuất đông lạnh tôm. (Ảnh: Thanh Vân/TTXVN)", "Thanh Vân/TTXVN"),
        ("Toàn cảnh hội nghị. Ảnh: Hồng Hạnh", "Hồng Hạnh"),
        ("Toàn cảnh hội nghị. Nguồn ảnh: Báo Quảng Ninh.", "Báo Quảng Ninh"),
        ("Toàn cảnh hội nghị", None),
    ],
)
def test_a_photo_credit_is_read_from_its_caption(caption: str, credit: str | None) -> None:
    assert credit_in(caption) == credit


# fmt: off
WORDS = st.sampled_from([
    "Hồng", "Hạnh", "Thanh", "Xuân", "Tác", "giả", "Bài", "Tin", "ảnh", ":", ",", "-", "–", "/",
    "(", ")", ".", ";", "và", "Theo", "Nguồn", "PV", "L.M.T.", "UBND", "phường", "Chủ", "tịch",
    "admin", "<b>", "T/h", "12/3/2024", "Đoàn",
])
# fmt: on


@given(st.one_of(st.text(max_size=160), st.lists(WORDS, max_size=14).map(" ".join)))
def test_no_text_breaks_the_reader_and_every_name_stands_in_it(text: str) -> None:
    for byline in (read_byline(text), read_byline(text, stated=True)):
        if byline is None:
            continue
        assert byline.printed == squeeze(text)
        for author in byline.authors:
            assert author.name in squeeze(text)
        assert byline.source is None or byline.source in squeeze(text)
