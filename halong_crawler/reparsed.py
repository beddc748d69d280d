"""What was found by reading again, written into the archive: histories anew, articles found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from archive.findings import Findings, Reading
from archive.readings import unpack
from archive.reread import restamp
from archive.store import PAGES_A_TRANSACTION, Store
from halong_crawler.reparse import ARTICLE


def write(store: Store, found: Findings, fields: Collection[str] = ()) -> Counter[str]:
    """Write readings into the archive, a hundred articles a transaction.

    ``fields``: only articles that read otherwise in one of these; () is all. Writing twice is
    writing once, so a killed run is begun again where its last transaction ended. Returns how many
    articles were corrected, captures adopted, and versions there were before and are after.
    """
    # The findings say what is written: that must be on disk before they do.
    store.connection.execute("PRAGMA synchronous = FULL")
    found.select(fields)
    result = found.result
    while articles := found.to_correct(PAGES_A_TRANSACTION):
        store.begin()
        for article_id in articles:
            _correct(store, article_id, found.of_article(article_id), fields, result)
        store.commit()
        found.note(result, corrected=articles[-1])
    while captures := found.to_adopt(PAGES_A_TRANSACTION) if _takes(ARTICLE, fields) else []:
        store.begin()
        for capture_id in captures:
            _adopt(store, found.of_capture(capture_id), result)
        store.commit()
        found.note(result, adopted=captures[-1])
    return result


def _takes(name: str, fields: Collection[str]) -> bool:
    return not fields or name in fields


def _correct(
    store: Store, article_id: int, readings: Sequence[Reading], fields: Collection[str],
    result: Counter[str],
) -> None:  # fmt: skip
    if not any(_takes(name, fields) for each in readings for name in each.fields or ("",)):
        return
    different = {
        each.capture_id: unpack(each.reading) for each in readings if each.reading is not None
    }
    same = [each for each in readings if each.reading is None]
    before = _versions(store, article_id)
    with store.whole():
        if different:
            store.reread(different)
            result["corrected"] += 1
            result["versions before"] += before
            result["versions after"] += _versions(store, article_id)
        if same:
            restamp(store.connection, article_id, same)


def _versions(store: Store, article_id: int) -> int:
    (number,) = store.connection.execute(
        "SELECT version_count FROM articles WHERE id = ?", [article_id]
    ).fetchone()
    return int(number)


def _adopt(store: Store, each: Reading, result: Counter[str]) -> None:
    assert each.reading is not None
    store.reread({each.capture_id: unpack(each.reading)})
    result["adopted"] += 1
