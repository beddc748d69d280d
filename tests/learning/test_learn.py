"""Learning on portals in templates no rule knows: what is read before and after, and of what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from halong_crawler.learning.drift import ENOUGH, Watch
from halong_crawler.learning.learn import FEWEST, NotLearntError, learn, shape
from halong_crawler.learning.outline import is_made, outline
from halong_crawler.learning.template import (
    Template,
    TemplateError,
    as_toml,
    find_template,
    learned_file,
    load_template,
    save_template,
)
from halong_crawler.reading import Document
from tests.learning.faces import FACES, Face, Hashed, Misnamed, Plain, Tables
from tests.learning.grammar import ZONE
from tests.learning.measure import CAPTURED, learned, measured

SEEN = 64
"""Pages that are learnt from; the others are only read."""


@pytest.mark.parametrize("kind", FACES)
def test_pages_never_seen_are_read_well_after_learning(kind: type[Face]) -> None:
    face = kind(120)
    unseen = face.stories[SEEN:]
    before = measured(face, face.portal, unseen)
    after = measured(face, face.portal.with_template(learned(face, SEEN)), unseen)
    assert after.body > 0.99
    assert min(after.title, after.date, after.author) >= 0.98
    assert after.lead >= 0.95
    assert before.total < after.total
    if kind is Misnamed:
        assert before.body < 0.95


@pytest.mark.parametrize("kind", FACES)
@pytest.mark.parametrize("seed", [2, 3])
def test_other_stories_in_the_same_template_teach_the_same(kind: type[Face], seed: int) -> None:
    face = kind(90, seed)
    after = measured(face, face.portal.with_template(learned(face, SEEN)), face.stories[SEEN:])
    assert after.body > 0.99
    assert min(after.title, after.date, after.author) >= 0.98


def test_twenty_pages_are_enough_to_begin_with() -> None:
    face = Plain(60)
    after = measured(face, face.portal.with_template(learned(face, FEWEST)), face.stories[20:])
    assert after.body > 0.99
    assert after.title >= 0.98


PLAIN = """\
# What the article pages of vidu_hop have in common, learnt from 64 of them.
# Learn anew with: halong portal learn vidu_hop
# The portal's own selectors and its platform's go before these. A line may be corrected
# here; to keep it over the next learning, copy it into [selectors] of the descriptor.

learned = 2026-03-02
parser_version = "1"
# The platform whose marks nearly all of the pages bear; generic: they bear none.
product = "generic"
# Whether title, body and date together mark an article: no listing showed all three.
tells_articles = true

[selectors]
title = "div.c1 > div.k3"
lead = "div.c1 > div.k4"
body = "div.k0"
byline = "span.k2"
date = "div.k5 > span.k1"
category = "div.b2"
tags = "div.k10"
listing = "li.muc"

# On how many pages of the sample each selector found what it should.
[support]
title = "64 of 64 pages"
lead = "55 of 64 pages"
body = "64 of 64 pages"
byline = "58 of 64 pages"
date = "60 of 64 pages"
category = "64 of 64 pages"
tags = "64 of 64 pages"
listing = "5 of 5 pages"

[sample]
pages = 64
first_capture = 2026-03-02T02:15:00Z
last_capture = 2026-03-02T02:15:00Z
"""


def test_the_learned_file_reads_like_one_a_person_would_write() -> None:
    assert as_toml(learned(Plain()), "vidu_hop") == PLAIN


@pytest.mark.parametrize(
    ("kind", "rules"),
    [
        (Misnamed, {"title": "h2", "body": "div.footer", "lead": "p.caption", "byline": "p.tags",
                    "date": "div.menu", "cut": "div.summary"}),
        (Tables, {"title": "font[size='4']", "date": "font[color='gray']"}),
        (Hashed, {"title": "div[class*='Page_head_']", "body": "div[class*='Page_text_']"}),
    ],
)  # fmt: skip
def test_selectors_are_the_shortest_that_hold(kind: type[Face], rules: dict[str, str]) -> None:
    template = learned(kind())
    assert {name: next(template.selectors(name)) for name in rules} == rules


def test_a_clock_is_no_date() -> None:
    template = learned(Misnamed())
    assert "div.date" not in [*template.selectors("date")]
    face = Misnamed()
    for story in face.stories:  # no page is dated but by its clock
        object.__setattr__(story, "at", None)
    assert not [*learned(face).selectors("date")]


def test_too_few_pages_are_said_to_be_so() -> None:
    with pytest.raises(NotLearntError, match=r"only 19 article pages .* 20 are needed"):
        learned(Plain(), 19)


def test_pages_of_no_common_template_are_said_to_be_so() -> None:
    pages = [
        outline(Document.parse(html, f"http://a.vn/tin-{n}.html"), CAPTURED)
        for n, html in enumerate([b"<html><body></body></html>"] * 30)
    ]
    with pytest.raises(NotLearntError, match="no element holds the body"):
        learn(pages, zone=ZONE, learned=date(2026, 3, 2))


def test_two_templates_of_one_portal_are_both_learnt() -> None:
    old, new = Plain(70), Misnamed(70, seed=5)
    stories = [(old, s) for s in old.stories[:40]] + [(new, s) for s in new.stories[:30]]
    pages = [
        outline(Document.parse(face.page(story).encode(), face.url(story)), CAPTURED)
        for face, story in stories
    ]
    template = learn(pages, zone=ZONE, learned=date(2026, 3, 2))
    assert {*template.selectors("body")} == {"div.k0", "div.footer"}
    for face in (old, new):
        after = measured(face, face.portal.with_template(template), face.stories[40:])
        assert after.body > 0.99
        assert min(after.title, after.date) >= 0.98


# Drift


def watched(template: Template, pages: list[tuple[str, str]]) -> Watch:
    watch = Watch(template, ZONE)
    for url, html in pages:
        watch.see(Document.parse(html.encode(), url))
    return watch


def test_the_same_template_does_not_drift() -> None:
    face = Plain(120)
    template = learned(face, SEEN)
    pages = [(face.url(story), face.page(story)) for story in face.stories[SEEN:]]
    assert watched(template, pages).drifts() == ()


def test_drift_names_field_selector_shares_and_the_first_page() -> None:
    face = Plain(120)
    template = learned(face, SEEN)
    pages = [(face.url(s), face.page(s)) for s in face.stories[SEEN:]]
    changed = [(url, html.replace("class='k2'", "class='t'")) for url, html in pages[10:]]
    (drift,) = watched(template, pages[:10] + changed).drifts()
    assert (drift.field, drift.selector, drift.pages) == ("byline", "span.k2", 56)
    assert drift.seen < 0.2 < drift.expected
    unsigned = {face.url(s) for s in face.stories if s.author is None}
    assert drift.first_url == next(
        url for at, (url, _) in enumerate(pages) if at >= 10 or url in unsigned
    )


def test_few_pages_tell_nothing_of_drift() -> None:
    template = learned(Plain())
    pages = [(f"http://vidu.example.vn/{n}.html", "<p>Khác</p>") for n in range(ENOUGH - 1)]
    assert watched(template, pages).drifts() == ()
    more = [*pages, ("http://vidu.example.vn/x.html", "<p>Khác</p>")]
    assert {drift.field for drift in watched(template, more).drifts()} >= {"title", "body", "date"}


# The file


def test_a_file_is_read_as_it_was_written(tmp_path) -> None:
    for face in (Plain(), Hashed()):
        template = learned(face)
        path = learned_file(tmp_path, face.name)
        save_template(template, face.name, path)
        assert load_template(path) == template
        assert find_template(face.name, [tmp_path / "none", tmp_path]) == template
    assert find_template("nobody", [tmp_path]) is None


def test_a_rule_written_by_hand_is_used(tmp_path) -> None:
    path = learned_file(tmp_path, "x")
    path.parent.mkdir()
    path.write_text(PLAIN.replace('byline = "span.k2"', 'byline = ["span.k2", "p.ky-ten"]'))
    template = load_template(path)
    assert [*template.selectors("byline")] == ["span.k2", "p.ky-ten"]
    assert [rule.of for rule in template.rules["byline"]] == [64, 0]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("\n[selectors]", "\n[selectors", "delete the file and learn again"),
        ('body = "div.k0"', 'body = "div..k0"', "'div..k0' is no selector"),
        ('body = "div.k0"', 'text = "div.k0"', "unknown field 'text'; known are: title"),
        ('"58 of 64 pages"', '"most pages"', "support.byline: 'most pages' is not written like"),
        ("pages = 64", 'pages = "x"', "sample.pages"),
    ],
)
def test_a_broken_file_is_one_clear_line(tmp_path, old: str, new: str, says: str) -> None:
    path = learned_file(tmp_path, "x")
    path.parent.mkdir()
    path.write_text(PLAIN.replace(old, new, 1) if old != "pages = 64" else PLAIN.replace(old, new))
    with pytest.raises(TemplateError) as error:
        load_template(path)
    assert says in str(error.value)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_each_learning_has_a_stamp_of_its_own() -> None:
    template = learned(Plain())
    assert template.stamp.startswith("learned-2026-03-02-")
    assert template.stamp == learned(Plain()).stamp != learned(Tables()).stamp
    later = template.model_copy(update={"learned": template.learned + timedelta(days=1)})
    assert later.stamp != template.stamp


# Names and addresses


@pytest.mark.parametrize(
    "name", ["ctl00_ContentPlaceHolder1_lblTitle", "col-md-8", "h1", "tin-ct", "newsDetailTitle",
             "dt_01", "title2"],
)  # fmt: skip
def test_names_people_gave_are_kept(name: str) -> None:
    assert not is_made(name)


@pytest.mark.parametrize(
    "name", ["css-1q2w3e", "sc-bdVaJa", "jsx-3812731", "post-1234", "Page_head__a81Kz"]
)
def test_names_machines_made_are_not(name: str) -> None:
    assert is_made(name)


def test_addresses_are_grouped_by_their_form() -> None:
    same = ["http://a.vn/tin/le-hoi-hoa-12.html", "http://a.vn/tin/ra-quan-don-rac-to-7-3.html"]
    assert len({shape(url) for url in same}) == 1
    others = [*same, "http://a.vn/tin/trang-4", "http://a.vn/xem?id=3", "http://a.vn/"]
    assert len({shape(url) for url in others}) == 4


# Anything


_TAGS = st.sampled_from(["div", "p", "td", "table", "tr", "span", "a", "h1", "ul", "li", "br", "b"])
_NAMES = st.sampled_from(
    ["", " class='a'", " class='a b'", " id='x'", " class='\"]>{'", " href='/1'"]
)
_TEXTS = st.one_of(
    st.text(max_size=90),
    st.sampled_from(["12/03/2024", "Hồng Hạnh", "Trang chủ", "Một câu khá dài. " * 8]),
)


@st.composite
def pages(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 12))):
        tag = draw(_TAGS)
        closing = f"</{tag}>" if draw(st.booleans()) else ""
        parts.append(f"<{tag}{draw(_NAMES)}>{draw(_TEXTS)}{closing}")
    return f"<title>{draw(_TEXTS)}</title>{''.join(parts)}"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(pages(), min_size=1, max_size=6))
def test_learning_never_raises_but_to_say_why_not(kinds: list[str]) -> None:
    sample = [
        outline(Document.parse(kinds[n % len(kinds)].encode(), f"http://a.vn/{n}"), CAPTURED)
        for n in range(24)
    ]
    try:
        template = learn(sample, zone=ZONE, learned=date(2026, 3, 2))
    except NotLearntError:
        return
    assert [*template.selectors("body")]
    as_toml(template, "x")
