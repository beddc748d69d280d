"""A crawl of a portal nobody described: it learns the template itself and reads again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.place import Archive
from halong_crawler.learning.template import Template, learned_file, load_template
from tests.crawl.conftest import Rows
from tests.crawl.runs import halong, run
from tests.crawl.served import Answer, Served, descriptor
from tests.learning.faces import Face, Hashed, Plain
from tests.learning.measure import f1

FAST = {"HALONG_CONTACT": "https://example.org/"}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    place = Archive(tmp_path / "archive")
    place.create()
    return place


def serve(face: type[Face], count: int = 64) -> tuple[Face, Served]:
    made = face(count)
    return made, Served({path: Answer(html) for path, html in made.pages().items()})


def described(archive: Archive, face: Face, served: Served) -> None:
    face.host = served.host
    text = descriptor(served.host, platform="generic")
    (archive.portals_dir / f"{face.name}.toml").write_text(text, "utf-8")


def template_of(archive: Archive, face: Face) -> Template:
    return load_template(learned_file(archive.portals_dir, face.name))


def read_well(rows: Rows, face: Face) -> None:
    """Every article is there, read as it should be, in one version."""
    found = {
        title: (body, lead, published, version)
        for title, body, lead, published, version in rows.all(
            "SELECT v.title, v.body, v.lead, v.published_at, a.parser_version "
            "FROM article_versions v JOIN articles a ON a.id = v.article_id"
        )
    }
    assert set(found) == {story.title for story in face.stories}
    for story in face.stories:
        body, lead, published, version = found[story.title]
        assert f1(body, story.body) > 0.99, story.title
        assert lead == story.lead
        assert (published or "")[:10] == (story.at.date().isoformat() if story.at else "")
        assert "+learned-" in version
    names = {story.author for story in face.stories if story.author}
    assert {name for (name,) in rows.all("SELECT name FROM people")} == names


@pytest.mark.parametrize("kind", [Plain, Hashed])
def test_a_crawl_learns_by_itself_and_reads_again(archive: Archive, kind: type[Face]) -> None:
    face, served = serve(kind)
    with served:
        described(archive, face, served)
        said = halong("crawl", face.name, archive=archive)
        rows = Rows(archive)
        template = template_of(archive, face)
        assert f"learned the template from {template.sample.pages} pages: body, title" in said
        read_well(rows, face)
        # A better reading is no edit of the portal, and makes no capture.
        assert rows.one("SELECT max(version_count) FROM articles") == 1
        assert rows.one("SELECT articles_changed FROM crawls") == 0
        assert rows.one("SELECT articles_new FROM crawls") == len(face.stories)
        captures = rows.one("SELECT count(*) FROM captures")
        fetched, learned = rows.one("SELECT fetched, learned FROM crawls")
        assert captures == fetched
        assert json.loads(learned)["pages"] == template.sample.pages
        assert json.loads(learned)["reread"] > 0

        again = halong("crawl", face.name, "--full", archive=archive)
        assert "learned the template" not in again
        assert f"{len(face.stories)} unchanged" in again
        read_well(rows, face)
        assert rows.one("SELECT count(*) FROM crawls WHERE drift IS NOT NULL") == 0


def test_a_new_face_is_reported_as_drift(archive: Archive) -> None:
    face, served = serve(Plain)
    with served:
        described(archive, face, served)
        halong("crawl", face.name, archive=archive)
        for path, answer in list(served.pages.items()):
            body = answer.body.replace(b"class='k1'", b"class='ngay'")
            served.pages[path] = Answer(body)
        said = halong("crawl", face.name, "--full", archive=archive)
    assert "drift: date (div.k5 > span.k1) was found on 0% of 64 articles" in said
    ((drift,),) = Rows(archive).all("SELECT drift FROM crawls WHERE drift IS NOT NULL")
    (date,) = json.loads(drift)
    assert (date["field"], date["selector"]) == ("date", "div.k5 > span.k1")
    assert (date["seen"], date["pages"]) == (0.0, len(face.stories))
    assert date["expected"] > 0.8
    assert date["first_url"].startswith(f"http://{served.host}/")


def test_the_command_learns_from_captures_and_shows_what(archive: Archive) -> None:
    face, served = serve(Plain)
    with served:
        described(archive, face, served)
        halong("crawl", face.name, "--limit", "12", archive=archive)
        few = run("portal", "learn", face.name, archive=archive)
        assert few.returncode == 6
        assert "article pages were captured and 20 are needed" in few.stderr
        assert "Traceback" not in few.stderr
        halong("crawl", face.name, archive=archive)
    learned_file(archive.portals_dir, face.name).unlink()
    dry = halong("portal", "learn", face.name, "--dry-run", archive=archive)
    assert "div.c1 > div.k3" in dry
    assert "64 of 64 pages" in dry
    assert not learned_file(archive.portals_dir, face.name).exists()
    said = halong("portal", "learn", face.name, "--pages", "60", "--reread", archive=archive)
    assert "learnt the template from 60 pages" in said
    assert "captures were read again" in said
    shown = halong("portal", "show", face.name, archive=archive)
    assert "learned from 60 pages on 20" in shown
    assert "div.k5 > span.k1" in shown
    read_well(Rows(archive), face)


def test_what_cannot_be_learnt_is_one_line(archive: Archive, tmp_path: Path) -> None:
    unknown = run("portal", "learn", "nirgends", archive=archive)
    assert unknown.returncode == 3
    assert "nirgends: no portal of this name" in unknown.stderr
    empty = run("portal", "learn", "halong", archive=Archive(tmp_path / "leer"))
    assert empty.returncode == 4
    assert "holds no archive to learn from; crawl the portal first" in empty.stderr
    for done in (unknown, empty):
        assert "Traceback" not in done.stderr
