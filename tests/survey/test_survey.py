"""What a survey asks for, and what it concludes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest

from halong_crawler.discovery.urls import spell
from halong_crawler.reading import Document
from halong_crawler.survey import NoSurveyError, Visitor, survey, who
from halong_crawler.survey.door import path_prefix
from halong_crawler.survey.places import resource_of
from halong_crawler.survey.proposal import Proposal
from tests.crawl.served import Answer, Served
from tests.crawl.test_saved_portal import HOST as HANOI
from tests.crawl.test_saved_portal import as_served
from tests.places import SAVED
from tests.reading.test_saved_pages import ADDRESSES, PAGES
from tests.survey.sites import NUMBERED, TITLES, Site


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A proxy that answers for any host by http; https does not get through."""
    with Served({}) as served:
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://{served.host}")
        for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.delenv(name, raising=False)
        yield served


def serve(served: Served, host: str, site: Site) -> None:
    pages = site.served_at(host)
    served.pages.update({f"http://{host}{path}": answer for path, answer in pages.items()})


def test_a_host_that_redirects_is_the_one_it_redirects_to(proxied: Served) -> None:
    serve(proxied, "www.benthan.gov.vn", Site(NUMBERED))
    moved = Answer(status=301, headers={"Location": "http://www.benthan.gov.vn/"})
    proxied.pages["http://cu.example.vn/"] = moved
    waits: list[float] = []
    found = survey("cu.example.vn", Visitor(sleep=waits.append))
    assert found.proposal.hosts == ("benthan.gov.vn",)
    assert found.proposal.seeds == ("http://www.benthan.gov.vn/",)
    assert found.name() == "benthan"
    assert any("redirected from http://cu.example.vn" in f.evidence for f in found.findings)
    # robots.txt of each host is heard before its pages.
    asked = [path for path in proxied.asked if path.startswith("http://www.")]
    assert asked[0] == "http://www.benthan.gov.vn/robots.txt"
    # A pause before every request but the first to a host.
    assert waits
    assert set(waits) == {1.0}
    assert found.proposal.delay is None


def test_a_redirect_that_robots_txt_forbids_is_not_followed(proxied: Served) -> None:
    moved = Answer(status=301, headers={"Location": "http://kin.example.vn/"})
    proxied.pages["http://mo.example.vn/"] = moved
    proxied.pages["http://kin.example.vn/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n")
    serve(proxied, "kin.example.vn", Site(NUMBERED))
    with pytest.raises(NoSurveyError, match="robots") as caught:
        survey("http://mo.example.vn/", Visitor(sleep=lambda _: None))
    assert caught.value.unwelcome
    assert "http://kin.example.vn/" not in proxied.asked


def test_a_long_crawl_delay_is_kept_and_makes_the_survey_short(proxied: Served) -> None:
    serve(proxied, "xa.example.vn", Site(NUMBERED).with_sitemap())
    robots = Answer(b"User-agent: Halong\nCrawl-delay: 50\n")
    proxied.pages["http://xa.example.vn/robots.txt"] = robots
    waits: list[float] = []
    found = survey("http://xa.example.vn/", Visitor(sleep=waits.append))
    assert set(waits) == {50.0}
    assert len(waits) <= 4
    assert found.proposal.delay == 50.0
    assert any(visit.problem.startswith("not asked") for visit in found.visits)
    assert found.proposal.article_url is not None


def test_the_user_agent_says_who_asks() -> None:
    with Served({}) as served:
        served.pages.update(Site(NUMBERED).served_at(served.host))
        handler = served._server.RequestHandlerClass
        seen: set[str] = set()
        whole = handler.do_GET

        def noting(self: object) -> None:
            seen.add(self.headers["User-Agent"])
            whole(self)

        handler.do_GET = noting
        survey(f"http://{served.host}/")
    assert len(seen) == 1
    assert "Halong/" in seen.pop()


def test_sub_domains_are_named_and_left_out(proxied: Served) -> None:
    site = Site(NUMBERED)
    home = site.pages["/"]
    ward = b"<a href='http://hongxuan.than.gov.vn/'>Phuong Hong Xuan</a></body>"
    site.pages["/"] = Answer(home.body.replace(b"</body>", ward))
    serve(proxied, "than.gov.vn", site)
    found = survey("http://than.gov.vn/", Visitor(sleep=lambda _: None))
    assert any("hongxuan.than.gov.vn" in doubt for doubt in found.doubts)
    assert found.proposal.hosts == ("than.gov.vn",)


def test_a_site_map_of_another_host_is_told_and_not_written(proxied: Served) -> None:
    serve(proxied, "xa.example.vn", Site(NUMBERED))
    elsewhere = b"<urlset><url><loc>http://localhost/a</loc></url></urlset>"
    proxied.pages["http://xa.example.vn/sitemap.xml"] = Answer(elsewhere)
    found = survey("http://xa.example.vn/", Visitor(sleep=lambda _: None))
    assert found.proposal.sitemaps == ()
    assert any("none on this portal" in doubt for doubt in found.doubts)


def test_the_learned_form_fits_every_article_and_nothing_else() -> None:
    site = Site(NUMBERED)
    with Served({}) as served:
        served.pages.update(site.served_at(served.host))
        found = survey(f"http://{served.host}/")
    (form,) = found.proposal.portal("x").article_urls
    articles = {site.url(title) for title in TITLES}
    fit = {path for path in site.pages if form.pattern.search(resource_of(f"http://h{path}"))}
    assert fit == articles


def test_whatever_a_title_holds_the_file_can_be_read_back() -> None:
    odd = 'Cổng "A" \\ \x7f <b> # = \u2028 \U0001f6a2'
    proposal = Proposal(odd, odd, "commune", odd, "generic", ("x.vn",), ("https://x.vn/",))
    proposal.article_url = r"^/it's-(?P<id>\d+)$"
    proposal.comments = {"": "Dòng đầu\ncó xuống dòng", "level": "a " * 90}
    data = tomllib.loads(proposal.toml())
    assert data["title_vi"] == odd
    assert data["article_url"] == proposal.article_url


@pytest.mark.parametrize(
    "gate",
    [
        "<html><head><meta http-equiv='Refresh' content='0; URL=/trang-chu'></head></html>",
        "<html><body><script>window.location.href = '/trang-chu';</script></body></html>",
        '<html><body><script>location.replace("/trang-chu")</script></body></html>',
    ],
)
def test_a_page_that_only_sends_on_is_not_the_front_page(gate: str) -> None:
    with Served({}) as served:
        served.pages.update(Site(NUMBERED).served_at(served.host))
        served.pages["/trang-chu"] = served.pages["/"]
        served.pages["/"] = Answer(gate.encode())
        found = survey(f"http://{served.host}/")
    assert found.proposal.seeds == (f"http://{served.host}/trang-chu",)
    assert found.proposal.article_url is not None


def test_pages_that_send_each_other_on_end() -> None:
    gates = {
        path: Answer(f"<meta http-equiv=refresh content='0;url={goal}'>".encode())
        for path, goal in (("/", "/a"), ("/a", "/"))
    }
    with Served(gates) as served, pytest.raises(NoSurveyError):
        survey(f"http://{served.host}/")


def links_to(*paths: str) -> str:
    return "".join(f"<a href='{path}'>Một mục của phường</a>" for path in paths)


@pytest.mark.parametrize(
    ("start", "url", "paths", "prefix"),
    [
        # A site of SharePoint's, whatever its pages link to.
        ("https://h.vn/donvi/vandon", "https://h.vn/donvi/vandon/Trang/default.aspx", ["/So/x"],
         "/donvi/vandon"),
        ("https://h.vn/", "https://h.vn/Trang/default.aspx", ["/So/x"], ""),
        ("https://h.vn/Trang/default.aspx", "https://h.vn/Trang/default.aspx", ["/So/x"], ""),
        # Most links lie below it, or they lead everywhere.
        ("h.vn/xa-a/", "https://h.vn/xa-a/", ["/xa-a/1", "/xa-a/2", "/xa-a/3", "/"], "/xa-a"),
        ("h.vn/xa-a/index.php", "https://h.vn/xa-a/index.php", ["/xa-a/1", "/xa-a/2", "/xa-a/3"],
         "/xa-a"),
        ("h.vn/tin-tuc", "https://h.vn/tin-tuc", ["/tin-tuc/1", "/van-ban", "/lien-he"], ""),
        ("h.vn/index.html", "https://h.vn/index.html", ["/a", "/b", "/c"], ""),
        # The front page is the whole host, wherever it sends.
        ("h.vn", "https://h.vn/vi/", ["/vi/1", "/vi/2", "/vi/3"], ""),
    ],
)  # fmt: skip
def test_the_path_of_a_sub_site(start: str, url: str, paths: list[str], prefix: str) -> None:
    document = Document.parse(f"<body>{links_to(*paths)}</body>".encode(), url)
    assert path_prefix(start, document) == prefix


@pytest.mark.parametrize(
    ("title", "level", "english"),
    [
        ("Cổng thông tin điện tử phường Hùng Thắng", "commune", "Portal of Hùng Thắng ward"),
        ("CỔNG THÔNG TIN ĐIỆN TỬ XÃ DÂN CHỦ", "commune", "Portal of Dân Chủ commune"),
        ("Trang thông tin điện tử xã Dân Chủ, thành phố Hạ Long", "commune",
         "Portal of Dân Chủ commune"),
        ("Cổng thông tin điện tử thành phố Hạ Long", "district", "Portal of the city of Hạ Long"),
        ("Cổng thông tin điện tử thành phố Hà Nội", "province", "Portal of the city of Hà Nội"),
        ("Cổng Thông tin điện tử tỉnh Quảng Ninh", "province", "Portal of Quảng Ninh province"),
        ("Ủy ban nhân dân huyện Vân Đồn", "district", "Portal of Vân Đồn district"),
        ("Sở Xây dựng tỉnh Quảng Ninh", "department", "Portal at so.vn"),
        ("Bộ Y tế", "ministry", "Portal at so.vn"),
        ("Bộ Chỉ huy Quân sự tỉnh Quảng Ninh", "department", "Portal at so.vn"),
        # A larger unit after a name is the one it lies in: of the name itself nothing is known.
        ("Cổng thông tin điện tử Cẩm Phả, tỉnh Quảng Ninh", "commune", "Portal at so.vn"),
        ("Văn hóa - xã hội", "commune", "Portal at so.vn"),
    ],
)  # fmt: skip
def test_whose_portal_it_is(title: str, level: str, english: str) -> None:
    address = spell("https://so.vn/")
    assert address is not None
    assert who.level_of(title, address).value == level
    assert who.english(title, address) == english


@pytest.mark.parametrize(
    ("url", "prefix", "name"),
    [
        ("https://hungthang.halongcity.gov.vn/", "", "hungthang_halongcity"),
        ("https://www.quangninh.gov.vn/", "/donvi/VanDon", "quangninh_vandon"),
        ("http://127.0.0.1:8765/", "", "host_127_0_0_1"),
        ("http://localhost:8765/", "", "localhost"),
        ("http://[::1]:8765/", "", "host_1"),
        ("https://3t.com.vn/", "", "host_3t"),
    ],
)
def test_a_name_from_the_host(url: str, prefix: str, name: str) -> None:
    address = spell(url)
    assert address is not None
    assert who.name_for(address, prefix) == name


@pytest.mark.skipif(not PAGES.is_dir(), reason=f"no saved pages at {SAVED}")
def test_a_real_portal_as_far_as_it_was_saved(proxied: Served) -> None:
    for file, url in ADDRESSES.items():
        if url.startswith(HANOI) and file.endswith(".html"):
            proxied.pages[url] = Answer(as_served(PAGES / file))
    found = survey("sotttt.hanoi.gov.vn", Visitor(sleep=lambda _: None))
    proposal = found.proposal
    assert (proposal.platform, proposal.level, proposal.province) == (
        "liferay",
        "department",
        "Hà Nội",
    )
    assert proposal.article_url is None
    assert f"{HANOI}/cai-cach-hanh-chinh" in proposal.listings
    assert not [url for url in proposal.listings if "view_content" in url]
    assert "no article was looked at" in found.doubts  # none of those it links to was saved
