"""Files of other archives, imported: nothing lost, in order of time, damage told."""

from __future__ import annotations

import gzip
import io
import random
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.place import Archive
from archive.warc import read_response
from halong_crawler.cli.errors import Exit
from halong_crawler.demo import DemoServer
from tests.crawl.conftest import Rows, write_descriptor
from tests.crawl.quick import begin, quick
from tests.crawl.runs import ROOT
from tests.crawl.served import Answer, Served, article_page, descriptor
from tests.crawl.whole import HELD

DAYS = ("2026-03-01T08:00:00Z", "2026-03-05T08:00:00Z", "2026-03-09T08:00:00Z")
EDITED = "61638"
URL = "http://127.0.0.1:8765/tin-so-{}-p13n{}.html"
SAME = ("articles", "texts", "versions", "people", "authors", "categories", "images", "tags",
        "imprints")  # fmt: skip
"""What an import of a crawl's WARC gives as the crawl did; walks and removals are a crawl's own."""
ADDRESSES = f"{HELD['addresses']} WHERE u.kind = 'canonical'"
"""Other addresses were met in links, and never asked for."""


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Three crawls of the demo: as it is, with an edit, and with the edit taken back."""
    place = Archive(tmp_path_factory.mktemp("history") / "archive")
    place.create()
    with DemoServer() as server:
        face = server.halong
        write_descriptor(place, face)
        title = face.articles[EDITED].title
        for day, shown in zip(DAYS, (title, "Một đính chính của toà soạn", title), strict=True):
            face.edit(EDITED, title=shown)
            quick("crawl", face.name, "--full", archive=place, env={"HALONG_NOW": day})
    return place


def empty(tmp_path: Path, described: Archive | str) -> Archive:
    """An archive that holds nothing but descriptors."""
    place = Archive(tmp_path / "archive")
    place.create()
    if isinstance(described, str):
        (place.portals_dir / "vidu.toml").write_text(described, "utf-8")
    else:
        shutil.copytree(described.portals_dir, place.portals_dir, dirs_exist_ok=True)
    return place


def told(place: Archive) -> dict[str, list[tuple[object, ...]]]:
    queries = {name: HELD[name] for name in SAME} | {"addresses": ADDRESSES}
    return {name: sorted(Rows(place).all(sql), key=repr) for name, sql in queries.items()}


def warcs(place: Archive) -> list[Path]:
    return sorted(place.warc_dir.glob("*.warc.gz"))


def imported(place: Archive, *files: Path, code: int = 0) -> str:
    return quick("import", *map(str, files), archive=place, env={}, code=code)


def code_of(place: Archive, file: Path, said: Path) -> int | None:
    process = begin("import", str(file), archive=place, said=said)
    process.join(180)
    return process.exitcode


# Histories


def test_files_in_any_order_give_the_history_that_the_crawls_made(
    history: Archive, tmp_path: Path
) -> None:
    files = warcs(history)
    assert len(files) == 3
    for number, order in enumerate(([2, 0, 1], [1, 2, 0])):
        place = empty(tmp_path / str(number), history)
        # A file may refer to payloads of one that comes later: it says so and is given once more.
        codes = [code_of(place, files[which], tmp_path / "said") for which in order]
        assert (codes[0], codes[-1]) == (Exit.SOURCE_DAMAGED, 0)
        imported(place, *files)
        assert told(place) == told(history)
    at_once = empty(tmp_path / "at once", history)
    imported(at_once, *reversed(files))
    assert told(at_once) == told(history)
    versions = Rows(at_once).all(
        "SELECT v.number, v.captured_at FROM article_versions v JOIN articles a "
        "ON a.id = v.article_id WHERE a.key = ? ORDER BY 1", f"demo_halong-{EDITED}",
    )  # fmt: skip
    assert [(number, at[:10]) for number, at in versions] == [
        (number, day[:10]) for number, day in enumerate(DAYS, 1)
    ]


def test_importing_what_is_held_adds_nothing(history: Archive, tmp_path: Path) -> None:
    place = empty(tmp_path, history)
    imported(place, *warcs(history))
    before, files = Rows(place).counts(), {path: path.stat().st_size for path in warcs(place)}
    imported(place, *warcs(history))
    assert Rows(place).counts() == before
    assert {path: path.stat().st_size for path in warcs(place)} == files


def test_an_import_closes_with_a_root_of_its_own(history: Archive, tmp_path: Path) -> None:
    place = empty(tmp_path, history)
    first, *others = warcs(history)
    imported(place, first)
    imported(place, first)  # brings nothing
    imported(place, *others)
    rows = Rows(place)
    assert rows.all("SELECT crawl_id, portal, import_ids FROM chain ORDER BY number") == [
        (None, None, "[1]"), (None, None, "[2, 3]"),
    ]  # fmt: skip
    # Every record there is stands in an entry, and the first root proves one that came with it.
    records = sum(len(list(ArchiveIterator(path.open("rb")))) for path in warcs(place))
    assert rows.one("SELECT sum(records) FROM chain") == records
    (first_head,) = rows.all("SELECT head FROM chain WHERE number = 1")[0]
    said = quick("verify", "--chain", first_head, archive=place, env={})
    assert "The root of import 1 (closed" in said
    key = rows.one("SELECT key FROM articles ORDER BY id LIMIT 1")
    proof = tmp_path / "proof.json"
    quick("prove", key, "--out", str(proof), archive=place, env={})
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "check_proof.py"), str(proof)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    new = tmp_path / "new.db"
    assert "the same:" in quick("rebuild", str(new), archive=place, env={})


def test_a_dry_run_tells_and_keeps_nothing(history: Archive, tmp_path: Path) -> None:
    place = empty(tmp_path, history)
    said = quick("import", "--dry-run", str(warcs(history)[0]), archive=place, env={})
    assert re.search(r"demo_halong +200 +\d+ +2026-03-01T08", said), said
    assert not place.database.exists()
    assert warcs(place) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_at_any_moment_and_the_import_again_end_as_one_without_a_kill(
    history: Archive, tmp_path: Path, seed: int
) -> None:
    place = empty(tmp_path, history)
    process = begin("import", *map(str, warcs(history)), archive=place, said=tmp_path / "said")
    enough = random.Random(seed).uniform(0.05, 0.8) * sum(p.stat().st_size for p in warcs(history))
    while sum(path.stat().st_size for path in warcs(place)) < enough and process.is_alive():
        time.sleep(0.002)
    process.kill()
    process.join()
    assert process.exitcode == -9, "it had ended before the kill"
    imported(place, *warcs(history))
    assert told(place) == told(history)
    captured = "SELECT url, fetched_at, status, outcome FROM captures WHERE warc_file IS NOT NULL"
    assert sorted(Rows(place).all(captured)) == sorted(Rows(history).all(captured))
    for row in Rows(place).all("SELECT warc_file, warc_offset, warc_length FROM captures"):
        read_response(place.warc_dir, *row)


# Files of others


def page(number: int, title: str = "Một tin của phường") -> bytes:
    return article_page(f"{title} {number}")


def head(*more: str, status: str = "200 OK") -> StatusAndHeaders:
    pairs = [("Content-Type", "text/html; charset=UTF-8")]
    pairs += [tuple(each.split(": ", 1)) for each in more]  # type: ignore[misc]
    return StatusAndHeaders(status, pairs, protocol="HTTP/1.1")


def response(
    number: int, *more: str, body: bytes | None = None, at: str = DAYS[0], packed: bool = True
) -> bytes:
    """One response record as warcio writes it."""
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=packed)
    writer.write_record(writer.create_warc_record(
        URL.format(number, number), "response", payload=io.BytesIO(body or page(number)),
        http_headers=head(*more), warc_headers_dict={"WARC-Date": at},
    ))  # fmt: skip
    return stream.getvalue()


@pytest.fixture
def vidu(tmp_path: Path) -> Archive:
    return empty(tmp_path, descriptor("127.0.0.1:8765"))


def keys(place: Archive) -> list[str]:
    return [key for (key,) in Rows(place).all("SELECT source_id FROM articles ORDER BY key")]


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
def test_what_wget_recorded_is_imported(tmp_path: Path) -> None:
    pages = {f"/tin-so-{n}-p13n{n}.html": Answer(page(n)) for n in (1, 2)}
    with Served(pages) as served:
        for name, packed in (("packed", []), ("plain", ["--no-warc-compression"])):
            subprocess.run(
                ["wget", "-q", f"--warc-file={tmp_path / name}", *packed, "-O", "/dev/null",
                 *(f"http://{served.host}{path}" for path in [*pages, "/nothing.html"])],
                check=False, timeout=60, cwd=tmp_path,
            )  # fmt: skip
        for name in ("packed.warc.gz", "plain.warc"):
            place = empty(tmp_path / f"of {name}", descriptor(served.host))
            imported(place, tmp_path / name)
            assert keys(place) == ["1", "2"]
            statuses = Rows(place).all("SELECT status, outcome FROM captures ORDER BY url")
            assert (404, "not_found") in statuses
            assert len(statuses) == 3


def test_an_arc_file_is_imported_with_its_own_times(vidu: Archive, tmp_path: Path) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n" + page(7)
    version = b"1 0 Alexa\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [
        f"filedesc://old.arc 0.0.0.0 20100304050607 text/plain {len(version)}\n".encode() + version,
        f"{URL.format(7, 7)} 10.0.0.1 20100304050607 text/html {len(block)}\n".encode() + block,
    ]
    packed = b"".join(gzip.compress(part + b"\n") for part in parts)
    for name, data in (("old.arc", b"\n".join(parts) + b"\n"), ("old.arc.gz", packed)):
        (tmp_path / name).write_bytes(data)
        imported(vidu, tmp_path / name)
    assert Rows(vidu).all("SELECT url, fetched_at, outcome FROM captures") == [
        (URL.format(7, 7), "2010-03-04T05:06:07Z", "article")
    ]
    (place,) = Rows(vidu).all("SELECT warc_file, warc_offset, warc_length FROM captures")
    assert read_response(vidu.warc_dir, *place).body == page(7)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_wacz_package_is_imported(vidu: Archive, tmp_path: Path, method: int) -> None:
    path = tmp_path / "pages.wacz"
    with zipfile.ZipFile(path, "w", method) as package:
        package.writestr("datapackage.json", "{}")
        package.writestr("archive/data.warc.gz", response(1) + response(2))
        package.writestr("archive/more.warc.gz", response(3))
        package.writestr("pages/pages.jsonl", "")
    imported(vidu, path)
    assert keys(vidu) == ["1", "2", "3"]
    source, sha256 = Rows(vidu).one("SELECT source, sha256 FROM imports")
    assert (source, len(sha256)) == ("pages.wacz", 64)
    assert Rows(vidu).one("SELECT count(*) FROM captures WHERE import_id IS NULL") == 0


def test_bodies_are_read_however_they_are_coded(vidu: Archive, tmp_path: Path) -> None:
    half = len(page(3)) // 2
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in (page(3)[:half], page(3)[half:], b""))
    records = [
        # Common Crawl: decoded, the header renamed.
        response(1, "X-Crawler-Content-Encoding: gzip", f"Content-Length: {len(page(1))}"),
        # A browser's recorder: decoded, the header as it was.
        response(2, "Content-Encoding: gzip"),
        response(3, "Transfer-Encoding: chunked", body=chunks),
        response(4, "Content-Encoding: gzip", body=gzip.compress(page(4))),
        # Chunked by its head, and put together already.
        response(5, "Transfer-Encoding: chunked"),
    ]
    path = tmp_path / "coded.warc.gz"
    path.write_bytes(b"".join(records))
    imported(vidu, path)
    assert keys(vidu) == ["1", "2", "3", "4", "5"]
    titles = Rows(vidu).all("SELECT title FROM articles ORDER BY key")
    assert [title for (title,) in titles] == [f"Một tin của phường {n}" for n in range(1, 6)]


def test_the_same_page_from_two_archives_is_one_version_with_two_captures(
    vidu: Archive, tmp_path: Path
) -> None:
    for name, at in (("one", DAYS[1]), ("two", DAYS[0])):
        (tmp_path / name).write_bytes(response(1, at=at))
        imported(vidu, tmp_path / name)
    rows = Rows(vidu)
    assert rows.one("SELECT count(*) FROM article_versions") == 1
    assert rows.all("SELECT fetched_at FROM captures ORDER BY 1") == [(DAYS[0],), (DAYS[1],)]
    assert rows.one("SELECT captured_at FROM article_versions") == DAYS[0]
    assert rows.one("SELECT first_seen_at, last_seen_at FROM articles") == (DAYS[0], DAYS[1])


def revisit(number: int, digest: str, at: str, of_at: str) -> bytes:
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    url = URL.format(number, number)
    writer.write_record(writer.create_revisit_record(
        url, digest, url, of_at, http_headers=head(), warc_headers_dict={"WARC-Date": at},
    ))  # fmt: skip
    return stream.getvalue()


def test_a_revisit_is_a_capture_with_the_payload_it_refers_to(
    vidu: Archive, tmp_path: Path
) -> None:
    whole = response(1)
    digest = next(iter(ArchiveIterator(io.BytesIO(whole)))).rec_headers["WARC-Payload-Digest"]
    again = tmp_path / "again.warc.gz"
    again.write_bytes(revisit(1, digest, DAYS[1], DAYS[0]))
    said = imported(vidu, again, code=12)
    assert f"again.warc.gz at 0: a revisit of {URL.format(1, 1)}, which is not here" in said
    assert Rows(vidu).one("SELECT count(*) FROM captures") == 0
    first = tmp_path / "first.warc.gz"
    first.write_bytes(whole)
    imported(vidu, again, first)
    assert Rows(vidu).all("SELECT fetched_at, outcome FROM captures ORDER BY 1") == [
        (DAYS[0], "article"), (DAYS[1], "article"),
    ]  # fmt: skip
    assert Rows(vidu).one("SELECT count(*) FROM article_versions") == 1


def test_pages_of_no_portal_and_answers_to_forms_are_left_out_and_told(
    vidu: Archive, tmp_path: Path
) -> None:
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    asked = writer.create_warc_record(
        URL.format(1, 1), "response", payload=io.BytesIO(page(1)), http_headers=head()
    )
    form = StatusAndHeaders("POST /tin HTTP/1.1", [("Host", "x")], is_http_request=True)
    writer.write_record(asked)
    writer.write_record(writer.create_warc_record(
        URL.format(1, 1), "request", http_headers=form,
        warc_headers_dict={"WARC-Concurrent-To": asked.rec_headers["WARC-Record-ID"]},
    ))  # fmt: skip
    for url in ("http://elsewhere.example/", "dns:elsewhere.example"):
        writer.write_record(writer.create_warc_record(
            url, "response", payload=io.BytesIO(b"x"), http_headers=head()
        ))  # fmt: skip
    path = tmp_path / "mixed.warc.gz"
    path.write_bytes(stream.getvalue())
    said = imported(vidu, path)
    for words in ("1 answers to forms", "1 of no known portal", "1 not of the web"):
        assert words in said
    assert Rows(vidu).one("SELECT count(*) FROM captures") == 0


# Damage


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("what", ["flipped", "cut in the middle", "cut at the end", "mislabelled"])
def test_a_damaged_record_is_told_with_its_place_and_costs_no_other(
    vidu: Archive, tmp_path: Path, what: str, packed: bool
) -> None:
    one, two, three = (response(n, packed=packed) for n in (1, 2, 3))
    wrong = {
        "flipped": flipped(two, len(two) - 40),
        "cut in the middle": two[: len(two) // 2],
        "cut at the end": two[: len(two) // 2],
        "mislabelled": _of_no_server(packed),
    }[what]
    parts = [one, three, wrong] if what == "cut at the end" else [one, wrong, three]
    path = tmp_path / ("bad.warc.gz" if packed else "bad.warc")
    path.write_bytes(b"".join(parts))
    said = imported(vidu, path, code=12)
    at = len(b"".join(parts[: parts.index(wrong)]))
    assert f"{path.name} at {at}: " in said
    assert "1 records could not be had" in said
    assert keys(vidu) == ["1", "3"]
    assert f'"offset": {at}' in Rows(vidu).one("SELECT damage FROM imports")


def _of_no_server(packed: bool) -> bytes:
    """A record that calls itself a response and is none."""
    data = response(2, packed=False).replace(b"HTTP/1.1 200 OK", b"JFIF/1.1 200 OK")
    data = re.sub(rb"WARC-Block-Digest: \S+\r\n", b"", data)
    return gzip.compress(data) if packed else data


def test_a_file_that_is_none_is_told_and_the_others_are_imported(
    vidu: Archive, tmp_path: Path
) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"")
    (tmp_path / "b.txt").write_bytes(b"no archive at all")
    (tmp_path / "c.wacz").write_bytes(b"PK\x03\x04 and nothing more")
    (tmp_path / "d.warc.gz").write_bytes(response(4))
    said = imported(vidu, *sorted(p for p in tmp_path.iterdir() if p.is_file()), code=12)
    for words in ("the file is empty", "is neither WARC, ARC nor WACZ", "cannot be opened"):
        assert words in said
    assert keys(vidu) == ["4"]
