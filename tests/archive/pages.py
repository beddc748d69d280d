"""Pages as the crawler hands them to the store, for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from archive.records import (
    Article,
    AttachmentLink,
    Author,
    Capture,
    Image,
    Imprint,
    Page,
    PortalFacts,
    Published,
)

PORTAL = PortalFacts(
    name="halong",
    title_vi="Cổng thông tin điện tử thành phố Hạ Long",
    title_en="Ha Long City Portal",
    home_url="https://halongcity.gov.vn/",
    level="district",
    province="Quảng Ninh",
    platform="halong_cms",
    language="vi",
    timezone="Asia/Ho_Chi_Minh",
    first_date="2011-01-01",
)

ARTICLE = Article(
    source_id="61318",
    url="https://halongcity.gov.vn/tin-tuc/61318",
    title="Phong trào thi đua chào mừng Đại hội Đảng bộ các cấp",
    lead="Hạ Long là địa phương đầu tiên phát động phong trào.",
    body="Đoạn thứ nhất nói về thi đua.\n\nĐoạn thứ hai nói về công trình.",
    body_html="<p>Đoạn thứ nhất nói về thi đua.</p><p>Đoạn thứ hai nói về công trình.</p>",
    byline="Hồng Hạnh - Văn Hoà",
    authors=(
        Author("Hồng Hạnh", printed="Hồng Hạnh"),
        Author("Văn Hoà", "photographer", "Văn Hoà"),
    ),
    source="Trung tâm Truyền thông",
    category=("Tin tức", "Tin trong thành phố"),
    tags=("đại hội", "thi đua"),
    images=(Image("https://halongcity.gov.vn/anh/1.jpg", "Công trình", "Hồng Hạnh"),),
    attachments=(AttachmentLink("https://halongcity.gov.vn/tep/kh.pdf", "Kế hoạch.pdf"),),
    published=Published("2025-05-12T08:30:00+07:00", "minute", "12/05/2025 08:30", "platform:.d"),
    evidence={"title": "platform:.title"},
    parser_version="1",
)

IMPRINT = Imprint(
    owner="UBND thành phố Hạ Long",
    licence_number="100/GP-STTTT",
    phones=("0203 3825 017",),
    raw="Cơ quan chủ quản: UBND thành phố Hạ Long",
)


def capture(at: str, outcome: str = "article", **values: Any) -> Capture:
    return Capture(
        **{"url": ARTICLE.url, "fetched_at": at, "outcome": outcome, "status": 200, **values}
    )


def page(at: str, article: Article | None = ARTICLE, **edits: Any) -> Page:
    """The article as one capture showed it; keyword arguments are edits."""
    if article is not None and edits:
        article = replace(article, **edits)
    return Page("halong", capture(at, "article" if article is not None else "listing"), article)
