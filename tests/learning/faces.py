"""Five portals whose templates no rule of the reader knows, over the same kind of stories."""

from __future__ import annotations

import random
from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from html import escape

from halong_crawler.portal import Portal
from tests.learning.grammar import TOPICS, ZONE, Story, stories

NOW = datetime(2026, 3, 2, 9, 15, tzinfo=ZONE)
"""When the pages are captured; their clocks show it."""


class Face:
    """One portal: where its pages are and how they look."""

    name: str
    site = "Trang thông tin điện tử xã Ví Dụ"

    def __init__(self, count: int = 64, seed: int = 1, host: str = "vidu.example.vn") -> None:
        self.host = host
        self.stories = stories(count, seed)
        self.rng = random.Random(seed)

    def path(self, story: Story) -> str:
        return f"/{story.slug}-{story.number}.html"

    def url(self, story: Story) -> str:
        return f"http://{self.host}{self.path(story)}"

    def others(self, story: Story, count: int = 5) -> Sequence[Story]:
        """What the page of a story lists besides: the next ones, round the end."""
        at = self.stories.index(story)
        return [self.stories[(at + i) % len(self.stories)] for i in range(1, count + 1)]

    def latest(self) -> Sequence[Story]:
        return self.stories[:4]

    def link(self, story: Story, inner: str = "") -> str:
        return f'<a href="{self.path(story)}">{inner or escape(story.title)}</a>'

    @property
    def portal(self) -> Portal:
        return Portal(
            name=self.name, title_vi=self.site, title_en="Ví Dụ commune", level="commune",
            province="Quảng Ninh", platform="generic", hosts=(self.host,),
            seeds=(f"http://{self.host}/",),
        )  # fmt: skip

    @abstractmethod
    def page(self, story: Story) -> str:
        """The story's page."""

    def pages(self) -> dict[str, bytes]:
        """Path → page, of every story, the listings and the front page."""
        found = {self.path(story): self.page(story).encode() for story in self.stories}
        size = 16
        for at in range(0, len(self.stories), size):
            number = at // size + 1
            found[f"/danh-sach/trang-{number}"] = self.listing(number, size).encode()
        found["/"] = self.listing(1, size).encode()
        return found

    def listing(self, number: int, size: int = 16) -> str:
        listed = self.stories[(number - 1) * size : number * size]
        rows = "".join(
            f"<li class='muc'>{self.link(story)}<i>{when(story)}</i><p>{story.lead or ''}</p></li>"
            for story in listed
        )
        last = (len(self.stories) - 1) // size + 1
        pages = "".join(f"<a href='/danh-sach/trang-{n}'>{n}</a>" for n in range(1, last + 1))
        return (
            f"<html><head><title>{self.site}</title></head><body><h1>{self.site}</h1>"
            f"<ul class='ds'>{rows}</ul><div class='so-trang'>{pages}</div></body></html>"
        )


def when(story: Story, form: str = "%d/%m/%Y %H:%M") -> str:
    return story.at.strftime(form) if story.at is not None else ""


def paragraphs(story: Story, paragraph: str, caption: str) -> str:
    """The story's text; ``{}`` stands for the words in either form."""
    parts = []
    for index, text in enumerate(story.paragraphs):
        parts.append(paragraph.format(escape(text)))
        if index in story.captions:
            parts.append(caption.format(escape(story.captions[index])))
    return "\n".join(parts)


OFFICES = (
    "Văn phòng HĐND và UBND", "Phòng Kinh tế", "Phòng Văn hóa - Xã hội", "Hành chính công",
    "Ban Chỉ huy Quân sự", "Công an xã", "Trạm Y tế", "Mặt trận Tổ quốc", "Hội Nông dân",
    "Hội Phụ nữ", "Đoàn Thanh niên", "Hội Cựu chiến binh",
)  # fmt: skip
_SCRIPT = "".join(
    f"mo.them({{so:{n},ten:'khoi-{n}',rong:{n * 7 % 300},cao:{n * 11 % 200},nguon:'/khoi/{n}'}});"
    for n in range(220)
)
_LINKED = (
    "Chính phủ", "Quốc hội", "Bộ Nội vụ", "Bộ Tài chính", "Tỉnh ủy", "HĐND tỉnh", "UBND tỉnh",
    "Sở Tư pháp", "Sở Y tế", "Sở Xây dựng", "Báo tỉnh", "Dịch vụ công quốc gia",
)  # fmt: skip


def menu() -> str:
    """What portals write into each page: sections, offices, sites, a calendar, pictures, script.

    With it a page weighs about what the pages of real portals do: of 23 that were saved the middle
    one has 42 kB, 15 of them script, and 350 elements.
    """
    items = "".join(
        f"<li><a href='/muc/{i}'>{topic}</a><ul>"
        + "".join(
            f"<li class='cap2'><a href='/muc/{i}/{n}' title='{name}'><span>{name}</span></a></li>"
            for n, name in enumerate(OFFICES)
        )
        + "</ul></li>"
        for i, topic in enumerate(TOPICS)
    )
    sites = "".join(
        f"<option value='http://trang-{n}.example.vn/'>{name}</option>"
        for n, name in enumerate(_LINKED)
    )
    weeks = "".join(
        f"<tr>{''.join(f'<td>{week * 7 + day}</td>' for day in range(1, 8))}</tr>"
        for week in range(4)
    )
    pictures = "".join(
        f"<div class='anh-nho'><a href='/thu-vien/{n}' class='phong' title='Ảnh {n}'>"
        f"<img src='/thu-vien/nho/{n}.jpg' alt='Ảnh {n}' width='80' height='60'></a></div>"
        for n in range(24)
    )
    return (
        f"<ul>{items}</ul><select><option>Liên kết website</option>{sites}</select>"
        f"<table>{weeks}</table><div class='thu-vien'>{pictures}</div><script>{_SCRIPT}</script>"
    )


class Plain(Face):
    """Names that say nothing: box, c1, txt."""

    name = "vidu_hop"

    def page(self, story: Story) -> str:
        author = f"<span class='k2'>{story.author}</span>" if story.author else ""
        date = f"<span class='k1'>{when(story)}</span>" if story.at else ""
        lead = f"<div class='k4'>{escape(story.lead)}</div>" if story.lead else ""
        text = paragraphs(
            story, "<p>{}</p>",
            "<div class='k6'><img src='/a.jpg'><div class='k7'>{}</div></div>",
        )  # fmt: skip
        more = "".join(f"<div class='r1'>{self.link(s)}</div>" for s in self.others(story))
        news = "".join(
            f"<div class='q1'><span class='k1'>{when(s)}</span> {self.link(s)}"
            f"<div class='k4'>{escape((s.lead or '')[:80])}</div></div>"
            for s in self.latest()
        )
        tags = ", ".join(f"<a href='/loc/{t}'>{t}</a>" for t in story.tags)
        return f"""<html><head><title>{self.site}</title></head><body>
<div class='a1'>{menu()}<div class='k9'>{NOW.strftime("%d/%m/%Y %H:%M")}</div></div>
<div class='b1'><div class='b2'><a href='/'>Trang chủ</a> » <a href='/muc/1'>{story.topic}</a></div>
<div class='c1'><div class='k3'>{escape(story.title)}</div>
<div class='k5'>{date} {author} <span class='k8'>Lượt xem: {story.views}</span></div>{lead}
<div class='k0'>{text}</div>
<div class='k10'>Từ khoá: {tags}</div>
<div class='r0'><div class='k11'>Bài cùng mục</div>{more}</div></div>
<div class='c2'><div class='k3'>Mới đăng</div>{news}</div></div>
<div class='z1'>Bản quyền thuộc UBND xã Ví Dụ. Giấy phép số 12/GP-STTTT ngày 05/03/2019.</div>
</body></html>"""


class Tables(Face):
    """Layout tables without a single class."""

    name = "vidu_bang"

    def page(self, story: Story) -> str:
        text = paragraphs(
            story, "<p align=justify>{}</p>", "<p align=center><img src='/a.jpg'><br><i>{}</i></p>"
        )
        lead = (
            f"<tr><td><b>{escape(story.lead)}</b></td></tr>" if story.lead else "<tr><td></td></tr>"
        )
        author = f"<b>{story.author}</b>" if story.author else ""
        more = "".join(
            f"<li>{self.link(s)} ({when(s, '%d/%m/%Y')})</li>" for s in self.others(story)
        )
        news = "".join(f"<tr><td>{self.link(s)}</td></tr>" for s in self.latest())
        back, forth = self.others(story, 2)
        return f"""<html><head><title>{escape(story.title)} | {self.site}</title></head><body>
<table width=980><tr><td><img src='/banner.jpg'></td></tr></table>
<table width=980><tr><td>{menu()}</td><td>Hôm nay: {NOW.strftime("%d/%m/%Y")}</td></tr></table>
<table width=980><tr><td width=200 valign=top><table>{news}</table>
<table><tr><td>Đang truy cập: {story.views % 90 + 2}</td></tr></table></td>
<td valign=top><table>
<tr><td><font color=gray>{when(story, "Ngày %d/%m/%Y")}</font></td></tr>
<tr><td><font size=4>{escape(story.title)}</font></td></tr>{lead}
<tr><td>{text}</td></tr>
<tr><td align=right>{author}</td></tr>
<tr><td>Lượt xem: {story.views}. In bài này. Gửi cho bạn bè.</td></tr>
<tr><td><b>Các bản tin khác của chuyên mục</b><ul>{more}</ul></td></tr>
<tr><td>{self.link(back, "Trước: " + back.title)}
{self.link(forth, "Sau: " + forth.title)}</td></tr>
</table></td></tr></table>
<table width=980><tr><td>UBND xã Ví Dụ. Địa chỉ: thôn Trại Me. Điện thoại: 0203 3999 999</td></tr>
</table>
</body></html>"""


class Misnamed(Face):
    """Names that lie: the body is called footer, the column beside it title and content."""

    name = "vidu_lech"

    def page(self, story: Story) -> str:
        lead = f"<p class='caption'>{escape(story.lead)}</p>" if story.lead else ""
        author = f"<p class='tags'>{story.author}</p>" if story.author else ""
        date = f"<div class='menu'>{when(story, '%d-%m-%Y %H:%M')}</div>" if story.at else ""
        text = paragraphs(
            story, "<p>{}</p>", "<figure><img src='/a.jpg'><figcaption>{}</figcaption></figure>"
        )
        more = "".join(f"<h3>{self.link(s)}</h3>" for s in self.others(story))
        news = "".join(
            f"<div class='content'><p class='sapo'>{escape(s.lead or s.paragraphs[0])}</p>"
            f"<span class='date'>{when(s)}</span></div>"
            for s in self.latest()
        )
        return f"""<html><head><title>{self.site}</title>
<meta property="og:title" content="{escape(story.title)}"></head><body>
<div class='title'><h1>{self.site}</h1></div>
<div class='date'>{NOW.strftime("%d-%m-%Y %H:%M")}</div><div class='article'>{menu()}</div>
<div class='sidebar'><div class='breadcrumb-none'></div>
<h2 class='comment'>{escape(story.title)}</h2>{date}
<div class='footer'>{lead}{text}{author}
<div class='summary'>Chia sẻ bài viết này lên mạng xã hội hoặc gửi cho người thân của bạn nhé.</div>
</div><div class='author'>{more}</div></div>
<div class='title'>Nhiều người quan tâm{news}</div>
<div class='body'>Bản quyền thuộc xã Ví Dụ, số điện thoại
 0203 3999 999, thư điện tử vidu@example.vn</div>
</body></html>"""


class Hashed(Face):
    """A bundler's class names, and addresses that do not say which page is an article."""

    name = "vidu_bam"

    def path(self, story: Story) -> str:
        return f"/doc/{story.slug}"

    def page(self, story: Story) -> str:
        text = paragraphs(
            story, "<div class='css-{0:.0s}p4r7x'>{0}</div>",
            "<span class='css-1cap9'><img src='/a.jpg'>{0}</span>",
        )  # fmt: skip
        lead = f"<h2 class='Page_sapo__Zx81q'>{escape(story.lead)}</h2>" if story.lead else ""
        by = f"Tác giả: {story.author} | " if story.author else ""
        at = when(story, "%H:%M %d/%m/%Y") if story.at else "đang cập nhật"
        more = "".join(f"<li>{self.link(s)}</li>" for s in self.others(story))
        return f"""<html><head><title>{escape(story.title)} - Ví Dụ</title></head><body>
<div id='root'><div class='sc-bdVaJa'>{menu()}</div>
<div class='css-9k2l1m'><div class='Page_head__a81Kz'>{escape(story.title)}</div>
<div class='css-77aa1x'>{by}{at} | {story.views} lượt xem</div>{lead}
<div class='Page_text__k20Zq'>{text}</div>
<div class='css-8x8x8y'><b>Đọc thêm</b><ul>{more}</ul></div></div>
<div class='css-foot1a2'>Xã Ví Dụ, tỉnh Quảng Ninh. Chịu trách nhiệm: Văn phòng UBND xã.</div>
</div></body></html>"""


class Everyday(Face):
    """What editors do: a bold lead and a signature without names, comments, a list in the body."""

    name = "vidu_thuong"

    def page(self, story: Story) -> str:
        rng = random.Random(story.number)
        text = paragraphs(
            story, "<p style='text-align:justify'>{}</p>",
            "<p style='text-align:center'><img src='/a.jpg'></p>"
            "<p style='text-align:center'><em>{}</em></p>",
        )  # fmt: skip
        if story.lead:
            text = f"<p><strong>{escape(story.lead)}</strong></p>{text}"
        if story.author:
            text += f"<p style='text-align:right'><strong>{story.author}</strong></p>"
        if rng.random() < 0.3:
            text = f"<div>{text}</div>"
        more = "".join(
            f"<li>{self.link(s)} <span>({when(s, '%d/%m')})</span></li>" for s in self.others(story)
        )
        comments = "".join(
            f"<div class='binhluan'><b>{rng.choice(('Lan', 'Hùng', 'Bạn đọc'))}</b><p>Bài viết về "
            f"{s.title.lower()} rất hay, mong có thêm {rng.randint(2, 99)} bài như thế.</p></div>"
            for s in self.others(story, rng.randint(0, 2))
        )
        at = f"Cập nhật lúc {when(story)} |" if story.at else ""
        news = "".join(
            f"<div class='item'>{self.link(s)}<span>{when(s)}</span>"
            f"<p>{escape(s.lead or '')}</p></div>"
            for s in self.latest()
        )
        return f"""<html><head><title>{escape(story.title)} - {self.site}</title></head><body>
<div class="header"><div class="menu">{menu()}</div><div class="clock">{NOW:%d/%m/%Y}</div></div>
<div class="container"><div class="row"><div class="col-md-8"><ol class="duong-dan">
<li><a href="/">Trang chủ</a></li><li><a href="/m">{story.topic}</a></li>
<li>{escape(story.title)}</li></ol><div class="bai"><h1>{escape(story.title)}</h1>
<div class="dong-tin">{at} Lượt xem: {story.views} | <a href="#">In bài</a></div>
<div class="chi-tiet">{text}<div class="chia-se"><a href="#">Facebook</a> <a href="#">Zalo</a></div>
<p><b>Tin cùng chuyên mục:</b></p><ul>{more}</ul></div>
<div class="y-kien">{comments}</div></div></div>
<div class="col-md-4">{news}</div></div></div>
<div class="footer">Xã Ví Dụ. Địa chỉ: thôn Trại Me. Điện thoại: 0203 3999 999.</div>
</body></html>"""


FACES = (Plain, Tables, Misnamed, Hashed, Everyday)
