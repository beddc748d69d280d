"""What reading an article costs, against the floor: parsing the same bytes with lxml.

The pages are the project's frozen ones, each read as one of a portal nobody configured, all fields
and the verdict whether it is an article at all. Both sides run in turn on every page, so that
whatever else the machine does falls on both; CPU time is taken, and the best of the repeats counts.
The ratio is what to compare between two states of the code; the milliseconds are this machine's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from archive.records import Article
from bench.reading.running import cpu_seconds, parse
from bench.reading.sets import Gold
from halong_crawler.platforms import detect
from halong_crawler.portal import Portal
from halong_crawler.reading import Document, NotAnArticle, read

GENERIC = "generic"


@dataclass(frozen=True)
class Cost:
    """Best CPU times of one page, in seconds."""

    family: str
    known: bool
    """Its product has a table of selectors."""
    size: int
    reading: float
    floor: float


def measure(gold: Gold, repeats: int) -> Cost | None:
    """Best CPU time of reading and of the floor, interleaved."""
    portal, now = _portal_of(gold), datetime.now(UTC)

    def reading() -> Article | NotAnArticle:
        return read(gold.html, gold.url, portal=portal, captured_at=now)

    if not isinstance(reading(), Article):  # it would make the measure a lie
        return None
    times = [(cpu_seconds(reading), cpu_seconds(lambda: parse(gold.html))) for _ in range(repeats)]
    known = detect(Document.parse(gold.html, gold.url).text).name != GENERIC
    readings, floors = zip(*times, strict=True)
    return Cost(gold.kind, known, len(gold.html), min(readings), min(floors))


def _portal_of(gold: Gold) -> Portal:
    host = urlsplit(gold.url).netloc
    return Portal(
        name="unknown", title_vi=host, title_en=host, hosts=(host,), level="district",
        province="?", platform=GENERIC, seeds=(f"http://{host}/",),
    )  # fmt: skip


def report(pages: Iterable[Gold], repeats: int) -> dict[str, float]:
    """Measure and print; the ratios of known and of unknown templates."""
    measured = {gold.name: measure(gold, repeats) for gold in pages}
    costs = [cost for cost in measured.values() if cost is not None]
    families: dict[str, list[Cost]] = defaultdict(list)
    for cost in costs:
        families[cost.family].append(cost)
    print(f"CPU time, best of {repeats}, as a multiple of lxml.html.fromstring on the same bytes\n")
    print(f"{'family':<26} pages     KB   ratio  ms a page")
    for family, own in sorted(families.items()):
        print(_line(family, own))
    groups = {
        "known templates": [cost for cost in costs if cost.known],
        "unknown templates": [cost for cost in costs if not cost.known],
    }
    print()
    for name, own in groups.items():
        if own:
            print(_line(name, own))
    for name in (name for name, cost in measured.items() if cost is None):
        print(f"{name}: read as no article, so its cost says nothing")
    return {name: ratio(own) for name, own in groups.items() if own}


def ratio(costs: list[Cost]) -> float:
    """All readings together by all floors together."""
    return sum(cost.reading for cost in costs) / sum(cost.floor for cost in costs)


def _line(name: str, costs: list[Cost]) -> str:
    size = sum(cost.size for cost in costs) / len(costs) / 1000
    milliseconds = sum(cost.reading for cost in costs) / len(costs) * 1000
    return f"{name:<26} {len(costs):5d} {size:6.0f} {ratio(costs):7.1f} {milliseconds:10.2f}"
