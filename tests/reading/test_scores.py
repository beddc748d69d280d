"""How readings are scored, and that our own pages are read no worse than they were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.reading import pinned, report
from bench.reading.__main__ import main
from bench.reading.frozen import frozen
from bench.reading.readers import NoReaderError, Reader, reader
from bench.reading.running import Cache, run
from bench.reading.scores import names, score_body, score_page, totals
from bench.reading.sets import Gold, MissingSetError, load


def gold(set_name: str = "pages", **fields: object) -> Gold:
    return Gold(set_name, "a page", "http://x/", b"<p>x", **fields)  # type: ignore[arg-type]


# The rules


def test_shingles_are_weighed_by_page() -> None:
    """Of five runs two are right; one of three read is not wanted."""
    score = score_body(gold(body="a b c d e f g h"), "a b c d e x")
    assert score is not None
    assert (score.precision, score.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 5))
    long = score_body(gold(body="a b c d " * 100), "a b c d " * 100)
    assert long is not None
    assert sum(long.counts) == pytest.approx(sum(score.counts)) == pytest.approx(1)


def test_words_count_as_a_bag_in_lower_case() -> None:
    score = score_body(gold("wcxb-dev", body="One two two"), "TWO one three")
    assert score is not None
    assert score.counts == (2, 1, 1)


def test_snippets_are_looked_for_across_white_space() -> None:
    page = gold("trafilatura", wanted=("one two", "three"), unwanted=("menu", "foot"))
    score = score_body(page, "menu\none\n\ntwo")
    assert score is not None
    assert score.counts == (1, 1, 1)


def test_a_lead_is_text_of_the_article() -> None:
    page = gold(body="the lead here then the body follows", lead="the lead here")
    read = {"lead": "the  lead here", "body": "then the body follows"}
    scored = score_page(page, read)
    assert scored.body is not None
    assert scored.body.f1 == 1
    assert scored.fields["lead"].right
    assert not score_page(page, {"body": "then the body follows"}).fields["lead"].right


def test_totals_of_each_rule() -> None:
    """Means over pages for runs and words, sums for snippets."""
    bodies = {"body": "a b c d e"}
    pages = [gold(body="a b c d e"), gold(body="v w x y z")]
    assert totals("pages", [score_page(p, bodies) for p in pages])["f1"] == 0.5
    snippets = [gold("trafilatura", wanted=("a",) * n) for n in (1, 3)]
    scores = [score_page(snippets[0], bodies), score_page(snippets[1], {})]
    assert totals("trafilatura", scores)["recall"] == 0.25


def test_right_and_invented_are_counted_apart() -> None:
    pages = [
        (gold(day="2024-01-02", day_known=True), "2024-01-02T23:00:00-11:00"),
        (gold(day="2024-01-02", day_known=True), None),
        (gold(day_known=True), "2024-01-02"),
        (gold(day_known=True), None),
        (gold(), "2024-01-02"),
    ]
    figures = totals("pages", [score_page(p, {"published": read}) for p, read in pages])
    assert figures["day"] == 0.5
    assert figures["day invented"] == 0.5


LATE = "<meta property='article:published_time' content='2024-01-02T23:30:00-05:00'>"
BROKEN = '<script type="application/ld+json">{"datePublished": "2024-01-02",}</script>'


@pytest.mark.parametrize(
    ("data", "read", "groundless"),
    [
        (LATE, "2024-01-02", 0),
        (LATE, "2024-01-03", 0),
        ("<meta name='date' content='02/01/2024'>", "2024-01-02", 0),
        (BROKEN, "2024-01-02", 0),
        ("<time itemprop='datePublished' datetime='2024-01-02'>2 Jan</time>", "2024-01-02", 0),
        ("<time datetime='2024-01-02'>2 Jan</time>", "2024-01-02", 1),
        ("<meta property='article:modified_time' content='2024-01-02'>", "2024-01-02", 1),
        ("<meta name='date' content='2024-01'>", "2024-01-01", 1),
        ("<p>2024-01-02</p>", None, 0),
        ("<p>2024-01-02</p>", "2024-01-02", 1),
    ],
)  # fmt: skip
def test_an_invented_day_is_groundless_unless_the_pages_data_states_it(
    data: str, read: str | None, groundless: int
) -> None:
    page = Gold("pages", "a page", "http://x/", f"<body>{data}<p>x".encode(), day_known=True)
    figures = totals("pages", [score_page(page, {"published": read})])
    assert figures["day invented"] == (read is not None)
    assert figures["day groundless"] == groundless


def test_a_day_that_is_right_is_not_asked_for_its_grounds() -> None:
    page = gold(day="2024-01-02", day_known=True)
    assert "day groundless" not in totals("pages", [score_page(page, {"published": "2024-01-02"})])


def test_authors_are_a_set_of_names() -> None:
    assert names("Jane Doe and  JOHN ROE") == names("John Roe; Jane Doe")
    assert names("Jane Doe, Ph.D.") == names("Jane Doe")
    assert names("MD") == {"md"}
    page = gold("trafilatura", authors=("Jane Doe",))
    scored = score_page(page, {"author": ["jane doe"]}).fields
    assert scored["author"].right
    assert not scored["author (string)"].right


# The bench


def test_a_missing_set_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HALONG_BENCH_SETS", raising=False)
    with pytest.raises(MissingSetError, match=r"give --sets FOLDER or set HALONG_BENCH_SETS\.$"):
        next(load("aeb"))
    with pytest.raises(MissingSetError, match=r"git clone https://github\.com/scrapinghub/"):
        next(load("aeb", tmp_path))
    with pytest.raises(NoReaderError, match="no such reader; there are halong, trafilatura"):
        reader("nobody")
    with pytest.raises(NoReaderError, match="cannot be imported"):
        reader("bench.reading.readers:nobody")


def write_page(folder: Path, **truth: object) -> None:
    (folder / "a.html").write_text("<title>T</title><p>one two three four", encoding="utf-8")
    (folder / "a.json").write_text(json.dumps(truth), encoding="utf-8")


def shout(html: bytes, url: str) -> dict[str, object]:
    return {"title": "T", "body": "ONE", "author": [], "published": None}


def test_any_reader_on_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_page(tmp_path, title="T", body="one two three four", authors=["A B"], published=None)
    arguments = ["score", "pages", "--pages", str(tmp_path), "--misses", "1"]
    monkeypatch.setattr("sys.argv", ["bench", *arguments, "--reader", f"{__name__}:shout"])
    main()
    told = capsys.readouterr().out
    assert "title 1.000, author 0.000, day invented 0.000" in told
    assert "wanted 'A B', read 'none'" in told


def test_gold_that_is_missing_and_gold_that_says_none(tmp_path: Path) -> None:
    write_page(tmp_path, body="x")
    (page,) = frozen(tmp_path)
    assert (page.authors, page.day_known, page.title) == (None, False, None)
    write_page(tmp_path, authors=[{"name": "A", "role": "photographer"}], published=None)
    (page,) = frozen(tmp_path)
    assert (page.authors, page.day_known, page.body) == ((), True, None)


def test_a_reader_that_raises_has_read_nothing() -> None:
    def broken(html: bytes, url: str) -> dict[str, object]:
        raise ValueError("no")

    done = run(Reader("broken", broken), [gold(body="one two")])
    assert done.errors == ["a page: ValueError: no"]
    assert totals("pages", done.scores)["recall"] == 0


def test_readings_of_a_version_are_read_once(tmp_path: Path) -> None:
    calls: list[str] = []

    def counted(html: bytes, url: str) -> dict[str, object]:
        calls.append(url)
        return {"body": "one two"}

    peer = Reader("peer", counted, "lxml")
    pages = [gold(body="one two")]
    first = run(peer, pages, Cache(tmp_path))
    once = len(calls)
    again = run(peer, pages, Cache(tmp_path))
    assert len(calls) == once
    assert totals("pages", again.scores) == totals("pages", first.scores)
    assert again.ratio == first.ratio
    run(peer, pages, Cache(tmp_path, refresh=True))
    assert len(calls) == 2 * once
    run(Reader("ours", counted), pages, Cache(tmp_path))
    assert [path.name.partition("-")[0] for path in tmp_path.iterdir()] == ["peer"]


# Our own pages


def test_our_pages_are_read_no_worse() -> None:
    figures = pinned.measure()
    assert pinned.fallen(figures, pinned.pinned()) == []


def test_a_fall_is_told() -> None:
    floor = {"f1": 0.99, "day invented": 0.0, "title": 1.0}
    assert pinned.fallen({"f1": 0.99, "day invented": 0.0, "title": 1.0}, floor) == []
    told = pinned.fallen({"f1": 0.98, "day invented": 0.1}, floor)
    assert [line.partition(":")[0] for line in told] == ["f1", "day invented", "title"]


def test_the_table_in_the_documentation_shows_what_was_measured() -> None:
    text = report.DOCS.read_text(encoding="utf-8")
    assert report.in_docs(text) == text
