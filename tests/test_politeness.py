"""Quiet hours in a portal's time zone, and delays within their bounds."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager

from halong_crawler.extensions.crawl_delay import CrawlDelay
from halong_crawler.politeness import Politeness

ZONE = "Asia/Ho_Chi_Minh"


def until(quiet: str, at: str) -> str | None:
    end = Politeness(quiet=quiet).quiet_until(datetime.fromisoformat(at).replace(tzinfo=UTC), ZONE)
    return end.isoformat() if end is not None else None


@pytest.mark.parametrize(
    ("quiet", "at", "expected"),
    [
        # Seven hours ahead of UTC: 22:00 there is 15:00 here.
        ("22:00-05:00", "2026-03-02T14:59:59", None),
        ("22:00-05:00", "2026-03-02T15:00:00", "2026-03-03T05:00:00+07:00"),
        ("22:00-05:00", "2026-03-02T17:00:00", "2026-03-03T05:00:00+07:00"),
        ("22:00-05:00", "2026-03-02T21:59:59", "2026-03-03T05:00:00+07:00"),
        ("22:00-05:00", "2026-03-02T22:00:00", None),
        ("07:30 - 17:00", "2026-03-02T00:29:00", None),
        ("07:30 - 17:00", "2026-03-02T00:30:00", "2026-03-02T17:00:00+07:00"),
        ("07:30 - 17:00", "2026-03-02T10:00:00", None),
    ],
)
def test_quiet_hours_are_those_of_the_portal(quiet: str, at: str, expected: str | None) -> None:
    assert until(quiet, at) == expected


@pytest.mark.parametrize("wrong", ["22-5", "25:00-05:00", "22:00", "05:00-05:00", "22:00-05:60"])
def test_what_is_no_span_is_told(wrong: str) -> None:
    with pytest.raises(ValidationError, match="no span of hours"):
        Politeness(quiet=wrong)


@pytest.mark.parametrize(
    ("latency", "asked", "expected"),
    [
        (0.01, None, 1.0),  # a fast server: never faster than the delay
        (9.0, None, 9.0),  # a slow one: as slow as it is
        (900.0, None, 60.0),  # never slower than the greatest delay
        (0.01, 20.0, 20.0),  # robots.txt asks for more
        (900.0, 100.0, 100.0),  # and goes beyond the greatest delay
        (0.01, 9999.0, 120.0),  # but not without end
    ],
)
def test_the_delay_stays_within_its_bounds(
    latency: float, asked: float | None, expected: float
) -> None:
    slot = Slot(1, 1.0, 0.5)
    downloader = SimpleNamespace(slots={"vidu.gov.vn": slot}, get_slot_key=lambda _: "vidu.gov.vn")
    crawler: Any = SimpleNamespace(
        settings=Settings(
            {"AUTOTHROTTLE_ENABLED": True, "DOWNLOAD_DELAY": 1.0, "AUTOTHROTTLE_MAX_DELAY": 60.0}
        ),
        signals=SignalManager(),
        engine=SimpleNamespace(downloader=downloader),
    )
    throttle, floor = AutoThrottle(crawler), CrawlDelay(crawler)
    throttle._spider_opened(None)  # type: ignore[arg-type]
    request = Request("https://vidu.gov.vn/", meta={"download_slot": "vidu.gov.vn"})
    if asked is not None:
        parser: Any = SimpleNamespace(crawl_delay=lambda _: asked)
        floor.robots_parsed(parser, request)
    request.meta["download_latency"] = latency
    for _ in range(12):
        response = Response(request.url)
        throttle._response_downloaded(response, request, None)  # type: ignore[arg-type]
        floor.hold(request)
    assert slot.delay == pytest.approx(expected)
