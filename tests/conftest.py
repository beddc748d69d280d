"""Rules for every test."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

FOREIGN = ("no saved pages", "the seed article is not")
"""How the reasons begin of skips for want of material that belongs to others."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With HALONG_REQUIRE_ALL=1 a skipped test fails: a machine that promises all runs all."""
    report = yield
    if report.skipped and os.environ.get("HALONG_REQUIRE_ALL") == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith(FOREIGN):
            report.outcome = "failed"
            report.longrepr = f"skipped, and HALONG_REQUIRE_ALL=1 forbids it: {reason}"
    return report
