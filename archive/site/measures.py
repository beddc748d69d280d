"""Completeness and monitors in the words of readers; English is what the archive itself keeps."""

from __future__ import annotations

from typing import Any

from archive.site.labels import field_label, number

ENDS: dict[str, tuple[str, str]] = {
    "failed": ("có trang không trả lời", "pages of it brought no answer"),
    "stopped": ("còn trang chưa được hỏi tới", "pages of it are still to be asked for"),
    "refused": ("robots.txt không cho đọc hết", "robots.txt forbids pages of it"),
    "since": ("lần thu thập chỉ lấy bài mới hơn một ngày", "only newer articles were asked for"),
    "too_deep": ("dẫn tới trang quá sâu", "it names pages too far from the front page"),
    "known": ("dừng ở những bài đã biết", "left at articles that were known"),
    "ended": ("đã đi đến trang cuối", "walked to its end"),
}
"""How a listing's walk ended: the words for :data:`archive.walked.ENDS`."""

STOPS: dict[str, tuple[str, str]] = {
    "finished": ("đã hỏi hết", "nothing was left to ask for"),
    "limit": ("đủ số bài được yêu cầu", "the articles asked for were read"),
    "max_pages": ("đủ số trang được yêu cầu", "the pages asked for were had"),
    "max_time": ("hết thời gian cho phép", "its time was over"),
    "max_bytes": ("đủ dung lượng cho phép", "its bytes were received"),
    "shutdown": ("bị dừng bằng tay", "it was interrupted"),
    "waiting": ("phải chờ cổng", "pages may not be asked for yet"),
    "quiet": ("giờ nghỉ của cổng", "the portal's quiet hours"),
    "errors": ("cổng không trả lời nhiều lần liền", "too many requests in a row failed"),
    "error_share": ("quá nhiều trang lỗi", "too large a share of the requests failed"),
    "disk": ("ổ đĩa gần đầy", "the disk was nearly full"),
    "archive": ("không ghi được vào kho", "the archive could not be written"),
    "scrapy": ("phần mềm tự dừng", "the software ended it"),
}
"""Why a crawl ended: the words for :data:`archive.stops.STOPS`."""

KILLED = ("bị ngắt giữa chừng", "it was killed")

LEVELS: dict[str, tuple[str, str]] = {
    "alarm": ("Báo động", "Alarm"),
    "warning": ("Cảnh báo", "Warning"),
    "ok": ("Bình thường", "As usual"),
}

MONITORS: dict[str, tuple[str, str]] = {
    "failures": ("Trang lỗi", "{value} số trang được hỏi không mang về gì (ngưỡng {bound})"),
    "unreadable": ("Không đọc được", "{value} câu trả lời không đọc được vì lỗi của phần mềm"),
    "challenges": (
        "Đòi trình duyệt", "{value} câu trả lời đòi chứng minh là trình duyệt (ngưỡng {bound})"
    ),
    "fill": ("Phần đọc được", "{field}: đọc được ở {value} số bài (ngưỡng {bound})"),
    "minimum": ("Số bài tối thiểu", "{value} bài; mô tả cổng mong đợi {bound}"),
    "silence": ("Im lặng", "{value} ngày không có bài mới; quen thuộc là đến {bound} ngày"),
    "articles_met": ("Số bài gặp", "gặp {value} bài (ngưỡng {bound})"),
    "pages": ("Số trang", "nhận {value} trang (ngưỡng {bound})"),
    "articles_new": ("Bài mới", "{value} bài mới (ngưỡng {bound})"),
    "drift": (
        "Mẫu trang", "{field}: mẫu trang đã học còn khớp {value} số bài (lúc học {bound})"
    ),
}  # fmt: skip
"""Name of each monitor and what it says, with a share or a number for ``value`` and ``bound``."""

_SHARES = frozenset(("failures", "unreadable", "challenges", "fill", "drift"))
_UNJUDGED = "chưa đủ số liệu để đánh giá"
_NO_DRIFT = "không mẫu nào khớp ít hơn lúc học"


def said(result: dict[str, Any]) -> str:
    """What a monitor found, in Vietnamese."""
    monitor, value, bound = result["monitor"], result["value"], result["bound"]
    if value is None:
        return _NO_DRIFT if monitor == "drift" else _UNJUDGED
    form = _percent if monitor in _SHARES else lambda one: number(round(one))
    _, sentence = MONITORS[monitor]
    field = field_label(result["subject"])[0]
    return sentence.format(value=form(value), bound=form(bound), field=field)


def monitor_label(name: str) -> str:
    """What a monitor is called."""
    return MONITORS[name][0]


def level_label(name: str) -> tuple[str, str]:
    """How loud it is."""
    return LEVELS[name]


def end_label(name: str) -> tuple[str, str]:
    """How a listing's walk ended."""
    return ENDS[name]


def stop_label(name: str | None) -> tuple[str, str]:
    """Why the crawl ended; one without a reason was killed."""
    return STOPS.get(name or "", KILLED)


def _percent(share: float) -> str:
    """``12,5 %``, as it is written here."""
    return f"{100 * share:.1f}".removesuffix(".0").replace(".", ",") + " %"


FILTERS = {
    "monitor_label": monitor_label,
    "level_label": level_label,
    "end_label": end_label,
    "stop_label": stop_label,
}
