"""A small archive written by hand, and a real server over one."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from archive.schema import create_statements
from archive.serving import build

CAPTURED = "2025-06-30T03:15:00Z"
SEEN_AGAIN = "2025-07-05T03:15:00Z"


@dataclass
class Written:
    """An article as a test writes it."""

    number: int
    title: str
    body: str
    lead: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    category: tuple[str, ...] = ("Tin tức", "Tin trong thành phố")
    published_at: str | None = "2025-05-12T08:30:00+07:00"
    portal: str = "halong"
    body_html: str | None = None
    source: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    images: tuple[tuple[str, str | None, str | None], ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()
    status: str = "live"
    former_titles: tuple[str, ...] = ()
    evidence: dict[str, str] = field(default_factory=lambda: {"title": "platform:.title"})

    @property
    def key(self) -> str:
        return f"{self.portal}-{self.number}"


ARTICLES = [
    Written(
        61318,
        "Phong trào thi đua đặc biệt chào mừng Đại hội Đảng bộ các cấp, nhiệm kỳ 2025 - 2030",
        "Ngay sau khi Thành phố phát động phong trào thi đua, 100% các xã, phường tổ chức ký kết "
        "thực hiện.\n\nThành phố tập trung cao độ triển khai 60 dự án, công trình chào mừng Đại "
        "hội Đảng các cấp.\n\nNhiều công trình trọng điểm đang hoàn thành đúng tiến độ, trong đó "
        "có tuyến đường nối Quốc lộ 18A với Tỉnh lộ 336.",
        lead="Hạ Long là địa phương đầu tiên trong toàn tỉnh Quảng Ninh tổ chức phát động phong "
        "trào thi đua đặc biệt.",
        byline="Hồng Hạnh",
        authors=("Hồng Hạnh",),
        tags=("đại hội", "thi đua"),
        images=(
            ("https://halongcity.gov.vn/anh/1.jpg", "Các công trình trọng điểm", "Hồng Hạnh"),
            ("https://halongcity.gov.vn/anh/2.jpg", None, None),
        ),
        attachments=(("https://halongcity.gov.vn/tep/ke-hoach.pdf", "Kế hoạch thi đua.pdf"),),
        former_titles=("Phong trào thi đua chào mừng Đại hội Đảng bộ các cấp",),
    ),
    Written(
        61102,
        "Hạ Long đón 2 triệu lượt khách du lịch trong quý I",
        "Du khách đến tham quan vịnh tăng mạnh. Nhiều tàu du lịch mới được đưa vào khai thác.",
        byline="Thu Hà - Văn Hóa",
        authors=("Thu Hà", "Văn Hóa"),
        category=("Tin tức", "Du lịch"),
        published_at="2025-04-02T10:00:00+07:00",
    ),
    Written(
        60007,
        "Bảo tồn văn hoá làng chài Cửa Vạn",
        "Làng chài giữ được nét văn hoá riêng giữa vịnh. Các nghệ nhân truyền dạy hát giao duyên.",
        byline="Thu Hà",
        authors=("Thu Hà",),
        category=("Văn hóa",),
        published_at="2024-11-20",
        status="removed",
    ),
    Written(
        58211,
        "Cấp giấy phép số 100/GP-STTT cho cổng thông tin điện tử thành phố",
        "Sở Thông tin và Truyền thông cấp Giấy phép số 100/GP-STTT ngày 09/8/2024.",
        source="Sở Thông tin và Truyền thông",
        category=("Văn bản",),
        published_at="2024-08-12T15:45:00+07:00",
    ),
    Written(
        57120,
        "Quyết định 3431/QĐ-UBND về kế hoạch sử dụng đất",
        "Ủy ban nhân dân tỉnh ban hành Quyết định số 3431/QĐ-UBND phê duyệt kế hoạch sử dụng đất.",
        category=("Văn bản",),
        published_at="2023-12-29T09:00:00+07:00",
        attachments=(("https://halongcity.gov.vn/tep/3431.pdf", "3431-QĐ-UBND.pdf"),),
    ),
    Written(
        31007,
        "Thông báo lịch cắt điện phường Bãi Cháy",
        "Điện lực thành phố thông báo lịch tạm ngừng cung cấp điện tại một số khu phố.",
        category=("Thông báo",),
        published_at=None,
    ),
    Written(
        412,
        "Phường Hà Khánh ra quân vệ sinh môi trường",
        "Nhân dân phường Hà Khánh ra quân dọn vệ sinh các tuyến đường.",
        byline="Ban biên tập",
        authors=("Ban biên tập",),
        portal="hakhanh",
        category=("Tin tức",),
        published_at="2025-03-08T07:00:00+07:00",
    ),
    Written(
        413,
        "Hà Khánh: dải đất dai dẳng chờ quy hoạch",
        "Khu đất ven sông dài nhiều năm chưa được quy hoạch. Dự án kéo dài từ 2012.",
        portal="hakhanh",
        category=("Tin tức",),
        published_at="2012-12",
    ),
]

PORTALS = [
    ("halong", "Cổng thông tin điện tử thành phố Hạ Long", "Hạ Long City Portal"),
    ("hakhanh", "Cổng thông tin phường Hà Khánh", "Hà Khánh Ward Portal"),
]


def write_archive(folder: Path, articles: list[Written]) -> Path:
    """An archive directory whose database holds these articles."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "halong.db")) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
        for statement in create_statements():
            conn.execute(statement)
        conn.execute(
            "INSERT INTO schema_info (version, created, generator) VALUES (1, ?, 'tests')",
            [CAPTURED],
        )
        for name, vietnamese, english in PORTALS:
            conn.execute(
                "INSERT INTO portals (name, title_vi, title_en, home_url, level, province, "
                "platform, language, timezone) VALUES (?, ?, ?, ?, 'district', 'Quảng Ninh', "
                "'halong_cms', 'vi', 'Asia/Ho_Chi_Minh')",
                [name, vietnamese, english, f"https://{name}.gov.vn/"],
            )
            conn.execute(
                "INSERT INTO crawls (portal, started_at, finished_at, status, options, generator) "
                "VALUES (?, ?, ?, 'finished', '{}', 'halong tests')",
                [name, CAPTURED, SEEN_AGAIN],
            )
        conn.execute(
            "INSERT INTO _frontier (portal, url_key, url, kind, depth, priority, state, crawl_id, "
            "sequence) VALUES ('halong', 'secret-key', 'https://halong.gov.vn/secret', 'page', "
            "0, 0, 'pending', 1, 1)"
        )
        for article in articles:
            _insert(conn, article)
        conn.commit()
    return folder


def _insert(conn: sqlite3.Connection, a: Written) -> None:
    url = a.url or f"https://{a.portal}.gov.vn/tin/{a.number}.html"
    digest = sha256(a.title.encode()).hexdigest()
    titles = (*a.former_titles, a.title)
    precision = {7: "month", 10: "day"}.get(len(a.published_at or ""), "minute")
    article_id = _row(
        conn,
        "articles",
        key=a.key, portal=a.portal, source_id=str(a.number), url=url, title=a.title, lead=a.lead,
        byline=a.byline, source=a.source, category=a.category[-1] if a.category else None,
        published_at=a.published_at, published_precision=precision if a.published_at else None,
        published_raw=a.published_at, published_from="platform:.date" if a.published_at else None,
        status=a.status, first_seen_at=CAPTURED, last_seen_at=SEEN_AGAIN,
        changed_at=SEEN_AGAIN if a.former_titles else CAPTURED,
        removed_at=SEEN_AGAIN if a.status == "removed" else None,
        version_count=len(titles), word_count=len(a.body.split()), content_sha256=digest,
        evidence=json.dumps(a.evidence), parser_version="1",
    )  # fmt: skip
    _row(
        conn,
        "article_texts",
        article_id=article_id, title=a.title, lead=a.lead or "", body=a.body,
        byline=a.byline or "", attachments="\n".join(name for _, name in a.attachments),
    )  # fmt: skip
    for number, title in enumerate(titles, start=1):
        _version(conn, a, article_id, number, title, url, digest)
    for position, name in enumerate(a.authors, start=1):
        conn.execute(
            "INSERT INTO people (name, name_key) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [name, name.lower()],
        )
        conn.execute(
            "INSERT INTO article_people SELECT ?, ?, id, 'writer', ? FROM people WHERE name = ?",
            [article_id, position, name, name],
        )
    for position, (image, caption, credit) in enumerate(a.images, start=1):
        _row(conn, "images", article_id=article_id, position=position, url=image,
             caption=caption, credit=credit)  # fmt: skip
    for position, (file, name) in enumerate(a.attachments, start=1):
        _row(conn, "attachments", article_id=article_id, position=position, url=file,
             filename=name, bytes=123_456, sha256=digest)  # fmt: skip
    for tag in a.tags:
        conn.execute("INSERT INTO tags (name) VALUES (?)", [tag])
    _row(conn, "article_urls", url=url, article_id=article_id, kind="canonical",
         first_seen_at=CAPTURED)  # fmt: skip


def _version(
    conn: sqlite3.Connection, a: Written, article_id: int, number: int, title: str, url: str,
    digest: str,
) -> None:  # fmt: skip
    captured = CAPTURED if number == 1 else SEEN_AGAIN
    capture_id = _row(
        conn,
        "captures",
        crawl_id=1, portal=a.portal, article_id=article_id, url=url, fetched_at=captured,
        status=200, media_type="text/html", outcome="article", payload_digest="sha1:ABC",
        warc_file="halong-20250630T031500Z-00000.warc.gz", warc_offset=1234, warc_length=5678,
    )  # fmt: skip
    paragraphs = "".join(f"<p>{part}</p>" for part in a.body.split("\n\n"))
    _row(
        conn,
        "article_versions",
        article_id=article_id, number=number, captured_at=captured,
        previous_seen_at=None if number == 1 else CAPTURED,
        changed=json.dumps([] if number == 1 else ["title"]), title=title, lead=a.lead,
        body=a.body, body_html=paragraphs if a.body_html is None else a.body_html,
        byline=a.byline, authors="[]", source=a.source, category=json.dumps(a.category),
        tags=json.dumps(a.tags), images="[]", attachments="[]", published_at=a.published_at,
        content_sha256=digest, parser_version="1", capture_id=capture_id,
    )  # fmt: skip


def _row(conn: sqlite3.Connection, table: str, **values: Any) -> int:
    marks = ", ".join("?" * len(values))
    cursor = conn.execute(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", [*values.values()]
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


class Server:
    """A Datasette over an archive, answering on a loopback port."""

    def __init__(self, archive: Path) -> None:
        config = uvicorn.Config(
            build(archive).app(), host="127.0.0.1", port=0, lifespan="on", log_level="warning"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            self._thread.join(0.02)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"

    def get(self, path: str, **parameters: str) -> httpx.Response:
        return httpx.get(self.address + path, params=parameters or None, timeout=20)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()


def without_data(page: str) -> str:
    """A page without the block that tells programs what it is: JSON in which no ``<`` stands."""
    return re.sub(r'<script type="application/ld\+json">[^<]*</script>', "", page)
