"""WACZ packages and indexes: what other tools accept, the same bytes each time, whole or not."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import brotli
import pytest

from archive import cdxj
from archive.place import Archive
from archive.store import Store
from archive.warc import WarcWriter, read_response
from halong_crawler.cli.errors import Exit
from tests.archive.kept import crawl
from tests.archive.pages import PORTAL
from tests.archive.test_revisits import ASKED, PAGE, URL, Crawl, answer
from tests.crawl.quick import begin, quick

KILLS = 20


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Two crawls: of the 12th, and of the 13th with half of the same articles."""
    made = Archive(tmp_path_factory.mktemp("packed") / "archive")
    crawl(made, 12, range(1, 21))
    crawl(made, 13, range(11, 31))
    return made


def tool(*words: str) -> str:
    """Run another tool's module; its output, or a failure that shows it."""
    done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True,
                          timeout=60, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def packed(archive: Archive, out: Path, *words: str) -> zipfile.ZipFile:
    quick("package", *words, "--out", str(out), archive=archive, env={})
    return zipfile.ZipFile(out)


def index(package: zipfile.ZipFile) -> list[dict[str, Any]]:
    lines = gzip.decompress(package.read("indexes/index.cdx.gz")).decode().splitlines()
    assert lines == sorted(lines)
    return [json.loads(line.split(" ", 2)[2]) for line in lines]


def pages(package: zipfile.ZipFile) -> list[dict[str, Any]]:
    head, *lines = map(json.loads, package.read("pages/pages.jsonl").decode().splitlines())
    assert (head["format"], head["hasText"]) == ("json-pages-1.0", True)
    return lines


def rows(archive: Archive, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(archive.database)) as connection:
        return connection.execute(sql).fetchall()


# Packages


def test_a_package_is_valid_and_holds_what_was_captured(archive: Archive, tmp_path: Path) -> None:
    out = tmp_path / "all.wacz"
    with packed(archive, out) as package:
        package.extractall(tmp_path)
        lines, told = index(package), pages(package)
    validate(out)
    warcs = sorted((tmp_path / "archive").iterdir())
    tool("warcio.cli", "check", *map(str, warcs))
    held = rows(archive, "SELECT url, warc_file, warc_offset, warc_length FROM captures")
    assert len(lines) == len(held) == 42
    there = [read_response(tmp_path / "archive", line["filename"], int(line["offset"]),
                           int(line["length"])) for line in lines]  # fmt: skip
    assert sorted(map(str, there)) == sorted(
        str(read_response(archive.warc_dir, *place)) for _, *place in held
    )
    assert len(told) == 40
    assert {page["title"] for page in told} >= {"Đại hội ngày 12, bản tin 15"}
    assert all("thi đua" in page["text"] and page["ts"].startswith("2025-05") for page in told)


def test_the_records_are_the_ones_stored_byte_for_byte(archive: Archive, tmp_path: Path) -> None:
    with packed(archive, tmp_path / "all.wacz") as package:
        for path in archive.warc_dir.glob("*.warc.gz"):
            assert package.read(f"archive/{path.name}") == path.read_bytes()


@pytest.mark.parametrize(
    ("words", "days"),
    [
        (["--crawl", "1"], {"2025-05-12"}),
        (["halong", "--crawl", "2"], {"2025-05-13"}),
        (["--from", "2025-05-13"], {"2025-05-13"}),
        (["--to", "2025-05-12"], {"2025-05-12"}),
        (["--from", "2025-05-12", "--to", "2025-05-13"], {"2025-05-12", "2025-05-13"}),
    ],
)
def test_only_what_is_chosen_is_packed(
    archive: Archive, tmp_path: Path, words: list[str], days: set[str]
) -> None:
    with packed(archive, tmp_path / "some.wacz", *words) as package:
        assert len(index(package)) == 21 * len(days)
        assert {page["ts"][:10] for page in pages(package)} == days


def test_one_article_of_many_is_taken_out_with_its_request(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    crawl(archive, 12, range(1, 4))
    connection = sqlite3.connect(archive.database)
    with closing(connection), connection:
        connection.execute("UPDATE captures SET fetched_at = '2025-05-20T00:00:00Z' WHERE id = 2")
    with packed(archive, tmp_path / "one.wacz", "--from", "2025-05-20") as package:
        package.extractall(tmp_path)
    (path,) = (tmp_path / "archive").glob("*.gz")
    kinds = tool("warcio.cli", "index", "-f", "warc-type,warc-target-uri", str(path))
    assert [json.loads(line) for line in kinds.splitlines()] == [
        {"warc-type": "warcinfo"},
        {"warc-type": "response", "warc-target-uri": "https://halongcity.gov.vn/tin-tuc/2"},
        {"warc-type": "request", "warc-target-uri": "https://halongcity.gov.vn/tin-tuc/2"},
    ]


def test_what_a_capture_repeats_comes_with_it(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    with Store(archive, generator="test/1") as store:
        store.put_portal(PORTAL)
        for day in ("first", "second"):
            warc = WarcWriter(archive.warc_dir, prefix=day, software="test/1", info={})
            store.before_commit = warc.sync
            one = Crawl(store, warc)
            one.keep(answer(PAGE))
            store.finish_crawl(one.number, finished_at="2025-05-02T00:00:00Z", status="finished",
                               reason="finished")  # fmt: skip
            warc.close()
    assert rows(archive, "SELECT refers_to FROM captures ORDER BY id") == [(None,), (1,)]
    with packed(archive, tmp_path / "again.wacz", "--crawl", "2") as package:
        lines = index(package)
    assert sorted(line.get("mime", "") for line in lines) == ["", "warc/revisit"]
    assert len({line["digest"] for line in lines}) == 1
    validate(tmp_path / "again.wacz")


def test_the_same_choice_gives_the_same_bytes(archive: Archive, tmp_path: Path) -> None:
    for name in ("one.wacz", "other.wacz"):
        time.sleep(1)  # ZIP and JSON tell times by the second
        quick("package", "--crawl", "1", "--out", str(tmp_path / name), archive=archive, env={})
    assert (tmp_path / "one.wacz").read_bytes() == (tmp_path / "other.wacz").read_bytes()
    moved = Archive(tmp_path / "moved")
    shutil.copytree(archive.path, moved.path)
    quick("package", "--crawl", "1", "--out", str(tmp_path / "third.wacz"), archive=moved, env={})
    assert (tmp_path / "third.wacz").read_bytes() == (tmp_path / "one.wacz").read_bytes()


def test_a_kill_leaves_no_half_package_and_the_next_run_ends_the_same(
    archive: Archive, tmp_path: Path
) -> None:
    whole, out = tmp_path / "whole.wacz", tmp_path / "killed.wacz"
    words = ("package", "--out", str(out))
    began = time.monotonic()
    first = begin("package", "--out", str(whole), archive=archive, said=tmp_path / "said")
    first.join(60)
    takes = time.monotonic() - began
    for number in range(KILLS):
        process = begin(*words, archive=archive, said=tmp_path / f"said-{number}")
        time.sleep(random.uniform(0, takes))
        process.kill()
        process.join()
        if out.exists():
            assert out.read_bytes() == whole.read_bytes()
            out.unlink()
    work = tmp_path / "killed.wacz.part"
    work.mkdir(exist_ok=True)
    (work / "records").write_bytes(b"half a file of a run that was killed")
    quick(*words, archive=archive, env={})
    assert out.read_bytes() == whole.read_bytes()
    assert not list(tmp_path.glob("*.part"))


def test_two_at_once_do_not_disturb_each_other(archive: Archive, tmp_path: Path) -> None:
    out = tmp_path / "x.wacz"
    many = [begin("package", "--out", str(out), "--force", archive=archive,
                  said=tmp_path / f"said-{n}") for n in range(3)]  # fmt: skip
    for process in many:
        process.join(60)
    codes = {process.exitcode for process in many}
    assert 0 in codes
    assert codes <= {0, int(Exit.ARCHIVE)}
    with zipfile.ZipFile(out) as package:
        assert package.testzip() is None


def validate(out: Path) -> None:
    tool("wacz.main", "validate", "-f", str(out))


# Errors


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["nowhere"], "the archive has no portal 'nowhere'; it has: halong"),
        (["--crawl", "9"], "the archive has no crawl 9"),
        (["--from", "2030-01-01"], "no capture with a record matches the choice (from 2030-01-01)"),
        (["--from", "2025-05-14", "--to", "2025-05-13"], "--from 2025-05-14 is after --to"),
    ],
)
def test_a_choice_that_matches_nothing_is_one_line(
    archive: Archive, tmp_path: Path, words: list[str], line: str
) -> None:
    out = tmp_path / "x.wacz"
    said = quick("package", *words, "--out", str(out), archive=archive, env={}, code=Exit.USAGE)
    assert line in said
    assert len(said.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_file_that_exists_is_replaced_only_when_told(archive: Archive, tmp_path: Path) -> None:
    out = tmp_path / "x.wacz"
    out.write_text("mine")
    said = quick("package", "--out", str(out), archive=archive, env={}, code=Exit.USAGE)
    assert "--force" in said
    assert out.read_text() == "mine"
    with packed(archive, out, "--force") as package:
        assert package.testzip() is None


def test_a_damaged_record_is_not_packed(archive: Archive, tmp_path: Path) -> None:
    damaged = Archive(tmp_path / "damaged")
    shutil.copytree(archive.path, damaged.path)
    ((file, offset, length),) = rows(
        damaged, "SELECT warc_file, warc_offset, warc_length FROM captures WHERE id = 5"
    )
    with (damaged.warc_dir / file).open("r+b") as stream:
        stream.seek(offset + length // 2)
        stream.write(b"\0\0\0\0")
    out = tmp_path / "x.wacz"
    said = quick("package", "--out", str(out), archive=damaged, env={}, code=Exit.ARCHIVE)
    assert f"{file}: cannot be packed" in said
    assert "halong verify" in said
    assert {path.name for path in tmp_path.iterdir()} == {"damaged"}


# Indexes beside the WARC files


def test_each_file_has_the_index_cdxj_indexer_makes_of_it(archive: Archive, tmp_path: Path) -> None:
    assert cdxj.stale(archive.warc_dir) == []
    for path in archive.warc_dir.glob("*.warc.gz"):
        made = tmp_path / path.name
        words = ("-p", "-s", "-d", "-f", "referrer", "-o", str(made), str(path))
        tool("cdxj_indexer.main", *words)
        assert cdxj.index_of(path).read_text("utf-8") == made.read_text("utf-8")


def test_an_index_is_made_anew_when_it_is_missing_or_its_file_has_changed(
    archive: Archive, tmp_path: Path
) -> None:
    folder = shutil.copytree(archive.warc_dir, tmp_path / "warc")
    one, other = sorted(folder.glob("*.warc.gz"))
    right = cdxj.index_of(one).read_text(), cdxj.index_of(other).read_text()
    assert cdxj.stale(folder) == []
    cdxj.index_of(one).unlink()
    torn = cdxj.index_of(other).with_name("x.warc.gz.cdxj.part")
    torn.write_text("half a l")
    with other.open("ab") as stream:
        stream.write(one.read_bytes())
    assert cdxj.stale(folder) == [one, other]
    cdxj.renew(folder)
    assert cdxj.stale(folder) == []
    assert not torn.exists()
    assert cdxj.index_of(one).read_text() == right[0]
    assert len(cdxj.index_of(other).read_text().splitlines()) == sum(
        text.count("\n") for text in right
    )


def test_a_posted_page_does_not_stand_for_the_page_at_its_address(tmp_path: Path) -> None:
    posted = (b"POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
              b"Content-Length: 6\r\n\r\npage=2")  # fmt: skip
    keys = [_index_of(tmp_path, sent, answer(PAGE)).split(" ")[0] for sent in (ASKED, posted)]
    assert keys == ["vn,gov,halongcity)/tin-tuc/1",
                    "vn,gov,halongcity)/tin-tuc/1?__wb_method=post&page=2"]  # fmt: skip


def test_a_body_that_cannot_be_decoded_is_indexed_all_the_same(tmp_path: Path) -> None:
    half = brotli.compress(os.urandom(100_000))[:50_000]
    for coding, data in ((b"br", half), (b"br", b"no"), (b"gzip", gzip.compress(half)[:9000])):
        line = _index_of(tmp_path, ASKED, answer(data, b"Content-Encoding: " + coding))
        assert '"status": "200"' in line


def test_a_torn_file_gets_no_index_until_it_is_whole(
    archive: Archive, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = next(archive.warc_dir.glob("*.warc.gz"))
    torn = tmp_path / whole.name
    torn.write_bytes(whole.read_bytes()[:-100])
    assert '"status": "200"' in _index_of(tmp_path, ASKED, answer(PAGE))
    assert f"{torn}: is damaged and gets no index" in caplog.text
    assert cdxj.stale(tmp_path) == [torn]
    torn.write_bytes(whole.read_bytes())
    cdxj.renew(tmp_path)
    assert cdxj.index_of(torn).read_text() == cdxj.index_of(whole).read_text()


def _index_of(folder: Path, sent: bytes, received: bytes) -> str:
    warc = WarcWriter(folder, prefix="halong", software="test/1", info={})
    place = warc.write_exchange(URL, fetched_at="2025-05-12T01:30:00Z", sent=sent,
                                received=received)  # fmt: skip
    warc.close()
    cdxj.renew(folder)
    (line,) = cdxj.index_of(folder / place.file).read_text().splitlines()
    return line
