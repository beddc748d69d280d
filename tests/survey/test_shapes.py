"""The form of articles' addresses, learned from examples."""

from __future__ import annotations

import re

import pytest

from halong_crawler.survey.shapes import learn

WORDS = "le-hoi-mua-xuan-vui-ve"


def numbered(form: str, *numbers: int) -> list[str]:
    return [
        form.format(n=n, w=f"{WORDS}-{'abcdefghijkl'[n % 12]}") for n in numbers or range(95, 105)
    ]


CASES = {
    "slug and number": (
        numbered("/{w}-{n}.html"), ["/tin-tuc", "/gioi-thieu"],
        {"/chua-thay-bao-gio-7.html": "7"}, ["/tin-tuc-moi.html"],
    ),
    "halongcity": (
        numbered("/{w}-p13n{n}.html"), ["/tin-tuc-p13c1.html", "/gioi-thieu-p2c4.html"],
        {"/X-p13n53557.html": "53557"}, ["/thong-bao-p13c9.html"],
    ),
    "a number that varies before the id": (
        [f"/{WORDS}-c{n % 3}n{n}.html" for n in range(95, 105)], ["/tin-c1.html", "/tin-c2.html"],
        {"/x-c9n4.html": "4"}, ["/tin-c3.html"],
    ),
    "number and slug": (
        numbered("/{n}-{w}.html"), ["/tin-tuc.html"], {"/18432-abc.html": "18432"}, ["/abc.html"],
    ),
    "a folder of their own": (
        numbered("/bai-viet/{w}.html", *range(8)), ["/tin-tuc.html", "/lien-he.html"],
        {"/bai-viet/ngan.html": "ngan"}, ["/thu-tuc-hanh-chinh-cap-phuong.html"],
    ),
    "categories as folders": (
        numbered("/tin-tuc/{w}-{n}.html"), ["/tin-tuc", "/van-hoa"],
        {"/the-thao/a-b-9.html": "9"}, ["/the-thao"],
    ),
    "years as folders": (
        [f"/2025/{n:02}/{WORDS}-{'abcdefghijkl'[n]}" for n in range(1, 9)], ["/category/tin"],
        {"/2019/11/mot-tin": "mot-tin"}, ["/category/van-hoa"],
    ),
    "slugs only": (
        numbered("/{w}/", *range(8)), ["/tin-tuc-su-kien/", "/lien-he/"],
        {"/a-b-c-d-e-f/": "a-b-c-d-e-f"}, ["/van-hoa-xa-hoi/", "/tin-tuc/page/2/"],
    ),
    "a number in the query": (
        numbered("/xem.aspx?cat=5&id={n}"), ["/ds.aspx?cat=5", "/gt.aspx?id=1"],
        {"/xem.aspx?id=3&lang=vi": "3"}, ["/ds.aspx?id=3"],
    ),
    "slug and query": (
        numbered("/vi/tin-bai/{w}?id={n}&type=NEWS"), ["/vi/tin-bai", "/vi/lien-he"],
        {"/vi/tin-bai/khac?id=130235&type=NEWS": "130235"}, ["/vi/danh-sach?id=1"],
    ),
    "a number as a folder": (
        numbered("/tin/{n}/{w}"), ["/tin", "/lien-he"], {"/tin/44741/abc": "44741"}, ["/tin/44741"],
    ),
    "nothing but a number": (
        numbered("/tin/{n}"), ["/tin-tuc", "/lien-he"], {"/tin/5": "5"}, ["/tin-tuc/page/2"],
    ),
    "an identifier": (
        [f"/chi-tiet?dDocName=PORTAL{n}" for n in range(95, 105)], ["/tin"],
        {"/chi-tiet?dDocName=PORTAL461362": "PORTAL461362"}, ["/chi-tiet?x=1"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", CASES)
def test_a_form_is_learned(kind: str) -> None:
    headlines, menu, further, others = CASES[kind]
    shape = learn(headlines, menu)
    assert shape is not None
    assert (shape.hits, shape.false) == (len(headlines), 0)
    pattern = re.compile(shape.regex, re.IGNORECASE)
    for place, number in further.items():
        match = pattern.search(place)
        assert match is not None, (shape.regex, place)
        assert match["id"] == number
    for place in (*menu, *others):
        assert not pattern.search(place), (shape.regex, place)


def test_noise_among_the_headlines_is_borne() -> None:
    headlines = [*numbered("/{w}-{n}.html"), "/tai-ve/quy-dinh-moi", "/khao-sat-y-kien-nguoi-dan"]
    shape = learn(headlines, ["/tin-tuc"])
    assert shape is not None
    assert shape.hits == 10


@pytest.mark.parametrize(
    ("headlines", "menu"),
    [
        ([], []),
        (["/mot-tin-1.html"], []),
        # Nothing but what the menu has too: category numbers repeat.
        (["/xem?cat=1", "/xem?cat=1&a=b", "/xem?cat=1&a=c"], ["/xem?cat=2", "/xem?cat=3"]),
        (["/a", "/b", "/c"], ["/d", "/e", "/f"]),
    ],
)
def test_no_form_where_there_is_none(headlines: list[str], menu: list[str]) -> None:
    assert learn(headlines, menu) is None
