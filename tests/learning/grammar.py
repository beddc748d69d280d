"""Articles of wards that do not exist, from a small grammar: varied, and known in every part."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from archive.text import fold

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

WHO = (
    "UBND phường", "Hội Phụ nữ xã", "Đoàn Thanh niên", "Hội Nông dân", "Ban Chỉ huy Quân sự xã",
    "Công an phường", "Trạm Y tế", "Trường Tiểu học Kim Đồng", "Hội Cựu chiến binh",
    "Mặt trận Tổ quốc",
)  # fmt: skip
DID = (
    "tổ chức", "khai mạc", "phát động", "triển khai", "tổng kết", "ra quân", "tập huấn về",
    "sơ kết", "hưởng ứng", "bàn giao",
)  # fmt: skip
WHAT = (
    "phong trào trồng cây", "chiến dịch làm sạch bãi biển", "hội thi gói bánh chưng",
    "giải bóng chuyền",
    "lớp học bơi cho trẻ em", "ngày hội hiến máu", "tuyến đường hoa", "công tác phòng cháy",
    "mô hình phân loại rác", "chương trình tặng quà", "cuộc thi viết thư", "đợt tiêm chủng",
)  # fmt: skip
WHERE = (
    "khu phố Bình Minh", "thôn Đồng Chùa", "tổ dân phố số 7", "khu Đông Hải", "bến cá Cửa Lục",
    "nhà văn hoá thôn Trại Me", "chợ trung tâm", "sân vận động cũ",
)  # fmt: skip
WHY = (
    "nâng cao ý thức giữ gìn vệ sinh chung", "giúp bà con yên tâm sản xuất",
    "thắt chặt tình làng nghĩa xóm",
    "chuẩn bị đón Tết cổ truyền", "bảo đảm an toàn trong mùa mưa bão", "tạo sân chơi cho thiếu nhi",
)  # fmt: skip
PEOPLE = (
    "Hồng Hạnh", "Văn Hoà", "Thu Thuỷ", "Nguyễn Minh Đức", "Trần Thị Lan", "Quốc Bảo", "Lê Hải Yến",
    "Phạm Tuấn Anh", "Mai Phương", "Đỗ Khánh Linh",
)  # fmt: skip
TOPICS = ("Tin trong xã", "Văn hoá - Xã hội", "Kinh tế", "An ninh trật tự", "Giáo dục")
TAGS = ("trồng cây", "môi trường", "thanh niên", "nông thôn mới", "y tế", "giao thông")
SLOGAN = "Đoàn kết, kỷ cương, sáng tạo, phát triển là phương châm của năm nay trên toàn địa bàn."


@dataclass(frozen=True)
class Story:
    number: int
    title: str
    lead: str | None
    paragraphs: tuple[str, ...]
    captions: dict[int, str]
    """After which paragraph a picture with a caption stands."""
    author: str | None
    at: datetime | None
    topic: str
    tags: tuple[str, ...]
    views: int

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", fold(self.title)).strip("-")

    @property
    def body(self) -> str:
        """What must be read: paragraphs and captions in order."""
        parts = []
        for index, paragraph in enumerate(self.paragraphs):
            parts.append(paragraph)
            if index in self.captions:
                parts.append(self.captions[index])
        return "\n\n".join(parts)


def stories(count: int, seed: int = 1) -> list[Story]:
    rng = random.Random(seed)
    seen: set[str] = set()
    made = []
    while len(made) < count:
        story = _story(rng, 1000 + 7 * len(made))
        if story.title not in seen:
            seen.add(story.title)
            made.append(story)
    return made


def _story(rng: random.Random, number: int) -> Story:
    who, did, what = rng.choice(WHO), rng.choice(DID), rng.choice(WHAT)
    place = rng.choice(WHERE)
    title = f"{who} {did} {what} tại {place}"
    count = rng.randint(3, 11)
    paragraphs = [_paragraph(rng) for _ in range(count)]
    if rng.random() < 0.25:
        paragraphs[rng.randrange(1, count)] = SLOGAN
    captions = {
        at: f"{rng.choice(WHAT).capitalize()} ở {rng.choice(WHERE)} ngày {rng.randint(1, 28)}"
        for at in rng.sample(range(count - 1), k=min(rng.randint(0, 2), count - 1))
    }
    at = datetime(2021, 1, 4, 7, 30, tzinfo=ZONE) + timedelta(
        minutes=rng.randrange(4 * 365 * 24 * 60)
    )
    lead = None
    if rng.random() > 0.15:
        lead = (
            f"Sáng ngày {at.day}/{at.month}, {who} đã {did} {what} với {rng.randint(20, 900)} "
            f"người tham gia nhằm {rng.choice(WHY)}."
        )
    return Story(
        number, title, lead, tuple(paragraphs), captions,
        rng.choice(PEOPLE) if rng.random() > 0.1 else None,
        at if rng.random() > 0.06 else None,
        rng.choice(TOPICS), tuple(rng.sample(TAGS, rng.randint(1, 3))), rng.randint(3, 9000),
    )  # fmt: skip


def _paragraph(rng: random.Random) -> str:
    return " ".join(_sentence(rng) for _ in range(rng.randint(1, 4)))


def _sentence(rng: random.Random) -> str:
    number = rng.randint(12, 980)
    return rng.choice(
        (
            f"Tại {rng.choice(WHERE)}, {rng.choice(WHO)} đã {rng.choice(DID)} {rng.choice(WHAT)} "
            f"cùng {number} hộ dân nhằm {rng.choice(WHY)}.",
            f"Có {number} người tham gia {rng.choice(WHAT)}, trong đó {number // 3} người đến từ "
            f"{rng.choice(WHERE)}.",
            f"Theo {rng.choice(WHO)}, việc này góp phần {rng.choice(WHY)} và {rng.choice(WHY)}.",
            f"Kinh phí {number} triệu đồng do {rng.choice(WHO)} vận động cho {rng.choice(WHAT)}.",
            f"Ông {rng.choice(PEOPLE)} cho biết bà con {rng.choice(WHERE)} rất phấn khởi với "
            f"{rng.choice(WHAT)} năm thứ {number % 17 + 2}.",
        )
    )
