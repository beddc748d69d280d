"""Soft duplicates meet in one digest; different pages do not."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from halong_crawler.reading import Document, words_digest

PAGES = Path(__file__).parents[1] / "pages"
FRAME = (
    "<html><head><title>{title}</title></head><body><script>var token='{token}';</script>"
    "<noscript>{token}</noscript><p>Chào mừng quý vị đến với cổng thông tin.</p>"
    "<p>Đang online {online}</p><style>.a{{width:{online}px}}</style><p>{last}</p></body></html>"
)


def digest(**words: str) -> bytes:
    usual = {"title": "Cổng", "token": "a1", "online": "7", "last": "Hết."}
    return words_digest(Document.parse(FRAME.format(**usual | words).encode(), "http://x.vn/"))


def test_counters_clocks_and_scripts_do_not_count() -> None:
    assert digest() == digest(online="32077") == digest(token="zz-9f") == digest(last=" Hết. \n 12")


def test_words_count() -> None:
    assert len({digest(), digest(last="Hết rồi."), digest(last="Hêt.")}) == 3


def test_a_page_without_a_body_has_a_digest() -> None:
    assert words_digest(Document.parse(b"", "http://x.vn/"))


def test_the_frozen_pages_tell_themselves_apart() -> None:
    """As sharply as by every visible word: what meets here has the same words to a reader."""
    meeting: dict[bytes, set[str]] = defaultdict(set)
    for path in PAGES.rglob("*.html"):
        document = Document.parse(path.read_bytes(), "http://x.vn/")
        seen = "".join(c for c in document.visible if not c.isspace() and not c.isdigit())
        meeting[words_digest(document)].add(seen)
    assert len(meeting) > 100
    alike = [seen for seen in meeting.values() if len(seen) > 1]
    assert alike == []
