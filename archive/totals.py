"""What portals say of the size of their own listings, with the captures that say so."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Total:
    """What a page says of the listing it is of."""

    items: int | None
    pages: int | None
    printed: str
    """The words, as printed."""


def note(
    connection: sqlite3.Connection, portal: str, key: str, crawl_id: int, capture_id: int,
    total: Total,
) -> None:  # fmt: skip
    """Keep what a page says, if it is a listing's; of a crawl the latest word that counts items."""
    connection.execute(
        "INSERT INTO listing_totals (portal, listing, crawl_id, capture_id, items, pages, printed) "
        "SELECT w.portal, w.walk, ?, ?, ?, ?, ? FROM _visits v "
        "JOIN _walks w ON w.portal = v.portal AND w.walk = coalesce(v.walk, v.url_key) "
        "WHERE v.portal = ? AND v.url_key = ? "
        "ON CONFLICT (portal, listing, crawl_id) DO UPDATE SET capture_id = excluded.capture_id, "
        "items = excluded.items, pages = excluded.pages, printed = excluded.printed "
        "WHERE excluded.items IS NOT NULL OR listing_totals.items IS NULL",
        [crawl_id, capture_id, total.items, total.pages, total.printed, portal, key],
    )
