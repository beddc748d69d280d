"""What reading an article costs, against the floor: parsing the same bytes with lxml.

All fields are read, and the verdict whether the page is an article at all, as a crawl does it. Both
sides run in turn on every page, so that whatever else the machine does falls on both; CPU time is
taken, and the best of the repeats counts. The ratio is what to compare between two states of the
code; the milliseconds are this machine's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from archive.records import Article
from bench.reading.report import GROUPS
from bench.reading.running import cpu_seconds, parse
from bench.reading.sets import Gold
from halong_crawler.heap import keep_freed
from halong_crawler.platforms import GENERIC, PLATFORMS, detect
from halong_crawler.portal import Portal
from halong_crawler.reading import Document, read
from tests.learning.faces import NOW, Everyday, Face, Hashed, Misnamed, Plain, Tables
from tests.learning.measure import learned

_FACES: tuple[type[Face], ...] = (Plain, Tables, Misnamed, Hashed, Everyday)
_LEARNT_FROM = 40
"""Pages of a portal that its template is learnt from; the others are read."""


@dataclass(frozen=True)
class Page:
    """One page to read, and what is known of its portal."""

    group: str
    """One of :data:`bench.reading.report.GROUPS`."""
    family: str
    html: bytes
    url: str
    portal: Portal
    captured_at: datetime


@dataclass(frozen=True)
class Cost:
    """Best CPU times of one page, in seconds."""

    page: Page
    reading: float
    floor: float


def frozen_pages(pages: Iterable[Gold]) -> Iterator[Page]:
    """The project's pages; where every site wears a product alike, the portal names it.

    What every site dresses as it likes (WordPress, Drupal, Joomla, Plone) is weighed out until its
    template is learnt, so it counts among the generic pages.
    """
    now = datetime.now(UTC)
    for gold in pages:
        name = detect(Document.parse(gold.html, gold.url).text).name
        known = name != GENERIC.name and not PLATFORMS[name].varied
        portal = _portal_of(gold.url, name if known else GENERIC.name)
        group = "known" if known else "generic"
        yield Page(group, gold.kind, gold.html, gold.url, portal, now)


def learned_pages() -> Iterator[Page]:
    """Pages of portals whose template no rule knows, read by what was learnt from others."""
    for kind in _FACES:
        face = kind()
        portal = face.portal.with_template(learned(face, _LEARNT_FROM))
        for story in face.stories[_LEARNT_FROM:]:
            html = face.page(story).encode()
            yield Page("learned", f"learnt: {face.name}", html, face.url(story), portal, NOW)


def _portal_of(url: str, platform: str) -> Portal:
    host = urlsplit(url).netloc
    return Portal(
        name="measured", title_vi=host, title_en=host, hosts=(host,), level="district",
        province="?", platform=platform, seeds=(f"http://{host}/",),
    )  # fmt: skip


def measure(page: Page, repeats: int) -> Cost | None:
    """Best CPU time of reading and of the floor, interleaved; None for what is no article."""
    reading = partial(read, page.html, page.url, portal=page.portal, captured_at=page.captured_at)
    if not isinstance(reading(), Article):  # it would make the measure a lie
        return None
    floor = partial(parse, page.html)
    times = [(cpu_seconds(reading), cpu_seconds(floor)) for _ in range(repeats)]
    readings, floors = zip(*times, strict=True)
    return Cost(page, min(readings), min(floors))


def report(pages: Iterable[Gold], repeats: int) -> dict[str, dict[str, float]]:
    """Measure and print; per group the number of pages, their mean size and the ratio."""
    keep_freed()  # as a crawl does; both sides have it
    tried = [(page, measure(page, repeats)) for page in (*frozen_pages(pages), *learned_pages())]
    costs = [cost for _, cost in tried if cost is not None]
    print(f"CPU time, best of {repeats}, as a multiple of lxml.html.fromstring on the same bytes\n")
    print(f"{'family':<26} pages     KB   ratio  ms a page")
    for family, own in sorted(_by(costs, lambda cost: cost.page.family).items()):
        print(_line(family, own))
    print()
    groups = _by(costs, lambda cost: cost.page.group)
    for name, own in groups.items():
        print(_line(name, own))
    for page, cost in tried:
        if cost is None:
            print(f"{page.url}: read as no article, so its cost says nothing")
    return {
        name: {
            "pages": len(groups[name]),
            "kb": round(_size(groups[name])),
            "ratio": round(ratio(groups[name]), 1),
        }
        for name in GROUPS
        if name in groups
    }


def ratio(costs: list[Cost]) -> float:
    """All readings together by all floors together."""
    return sum(cost.reading for cost in costs) / sum(cost.floor for cost in costs)


def _by(costs: Iterable[Cost], key: Callable[[Cost], str]) -> dict[str, list[Cost]]:
    found: dict[str, list[Cost]] = defaultdict(list)
    for cost in costs:
        found[key(cost)].append(cost)
    return found


def _size(costs: list[Cost]) -> float:
    """Mean size of the pages in kB."""
    return sum(len(cost.page.html) for cost in costs) / len(costs) / 1000


def _line(name: str, costs: list[Cost]) -> str:
    milliseconds = sum(cost.reading for cost in costs) / len(costs) * 1000
    return (
        f"{name:<26} {len(costs):5d} {_size(costs):6.0f} {ratio(costs):7.1f} {milliseconds:10.2f}"
    )
