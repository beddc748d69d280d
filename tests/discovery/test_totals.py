"""What listings say of their size is read in every form, and nothing else is taken for it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from archive.totals import Total
from halong_crawler.discovery.totals import PHRASES, find_total, read_total

ITEMS = (
    "Có {total} kết quả", "Có {total} bài viết", "Tìm thấy {total} kết quả phù hợp.",
    "Tổng số: {total} bản ghi", "Tổng số {total} tin bài", "Tổng cộng: {total} tin",
    "Tổng số bản ghi: {total}", "Tổng số tin: {total}", "Tất cả {total} mục",
    "Hiển thị {first} - {last} của {total} kết quả.",
    "Hiển thị {first} – {last} of {total} kết quả.",
    "Hiển thị {first}-{last} trong tổng số {total}",
    "Đang hiển thị {first} đến {last} trong {total}",
    "Đang xem {first} đến {last} trong tổng số {total} mục",
    "Showing {first} - {last} of {total} results.", "Showing {first} to {last} of {total} entries",
    "{first} - {last} of {total} items", "Total: {total} records", "Found {total} results",
)  # fmt: skip
PAGES = (
    "Trang {first}/{total}", "Trang {first} / {total}", "Trang {first} của {total}",
    "Trang: {first} trên tổng số {total} trang", "Page {first} of {total}",
    "Tổng số trang: {total}",
)  # fmt: skip
SEPARATORS = (".", ",", " ", "\u00a0", "")

numbers = st.lists(st.integers(1, 9_999_999), min_size=3, max_size=3).map(sorted)


def printed(number: int, separator: str) -> str:
    return f"{number:,}".replace(",", separator)


def filled(form: str, shown: list[int], separator: str) -> str:
    first, last, total = (printed(number, separator) for number in shown)
    return form.format(first=first, last=last, total=total)


@given(
    form=st.sampled_from((*ITEMS, *PAGES)), shown=numbers, separator=st.sampled_from(SEPARATORS),
    around=st.sampled_from(("", "Trang chủ\n", "Tin tức | ", "(", "» ")),
    case=st.sampled_from((str, str.upper, str.lower)),
)  # fmt: skip
def test_each_form_is_read_with_any_numbers(
    form: str, shown: list[int], separator: str, around: str, case: type[str]
) -> None:
    found = find_total(around + case(filled(form, shown, separator)))
    assert found is not None
    assert (found.items, found.pages) == ((shown[2], None) if form in ITEMS else (None, shown[2]))


@given(
    form=st.sampled_from(ITEMS), shown=numbers, tag=st.sampled_from(("b", "span", "strong", "em"))
)
def test_elements_around_the_numbers_do_not_matter(form: str, shown: list[int], tag: str) -> None:
    first, last, total = (f"<{tag}>{number}</{tag}>" for number in shown)
    words = form.format(first=first, last=last, total=total)
    tree = LexborHTMLParser(f"<body><p>Tin tức</p><small> {words} </small><p>Khác</p></body>")
    found = read_total(tree)
    assert found is not None
    assert found.items == shown[2]
    # A number in an element of its own is set apart: 1/79 and a link to page 2 are not 1/792.
    plain = form.format(first=shown[0], last=shown[1], total=shown[2]).rstrip(".")
    assert found.printed.replace(" ", "") == plain.replace(" ", "")


def test_the_number_of_the_next_page_is_no_digit_of_the_total() -> None:
    tree = LexborHTMLParser("<body><span>Trang 1/79</span><a href='?p=2'>2</a></body>")
    assert read_total(tree) == Total(None, 79, "Trang 1/79")


def test_every_form_of_the_table_is_met_by_one_of_the_test() -> None:
    words = [filled(form, [1, 20, 345], "") for form in (*ITEMS, *PAGES)]
    for phrase in PHRASES:
        assert any(find_total(one) and phrase.pattern.search(_folded(one)) for one in words)


def _folded(words: str) -> str:
    from archive.text import fold  # noqa: PLC0415  # the form the patterns are written for

    return fold(words)


@pytest.mark.parametrize(
    "text",
    [
        "Hội thi có 120 bài viết tham gia", "Lớp học có 35 học sinh", "Tổng số lượt truy cập: 790",
        "Đang online: 5\nTổng truy cập: 123.456", "Trang 5/3", "Ngày 1/79",
        "Hiển thị 20 - 1 của 345",
        "Hiển thị 1 - 20 của 12 kết quả", "Có 0 kết quả", "Kết quả: thắng 3 - 1",
        "Trang phục 1/79", "Nhà thi đấu tìm thấy 12 kết quả phù hợp với", "",
        "Tổng số vốn: 790 tỷ đồng", "Có 12 kết quả nổi bật trong năm", "Điện thoại: 0203 3825 017",
    ],
)  # fmt: skip
def test_other_numbers_are_no_total(text: str) -> None:
    assert find_total(text) is None


@given(st.text("Tổngsốrang cóiể0123456789.,/-: \n", max_size=60))
def test_whatever_is_read_is_a_number_that_stands_there(text: str) -> None:
    found = find_total(text)
    if found is not None:
        digits = "".join(character for character in text if character.isdigit())
        assert str(found.items or found.pages) in digits


def test_items_and_pages_are_read_together() -> None:
    assert find_total("Tổng số: 790 bản ghi\nTrang 1/79") == Total(
        790, 79, "Tổng số: 790 bản ghi; Trang 1/79"
    )


def test_a_page_of_several_lists_says_nothing_of_one() -> None:
    assert find_total("Có 12 kết quả\nCó 34 kết quả") is None
    assert find_total("Có 12 kết quả\nHiển thị 1 - 10 của 12 kết quả") is not None


def test_what_is_not_seen_is_not_read() -> None:
    for hidden in (
        "<script>var s = 'x';\nCó 12 kết quả\n</script>", "<p hidden>Có 12 kết quả</p>",
        "<p style='display: none'>Có 12 kết quả</p>", "<noscript>Có 12 kết quả</noscript>",
    ):  # fmt: skip
        assert read_total(LexborHTMLParser(f"<body>{hidden}<p>Tin</p></body>")) is None


def test_a_listing_of_liferay_as_it_is_printed() -> None:
    html = """<div class="taglib-page-iterator"><div class="clearfix lfr-pagination">
      <small class="search-results"> Hiển thị 161 - 170 of 243 kết quả. </small>
      <ul class="pager lfr-pagination-buttons"> <li class="first"> <a> ← Đầu tiên </a> </li></ul>
      </div></div>"""
    assert read_total(LexborHTMLParser(html)) == Total(
        243, None, "Hiển thị 161 - 170 of 243 kết quả"
    )


@pytest.mark.parametrize(
    "text", ["\n" + "1.234" * 40_000, "\n1" + ".234" * 40_000 + "x", "\n1 - 2 / " * 20_000,
             "\nTổng số" + " " * 100_000 + "x", "\nhiển thị 1" * 20_000],
    ids=["numbers", "groups", "shown", "spaces", "words"],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    find_total(text)
    assert time.process_time() - began < 2
