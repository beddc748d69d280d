"""Names by which elements of a page betray that they are no article.

Editors of templates name things alike the world over. A row is a kind of furniture and what the
``class``, ``id`` and ``role`` of such an element hold, in lower case.
"""

from __future__ import annotations

import re
from functools import lru_cache

NAMES: dict[str, str] = {
    "comment": r"comment(?!ary)|disqus|\brespond\b|\breply|replies|livefyre|kommentar|"
    r"binh-?luan|y-?kien|forum-?post|discussion",
    "related": r"related|recommend|recirc|outbrain|taboola|similar|trending|popular|latest|teaser|"
    r"more-?(?:from|stories|news|on|in|posts|articles|like)|read-?(?:more|also|next)|"
    r"most-?(?:read|popular|view|shared|recent)|recent-?(?:post|article|stor|news)|also-?like|"
    r"you-?may|up-?next|next-?(?:post|article|stor)|prev(?:ious)?-?(?:post|article)|cross-?link|"
    r"inline-?promo|see-?also|crp_|yarpp|other-?(?:news|post|title|article)|news-?other|"
    r"tin-?khac|tin-?(?:bai-?)?lien-?quan|lien-?quan|tin-?(?:moi|cu)\b|doc-?nhieu|xem-?nhieu|"
    r"cung-?(?:chuyen-?muc|loai)|bai-?viet-?khac",
    "side": r"side-?bar(?!_*-?(?:content|main))|\baside\b|widget|rightcol|right-?rail|"
    r"right-?column|\brail\b|secondary|"
    r"complementary|thoi-?tiet|weather|ty-?gia|thong-?ke|counter|luot-?truy-?cap|lien-?ket",
    "foot": r"footer|\bfoot\b|copyright|contentinfo|colophon|legal|disclaimer|imprint|ban-?quyen",
    "nav": r"\bnav|navigation|menu|breadcrumb|\bheader\b|masthead|site-?header|topbar|pagination|"
    r"pager|\bskip|toolbar|\btoc\b|table-of-contents|duong-?dan|phan-?trang",
    "share": r"share|sharing|social|addthis|follow-?us|sharedaddy|addtoany|zalo|chia-?se",
    "sub": r"newsletter|subscri|sign-?up|paywall|opt-?in|mailchimp|cta\b|call-to-action|donat|"
    r"membership|regwall|register|login|promo|dang-?nhap",
    "cookie": r"cookie|gdpr|consent|popup|pop-up|modal|overlay|lightbox|\bdialog",
    "author": r"author-?(?:bio|box|info|card|about|desc)|about-?(?:the-?)?author|bio\b|byline|"
    r"meta\b|post-?info|dateline|timestamp|published|tac-?gia|ngay-?dang",
    "tags": r"\btags?\b|tag-?list|post-?tags|taglist|categor|keywords|topics?\b|filed|tu-?khoa",
    "ad": r"\bads?\b|advert|sponsor|banner|\bad-|-ad\b|dfp|google_ads|adsense|shopping|"
    r"affiliate|quang-?cao",
    "caption": r"caption|credit|image-?(?:meta|info|desc|text)|photo-?(?:meta|info|desc|text)|"
    r"gallery|slideshow|carousel|slider|chu-?thich",
    "rate": r"rating|\bvote|poll\b|survey|quiz|like-?button|feedback|helpful|danh-?gia|binh-?chon",
}
"""Kind of furniture → what its elements are called."""

OUTSIDE = frozenset(NAMES) - {"author", "tags", "caption", "rate"}
"""Kinds that stand outside an article's text; the others hang on to it."""

_TAGS = {"nav": "nav", "footer": "foot", "aside": "side", "header": "nav"}
_NEVER = frozenset({"body", "main", "article", "html"})
_NAMES = tuple((kind, re.compile(pattern)) for kind, pattern in NAMES.items())
_NOTHING: frozenset[str] = frozenset()


@lru_cache(maxsize=8192)
def kinds(tag: str, names: str) -> frozenset[str]:
    """The kinds of furniture an element's tag and names stand for; ``names`` in lower case."""
    if tag in _NEVER:
        return _NOTHING
    found = {kind for kind, pattern in _NAMES if pattern.search(names)} if names else set()
    if tag in _TAGS:
        found.add(_TAGS[tag])
    return frozenset(found)
