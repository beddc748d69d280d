"""Where a page of any language names its authors, and what there is no author."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halong_crawler.platforms import GENERIC
from halong_crawler.portal import Portal
from halong_crawler.reading.authors.read import Authors, read_authors
from halong_crawler.reading.body import cut_body
from halong_crawler.reading.bylines.stated import people_in_pieces, people_stated
from halong_crawler.reading.document import Document
from halong_crawler.reading.reader import Reader

PORTAL = Portal(
    name="any", title_vi="Cổng", title_en="Portal", level="commune", province="X",
    platform="generic", hosts=("harbour-times.example",), seeds=("https://harbour-times.example/",),
)  # fmt: skip
TITLE = "Harbour council votes for a longer quay"
ENGLISH = (
    "The council voted on Monday to lengthen the old quay by two hundred metres, after a debate "
    "that lasted well into the night and drew more visitors than the hall could hold.",
    "Work is to begin in spring, when the last of the winter storms has passed, and the fishing "
    "boats will moor at the northern pier for as long as the piles are driven.",
    "Shopkeepers along the front had asked for a later date, but the engineers warned that another "
    "winter might undermine the wall and close the road behind it for good.",
)
VIETNAMESE = (
    "Sáng 12/3, phường tổ chức ra quân dọn vệ sinh các tuyến đường ven biển, thu hút gần hai trăm "
    "đoàn viên, hội viên và nhân dân các khu phố tham gia từ sớm.",
    "Sau lễ phát động, các lực lượng đã thu gom hơn ba tấn rác thải, phát quang cây bụi hai bên "
    "đường và trồng mới một trăm cây xanh dọc bờ kè.",
)


def page(
    *, head: str = "", under_title: str = "", end: str = "", after: str = "",
    paragraphs: tuple[str, ...] = ENGLISH, linked: Any = None, title: str = TITLE,
) -> str:  # fmt: skip
    data = f'<script type="application/ld+json">{json.dumps(linked)}</script>' if linked else ""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html><head><title>{title}</title>{head}{data}</head>"
        "<body><nav><a href='/'>Home</a></nav>"
        f"<main><h1>{title}</h1>{under_title}<div class='text'>{text}{end}</div></main>{after}"
        "<footer>Harbour Times</footer></body></html>"
    )


def read(html: str, url: str = "https://harbour-times.example/quay-4711.html") -> Authors:
    reader = Reader(Document.parse(html.encode(), url), PORTAL, GENERIC)
    title = reader.title.value if reader.title else ""
    return read_authors(reader, cut_body(reader.body_blocks, repeated=(title,)))


def names(html: str) -> list[str]:
    return [author.name for author in read(html).people]


def article(**facts: Any) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE} | facts


def person(name: Any) -> dict[str, Any]:
    return {"@type": "Person", "name": name}


CLARA, TOM = "Clara Weidmann", "Tom Oduya"
PERSON = person(CLARA)
BOTH = [CLARA, TOM]
STORY = "A whole other story"
OG_ARTICLE = "<meta property='og:type' content='article'>"


@pytest.mark.parametrize(
    ("linked", "wanted"),
    [
        (article(author=PERSON), [CLARA]),
        (article(author=[PERSON, person(TOM)]), BOTH),
        (article(author=person(BOTH)), BOTH),
        (article(author="Clara Weidmann"), [CLARA]),
        (article(author={"name": "Clara Weidmann"}), [CLARA]),
        (article(author=person("By Clara Weidmann and Tom Oduya")), BOTH),
        (article(author=person("Clara Weidmann, PhD")), ["Clara Weidmann, PhD"]),
        (article(author=person("Clara Weidmann, Staff Writer")), [CLARA]),
        ({"@graph": [article(author={"@id": "#c"}), {"@id": "#c", **PERSON}]}, [CLARA]),
        ({"@graph": [{"@id": "#c", **PERSON}, article(author=[{"@id": "#c"}])]}, [CLARA]),
        ([{"@type": "WebSite", "name": "Harbour Times"}, article(author=PERSON)], [CLARA]),
        # Of several articles the one that the page is about
        ([article(headline="Another story", author=person(TOM)), article(author=PERSON)], [CLARA]),
        # A publisher is no author, whatever it calls itself
        (article(author={"@type": "Organization", "name": "Clara Weidmann"}), []),
        (
            article(
                author=person("Harbour Times"),
                publisher={"@type": "Organization", "name": "Harbour Times"},
            ),
            [],
        ),
        (article(author=person("harbour-times")), []),
        (article(author=person("admin")), []),
        (article(author=person("Redaktion")), []),
        (article(author=person("Editorial Team")), []),
        (article(author=person("dpa")), []),
        (article(author=person("https://harbour-times.example/author/clara")), []),
        (article(author=person("clara@harbour-times.example")), []),
        (article(author=person("mf")), []),
        (article(author={"@type": "Person"}), []),
        (article(author={"@id": "#nobody"}), []),
        (article(author=7), []),
    ],
)
def test_json_ld(linked: Any, wanted: list[str]) -> None:
    found = read(page(linked=linked))
    assert [author.name for author in found.people] == wanted
    assert found.evidence == ({"byline": "json-ld:author"} if wanted else {})


@pytest.mark.parametrize(
    ("meta", "wanted"),
    [
        ("<meta name='author' content='Clara Weidmann'>", [CLARA]),
        ("<meta name='author' content='Clara Weidmann, Tom Oduya'>", BOTH),
        ("<meta property='article:author' content='Clara Weidmann'>", [CLARA]),
        ("<meta name='parsely-author' content='Clara Weidmann'>", [CLARA]),
        ("<meta name='byl' content='By CLARA WEIDMANN'>", ["CLARA WEIDMANN"]),
        ("<meta name='DC.creator' content='Clara Weidmann'>", [CLARA]),
        ("<meta name='citation_author' content='Weidmann, Clara'><meta name='citation_author' "
         "content='Oduya, Tom'>", BOTH),
        ("<meta name='twitter:label1' content='Written by'><meta name='twitter:data1' "
         "content='Clara Weidmann'>", [CLARA]),
        ("<meta name='twitter:label1' content='Reading time'><meta name='twitter:data1' "
         "content='Four minutes'>", []),
        ("<meta property='article:author' content='https://www.facebook.com/clara'>", []),
        ("<meta name='author' content='@clara'>", []),
        ("<meta name='author' content='Harbour Times'><meta property='og:site_name' "
         "content='Harbour Times'>", []),
        ("<meta name='author' content='Quay Marketing Agency'>", []),
    ],
)  # fmt: skip
def test_metas(meta: str, wanted: list[str]) -> None:
    assert names(page(head=OG_ARTICLE + meta)) == wanted


def test_on_a_page_that_is_no_declared_article_a_meta_must_be_confirmed() -> None:
    meta = "<meta name='author' content='Clara Weidmann'>"
    assert names(page(head=meta)) == []
    assert names(page(head=meta, under_title="<p>Clara Weidmann</p>")) == [CLARA]


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<a rel='author' href='/x'>Clara Weidmann</a>", [CLARA]),
        ("<span itemprop='author'><span itemprop='name'>Clara Weidmann</span></span>", [CLARA]),
        ("<div class='byline'>By Clara Weidmann</div>", [CLARA]),
        (
            "<div class='byline'>By <a href='/a/1'>Clara Weidmann</a> and "
            "<a href='/a/2'>Tom Oduya</a></div>",
            BOTH,
        ),
        (
            "<p><a class='author' href='/1'>Clara Weidmann</a>, "
            "<a class='author' href='/2'>Tom Oduya</a></p>",
            BOTH,
        ),
        (
            "<div class='post-author'><span>von</span> <b>Clara von der Weide</b>"
            "<i>12.03.2024</i></div>",
            ["Clara von der Weide"],
        ),
        (
            "<div class='author-and-date'><time>Mar 12</time><span>Clara Weidmann</span></div>",
            [CLARA],
        ),
        (
            "<div class='article-author'><span>News</span><a href='/x'>Clara Weidmann</a></div>",
            [CLARA],
        ),
        ("<div class='entry-author'>Posted by gizzmo</div>", ["gizzmo"]),
        ("<a href='/author/clara-weidmann'>Clara Weidmann</a>", [CLARA]),
        (
            "<div class='verfasser'>Text: Jörg Müller-Lüdenscheidt</div>",
            ["Jörg Müller-Lüdenscheidt"],
        ),
        ("<div class='byline'>By Seán O’Brien, Senior Reporter</div>", ["Seán O’Brien"]),
        ("<div class='byline'>Dr. Clara Weidmann | 12 March 2024</div>", ["Dr. Clara Weidmann"]),
        ("<div class='byline'><span>Reviewed by</span> <b>Tom Oduya</b></div>", []),
        ("<div><p>Fact checked by</p> <p class='author-name'>Tom Oduya</p></div>", []),
        ("<div>Contact: <a href='/profile/tom-oduya'>Tom Oduya</a></div>", []),
        # One word: a given name, or one that "By" introduces; else a topic or a brand
        ("<div class='post-author'>Clara</div>", ["Clara"]),
        ("<div class='post-author'>surfguard</div>", ["surfguard"]),
        ("<div class='post-author'>Voltarix</div>", []),
        ("<div class='post-author'>surfguard, builder of boats</div>", []),
        ("<div class='post-author'>By Voltarix</div>", ["Voltarix"]),
        ("<div class='post-author' style='display: none'>cweid</div>", []),
        ("<div class='post-author' style='display: none'>Clara Weidmann</div>", [CLARA]),
        ("<div class='byline'>kj</div>", []),
        ("<div class='byline'><i>By</i><b>Harbour Times Staff</b><u>fishing</u></div>", []),
        # Page builders call every element a widget
        (
            "<div class='elementor-widget-container'><b class='author'>Clara Weidmann</b></div>",
            [CLARA],
        ),
        ("<div class='author'>Redaktion</div>", []),
        ("<div class='author'>admin</div>", []),
        ("<div class='author'>Harbour Times Staff</div>", []),
        ("<div class='byline'>AFP</div>", []),
        ("<div class='author'>March 2024</div>", []),
        ("<figure class='photo'><figcaption class='author'>Tom Oduya</figcaption></figure>", []),
    ],
)
def test_marked_elements(markup: str, wanted: list[str]) -> None:
    assert names(page(under_title=markup)) == wanted


@pytest.mark.parametrize(
    "after",
    [
        "<div id='comments'><ol><li class='comment-author'>Tom Oduya</li></ol></div>",
        "<div class='comment'><span class='author'>Tom Oduya</span> says: well done</div>",
        "<div class='related'><span class='author'>Tom Oduya</span></div>",
        "<aside class='sidebar'><a rel='author' href='/x'>Tom Oduya</a></aside>",
        "<article><h3><a href='/2'>A whole other story</a></h3>"
        "<span class='author'>Tom Oduya</span></article>",
        "<ul><li><a href='/3'><h4>A whole other story</h4></a>"
        "<span class='byline'>By Tom Oduya</span></li></ul>",
        "<footer><span class='author'>Tom Oduya</span></footer>",
        "<div><a href='/3'><h4>A whole other story about the boats of the northern pier</h4>"
        "<span class='author'>Tom Oduya</span></a></div>",
        "<p>What the wall will bear was worked out by <a href='/profile/oduya'>Tom Oduya</a> and a "
        "dozen students, who went out every morning before the tide came in, measured every single "
        "stone of it, wrote the numbers down in a book that is older than all of them, and "
        "came back in the evening with frozen hands and a list that nobody had ever made.</p>",
    ],
)
def test_authors_of_comments_and_of_other_articles_are_left_alone(after: str) -> None:
    assert names(page(after=after)) == []
    byline = "<p class='byline'>By Clara Weidmann</p>"
    assert names(page(under_title=byline, after=after)) == [CLARA]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("By Clara Weidmann", [CLARA]),
        ("By Clara Weidmann | March 12, 2024", [CLARA]),
        ("Von Clara Weidmann und Tom Oduya", BOTH),
        ("Par Hélène d'Aubigny", ["Hélène d'Aubigny"]),
        ("Por María José de la Cruz", ["María José de la Cruz"]),
        ("Text: Clara Weidmann", [CLARA]),
        ("Text und Fotos: Clara Weidmann", [CLARA]),
        ("Autor: Clara Weidmann", [CLARA]),
        ("Auteur : Kossi Adjavon", ["Kossi Adjavon"]),
        ("12.03.2024 von Clara Weidmann", [CLARA]),
        ("Posted by Clara Weidmann on March 12, 2024", [CLARA]),
        ("By J. K. Weidmann", ["J. K. Weidmann"]),
        ("By Clara Weidmann, dpa", [CLARA]),
        ("ByClara Weidmann", [CLARA]),
        ("---- by Clara Weidmann", [CLARA]),
        ("by Clara Weidmann ● March 12, 2024 ● 6 min read", [CLARA]),
        ("Geschrieben von Clara Weidmann am 12.03.2024 22:30 (1599 x gelesen)", [CLARA]),
        ("05.02.2024 - Redaktion: Clara Weidmann (Sprecherin des Hafens)", [CLARA]),
        ("This article was written by Clara Weidmann, harbour master.", [CLARA]),
        ("Contributors: Clara Weidmann, Tom Oduya", BOTH),
        ("Escribe Clara Weidmann en Territorio", [CLARA]),
        ("by gizzmo", ["gizzmo"]),
        ("Reviewed by Tom Oduya", []),
        ("Contact: Tom Oduya", []),
        ("Di stagione", []),
        ("By Industry", []),
        ("Von Anfang an war der Kai umstritten", []),
        ("By the harbour wall", []),
        ("By Staff Writer", []),
        ("By popular demand", []),
        ("Photo: Tom Oduya", []),
    ],
)
def test_visible_lines(line: str, wanted: list[str]) -> None:
    found = read(page(under_title=f"<p>{line}</p>"))
    assert [author.name for author in found.people] == wanted
    assert not wanted or found.byline == line


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (("Written by", "Clara Weidmann"), [CLARA]),
        (("Author", "Clara Weidmann"), [CLARA]),
        (("Author", "CW"), []),
        (("Auteur :", "Kossi Adjavon"), ["Kossi Adjavon"]),
        (("Reviewed by", "Tom Oduya"), []),
        (("Topics", "Clara Weidmann"), []),
        # The date, the reading time or a post beside a name that begins with a given one
        (("Clara Weidmann", "March 12, 2024"), [CLARA]),
        (("12.03.2024 - Clara Weidmann",), [CLARA]),
        (("12.03.2024 | 13:10 Uhr | Clara Weidmann",), [CLARA]),
        (("Clara Weidmann | Senior Writer | March 12, 2024",), [CLARA]),
        (("Clara Weidmann", "6 min read"), [CLARA]),
        (("Clara Weidmann, Tom Oduya", "March 12, 2024"), BOTH),
        (("Clara Weidmann",), []),
        (("March 12, 2024 | Real Estate",), []),
        (("Clara Weidmann calls for a shorter one", "March 12, 2024"), []),
    ],
)
def test_names_without_a_label_of_their_own(lines: tuple[str, ...], wanted: list[str]) -> None:
    assert names(page(under_title="".join(f"<p>{line}</p>" for line in lines))) == wanted


def test_the_one_an_article_is_about_did_not_write_it() -> None:
    lines = "<p>Clara Weidmann</p><p>March 12, 2024</p>"
    assert names(page(title="Clara Weidmann opens the longer quay", under_title=lines)) == []


def test_the_author_of_a_book_is_not_the_page_s() -> None:
    facts = ("Autorin: Clara Weidmann", "Verlag: Am Kai", "Seiten: 312")
    spoken = "".join(f"<p>{line}</p>" for line in facts)
    assert names(page(under_title=spoken)) == []
    assert names(page(under_title="<p>Autorin: Clara Weidmann</p><p>Datum: heute</p>")) == [CLARA]


def test_an_embedded_post_does_not_sign_the_article() -> None:
    post = "<blockquote>Posted by Tom Oduya on Monday, February 7, 2022</blockquote>"
    assert names(page(under_title=post)) == []


def test_the_article_s_own_footer_may_name_its_author() -> None:
    byline = "<span class='author'>Clara Weidmann</span>"
    text = "".join(f"<p>{paragraph}</p>" for paragraph in ENGLISH)
    html = (
        f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>{text}"
        f"<footer>{byline}</footer></article></body></html>"
    )
    assert names(html) == [CLARA]


@pytest.mark.parametrize(
    ("author", "wanted"),
    [
        ("clara.weidmann", []),
        ("clara-quaystudio", []),
        ("mdela7req6vk2ci", []),
        ("Human in the Loop", []),
        ("Quays & Boats", []),
        ("Clara & Tom", ["Clara", "Tom"]),
        ("Clara Weidmann (Content Manager)", [CLARA]),
        ("Clara Weidmann from Harbour University", [CLARA]),
    ],
)
def test_accounts_and_phrases_in_the_page_s_data_are_nobody(author: str, wanted: list[str]) -> None:
    shown = f"<p>{author.replace('&', '&amp;')}</p>"
    linked = article(author=person(author))
    assert names(page(linked=linked, under_title=shown)) == wanted


def test_a_single_word_in_a_meta_is_an_account_unless_it_is_a_given_name() -> None:
    def meta(name: str) -> list[str]:
        head = f"{OG_ARTICLE}<meta name='author' content='{name}'>"
        return names(page(head=head, under_title=f"<p>{name}</p>"))

    assert meta("Clara") == ["Clara"]
    assert meta("Voltarix") == []


def test_whose_site_it_is_writes_on_it_if_that_is_a_person() -> None:
    def own(name: str, head: str = "", after: str = "") -> list[str]:
        linked = article(author=person(name), publisher={"@type": "Organization", "name": name})
        return names(page(linked=linked, head=head, after=after))

    assert own("Clara Weidmann") == [CLARA]
    assert own("Quiet Harbour") == []
    site = "<meta property='og:site_name' content='Clara Weidmann'>"
    assert own("Clara Weidmann", head=site) == [CLARA]


@pytest.mark.parametrize("notice", ["© 2024 Quiet Harbour", "Copyright 2019-2024 Quiet Harbour"])
def test_whom_the_copyright_names_is_no_author_unless_a_person(notice: str) -> None:
    linked = article(author=person("Quiet Harbour"))
    assert names(page(linked=linked)) == ["Quiet Harbour"]
    assert names(page(linked=linked, after=f"<p>{notice}</p>")) == []
    theirs = f"<p>{notice.replace('Quiet Harbour', CLARA)}</p>"
    assert names(page(linked=article(author=PERSON), after=theirs)) == [CLARA]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Clara Weidmann, Fishing", (CLARA,)),
        ("Clara Weidmann / Fishing", (CLARA,)),
        ("Opinion Piece, Clara Weidmann", ("Opinion Piece", CLARA)),
        ("Clara and Tom", ("Clara", "Tom")),
        ("Jobs & Hire", ()),
        ("Deutsche Post (www.post.example)", ()),
        ("2019January", ()),
    ],
)
def test_lists_of_names(text: str, wanted: tuple[str, ...]) -> None:
    assert people_stated(text) == wanted


def test_the_fuller_statement_wins_over_an_account_name() -> None:
    linked = article(author=person("cweid"))
    byline = "<p class='byline'>By Clara Weidmann</p>"
    found = read(page(linked=linked, under_title=byline))
    assert [author.name for author in found.people] == [CLARA]
    assert (found.byline, found.evidence) == ("By Clara Weidmann", {"byline": "class:byline"})


def test_in_vietnamese_only_a_vietnamese_name_is_a_person() -> None:
    def author(name: str) -> list[str]:
        return names(
            page(paragraphs=VIETNAMESE, linked=article(author={"@type": "Person", "name": name}))
        )

    assert author("Hoàng Thị Mận") == ["Hoàng Thị Mận"]
    for nobody in ("vanthu", "Quản trị", "VnExpress", "Trang Tin Phường", "cuong.nv"):
        assert author(nobody) == []


def test_a_labelled_line_under_a_vietnamese_title_names_the_author() -> None:
    found = read(page(paragraphs=VIETNAMESE, under_title="<p>Tin, ảnh: Quách Hùng</p>"))
    assert [(a.name, a.role) for a in found.people] == [
        ("Quách Hùng", "writer"), ("Quách Hùng", "photographer"),
    ]  # fmt: skip
    assert found.byline == "Tin, ảnh: Quách Hùng"
    assert read(page(paragraphs=VIETNAMESE, under_title="<p>Ảnh: Quách Hùng</p>")).people == ()


def test_the_end_of_the_body_is_believed_before_the_page_is_searched() -> None:
    linked = article(author=person("Hoàng Thị Mận"))
    found = read(page(paragraphs=VIETNAMESE, end="<p>Hồng Hạnh</p>", linked=linked))
    assert [author.name for author in found.people] == ["Hồng Hạnh"]
    assert found.evidence == {"byline": "line at the end of the body"}


def test_a_source_stands_apart_from_the_author() -> None:
    found = read(page(paragraphs=VIETNAMESE, end="<p>Hồng Hạnh (Theo TTXVN)</p>"))
    assert ([a.name for a in found.people], found.source) == (["Hồng Hạnh"], "TTXVN")
    found = read(page(paragraphs=VIETNAMESE, end="<p>Nguồn: Báo Quảng Ninh</p>"))
    assert (found.people, found.byline, found.source) == ((), None, "Báo Quảng Ninh")


NAME = st.sampled_from(["Clara Weidmann", "admin", "Tom Oduya, MD", "By", "Redaktion", "dpa", "@x"])
PIECE = st.one_of(NAME, st.text(max_size=40))


@given(PIECE, PIECE, PIECE, st.sampled_from([None, 1, "x", {"name": {}}, [[]], {"@id": []}]))
def test_no_page_breaks_the_ladder_and_every_name_stands_in_it(
    meta: str, line: str, marked: str, author: Any
) -> None:
    def plain(text: str) -> str:
        return text.translate(str.maketrans(dict.fromkeys("<>&'\"\x00", " ")))

    html = page(
        head=f"{OG_ARTICLE}<meta name='author' content='{plain(meta)}'>",
        under_title=f"<p>{plain(line)}</p><p class='author'>{plain(marked)}</p>",
        linked=article(author=author),
    )
    for person in read(html).people:
        assert person.name in " ".join(html.split())


@given(st.lists(PIECE, max_size=6))
def test_no_text_breaks_the_reading_of_names(pieces: list[str]) -> None:
    people_in_pieces(pieces)
    for piece in pieces:
        people_stated(piece)
