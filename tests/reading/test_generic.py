"""Pages of portals nobody configured: the kinds of markup that make extractors fail.

Each form is a page around one article; the portal has no selectors and the platform no marks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from archive.records import Article
from halong_crawler.portal import Portal
from halong_crawler.reading import NotAnArticle, read

TITLE = "Khánh thành cầu dân sinh qua suối Nà Mò"
LEAD = (
    "Cây cầu dài 36 m chấm dứt cảnh học sinh ba bản vùng cao phải lội suối đến trường mỗi mùa mưa."
)
PARAGRAPHS = (
    "Sáng 15/9, Ủy ban nhân dân xã cùng nhà tài trợ cắt băng khánh thành cầu dân sinh qua suối "
    "Nà Mò sau tám tháng thi công. Cầu rộng 3,5 m, chịu được xe tải nhẹ.",
    "Trước đây, vào mùa lũ, hơn một trăm học sinh phải nghỉ học nhiều ngày vì nước suối dâng cao. "
    "Bà con góp gần hai nghìn ngày công để làm đường dẫn hai đầu cầu.",
    "Theo Nghị quyết số 12-NQ/HU ngày 20/3/2023, từ nay đến cuối nhiệm kỳ xã sẽ xây thêm hai cầu "
    "cứng, xóa toàn bộ cầu tạm trên địa bàn.",
)
SIGNED = "Hoàng Thị Mận"
MENU = "".join(f'<a href="/muc-{n}">Chuyên mục số {n}</a> ' for n in range(12))
OTHERS = "".join(
    f'<li><a href="/tin-khac-so-{n}-9{n}1.html">Một tin khác của xã có tên dài đến hết dòng số {n}'
    f"</a> <span>(0{n}/09/2025 08:00)</span></li>"
    for n in range(1, 7)
)
FOOT = (
    "Trang thông tin điện tử xã Nà Mò. Giấy phép số 45/GP-TTĐT ngày 01/02/2020 do Sở cấp. Cơ quan "
    "chủ quản: Ủy ban nhân dân xã Nà Mò. Địa chỉ: thôn Trung tâm, xã Nà Mò. Điện thoại: "
    "0203.000.000. Ghi rõ nguồn khi phát hành lại thông tin từ trang này. Bản quyền thuộc về Ủy "
    "ban nhân dân xã. Người chịu trách nhiệm: Chủ tịch Ủy ban nhân dân xã Nà Mò."
)


def page(body: str, *, title: str = TITLE, head: str = "", lang: str = "vi") -> bytes:
    start = f"<html lang='{lang}'><head><title>{title}</title>{head}</head>"
    return f"{start}<body>{body}</body></html>".encode()


def paragraphs() -> str:
    return "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def plain(date: str) -> bytes:
    return page(
        f"<header>{MENU}</header><div class='wrap'><h1>{TITLE}</h1><div class='ngay'>{date}</div>"
        f"<p class='sapo'>{LEAD}</p><div class='noidung'>{paragraphs()}"
        f"<p style='text-align:right'><b>{SIGNED}</b></p></div></div><footer>{FOOT}</footer>"
    )


def layout_tables(date: str) -> bytes:
    return page(
        f"<table><tr><td colspan=2>{MENU}</td></tr><tr><td width=200>{MENU}</td><td>"
        f"<table><tr><td class='tieude'>{TITLE}</td></tr><tr><td><i>{date}</i></td></tr>"
        f"<tr><td><b>{LEAD}</b></td></tr><tr><td>{paragraphs()}<p align=right><b>{SIGNED}</b></p>"
        f"</td></tr></table></td></tr><tr><td colspan=2>{FOOT}</td></tr></table>"
    )


def breaks(date: str) -> bytes:
    soup = "<br><br>".join((*PARAGRAPHS, SIGNED))
    return page(
        f"<div id='menu'>{MENU}</div><div class='tin'><h2 class='title'>{TITLE}</h2>"
        f"<span>{date}</span><h3 class='sapo'>{LEAD}</h3><div>{soup}</div></div>"
        f"<div class='footer'>{FOOT}</div>"
    )


def generic_title(date: str) -> bytes:
    return page(
        f"<div class='nav'>{MENU}</div><div class='main'><div class='left'>"
        f"<span class='title-news'>"
        f"{TITLE}</span><div>{date}</div><div class='tomtat'>{LEAD}</div><div class='content'>"
        f"{paragraphs()}<p>({SIGNED})</p></div></div>"
        f"<div class='right'><ul>{OTHERS}</ul></div></div>"
        f"<div class='bottom'>{FOOT}</div>",
        title="Cổng thông tin điện tử xã Nà Mò",
        lang="en-us",
    )


def related_alike(date: str) -> bytes:
    """Other news stand in a box of the article's own class, with leads of their own."""
    others = "".join(
        f"<div class='item'><a href='/tin-so-{n}-77{n}.html'>Tin số {n}: một tiêu đề khá dài</a>"
        f"<p>Tóm tắt của tin số {n}, cũng là một câu dài như mọi câu trong bài viết chính ở trên."
        f"</p></div>"
        for n in range(4)
    )
    return page(
        f"<div class='nav'>{MENU}</div><div class='detail'><h1>{TITLE}</h1><p>{date}</p>"
        f"<p><strong>{LEAD}</strong></p>{paragraphs()}<p><em>Tác giả: {SIGNED}</em></p></div>"
        f"<div class='detail'><b>Các tin khác</b>{others}</div><div class='footer'>{FOOT}</div>"
    )


FORMS: dict[str, Callable[[str], bytes]] = {
    form.__name__: form for form in (plain, layout_tables, breaks, generic_title, related_alike)
}
PORTAL = Portal(
    name="na_mo",
    title_vi="Trang thông tin điện tử xã Nà Mò",
    title_en="Nà Mò commune",
    hosts=("namo.gov.vn",),
    level="commune",
    province="Quảng Ninh",
    platform="generic",
    seeds=("http://namo.gov.vn/",),
)
URL = "http://namo.gov.vn/khanh-thanh-cau-dan-sinh-1234.html"
NOW = datetime(2025, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize("form", FORMS)
def test_an_article_in_unknown_markup(form: str) -> None:
    article = read(FORMS[form]("15/09/2025 16:40"), URL, portal=PORTAL, captured_at=NOW)
    assert isinstance(article, Article), article
    assert article.title == TITLE
    assert article.lead == LEAD
    assert article.body.split("\n\n") == list(PARAGRAPHS)
    assert [author.name for author in article.authors] == [SIGNED]
    assert article.published is not None
    assert article.published.at == "2025-09-15T16:40:00+07:00"


@pytest.mark.parametrize("form", FORMS)
def test_no_date_is_invented(form: str) -> None:
    """Neither the licence's, nor a decree's, nor those of other news."""
    article = read(FORMS[form](""), URL, portal=PORTAL, captured_at=NOW)
    assert isinstance(article, Article), article
    assert article.published is None


@pytest.mark.parametrize(
    ("url", "html", "reason"),
    [
        ("/", page(f"<h1>Trang chủ</h1><ul>{OTHERS}</ul>"), "home"),
        ("/tin-tuc", page(f"<h1>Tin tức</h1><ul>{OTHERS}</ul>", title="Tin tức"), "listing"),
        (
            "/login.php",
            page(
                "<form>Tên <input name=u> Mật khẩu <input type=password></form> Đăng nhập hệ thống"
            ),
            "login",
        ),
        ("/x-99.html", page("<h1>Không tìm thấy trang</h1><p>Mời bạn quay lại.</p>"), "soft_404"),
        (
            "/x-98.html",
            page("<p>Hệ thống đang bảo trì, mời quý vị quay lại sau.</p>"),
            "maintenance",
        ),
        ("/x-97.html", page(""), "empty"),
        (
            "/x-96.html",
            b"<html><body><script>"
            b'document.cookie="D1N=0123456789abcdef0123456789abcdef"+"; path=/";'
            b"window.location.reload(true);</script></body></html>",
            "challenge",
        ),
        ("/lien-he", page(f"<h1>Liên hệ</h1><p>{FOOT}</p>", title="Liên hệ"), "static"),
    ],
)
def test_what_is_no_article_says_so(url: str, html: bytes, reason: str) -> None:
    result = read(html, f"http://namo.gov.vn{url}", portal=PORTAL, captured_at=NOW)
    assert isinstance(result, NotAnArticle), result
    assert result.reason == reason, result


def test_an_infographic_is_an_article() -> None:
    """Little text under a title, but a picture with its caption."""
    picture = "<p><img src='/anh/so-lieu.jpg'></p><p><em>Đồ họa: số liệu năm 2025</em></p>"
    html = page(f"<header>{MENU}</header><div class='tin'><h1>{TITLE}</h1>{picture}</div>")
    article = read(html, URL, portal=PORTAL, captured_at=NOW)
    assert isinstance(article, Article), article
    assert [image.url for image in article.images] == ["http://namo.gov.vn/anh/so-lieu.jpg"]


def test_old_encodings_and_nested_documents_are_decoded() -> None:
    """The header counts, then the first 1024 bytes; a document inside the article does not."""
    inner = "<html><head><meta charset=windows-1252></head><body>" + paragraphs() + "</body></html>"
    html = page(f"<div class='d'><h1>{TITLE}</h1><p class='sapo'>{LEAD}</p>{inner}</div>")
    article = read(html, URL, portal=PORTAL, captured_at=NOW)
    assert isinstance(article, Article)
    assert article.body.split("\n\n") == list(PARAGRAPHS)
    text = f"<html><head><title>{TITLE}</title></head><h1>{TITLE}</h1><p class='sapo'>{LEAD}</p>"
    old = (text + paragraphs()).encode("cp1258", "xmlcharrefreplace")
    article = read(old, URL, portal=PORTAL, captured_at=NOW, headers={"content-type": "text/html"})
    assert isinstance(article, Article)
    assert article.title == TITLE
