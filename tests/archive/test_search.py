"""Search: what a query means, what it finds, in which order, and how it is shown."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.hits import FoundIn
from archive.query import Filters, parse
from archive.schema import create_statements
from archive.search import Order, Results, search

ARTICLES = [
    # title, lead, body, byline, attachments, portal, category, published_at
    ("Chào mừng Đại hội Đảng bộ các cấp", "Thi đua đặc biệt", "Hạ Long phát động phong trào.",
     "Hồng Hạnh", "", "halong", "Tin tức", "2025-05-12T08:30:00+07:00"),
    ("Giữ gìn văn hoá làng chài", "", "Nét văn hoá riêng của vịnh. Đang được bảo tồn.",
     "Thu Hà", "", "halong", "Văn hóa", "2024-11-20"),
    ("Hóa đơn điện tử cho hộ kinh doanh", "", "Hướng dẫn lập hóa đơn điện tử.",
     "Thu Hà", "Hướng dẫn hóa đơn.pdf", "halong", "Thông báo", None),
    ("Cấp giấy phép số 100/GP-STTT", "", "Giấy phép số 100/GP-STTT ngày 09/8/2024.",
     "", "", "halong", "Văn bản", "2024-08-12"),
    ("Kế hoạch sử dụng đất", "", "Quyết định số 3431/QĐ-UBND của Ủy ban nhân dân tỉnh.",
     "", "3431-QĐ-UBND.pdf", "halong", "Văn bản", "2023-12-29"),
    ("Phường Hà Khánh ra quân", "", "Nhân dân dọn vệ sinh dài ngày. Hạ tầng còn thiếu.",
     "Ban biên tập", "", "hakhanh", "Tin tức", "2025-03-08"),
    ("Du lịch tăng trong quý I", "", "Hạ nguồn sông; tàu long trọng ra khơi.",
     "Thu Hà", "", "halong", "Tin tức", "2025-04-02"),
]  # fmt: skip


@pytest.fixture(scope="module")
def conn() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:", check_same_thread=False)
    for statement in create_statements():
        conn.execute(statement)
    for name in ("halong", "hakhanh"):
        conn.execute(
            "INSERT INTO portals (name, title_vi, title_en, home_url, level, province, platform, "
            "language, timezone) VALUES (?, ?, ?, '', '', '', '', 'vi', '')",
            [name, f"Cổng {name}", name],
        )
    for number, article in enumerate(ARTICLES, start=1):
        _insert(conn, number, *article)
    yield conn
    conn.close()


def _insert(  # noqa: PLR0917
    conn: sqlite3.Connection,
    number: int,
    title: str,
    lead: str,
    body: str,
    byline: str,
    attachments: str,
    portal: str = "halong",
    category: str = "Tin tức",
    published_at: str | None = "2025-01-01",
) -> None:
    conn.execute(
        "INSERT INTO articles (id, key, portal, source_id, url, title, byline, category, "
        "published_at, first_seen_at, last_seen_at, changed_at, word_count, content_sha256, "
        "evidence, parser_version) VALUES (?, ?, ?, ?, 'https://x.vn/', ?, ?, ?, ?, '2025-06-30', "
        "'2025-06-30', '2025-06-30', 1, '', '{}', '1')",
        [number, f"k-{number}", portal, number, title, byline or None, category, published_at],
    )
    conn.execute(
        "INSERT INTO article_texts VALUES (?, ?, ?, ?, ?, ?)",
        [number, title, lead, body, byline, attachments],
    )
    if byline:
        conn.execute(
            "INSERT INTO people (name, name_key) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [byline, byline.lower()],
        )
        conn.execute(
            "INSERT INTO article_people SELECT ?, 1, id, 'writer', name FROM people WHERE name = ?",
            [number, byline],
        )


def keys(results: Results) -> list[str]:
    return [hit.key for hit in results.hits]


@pytest.mark.parametrize(
    ("typed", "match"),
    [
        ("Hạ Long", '("hạ") AND ("long")'),
        ('"Hạ Long"', '("hạ long")'),
        ("“Hạ Long”", '("hạ long")'),
        ('5" ống', '("5") AND ("ống")'),
        ('"Hạ Long', '("hạ") AND ("long")'),
        ("100/GP-STTT", '("100 gp sttt")'),
        ("3431/QĐ-UBND", '("3431 qd ubnd")'),
        ("COVID-19", '("covid 19")'),
        ("đảng -bầu", '(("dảng")) NOT (("bầu"))'),
        ('đảng -"bầu cử" -xã', '(("dảng")) NOT (("bầu cử") OR ("xã"))'),
        ("nhiệm kỳ 2025 -2030", '("nhiệm") AND ("ki" OR "ky") AND ("2025") AND ("2030")'),
        ("quy*", '("qui"* OR "quy"*)'),
        ('"quy hoạch đ"*', '("qui hoạch d" OR "quy hoạch d")'),
        ("x*", '("x")'),
        ("a AND b OR NOT NEAR(c)", '("a") AND ("and") AND ("b") AND ("or") AND ("not") AND '
         '("near c")'),
        ("author:Hà", '{byline} : ("hà")'),
        ('author:"Thu Hà" vịnh', '{byline} : ("thu hà") AND ("vịnh")'),
        ("title:abc", '("title abc")'),
        ("author:", '("author")'),
        ("year:hai", '("year hai")'),
        ("Ðảng", '("dảng")'),
        ("- – * ( ) ^ : \" ''", None),
        ("", None),
        ("-bầu", None),
    ],
)  # fmt: skip
def test_a_query_in_the_language_of_fts5(typed: str, match: str | None) -> None:
    """Marks are left to the tokenizer, which folds all of them but đ."""
    assert parse(typed).match == match


def test_filters_are_lifted_out_of_what_is_typed() -> None:
    query = parse('vịnh portal:halong year:2024 category:"Văn hóa" tàu')
    assert query.filters == Filters(year="2024", portal="halong", category="Văn hóa")
    assert query.text == "vịnh tàu"
    assert parse("year:undated").filters.year == "undated"


@given(st.text(alphabet=st.characters(), max_size=80))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_typed_is_an_error(conn: sqlite3.Connection, typed: str) -> None:
    search(conn, typed)


@given(
    st.lists(
        st.sampled_from(
            ['"', "“", "-", "*", "(", ")", "NOT", "AND", "NEAR/2", "^", "+", ":", "{", "title", "đ",
             "author:", "year:", "2024", " ", "hạ", "quý", "\0", "\ue000", "'", ";", "--", "\u0301"]
        ),
        max_size=20,
    ).map("".join)
)  # fmt: skip
@settings(max_examples=400, deadline=None)
def test_no_heap_of_operators_is_an_error(conn: sqlite3.Connection, typed: str) -> None:
    search(conn, typed)


def test_a_very_long_query_is_cut_not_refused(conn: sqlite3.Connection) -> None:
    search(conn, "đại hội " * 5000)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("dai hoi dang bo", "k-1"),
        ("đại hội đảng bộ", "k-1"),
        ("DAI HOI DANG BO", "k-1"),
        (unicodedata.normalize("NFD", "Đại hội Đảng bộ"), "k-1"),
        ("ha long", "k-1"),
        ("Hạ Long", "k-1"),
        ("văn hoá", "k-2"),
        ("văn hóa", "k-2"),
        ("hoá đơn", "k-3"),
        ("hóa đơn", "k-3"),
        ("100/GP-STTT", "k-4"),
        ("3431/QĐ-UBND", "k-5"),
        ("3431 qd ubnd", "k-5"),
        ("quí I", "k-7"),
        ("khan*", "k-6"),
        ("author:hanh", "k-1"),
        ("hướng dẫn pdf", "k-3"),
    ],
)
def test_finds(conn: sqlite3.Connection, typed: str, found: str) -> None:
    assert keys(search(conn, typed))[0] == found


def test_excluded_words(conn: sqlite3.Connection) -> None:
    assert keys(search(conn, "văn hoá -chài")) == []
    assert keys(search(conn, "-hà -long", order="newest")) == [
        key for key in keys(search(conn, "")) if key in ("k-4", "k-5")
    ]


def test_words_side_by_side_come_before_words_apart(conn: sqlite3.Connection) -> None:
    assert keys(search(conn, "ha long")) == ["k-1", "k-7"]


def test_the_typed_marks_come_first(conn: sqlite3.Connection) -> None:
    assert keys(search(conn, "đang"))[0] == "k-2"
    assert keys(search(conn, "đảng"))[0] == "k-1"
    # The tone may stand on either vowel: both spellings are the same word.
    assert set(keys(search(conn, "hoá"))[:2]) == {"k-2", "k-3"}


def test_highlights_are_the_original_words(conn: sqlite3.Connection) -> None:
    (hit,) = search(conn, '"dai hoi dang bo"').hits
    assert "<mark>Đại hội Đảng bộ</mark>" in hit.title_html


def test_only_the_typed_marks_are_highlighted_where_they_are_found(
    conn: sqlite3.Connection,
) -> None:
    texts = {hit.key: hit.snippet_html for hit in search(conn, "hạ").hits}
    assert "<mark>Hạ</mark> tầng" in texts["k-6"]
    assert "<mark>Hà</mark>" not in search(conn, "hạ tầng").hits[0].title_html


def test_crawled_text_is_escaped(conn: sqlite3.Connection) -> None:
    hostile = "<script>alert(1)</script> <b onclick=x>\ue000<i>\ue001 kỳlạ \ue001\ue000"
    conn.execute("SAVEPOINT hostile")
    _insert(conn, 99, hostile, hostile, hostile, hostile, "")
    hits = [*search(conn, "kỳlạ").hits, search(conn, "", filters=Filters(author=hostile)).hits[0]]
    conn.execute("ROLLBACK TO hostile")
    assert len(hits) == 2
    for hit in hits:
        for html in (hit.title_html, hit.snippet_html, hit.byline_html):
            bare = html.replace("<mark>", "").replace("</mark>", "")
            assert "<" not in bare
            assert html.count("<mark>") == html.count("</mark>")


def test_facets_count_the_matches_as_if_their_own_filter_were_off(
    conn: sqlite3.Connection,
) -> None:
    results = search(conn, "", filters=Filters(year="2024"))
    facets = {facet.name: {v.value: v.count for v in facet.values} for facet in results.facets}
    assert results.total == 2
    assert facets["year"] == {"2025": 3, "2024": 2, "2023": 1, "undated": 1}
    assert [*facets["year"]][-1] == "undated"
    assert facets["category"] == {"Văn bản": 1, "Văn hóa": 1}
    assert facets["author"] == {"Thu Hà": 1}
    (year,) = (facet for facet in results.facets if facet.name == "year")
    assert [value.value for value in year.values if value.selected] == ["2024"]


def test_a_chosen_value_stays_visible_without_matches(conn: sqlite3.Connection) -> None:
    results = search(conn, "vịnh", filters=Filters(author="Hồng Hạnh", category="Văn hóa"))
    chosen = {v.value: v.count for facet in results.facets for v in facet.values if v.selected}
    assert results.total == 0
    assert chosen == {"Hồng Hạnh": 0, "Văn hóa": 0}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(year="undated"), {"k-3"}),
        (Filters(portal="hakhanh"), {"k-6"}),
        (Filters(category="Văn bản"), {"k-4", "k-5"}),
        (Filters(author="Thu Hà", year="2024"), {"k-2"}),
    ],
)
def test_filters(conn: sqlite3.Connection, filters: Filters, expected: set[str]) -> None:
    assert set(keys(search(conn, "", filters=filters))) == expected


def test_nothing_typed_lists_the_newest(conn: sqlite3.Connection) -> None:
    listed = keys(search(conn, "", filters=Filters(portal="halong")))
    assert listed[:3] == ["k-3", "k-1", "k-7"]  # the undated one by when it was first seen


@pytest.mark.parametrize("typed", ["", "e* OR a", "hạ", "ha -long", "-chài"])
@pytest.mark.parametrize("order", ["relevance", "newest"])
def test_pages_hold_every_hit_once_forth_and_back(
    conn: sqlite3.Connection, typed: str, order: Order
) -> None:
    whole = search(conn, typed, order=order, limit=100)
    forth: list[list[str]] = []
    after: str | None = None
    while True:
        results = search(conn, typed, order=order, limit=2, after=after)
        assert results.skipped == 2 * len(forth)
        forth.append(keys(results))
        after = results.next
        if after is None:
            break
    assert [key for page in forth for key in page] == keys(whole)
    assert len(keys(whole)) == whole.total
    back = [keys(results)]
    while results.previous is not None:
        results = search(conn, typed, order=order, limit=2, before=results.previous)
        back.append(keys(results))
    assert back[::-1] == forth


def test_an_article_that_comes_meanwhile_shifts_no_page(conn: sqlite3.Connection) -> None:
    first = search(conn, "", limit=3)
    second = keys(search(conn, "", limit=3, after=first.next))
    conn.execute("SAVEPOINT meanwhile")
    _insert(conn, 99, "Tin mới nhất", "", "", "", "", published_at="2025-12-31")
    again = search(conn, "", limit=3, after=first.next)
    conn.execute("ROLLBACK TO meanwhile")
    assert keys(again) == second
    assert again.skipped == 4


@pytest.mark.parametrize("gone", ["k-4", "nobody", ""])
def test_a_page_after_an_article_that_is_not_among_the_hits_is_the_first(
    conn: sqlite3.Connection, gone: str
) -> None:
    assert search(conn, "ha long", after=gone).skipped == 0
    assert search(conn, "ha long", before=gone).skipped == 0


def test_of_very_many_matches_the_best_tier_is_ranked_and_it_says_so(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert search(conn, "ha").ranked is None
    for module in ("search", "selection"):
        monkeypatch.setattr(f"archive.{module}.RANKED", 1)
    titled = search(conn, "ha")
    assert (keys(titled)[0], titled.ranked) == ("k-6", 1)  # the only one with it in the title
    newest = keys(search(conn, "ha", order="newest"))
    assert keys(titled)[1:] == [key for key in newest if key != "k-6"]
    together = search(conn, "ha long")
    assert (keys(together), together.ranked) == (["k-1", "k-7"], 1)
    monkeypatch.setattr("archive.search.SCANNED", 1)
    unranked = search(conn, "ha")
    assert (keys(unranked), unranked.ranked) == (keys(titled), 0)
    assert unranked.total == titled.total  # counts are exact however many match


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("from:2025-04", {"k-1", "k-7"}),
        ("to:2024", {"k-2", "k-4", "k-5"}),
        ("from:12/8/2024 to:20/11/2024", {"k-2", "k-4"}),
        ("from:2024-08-13 to:2024", {"k-2"}),
        ("has:attachment", {"k-5"}),
        ("is:edited", {"k-7"}),
        ("is:removed", {"k-2"}),
        ("giấy from:2025", set()),
    ],
)
def test_dates_and_states_are_filters_too(
    conn: sqlite3.Connection, typed: str, expected: set[str]
) -> None:
    conn.execute("SAVEPOINT states")
    conn.execute("INSERT INTO attachments(article_id, position, url) VALUES (5, 1, 'x')")
    conn.execute("UPDATE articles SET version_count = 2 WHERE id = 7")
    conn.execute("UPDATE articles SET removed_at = '2025-07-01', status = 'removed' WHERE id = 2")
    results = search(conn, typed)
    everything = search(conn, "")
    conn.execute("ROLLBACK TO states")
    assert set(keys(results)) == expected
    flags = {facet.name: facet.values for facet in everything.facets}
    for flag in ("attachment", "edited", "removed"):
        assert [(value.value, value.count) for value in flags[flag]] == [("1", 1)]


@pytest.mark.parametrize("typed", ["from:soon", "to:2024-13", "has:nothing", "is:odd", "from:"])
def test_a_filter_that_makes_no_sense_is_words(typed: str) -> None:
    query = parse(typed)
    assert not query.filters
    assert query.text == typed


def test_a_month_alone_lies_in_its_year_and_after_its_beginning(conn: sqlite3.Connection) -> None:
    conn.execute("SAVEPOINT month")
    _insert(conn, 99, "Chỉ biết tháng", "", "", "", "", published_at="2022-03")
    found = [keys(search(conn, f'{typed} "chỉ biết"')) for typed in ("from:2022-03", "to:3/2022")]
    (years,) = (f for f in search(conn, '"chỉ biết"').facets if f.name == "year")
    conn.execute("ROLLBACK TO month")
    assert found == [["k-99"], ["k-99"]]
    assert [value.value for value in years.values] == ["2022"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("đai hôj", "đại hội"),
        ("kế hoặhc", "kế hoạch"),
        ("gấy phép", "giấy phép"),
        ("hóa đơnn", "hóa đơn"),
        ("101/GP-STTT", '"100 gp sttt"'),
        ("zzzzzz", None),
        ("đại hội", None),
    ],
)
def test_what_is_not_found_may_have_been_meant_otherwise(
    conn: sqlite3.Connection, typed: str, meant: str | None
) -> None:
    results = search(conn, typed)
    assert results.suggestion == meant
    if meant:
        assert not results.total
        assert search(conn, meant).total


def test_it_says_how_many_carry_the_marks_as_typed(conn: sqlite3.Connection) -> None:
    found = search(conn, "hạ")
    assert (found.exact, found.total) == (3, 5)
    assert set(keys(found)[:3]) == {"k-1", "k-6", "k-7"}
    assert search(conn, "ha").exact is None


def test_a_hit_in_an_attachment_names_its_page(conn: sqlite3.Connection) -> None:
    conn.execute("SAVEPOINT files")
    _insert(conn, 99, "Thông báo", "", "Xem tệp.", "", "ke-hoach.pdf Một trang. Ngân sách xã.")
    conn.execute(
        "INSERT INTO attachments(id, article_id, position, url, filename) "
        "VALUES (7, 99, 1, 'x', 'ke-hoach.pdf')"
    )
    conn.executemany(
        "INSERT INTO attachment_pages VALUES (7, ?, ?)", [(1, "Một trang."), (2, "Ngân sách xã.")]
    )
    found = [
        search(conn, typed).hits[0].found_in for typed in ("ngan sach", "hoach.pdf", "xem tệp")
    ]
    conn.execute("ROLLBACK TO files")
    assert found == [FoundIn(7, "ke-hoach.pdf", 2), FoundIn(7, "ke-hoach.pdf", None), None]


def test_a_star_finds_the_same_written_out_or_not(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = ("ho*", "quy*", "đ* -ho*", "zz*")
    written = [sorted(keys(search(conn, each))) for each in typed]
    monkeypatch.setattr("archive.expansion.MOST_WORDS", 0)
    assert [sorted(keys(search(conn, each))) for each in typed] == written
    assert written[0]
