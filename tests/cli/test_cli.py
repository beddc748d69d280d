"""The command line: one clear line for every error a user can cause, and its exit code."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from archive.place import Archive
from halong_crawler import __version__
from halong_crawler.demo import DemoServer, descriptor
from tests.crawl.runs import halong, run


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    place = Archive(tmp_path / "archive")
    place.create()
    return place


def error_of(*words: str, archive: Archive | None = None, code: int) -> str:
    """The error a command ends with: no traceback, nothing else on stderr."""
    done = run(*words, archive=archive)
    assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr
    return done.stderr


def test_version() -> None:
    assert halong("--version") == f"halong, version {__version__}\n"


@pytest.mark.parametrize("command", ["crawl", "probe", "portal", "serve", "demo", "reindex"])
def test_every_command_explains_itself(command: str) -> None:
    assert "Usage:" in halong(command, "--help")


def test_an_unknown_portal_names_the_known(archive: Archive) -> None:
    error = error_of("crawl", "halonk", archive=archive, code=3)
    assert "halonk" in error
    assert "halong" in error


def test_a_wrong_descriptor_says_file_key_problem_remedy(archive: Archive) -> None:
    path = archive.portals_dir / "wrong.toml"
    path.write_text('title_vi = "x"\ntitel_en = "y"\nplatform = "sharepiont"\n', "utf-8")
    error = error_of("portal", "check", str(path), archive=archive, code=3)
    for word in ("wrong.toml", "titel_en", "title_en", "sharepiont", "hosts", "seeds"):
        assert word in error, word


def test_every_shipped_descriptor_is_sound(archive: Archive) -> None:
    output = halong("portal", "check", archive=archive)
    assert output.count(": sound (") >= 20


def test_portal_list_and_show(archive: Archive) -> None:
    assert "hanoi_sotttt" in halong("portal", "list", archive=archive)
    shown = halong("portal", "show", "halong", archive=archive)
    assert "halongcity.gov.vn" in shown
    assert "Asia/Ho_Chi_Minh" in shown


def test_an_archive_that_is_a_file(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("x")
    done = run("crawl", "halong", "--archive", str(place))
    assert done.returncode in (2, 4)
    assert "Traceback" not in done.stderr
    assert str(place) in done.stderr


def test_serving_what_is_not_there(tmp_path: Path) -> None:
    error = error_of("serve", archive=Archive(tmp_path / "nothing"), code=7)
    assert "nothing" in error


def test_reindexing_what_is_not_there(tmp_path: Path) -> None:
    error = error_of("reindex", archive=Archive(tmp_path / "nothing"), code=4)
    assert "crawl a portal first" in error


def test_a_taken_port(tmp_path: Path) -> None:
    place = Archive(tmp_path / "archive")
    with DemoServer() as server:
        place.create()
        path = place.portals_dir / "demo_quangninh.toml"
        path.write_text(descriptor(server.sharepoint), "utf-8")
        halong("crawl", "demo_quangninh", "--limit", "1", archive=place)
    assert "sound" in halong("reindex", archive=place)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert port in error_of("serve", "--port", port, archive=place, code=7)


def test_a_portal_that_does_not_answer(archive: Archive) -> None:
    with DemoServer() as server:
        text = descriptor(server.sharepoint)
    (archive.portals_dir / "demo_quangninh.toml").write_text(text, "utf-8")
    error = error_of("crawl", "demo_quangninh", archive=archive, code=6)
    assert "not a single page was reached" in error


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("crawl",), "NAME"),
        (("crawl", "halong", "--limit", "0"), "--limit"),
        (("crawl", "halong", "--since", "yesterday"), "--since"),
        (("crawl", "halong", "--delay", "-1"), "--delay"),
        (("nonsense",), "nonsense"),
    ],
)
def test_a_wrong_command_line(words: tuple[str, ...], named: str) -> None:
    assert named in error_of(*words, code=2)


def test_probe_shows_each_field_with_its_evidence(tmp_path: Path) -> None:
    with DemoServer() as server:
        output = halong("probe", server.halong.url_of("61638"), "--archive", str(tmp_path))
    for word in ("article", "Minh Thùy (writer)", "2025-06-20T17:20:00+07:00", "imprint"):
        assert word in output, word


def test_probe_of_what_cannot_be_had(tmp_path: Path) -> None:
    assert "no such" in error_of("probe", str(tmp_path / "no.html"), code=8).lower()
    assert "no answer" in error_of("probe", "http://127.0.0.1:9/", code=8)
