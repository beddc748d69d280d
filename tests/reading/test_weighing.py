"""What stands amid, above and between an article's passages: labels, leads, captions, sections."""

from __future__ import annotations

import pytest

from halong_crawler.reading import read_page
from halong_crawler.reading.weighing.phrases import is_stray

URL = "https://www.example.org/2024/harbour-ferry-returns"
TITLE = "The harbour ferry returns after eleven years"
LEAD = "From Saturday a small electric boat crosses the bay again, every half hour until dusk."
PARAGRAPHS = (
    "The old ferry was taken out of service in 2013, when its engine failed in a storm and the "
    "council, short of money, decided not to replace it. Since then commuters have driven around "
    "the bay, which takes forty minutes on a good day.",
    "The new boat carries sixty passengers and their bicycles. It was built in the yard of a local "
    "family, which had not launched anything larger than a dinghy for a generation, and it runs on "
    "batteries that are charged at the northern pier.",
    "On the first morning, the mayor said, nobody would have to pay. Afterwards a ticket costs "
    "three crowns, children travel free, and those who work in the town can buy a pass for the "
    "month at the harbour office.",
    "Fishermen had worried about the wash of the boat in the narrow channel. The council answered "
    "that it would slow down between the buoys, and that the timetable leaves four minutes for it.",
)
TEXT = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
MENU = "".join(f'<li><a href="/{n}">Section number {n}</a></li>' for n in range(8))


def body(inner: str, *, title: str = f"<h1>{TITLE}</h1>", head: str = "") -> str:
    """The lead and the body read from a page with ``inner`` below its title."""
    html = (
        f"<html lang='en'><head><title>{TITLE} - Bay Gazette</title>{head}</head><body>"
        f"<ul class='menu'>{MENU}</ul><main><article>{title}{inner}</article></main>"
        f"<footer class='footer'>Bay Gazette, all rights reserved</footer></body></html>"
    )
    read = read_page(html.encode(), URL)
    return f"{read['lead'] or ''}\n\n{read['body']}"


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("Advertisement", 0),
        ("Story continues below advertisement", 0),
        ("RELATED STORIES:", 0),
        ("Das könnte Sie auch interessieren!", 0),
        ("Read more: How the northern pier was rebuilt", 33),
        ("Đọc thêm: Khôi phục tuyến phà qua vịnh", 28),
        ("Lea también: El transbordador vuelve a la bahía", 34),
        ("Photo: Harbour office", 0),
        ("© Bay Gazette", 0),
    ],
)
def test_a_line_that_is_no_text(text: str, linked: int) -> None:
    assert is_stray(text, linked)


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("Read more: the sign at the pier says, and nobody ever does.", 0),
        ("Related to this is the question who pays.", 0),
        ("Comments by the mayor were not welcome.", 0),
        ("Photographs of the old ferry hang in the harbour office.", 0),
        ("Ảnh hưởng của bão làm tuyến phà phải dừng hai ngày.", 0),
        ("Advertising pays for a third of the timetable", 0),
    ],
)
def test_text_that_begins_like_such_a_line(text: str, linked: int) -> None:
    assert not is_stray(text, linked)


def test_labels_and_links_to_other_texts_amid_the_article_are_left_out() -> None:
    amid = "<p>Advertisement</p><p>Read more: <a href='/pier'>How the pier was rebuilt</a></p>"
    read = body(TEXT.replace("</p>", "</p>" + amid, 2))
    assert "Advertisement" not in read
    assert "pier was rebuilt" not in read
    assert all(text in read for text in PARAGRAPHS)


@pytest.mark.parametrize("name", ["teaser-text", "article-excerpt", "article__intro", "subtitle"])
def test_a_lead_set_apart_above_the_text_belongs_to_it(name: str) -> None:
    header = f"<header><h1>{TITLE}</h1><div class='{name}'><p>{LEAD}</p></div></header>"
    read = body(f"<figure><img src='a.jpg'></figure><div class='text'>{TEXT}</div>", title=header)
    assert LEAD in read
    assert all(text in read for text in PARAGRAPHS)


def test_a_caption_is_no_text() -> None:
    figure = (
        "<figure><img src='a.jpg'><figcaption>The boat at the northern pier</figcaption></figure>"
    )
    read = body(figure + TEXT + figure.replace("northern", "southern") + f"<p>{LEAD}</p>")
    assert "The boat at" not in read
    assert all(text in read for text in PARAGRAPHS)


def test_captions_are_the_text_of_a_series_of_pictures() -> None:
    shown = "".join(
        f"<figure><img src='{n}.jpg'><figcaption>{text}</figcaption></figure>"
        for n, text in enumerate(PARAGRAPHS)
    )
    read = body(f"<div class='entry-content'><p>{LEAD}</p>{shown}</div>")
    assert sum(text in read for text in PARAGRAPHS) == len(PARAGRAPHS)


def test_sections_built_alike_are_one_article() -> None:
    sections = "".join(
        f"<section class='part'><h2 class='head'>Part {n} of the crossing</h2>"
        f"<p>{text}</p></section>"
        for n, text in enumerate(PARAGRAPHS, 1)
    )
    read = body(sections, title="<h1>Ferry</h1>")
    assert all(text in read for text in PARAGRAPHS)


def test_what_a_theme_puts_into_its_content_is_weighed_too() -> None:
    """Elsewhere the selectors of a product that every site dresses as it likes say little."""
    generator = "<meta name='generator' content='WordPress 6.4'>"
    box = "<div class='newsletter-signup'><p>Sign up and get the Gazette every morning.</p></div>"
    content = f"<div class='entry-content'>{TEXT}{box}</div>"
    read = body(f"<div class='entry-excerpt'><p>{LEAD}</p></div>{content}", head=generator)
    assert "every morning" not in read
    assert LEAD in read
    assert all(text in read for text in PARAGRAPHS)
