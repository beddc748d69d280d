"""A portal that was added crawls as it is: every article, none twice, none invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.place import Archive
from halong_crawler.demo import DemoServer
from tests.crawl.conftest import Rows
from tests.crawl.runs import halong
from tests.crawl.served import Answer, Served
from tests.survey.sites import ALIKE, BY_QUERY, NUMBERED, SLUGS, TITLES, Site


def added_and_crawled(address: str, place: Path, name: str) -> Rows:
    archive = Archive(place / "archive")
    halong("portal", "add", address, "--name", name, archive=archive)
    halong("crawl", name, archive=archive)
    return Rows(archive)


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_the_demo_portals_by_address_and_port(tmp_path: Path, scheme: str) -> None:
    with DemoServer() as server:
        for face in (server.halong, server.sharepoint):
            address = scheme + face.base_url.removeprefix("http://")
            rows = added_and_crawled(address, tmp_path, face.name)
            keys = rows.all("SELECT key FROM articles WHERE portal = ?", face.name)
            assert sorted(keys) == sorted((f"{face.name}-{key}",) for key in face.articles)


SITES = {
    "listings with paging": Site(NUMBERED),
    "nothing but a menu": Site(NUMBERED, front=False),
    "a site map only": Site(NUMBERED, front=False, menu=False).with_sitemap(),
    "a feed only": Site(NUMBERED, front=False, menu=False).with_feed(),
    "numbers in the query": Site(BY_QUERY),
    "slugs without numbers": Site(SLUGS),
    "sections that look like articles": Site(ALIKE),
    "long listings": Site(NUMBERED, front=False, per_page=1),
    "long listings with odd pages": Site(BY_QUERY, front=False, per_page=1),
}


@pytest.mark.parametrize("kind", SITES)
def test_a_portal_on_an_unknown_template(tmp_path: Path, kind: str) -> None:
    pages: dict[str, Answer] = {}
    with Served(pages) as served:
        pages.update(SITES[kind].served_at(served.host))
        rows = added_and_crawled(f"http://{served.host}/", tmp_path, "ben_than")
    titles = [title for (title,) in rows.all("SELECT title FROM articles")]
    assert sorted(titles) == sorted(TITLES)


def test_a_sub_site_keeps_to_its_path(tmp_path: Path) -> None:
    """Two units on one host, each linking to the other: only the one that was added is crawled."""
    pages: dict[str, Answer] = {}
    with Served(pages) as served:
        for unit in ("khe-mai", "khe-tram"):
            own = Site(NUMBERED).below(f"/donvi/{unit}").served_at(served.host)
            pages.update(own)
        other = b"<a href='/donvi/khe-tram/'>Khe Tram</a></body>"
        home = pages["/donvi/khe-mai/"]
        pages["/donvi/khe-mai/"] = Answer(home.body.replace(b"</body>", other))
        rows = added_and_crawled(f"http://{served.host}/donvi/khe-mai/", tmp_path, "khe_mai")
    assert rows.one("SELECT count(*) FROM articles") == len(TITLES)
    assert not [path for path in served.asked if path.startswith("/donvi/khe-tram")]
