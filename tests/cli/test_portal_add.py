"""`halong portal add`: what it writes, what it refuses, and with which exit code."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.place import Archive
from halong_crawler.cli import main
from halong_crawler.portal import load
from tests.crawl.runs import halong, run
from tests.crawl.served import Answer, Served
from tests.survey.sites import NUMBERED, Site


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def site() -> Iterator[Served]:
    with Served({}) as served:
        served.pages.update(Site(NUMBERED).with_sitemap().with_feed().served_at(served.host))
        yield served


def refused(address: str, archive: Archive, *options: str, code: int) -> str:
    """What is said when nothing is written: one line on stderr."""
    before = sorted(archive.path.rglob("*.toml"))
    words = ["portal", "add", address, *options, "--archive", str(archive.path)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == code, done.output
    assert isinstance(done.exception, SystemExit)
    assert done.stderr.count("\n") == 1 or code == 2
    assert sorted(archive.path.rglob("*.toml")) == before
    return done.stderr


def test_what_is_written_and_said(site: Served, archive: Archive) -> None:
    output = halong("portal", "add", f"http://{site.host}/", archive=archive)
    path = archive.portals_dir / "host_127_0_0_1.toml"
    portal = load(path)
    home = f"http://{site.host}/"
    assert portal.title_vi == "Cổng thông tin điện tử phường Bến Than"
    assert portal.title_en == "Portal of Bến Than ward"
    assert (portal.level, portal.province, portal.platform) == ("commune", "Quảng Ninh", "generic")
    assert portal.hosts == (site.host,)
    assert portal.seeds == (home,)
    assert portal.sitemaps == (f"{home}sitemap.xml",)
    assert portal.feeds == (f"{home}rss",)
    assert portal.listings == (f"{home}chuyen-muc/tin-tuc", f"{home}chuyen-muc/thong-bao")
    assert portal.article_urls[0].pattern.search("/bai-viet/mot-tin-7.html")["id"] == "7"
    assert portal.politeness.delay == 0.0
    text = path.read_text("utf-8")
    assert "# The foot of its pages names UBND phường Bến Than, tỉnh Quảng Ninh." in text
    assert 10 <= len(text.splitlines()) <= 40
    for word in (
        "front page", "robots.txt", "sitemap.xml", "25 pages of the portal", "chuyen-muc/tin-tuc",
        "learned: 25 of 25 headlines fit", "12/GP-STTTT", str(path),
        f"next: halong crawl host_127_0_0_1 --archive {archive.path}",
    ):  # fmt: skip
        assert word in output, word
    assert "sound" in halong("portal", "check", "host_127_0_0_1", archive=archive)
    assert "host_127_0_0_1" in halong("portal", "list", archive=archive)
    # Few requests, none twice, robots.txt first.
    assert site.asked[0] == "/robots.txt"
    assert len(site.asked) == len(set(site.asked)) <= 15


def test_a_dry_run_writes_nothing(site: Served, archive: Archive) -> None:
    output = halong("portal", "add", f"http://{site.host}/", "--dry-run", archive=archive)
    assert 'title_vi = "Cổng thông tin điện tử phường Bến Than"' in output
    assert "would be written to" in output
    assert not archive.path.exists()


def test_a_descriptor_is_not_overwritten_unasked(site: Served, archive: Archive) -> None:
    address = f"http://{site.host}/"
    halong("portal", "add", address, "--name", "ben_than", archive=archive)
    path = archive.portals_dir / "ben_than.toml"
    path.write_text(path.read_text("utf-8") + "# mine\n", "utf-8")
    asked = len(site.asked)
    error = refused(address, archive, "--name", "ben_than", code=3)
    assert str(path) in error
    assert "--force" in error
    assert len(site.asked) == asked  # it is said before anything is asked for
    halong("portal", "add", address, "--name", "ben_than", "--force", archive=archive)
    assert "# mine" not in path.read_text("utf-8")
    # The same site once more under its own name: that name is taken by itself.
    halong("portal", "add", address, archive=archive)
    assert "host_127_0_0_1.toml" in refused(address, archive, code=3)


def test_a_second_address_of_one_host_is_named_with_its_port(
    site: Served, archive: Archive
) -> None:
    halong("portal", "add", f"http://{site.host}/", archive=archive)
    with Served({}) as second:
        second.pages.update(Site(NUMBERED).served_at(second.host))
        halong("portal", "add", f"http://{second.host}/", archive=archive)
        port = second.host.rpartition(":")[2]
    assert load(archive.portals_dir / f"host_127_0_0_1_{port}.toml").hosts == (second.host,)


@pytest.mark.parametrize("name", ["halong", "quangninh_vandon"])
def test_a_built_in_name_is_refused(name: str, site: Served, archive: Archive) -> None:
    error = refused(f"http://{site.host}/", archive, "--name", name, "--force", code=3)
    assert "built-in" in error
    assert site.asked == []


@pytest.mark.parametrize("name", ["Bến Than", "9a", "a-b", "../x", ""])
def test_a_name_that_is_none(name: str, site: Served, archive: Archive) -> None:
    assert "--name" in refused(f"http://{site.host}/", archive, "--name", name, code=2)
    assert site.asked == []


COOKIE = (
    b"<html><body><script>document.cookie='D1N=5f0c2a9be17d4638a1b7c4e09d2f6358; path=/';"
    b"window.location.reload(true);</script></body></html>"
)
LOGIN = (
    "<html><head><title>Đăng nhập hệ thống</title></head><body><form method='post'>"
    "<input name='u'><input type='password' name='p'></form></body></html>"
).encode()
CLOSED = (
    "<html><head><title>Thông báo</title></head><body><p>Hệ thống đang bảo trì, mong bà con quay "
    "lại sau.</p></body></html>"
).encode()


@pytest.mark.parametrize(
    ("home", "said", "code"),
    [
        (Answer(COOKIE), "challenge", 9),
        (Answer(LOGIN), "login", 9),
        (Answer(CLOSED), "maintenance", 8),
        (Answer(b"Forbidden", 403), "answers 403", 9),
        (Answer(b"Not Found", 404), "answers 404", 8),
        (Answer(b"Bad Gateway", 502), "answers 502", 8),
        (Answer(b"%PDF-1.4 x", 200, {"Content-Type": "application/pdf"}), "application/pdf", 8),
        (Answer(b"{}", 200, {"Content-Type": "application/json"}), "application/json", 8),
        (Answer(b"<html><body><script src='/app.js'></script></body></html>"), "a script", 8),
        (Answer(status=302, headers={"Location": "/"}), "answers 302", 8),
    ],
)  # fmt: skip
def test_what_is_no_portal(home: Answer, said: str, code: int, archive: Archive) -> None:
    with Served({"/": home}) as served:
        error = refused(f"http://{served.host}/", archive, code=code)
    assert said in error
    assert served.host in error


def test_a_robots_txt_that_forbids_all_is_obeyed(site: Served, archive: Archive) -> None:
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n")
    error = refused(f"http://{site.host}/", archive, code=9)
    assert "robots.txt forbids it" in error
    assert site.asked == ["/robots.txt"]


def test_a_part_that_robots_txt_forbids_is_left_out(site: Served, archive: Archive) -> None:
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /chuyen-muc/\nCrawl-delay: 7\n")
    output = halong("portal", "add", f"http://{site.host}/", "--name", "x", archive=archive)
    assert "robots.txt forbids it" in output
    assert not [path for path in site.asked if path.startswith("/chuyen-muc")]
    assert load(archive.portals_dir / "x.toml").politeness.delay == 7.0


def test_nobody_listens(archive: Archive) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert "no answer (Connection refused)" in refused(f"http://{address}/", archive, code=8)
        assert "no answer (Connection refused)" in refused(address, archive, code=8)


@pytest.mark.parametrize("address", ["", "http://", "ftp://x.vn/", "a b.vn", "http://[x/"])
def test_an_address_that_is_none(address: str, archive: Archive) -> None:
    assert "no address of a portal" in refused(address, archive, code=8)


def test_an_archive_that_cannot_be_made(site: Served, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("x")
    done = run("portal", "add", f"http://{site.host}/", "--archive", str(place / "below"))
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert str(place) in done.stderr
