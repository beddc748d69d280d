"""Small portals on a template nobody knows, for adding and crawling. All of it is invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from archive.text import fold
from tests.crawl.served import Answer

HOST = "{host}"
"""Stands in pages for host and port, which are known only when they are served."""

NEWS = (
    "Phường Bến Than ra quân dọn vệ sinh bờ kè sau mưa lớn",
    "Khai giảng lớp xóa mù tin học cho người cao tuổi khu 4",
    "Hội Nông dân xã trao cây giống cho ba mươi hộ nghèo",
    "Tổ công nghệ số cộng đồng hướng dẫn nộp hồ sơ tại nhà",
    "Lễ hội đình làng Đồng Chè thu hút hàng nghìn lượt khách",
    "Kiểm tra an toàn cháy nổ tại chợ trung tâm dịp cuối năm",
    "Đội bóng chuyền nữ của phường giành giải nhất toàn thành phố",
    "Bàn giao nhà đại đoàn kết cho gia đình bà Nguyễn Thị Lụa",
    "Hoàn thành tuyến đường bê tông nối hai thôn Khe Mai và Khe Trầm",
    "Trạm y tế tiêm vắc xin phòng cúm cho trẻ dưới năm tuổi",
    "Ngày hội đọc sách mở cửa cho thiếu nhi toàn phường",
    "Chiến dịch trồng một nghìn cây phi lao chắn sóng ven biển",
    "Công an phường vận động giao nộp vũ khí và pháo nổ",
)
NOTICES = (
    "Thông báo lịch cắt điện các khu phố trong tuần thứ hai",
    "Thông báo tuyển chọn công dân nhập ngũ năm nay của phường",
    "Mời bà con góp ý dự thảo quy hoạch khu dân cư phía đông",
    "Kết quả xét tặng danh hiệu gia đình văn hóa mười hai khu phố",
    "Lịch tiếp công dân của lãnh đạo phường trong quý bốn",
    "Niêm yết danh sách hộ được miễn giảm thủy lợi phí",
    "Thông báo tạm dừng hoạt động bến đò ngang vì gió mùa",
    "Hướng dẫn đăng ký mã định danh cho trẻ em mới sinh",
    "Công khai dự toán thu chi ngân sách sáu tháng đầu năm",
    "Thông báo bắt chó thả rông trên các tuyến phố chính",
    "Cảnh báo thủ đoạn giả danh cán bộ thuế để lừa đảo",
    "Thông báo thu gom rác thải cồng kềnh vào chủ nhật",
)
TITLES = (*NEWS, *NOTICES)

_STANDING = (
    ("/gioi-thieu", "Giới thiệu", "Phường nằm bên bờ vịnh, có mười hai khu phố và một chợ."),
    ("/lien-he", "Liên hệ", "Trụ sở đặt tại số 5 phố Chợ Cũ, làm việc từ thứ hai đến thứ sáu."),
)
_FOOT = (
    "<div class='cuoi'><p>CỔNG THÔNG TIN ĐIỆN TỬ PHƯỜNG BẾN THAN</p>"
    "<p>Cơ quan chủ quản: UBND phường Bến Than, tỉnh Quảng Ninh</p>"
    "<p>Giấy phép số 12/GP-STTTT cấp ngày 03/04/2024</p></div>"
)


@dataclass(frozen=True)
class Form:
    """How a site writes its addresses."""

    article: Callable[[int, str], str]
    section: Callable[[int], str]
    page: Callable[[int, int], str]
    """Of a section's further page."""


def slug(title: str) -> str:
    return "-".join(fold(title).replace(",", " ").split())


NUMBERED = Form(
    lambda number, title: f"/bai-viet/{slug(title)}-{number}.html",
    lambda section: f"/chuyen-muc/{('tin-tuc', 'thong-bao')[section]}",
    lambda section, page: f"/chuyen-muc/{('tin-tuc', 'thong-bao')[section]}?trang={page}",
)
"""``<slug>-<id>.html`` with ids from 1 on."""
BY_QUERY = Form(
    lambda number, _: f"/xem-tin?id={number}",
    lambda section: f"/danh-sach?cm={section + 1}",
    lambda section, page: f"/danh-sach?cm={section + 1}&pg={page}",
)
"""Sections and articles tell each other apart by the path alone; the page's parameter is odd."""
SLUGS = Form(
    lambda _, title: f"/{slug(title)}/",
    lambda section: f"/{('tin-tuc-su-kien', 'thong-bao')[section]}/",
    lambda section, page: f"/{('tin-tuc-su-kien', 'thong-bao')[section]}/page/{page}/",
)
"""As WordPress has it: nothing but a slug."""
ALIKE = Form(
    lambda number, title: f"/{slug(title)}-a{number}.html",
    lambda section: f"/{('tin-tuc', 'thong-bao')[section]}-c{section + 11}.html",
    lambda section, page: f"/{('tin-tuc', 'thong-bao')[section]}-c{section + 11}-p{page}.html",
)
"""Articles and sections differ by one letter before the number."""

SECTIONS = (("Tin tức", NEWS), ("Thông báo", NOTICES))


class Site:
    """The pages of one portal; parts that lead to articles can be left out."""

    def __init__(
        self, form: Form, *, front: bool = True, menu: bool = True, per_page: int = 4
    ) -> None:
        self.form, self.per_page = form, per_page
        self.numbers = {title: number for number, title in enumerate(TITLES, start=1)}
        sections = [(form.section(i), name) for i, (name, _) in enumerate(SECTIONS)]
        entries = [*(sections if menu else []), *((path, name) for path, name, _ in _STANDING)]
        self.menu = "".join(f"<li><a href='{path}'>{name}</a></li>" for path, name in entries)
        self.pages: dict[str, Answer] = {}
        latest = self._entries(TITLES[:5]) if front else "<p>Chào mừng bà con đến với phường.</p>"
        self._add("/", "Trang chủ", f"<h2>Tin mới</h2>{latest}")
        for path, name, text in _STANDING:
            self._add(path, name, f"<h1>{name}</h1><p>{text}</p>")
        if menu:
            for section, (name, titles) in enumerate(SECTIONS):
                self._add_section(section, name, titles)
        for title in TITLES:
            self._add_article(title)

    def url(self, title: str) -> str:
        return self.form.article(self.numbers[title], title)

    def with_sitemap(self) -> Site:
        """A site map at the usual address, of standing pages and articles."""
        paths = ["/", *(path for path, _, _ in _STANDING), *map(self.url, TITLES)]
        rows = "".join(f"<url><loc>http://{HOST}{escape(path)}</loc></url>" for path in paths)
        self._add_xml("/sitemap.xml", f"<urlset>{rows}</urlset>")
        return self

    def with_feed(self) -> Site:
        """A feed of all articles that no page names."""
        rows = "".join(
            f"<item><title>{title}</title><link>http://{HOST}{escape(self.url(title))}</link></item>"
            for title in TITLES
        )
        self._add_xml("/rss", f"<rss version='2.0'><channel>{rows}</channel></rss>")
        return self

    def below(self, prefix: str) -> Site:
        """The same site, under a path of its host."""
        self.pages = {
            prefix + path: Answer(answer.body.replace(b"href='/", f"href='{prefix}/".encode()))
            for path, answer in self.pages.items()
        }
        return self

    def served_at(self, host: str) -> dict[str, Answer]:
        """The pages with their own address in them."""
        return {
            path: Answer(answer.body.replace(HOST.encode(), host.encode()), 200, answer.headers)
            for path, answer in self.pages.items()
        }

    def _add(self, path: str, title: str, main: str) -> None:
        head = f"<title>{title} - Cổng thông tin điện tử phường Bến Than</title>"
        page = (
            f"<!doctype html><html><head><meta charset='utf-8'>{head}</head><body>"
            f"<ul class='thanh-tren'><li><a href='/'>Trang chủ</a></li>{self.menu}</ul>"
            f"<div class='giua'>{main}</div>{_FOOT}</body></html>"
        )
        self.pages[path] = Answer(page.encode())

    def _add_xml(self, path: str, text: str) -> None:
        head = "<?xml version='1.0' encoding='UTF-8'?>"
        self.pages[path] = Answer((head + text).encode(), headers={"Content-Type": "text/xml"})

    def _entries(self, titles: tuple[str, ...]) -> str:
        return "".join(
            f"<div class='o-tin'><a href='{escape(self.url(title))}'>{title}</a>"
            f"<span>{number + 1:02}/10/2025</span></div>"
            for number, title in enumerate(titles)
        )

    def _add_section(self, section: int, name: str, titles: tuple[str, ...]) -> None:
        chunks = [titles[i : i + self.per_page] for i in range(0, len(titles), self.per_page)]
        paths = [self.form.section(section)]
        paths += [self.form.page(section, page) for page in range(2, len(chunks) + 1)]
        for path, chunk in zip(paths, chunks, strict=True):
            # A window of pages, so that the last is not named on the first.
            here = paths.index(path)
            turns = "".join(
                f"<a href='{escape(paths[i])}'>{i + 1}</a> "
                for i in range(max(0, here - 1), min(len(paths), here + 2))
                if i != here
            )
            pager = f"<div class='so-trang'>{turns}</div>"
            self._add(path, name, f"<h2>{name}</h2>{self._entries(chunk)}{pager}")

    def _add_article(self, title: str) -> None:
        number = self.numbers[title]
        body = "".join(
            f"<p>{text}</p>"
            for text in (
                f"Sáng ngày {number % 27 + 1} tháng 10, tại hội trường ủy ban đã diễn ra buổi làm "
                f"việc xung quanh nội dung: {title.lower()}. Đông đảo bà con đã có mặt từ sớm.",
                f"Phát biểu tại đây, đại diện cấp ủy nhấn mạnh việc thứ {number} này cần được làm "
                "kỹ, đúng tiến độ, có sự giám sát của nhân dân và các đoàn thể ở khu phố.",
                "Trong thời gian tới, các khu phố tiếp tục tuyên truyền để mọi nhà cùng tham gia, "
                f"phấn đấu hoàn thành trước ngày {number % 20 + 5} tháng sau.",
            )
        )
        self._add(
            self.url(title).replace("&amp;", "&"),
            title,
            f"<h1>{title}</h1><div class='ngay'>{number % 27 + 1:02}/10/2025 08:{number:02}</div>"
            f"<div class='chu'>{body}</div>",
        )
