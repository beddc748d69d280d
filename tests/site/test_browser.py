"""A real browser meets an article that wants to take it over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from archive.monitors import Result
from tests.site.measured import hostile_coverage, measure, write_measured
from tests.site.small_archive import ARTICLES, Server, Written, write_archive

PWN = "window.halongPwned=1"
PAYLOADS = (
    f"<script>{PWN}</script>"
    f'<img src=x onerror="{PWN}">'
    f"<svg onload={PWN}><script>{PWN}</script></svg>"
    f'"><img src=x onerror={PWN}>'
    f"'><svg/onload={PWN}>"
    f"</title></textarea></style><script>{PWN}</script>"
    f'<a href="javascript:{PWN}">x</a>'
    f"<iframe srcdoc='<script>parent.{PWN.removeprefix('window.')}</script>'></iframe>"
    f"{{{{ 7*7 }}}}{{% print(7*7) %}}"
    f"\ue000<b onmouseover={PWN}>\ue001"
)
SCRIPT_URL = f"javascript:{PWN}//"

HOSTILE = Written(
    666,
    f"Độc hại {PAYLOADS}",
    f"Thân bài độc hại {PAYLOADS}",
    lead=f"Sapo {PAYLOADS}",
    byline=f"Ký tên {PAYLOADS}",
    authors=(f"Người {PAYLOADS}",),
    category=(f"Mục {PAYLOADS}",),
    source=f"Nguồn {PAYLOADS}",
    body_html=f'<p onclick="{PWN}">Thân bài {PAYLOADS}</p>'
    f'<a href="{SCRIPT_URL}">bấm</a><a href="data:text/html,<script>{PWN}</script>">bấm</a>'
    f'<img src="{SCRIPT_URL}" onerror="{PWN}">'
    f'<img src="https://x.vn/a.jpg" alt="&quot;>{PAYLOADS}">'
    f'<form action="{SCRIPT_URL}"><button>x</button></form><math><mtext><style><img src=x '
    f'onerror={PWN}></style></mtext></math><style>@import "//x.vn"</style><base href="//x.vn">'
    f'<meta http-equiv="refresh" content="0;url={SCRIPT_URL}">',
    url=SCRIPT_URL,
    tags=(f"thẻ {PAYLOADS}",),
    images=((SCRIPT_URL, f"chú thích {PAYLOADS}", f"ảnh {PAYLOADS}"),),
    attachments=((SCRIPT_URL, f"tệp {PAYLOADS}.pdf"),),
    published_at="2025-06-01T08:00:00+07:00",
    former_titles=(f"Cũ {PAYLOADS}",),
    evidence={f"title {PAYLOADS}": f"platform {PAYLOADS}"},
)

# Elements a page of ours or of Datasette may never get from a crawled text.
DANGERS = """() => {
  const found = [];
  for (const element of document.querySelectorAll('*')) {
    for (const attribute of element.attributes) {
      if (/^on/i.test(attribute.name)) found.push(element.outerHTML);
      if (/^(href|src|action|formaction|srcdoc)$/i.test(attribute.name)
          && /^\\s*(javascript|data):/i.test(attribute.value)) found.push(element.outerHTML);
    }
    if (element.matches('iframe, object, embed, base, meta[http-equiv]')) {
      found.push(element.outerHTML);
    }
    // What tells programs about the page is JSON and never run; nothing in it may end it.
    const isData = element.matches('script[type="application/ld+json"]')
        && !element.textContent.includes('<');
    if (element.matches('script') && !isData && element.textContent.includes('halongPwned')) {
      found.push(element.outerHTML);
    }
  }
  return found;
}"""

PATHS = [
    "/",
    "/search",
    "/search?q=%C4%91%E1%BB%99c+h%E1%BA%A1i",
    f"/search?q={quote(PAYLOADS)}",
    f"/search?category={quote(HOSTILE.category[0])}",
    f"/search?author={quote(HOSTILE.authors[0])}&portal=%22%3E%3Cscript%3E",
    "/a/halong-666",
    "/a/halong-666/v/1",
    "/a/halong-666/v/2",
    "/a/halong-666/v/2.json",
    "/coverage/halong",
    f"/coverage/{quote(PAYLOADS, safe='')}",
    f"/a/{quote(PAYLOADS, safe='')}",
    "/halong",
    "/halong/articles",
    f"/halong/articles?_search={quote(PAYLOADS)}",
    "/halong/articles/1",
    "/halong/article_texts/1",
    "/halong/article_versions",
    "/halong/article_versions/1",
    "/halong/edited_articles",
    "/halong/people",
    "/halong/images",
]


@pytest.fixture(scope="module")
def hostile_site(
    tmp_path_factory: pytest.TempPathFactory, start_server: Callable[[Path], Server]
) -> Server:
    archive = write_archive(tmp_path_factory.mktemp("hostile"), [HOSTILE, ARTICLES[0]])
    result = Result("fill", PAYLOADS, "alarm", 0.1, 0.9, f"thấy {PAYLOADS}")
    measure(archive, hostile_coverage(SCRIPT_URL, PAYLOADS), (result,))
    return start_server(archive)


@pytest.fixture(scope="module")
def measured_site(
    tmp_path_factory: pytest.TempPathFactory, start_server: Callable[[Path], Server]
) -> Server:
    return start_server(write_measured(tmp_path_factory.mktemp("measured")))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("path", PATHS)
def test_a_hostile_article_stays_text(hostile_site: Server, page: Page, path: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(hostile_site.address + path)
    page.wait_for_timeout(100)
    assert page.evaluate("window.halongPwned") is None
    assert page.evaluate(DANGERS) == []
    # Nothing is fetched from anywhere else, so no third party learns who reads what.
    assert [url for url in asked if not url.startswith(hostile_site.address)] == []


def test_programs_get_clean_html_too(hostile_site: Server) -> None:
    html = hostile_site.get("/a/halong-666.json").json()["body_html"]
    assert '<img src="https://x.vn/a.jpg"' in html
    for danger in ("<script", "<svg", "onclick", 'src="javascript', 'href="javascript', "<iframe"):
        assert danger not in html


def test_clicking_about_runs_nothing(hostile_site: Server, page: Page) -> None:
    page.goto(hostile_site.address + "/a/halong-666")
    page.evaluate(
        """() => {
          document.addEventListener('click', (event) => event.preventDefault());
          for (const element of document.querySelectorAll('main *')) {
            for (const name of ['click', 'mouseover', 'focus', 'toggle']) {
              element.dispatchEvent(new Event(name, {bubbles: true, cancelable: true}));
            }
          }
        }"""
    )
    assert page.evaluate("window.halongPwned") is None
    hosts = page.evaluate(
        "[...document.querySelectorAll('.body a')].map((a) => a.getAttribute('href'))"
    )
    assert all(host is None or host.startswith("https://") for host in hosts)


def test_the_check_would_see_a_hole(hostile_site: Server, page: Page) -> None:
    page.goto("about:blank")
    page.set_content(f"<p>{PAYLOADS}</p>")
    page.wait_for_timeout(100)
    assert page.evaluate("window.halongPwned") == 1
    assert page.evaluate(DANGERS) != []


@pytest.mark.parametrize(
    "path",
    ["/", "/search", "/search?q=đại", "/a/halong-61318", "/a/none", "/coverage/halong",
     "/coverage/hakhanh"],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_the_page_without_scripts_or_sideways_scrolling(
    measured_site: Server, browser: Browser, path: str, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": 375, "height": 740},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto(measured_site.address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    box = page.locator("body").bounding_box()
    assert box is not None
    assert box["width"] <= 375
    widest = max(e.bounding_box()["width"] for e in page.locator("main > *").all())  # type: ignore[index]
    assert widest <= 375
    context.close()


def test_the_site_works_from_box_to_article(site: Server, page: Page) -> None:
    page.goto(site.address)
    page.get_by_role("searchbox").fill("quyet dinh 3431/qd-ubnd")
    page.keyboard.press("Enter")
    assert page.locator("mark").first.inner_text()
    page.get_by_role("link", name="Quyết định 3431/QĐ-UBND").click()
    assert page.locator("h1").inner_text().startswith("Quyết định 3431/QĐ-UBND")


def test_datasettes_pages_work_under_their_policy(site: Server, page: Page) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    for path in ("/halong", "/halong/articles", "/halong/articles/1"):
        page.goto(site.address + path)
    page.goto(site.address + "/halong/articles")
    page.locator("svg.dropdown-menu-icon").first.click()
    assert page.locator(".dropdown-sort-desc").is_visible()
    assert problems == []
