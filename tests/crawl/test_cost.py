"""What keeping a page costs does not grow with the pages a crawl has kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from statistics import mean

from archive.records import Capture, Page
from halong_crawler.cli.crawl import crawl_settings
from halong_crawler.frontier import Frontier
from halong_crawler.items import Lead, Outcome, Skip
from halong_crawler.pipelines import KeepPipeline
from halong_crawler.portal import find
from halong_crawler.session import Options, Session
from tests.archive.pages import ARTICLE

ROOT = "https://halongcity.gov.vn/"
PAGES = 1500
MEASURED = 200
AT = "2025-05-01T03:15:00Z"


def lead(number: int) -> Lead:
    return Lead(f"#{number}", f"{ROOT}a-p13n{number}.html", "article", 1, ROOT)


def outcome(asked: Lead, number: int) -> Outcome:
    """An article that links to ten that are known or new, and to a login page."""
    article = replace(ARTICLE, source_id=str(number), url=asked.url, attachments=())
    capture = Capture(asked.url, AT, "article", status=200, media_type="text/html")
    found = [lead(number + step) for step in range(-5, 6) if number + step > 0]
    skipped = [Skip(f"{ROOT}login?back={number}", "portal_state")]
    return Outcome(Page("halong", capture, article), asked, "done", found, skipped)


def test_keeping_a_page_costs_the_same_at_the_end_of_a_long_crawl(tmp_path: Path) -> None:
    session = Session.open(find("halong"), crawl_settings(tmp_path), Options())
    frontier = session.frontier = Frontier(session)
    pipeline = KeepPipeline(session)
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with session.store.whole():
        frontier.add([lead(1)])
    session.store.connection.set_progress_handler(count, 10)
    costs = []
    for number in range(1, PAGES):
        before = steps
        request = frontier.next_request()
        assert request is not None
        pipeline.process_item(outcome(request.meta["lead"], number))
        costs.append(steps - before)
    session.store.connection.set_progress_handler(None, 0)
    assert session.fault is None
    session.store.close()
    early, late = mean(costs[50 : 50 + MEASURED]), mean(costs[-MEASURED:])
    assert late < 1.1 * early, (early, late)
