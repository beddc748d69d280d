"""The frozen pages: whole pages as the vendors' templates build them, and what must be read.

``tests/pages/<family>/<name>.html`` with its truth in ``<name>.json``. Every page is read as one of
a portal nobody configured: no selectors, no known product. The same pages are read again under
another ``lang``, decomposed, and with the other tone style; a change of spelling must change
nothing but the spelling.

A new page: ``halong fixture``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from archive.records import Article
from archive.text import nfc, squeeze
from halong_crawler.discovery.target import target
from halong_crawler.platforms import PLATFORMS, detect
from halong_crawler.portal import Portal
from halong_crawler.reading import Document, read

PAGES = Path(__file__).parents[1] / "pages"
TRUTHS = sorted(path for path in PAGES.glob("*/*.json") if path.parent.name != "not_articles")
NAMES = [f"{path.parent.name}/{path.stem}" for path in TRUTHS]
FOOT = re.compile(r"giấy phép (?:số|thiết lập)|bản quyền|ghi rõ nguồn|chịu trách nhiệm", re.I)
RUNS_INSIDE = {"vcms": "liferay", "vnpt_portal": "liferay"}
"""Products whose pages bear a second product's marks, because they run inside it."""
ENOUGH = 0.99
"""F1 of the body's runs of four words."""


@dataclass(frozen=True)
class Variant:
    """A spelling of the same page: what is done to its HTML, and to the truth alike."""

    name: str
    html: Callable[[str], str]
    truth: Callable[[str], str] = str


# Open syllables only, where both styles are in use: hoà and hòa, thuỷ and thủy, but never hoàn.
_PAIRS = ("oa", "oe", "uy")
_MARKS = "\u0300\u0301\u0303\u0309\u0323"


def _swapped_tones() -> dict[str, str]:
    swaps: dict[str, str] = {}
    for pair in _PAIRS:
        for mark in _MARKS:
            for cased in (pair, pair.upper(), pair.capitalize()):
                early = nfc(cased[0] + mark + cased[1])
                late = nfc(cased[0] + cased[1] + mark)
                swaps[early], swaps[late] = late, early
    return swaps


_SWAPS = _swapped_tones()
_OPEN = re.compile(rf"(?<![qQ])(?:{'|'.join(_SWAPS)})(?![^\W\d_])")
_NOT_TEXT = re.compile(r"(<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>)", re.S | re.I)


def swap_tones(text: str) -> str:
    return _OPEN.sub(lambda match: _SWAPS[match[0]], nfc(text))


def in_text(change: Callable[[str], str]) -> Callable[[str], str]:
    """Apply to what stands between tags: class names, addresses and scripts stay."""

    def changed(part: str) -> str:
        return change(re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), part))

    return lambda html: "".join(
        part if n % 2 else changed(part) for n, part in enumerate(_NOT_TEXT.split(html))
    )


def english(html: str) -> str:
    """SharePoint's default: the page says it is English."""
    head, _, rest = html.partition("<html")
    attributes, _, page = rest.partition(">")
    attributes = re.sub(r"""\s(?:xml:)?lang\s*=\s*(?:"[^"]*"|'[^']*'|[\w-]+)""", "", attributes)
    return f'{head}<html lang="en-us"{attributes}>{page}'


VARIANTS = (
    Variant("as_it_is", str),
    Variant("lang_en", english),
    Variant("nfd", in_text(lambda text: unicodedata.normalize("NFD", text))),
    Variant("other_tones", in_text(swap_tones), swap_tones),
)


@cache
def truth_of(path: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return truth


def portal_of(truth: dict[str, Any], platform: str = "generic") -> Portal:
    host = urlsplit(truth["url"]).netloc
    return Portal(
        name="unknown",
        title_vi=host,
        title_en=host,
        hosts=(host,),
        level="commune",
        province="?",
        platform=platform,
        seeds=(f"http://{host}/",),
    )


def html_of(path: Path) -> str:
    encoding = truth_of(path).get("encoding") or "utf-8"
    return path.with_suffix(".html").read_bytes().decode(encoding)


@cache
def article_of(path: Path, variant: Variant) -> Article:
    truth = truth_of(path)
    # The frozen bytes themselves; only a variant is written anew.
    html, plain = path.with_suffix(".html").read_bytes(), variant.name == "as_it_is"
    if not plain:
        html = variant.html(html_of(path)).encode()
    article = read(
        html,
        truth["url"],
        portal=portal_of(truth),
        captured_at=datetime.fromisoformat(truth["captured_at"]),
        headers={"content-type": truth.get("content_type", "")} if plain else {},
    )
    assert isinstance(article, Article), article
    return article


each_page = pytest.mark.parametrize("path", TRUTHS, ids=NAMES)
each_variant = pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)


@each_variant
@each_page
def test_the_head_of_an_article(path: Path, variant: Variant) -> None:
    """Title, lead, signature, source, day and category are exact."""
    truth, article = truth_of(path), article_of(path, variant)

    def spelt(value: str | None) -> str | None:
        return value and squeeze(variant.truth(value))

    published = article.published
    read_as = {
        "title": article.title,
        "lead": article.lead,
        "authors": [(author.name, author.role) for author in article.authors],
        "byline": article.byline,
        "source": article.source,
        "published": published and {"at": published.at, "precision": published.precision},
        "category": list(article.category),
    }
    assert read_as == {
        "title": spelt(truth["title"]),
        "lead": spelt(truth["lead"]),
        "authors": [(spelt(author["name"]), author["role"]) for author in truth["authors"]],
        "byline": spelt(truth["byline"]),
        "source": spelt(truth["source"]),
        "published": truth["published"],
        "category": [spelt(step) for step in truth["category"]],
    }


@each_variant
@each_page
def test_the_body_of_an_article(path: Path, variant: Variant) -> None:
    """Its paragraphs, and nothing of the page's foot."""
    article = article_of(path, variant)
    wanted = [variant.truth(nfc(text)) for text in truth_of(path)["body"]]
    assert f1(article.body, "\n".join(wanted)) > ENOUGH
    assert article.body.split("\n\n") == wanted or not (wanted or article.body)
    assert not FOOT.search(article.body) or FOOT.search("\n".join(wanted))


@each_page
def test_what_hangs_on_an_article(path: Path) -> None:
    """Tags, pictures with captions and credits, files, and when it was changed."""
    truth, article = truth_of(path), article_of(path, VARIANTS[0])
    assert list(article.tags) == truth["tags"]
    pictures = [{"url": i.url, "caption": i.caption, "credit": i.credit} for i in article.images]
    assert pictures == truth["images"]
    files = [{"url": link.url, "filename": link.filename} for link in article.attachments]
    assert files == truth["attachments"]
    assert article.updated_at == truth["updated_at"]


@each_page
def test_an_address_of_a_known_product(path: Path) -> None:
    """On a portal whose product is named, the address alone tells the article and its id."""
    truth = truth_of(path)
    where = target(truth["url"], portal_of(truth, truth["platform"]))
    assert where is not None
    assert (where.kind == "article") == ("source_id" in truth), where
    assert where.source_id == truth.get("source_id")
    assert where.refused is None


@each_page
def test_a_page_betrays_its_own_product(path: Path) -> None:
    """And no other: no table's marks stand on the page of another product."""
    document = Document.parse(path.with_suffix(".html").read_bytes(), truth_of(path)["url"])
    platform = truth_of(path)["platform"]
    assert detect(document.text).name == platform
    marked = {
        table.name
        for table in PLATFORMS.values()
        if any(mark.search(document.text) for mark in table.marks)
    }
    assert marked <= {platform, RUNS_INSIDE.get(platform)}


def test_the_pages_are_many_and_whole() -> None:
    """As large as real pages, no two of a family's skeleton alike in another."""
    assert len(TRUTHS) >= 45
    small = [path.stem for path in TRUTHS if path.with_suffix(".html").stat().st_size < 20_000]
    assert small == []
    for first, second in pairwise(sorted(TRUTHS, key=skeleton)):
        if first.parent != second.parent:
            assert skeleton(first) != skeleton(second), (first, second)


def skeleton(path: Path) -> str:
    """The classes and ids of a page, in order, as a stand-in for its template."""
    return " ".join(re.findall(r"\b(?:class|id)=[\"']?([^\"'>]+)", html_of(path)))


def test_variants_differ_from_the_page() -> None:
    """The tests above would prove nothing if a variant left the page as it is."""
    for variant in VARIANTS[1:]:
        assert any(variant.html(html_of(path)) != html_of(path) for path in TRUTHS), variant.name
    assert swap_tones("hòa hoà hoàn quý thủy Hoá") == "hoà hòa hoàn quý thuỷ Hóa"


def f1(text: str, wanted: str) -> float:
    """Harmonic mean of precision and recall over runs of four words."""
    found, gold = _runs(text), _runs(wanted)
    if not found and not gold:
        return 1.0
    return 2 * (found & gold).total() / (found.total() + gold.total())


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3)) if words)
