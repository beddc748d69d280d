"""Monitors at the end of real crawls: quiet while the portal is as it was, loud when it is not."""

from __future__ import annotations

import json
from pathlib import Path

from tests.crawl.changing import Changing
from tests.crawl.test_again import DAY, portal


def levels(small: Changing, number: int) -> dict[str, str]:
    """Monitors of a crawl that raised something."""
    rows = small.rows.all(
        "SELECT monitor, level FROM crawl_monitors WHERE crawl_id = ? AND level <> 'ok'", number
    )
    return dict(rows)


def test_a_failing_portal_raises_an_alarm_and_its_exit_code_when_asked(tmp_path: Path) -> None:
    with Changing(portal(12), tmp_path) as small:
        path = small.archive.portals_dir / "small.toml"
        path.write_text(path.read_text("utf-8") + "[fill]\ntitle = 1.0\nbyline = 0.9\n", "utf-8")
        small.crawl(DAY.format(1), "--strict-monitors", code=10)
        assert levels(small, 1) == {"fill": "alarm"}
        assert "alarm: fill: byline was read in 0 of 12 articles (0%); the descriptor" in small.said
        assert "small: alarm: fill; the summary says why" in small.said
        path.write_text(path.read_text("utf-8").replace("byline = 0.9\n", ""), "utf-8")
        small.crawl(DAY.format(2), "--strict-monitors")
        assert levels(small, 2) == {}
        assert "alarm" not in small.said
        small.portal.status = dict.fromkeys(range(1, 7), 403)  # eight would close the host
        report = tmp_path / "report.json"
        small.crawl(DAY.format(9), "--report", str(report))
        assert levels(small, 3)["failures"] == "alarm"
        (told,) = json.loads(report.read_text("utf-8"))
        assert told["monitors"][0]["monitor"] == "failures"
        assert told["monitors"][0]["level"] == "alarm"
