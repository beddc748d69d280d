"""`halong fixture` freezes a page beside a draft of what must be read from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from halong_crawler.cli import main
from tests.crawl.served import Answer, Served
from tests.reading.test_pages import PAGES

FROZEN = PAGES / "nukeviet4" / "default_theme.html"
TRUTH = json.loads(FROZEN.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "pages"
    path.mkdir()
    return path


def fixture(*words: str | Path, folder: Path) -> Result:
    return CliRunner().invoke(main, ["fixture", *map(str, words), "--pages", str(folder)])


def error_of(result: Result, code: int) -> str:
    assert result.exit_code == code, result.output
    (line,) = [line for line in result.output.splitlines() if line.startswith("Error: ")]
    return line


def page_of(site: Served) -> str:
    return f"http://{site.host}/tin-77.html"


def test_a_page_is_frozen_as_it_is(folder: Path) -> None:
    result = fixture(FROZEN, "--url", TRUTH["url"], "--name", "bridge", folder=folder)
    assert result.exit_code == 0, result.output
    assert (folder / "nukeviet" / "bridge.html").read_bytes() == FROZEN.read_bytes()
    truth = json.loads((folder / "nukeviet" / "bridge.json").read_text(encoding="utf-8"))
    same = ("url", "platform", "source_id", "title", "lead", "body", "authors", "tags")
    assert {key: truth[key] for key in same} == {key: TRUTH[key] for key in same}
    # Nothing that the tests ask for is missing from the draft.
    assert set(TRUTH) - {"note"} == set(truth)
    assert "check each by eye" in result.output
    assert "test_pages.py -k nukeviet/bridge" in result.output


def test_nothing_frozen_is_overwritten(folder: Path) -> None:
    words = (FROZEN, "--url", TRUTH["url"], "--family", "mine")
    assert fixture(*words, folder=folder).exit_code == 0
    (page,) = (folder / "mine").glob("*.json")
    page.write_text("checked by hand", encoding="utf-8")
    assert "exists already" in error_of(fixture(*words, folder=folder), 2)
    assert page.read_text(encoding="utf-8") == "checked by hand"


def test_a_page_that_is_no_article_says_where_it_belongs(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "gone.html"
    page.write_text("<title>404</title><h1>Không tìm thấy trang</h1>", encoding="utf-8")
    result = fixture(page, "--url", "https://xa.gov.vn/tin-9.html", folder=folder)
    assert result.exit_code == 0, result.output
    assert "not read as an article: soft_404" in result.output
    assert str(folder / "not_articles" / "soft_404") in result.output
    truth = json.loads((folder / "generic" / "tin_9.json").read_text(encoding="utf-8"))
    assert (truth["title"], truth["body"], truth["published"]) == ("", [], None)


def test_an_old_encoding_is_written_down(folder: Path) -> None:
    page = PAGES / "table_layout_2003" / "windows_1258.html"
    url = "http://www.thanhchuongha.gov.vn/tintuc.asp?id=1247"
    assert fixture(page, "--url", url, folder=folder).exit_code == 0
    truth = json.loads((folder / "generic" / "tintuc.json").read_text(encoding="utf-8"))
    assert truth["encoding"] == "cp1258"


def test_a_page_on_the_web_is_asked_for(folder: Path) -> None:
    with Served({"/tin-77.html": Answer(FROZEN.read_bytes())}) as site:
        result = fixture(page_of(site), folder=folder)
        assert site.asked == ["/robots.txt", "/tin-77.html"]
    assert result.exit_code == 0, result.output
    truth = json.loads((folder / "nukeviet" / "tin_77.json").read_text(encoding="utf-8"))
    assert (truth["url"], truth["title"]) == (page_of(site), TRUTH["title"])


def test_robots_txt_is_obeyed(folder: Path) -> None:
    robots = Answer(b"User-agent: *\nDisallow: /\n", headers={"Content-Type": "text/plain"})
    with Served({"/robots.txt": robots, "/tin-77.html": Answer(FROZEN.read_bytes())}) as site:
        error = error_of(fixture(page_of(site), folder=folder), 9)
        assert site.asked == ["/robots.txt"]
    assert f"{page_of(site)}: robots.txt forbids it" in error
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("nowhere.html", "--url", "https://xa.gov.vn/"), 8, "nowhere.html: cannot be read"),
        ((FROZEN,), 2, "give it with --url"),
        ((FROZEN, "--url", "xa.gov.vn/tin"), 2, "no http or https address"),
    ],
)
def test_errors_are_one_clear_line(
    words: tuple[str | Path, ...], code: int, says: str, folder: Path
) -> None:
    assert says in error_of(fixture(*words, folder=folder), code)


def test_a_missing_answer_is_an_error(folder: Path) -> None:
    with Served({}) as site:
        assert "status 404" in error_of(fixture(page_of(site), folder=folder), 8)
    assert "no answer" in error_of(fixture(page_of(site), folder=folder), 8)


def test_outside_a_checkout_it_says_so(tmp_path: Path) -> None:
    error = error_of(fixture(FROZEN, folder=tmp_path / "none"), 2)
    assert "run this in a checkout" in error


def test_a_name_is_a_plain_word(folder: Path) -> None:
    result = fixture(FROZEN, "--name", "../up", folder=folder)
    assert result.exit_code == 2
    assert "small letters" in result.output
