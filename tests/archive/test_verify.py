"""Verification on real files: every damage is found, and an old root exposes what is well made."""

from __future__ import annotations

import base64
import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive import chain, fixity, seals, verify
from archive.members import Member, mapped, walk
from archive.place import Archive, ArchiveError
from archive.prove import proof
from archive.reader import reading
from archive.store import Store
from archive.table import Table
from archive.warc import WarcWriter
from tests.archive.kept import body, crawl
from tests.crawl.runs import ROOT, halong

SEED = 20260
EMPTY = {"imports", "listing_totals", "removals", "skipped_urls"}
"""Tables that three plain crawls write no row of."""
CHECK = ROOT / "examples" / "check_proof.py"


@pytest.fixture(scope="module")
def three_crawls(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    archive = Archive(tmp_path_factory.mktemp("kept") / "archive")
    for day in (1, 2, 3):
        crawl(archive, day, range(day, day + 5))
    with closing(sqlite3.connect(archive.database)) as connection:
        connection.execute("VACUUM")  # no page is left that holds what is no row any more
    return archive


@pytest.fixture
def archive(three_crawls: Archive, tmp_path: Path) -> Archive:
    shutil.copytree(three_crawls.path, tmp_path / "archive")
    return Archive(tmp_path / "archive")


def verified(archive: Archive, share: float = 1.0) -> list[str]:
    try:
        with reading(archive) as connection:
            return [str(each) for each in fixity.run(archive, connection, share).damages]
    except (ArchiveError, sqlite3.DatabaseError) as error:
        return [str(error)]


def newest(archive: Archive) -> str:
    with reading(archive) as connection:
        return chain.heads(connection)[0].head


# Damage


def test_an_archive_as_crawls_leave_it_is_sound(archive: Archive) -> None:
    assert verified(archive) == []


def places_in_files(
    paths: list[Path], count: int, rng: random.Random
) -> Iterator[tuple[Path, int]]:
    for _ in range(count):
        path = rng.choice(paths)
        yield path, rng.randrange(path.stat().st_size)


def places_in_texts(archive: Archive, count: int, rng: random.Random) -> Iterator[tuple[Path, int]]:
    """Bytes of the database that hold the text of a row, in tables and in their indexes."""
    data = archive.database.read_bytes()
    texts = []
    with closing(sqlite3.connect(archive.database)) as connection:
        for table in seals.SEALED:
            for row in connection.execute(f"SELECT * FROM {table.name}"):
                texts += [value.encode() for value in row if isinstance(value, str) and value]
    for _ in range(count):
        text = rng.choice([each for each in texts if len(each) > 8 and each in data])
        found = [at for at in range(len(data)) if data.startswith(text, at)]
        yield archive.database, rng.choice(found) + rng.randrange(len(text))


def test_each_of_a_hundred_damaged_bytes_is_found(archive: Archive) -> None:
    rng = random.Random(SEED)
    warcs = sorted(archive.warc_dir.glob("*.warc.gz"))
    files = [path for path in archive.files_dir.rglob("*") if path.is_file()]
    places = [
        *places_in_files(warcs, 40, rng),
        *places_in_files(files, 20, rng),
        *places_in_texts(archive, 40, rng),
    ]
    missed = []
    for path, at in places:
        sound = path.read_bytes()
        path.write_bytes(sound[:at] + bytes([sound[at] ^ rng.randint(1, 255)]) + sound[at + 1 :])
        if not verified(archive):
            missed.append((path.name, at, sound[max(0, at - 20) : at + 20]))
        path.write_bytes(sound)
    assert missed == []
    assert verified(archive) == []


@pytest.mark.parametrize(
    "table",
    [table for table in seals.SEALED if table.name not in EMPTY],
    ids=lambda table: table.name,
)
def test_a_value_changed_by_other_hands_is_told_with_table_and_row(
    archive: Archive, table: Table
) -> None:
    column = table.columns[-1].name
    with closing(sqlite3.connect(archive.database)) as connection:
        connection.execute(f"UPDATE {table.name} SET {column} = coalesce({column}, '') || 7")
        connection.commit()
    found = verified(archive)
    assert any(line.startswith(f"halong.db {table.name} ") for line in found), found


def test_a_row_slipped_in_and_a_row_taken_out_are_told(archive: Archive) -> None:
    with closing(sqlite3.connect(archive.database)) as connection:
        connection.execute("INSERT INTO tags (id, name) VALUES (77, 'lạ')")
        connection.execute("DELETE FROM images WHERE article_id = 1")
        connection.commit()
    found = verified(archive)
    assert "halong.db tags 77: the row has no seal: it was not written by Halong" in found
    assert "halong.db images [1,1]: a row that was written is gone" in found


def test_files_that_are_gone_and_files_cut_short_are_told(archive: Archive) -> None:
    first, second, _ = sorted(archive.warc_dir.glob("*.warc.gz"))
    first.unlink()
    second.write_bytes(second.read_bytes()[:-40])
    attachment = next(path for path in archive.files_dir.rglob("*") if path.is_file())
    attachment.unlink()
    found = verified(archive)
    assert f"warc/{first.name}: cannot be read (No such file or directory)" in found
    assert any(line.startswith(f"warc/{second.name} at ") and "cut short" in line
               for line in found)  # fmt: skip
    assert any(line.startswith("files/") and "cannot be read" in line for line in found)


def test_one_damaged_record_is_one_line(archive: Archive) -> None:
    path = sorted(archive.warc_dir.glob("*.warc.gz"))[1]
    with mapped(path) as data:
        third = [each for each in walk(data) if isinstance(each, Member)][3]
    sound = path.read_bytes()
    at = third.offset + third.length // 2
    path.write_bytes(sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :])
    (line,) = verified(archive)
    assert line.startswith(f"warc/{path.name} at {third.offset}: the record cannot be unpacked")


def test_an_index_that_says_something_else_than_the_text_is_told(archive: Archive) -> None:
    with closing(sqlite3.connect(archive.database)) as connection:
        connection.execute("DROP TRIGGER article_texts_au")
        connection.execute(
            "INSERT INTO articles_fts(articles_fts, rowid, title, lead, body, byline, attachments) "
            "SELECT 'delete', article_id, title, lead, '', byline, attachments "
            "FROM article_texts WHERE article_id = 2"
        )
        connection.commit()
        before = connection.execute("SELECT count(*) FROM articles_fts").fetchone()
    assert before
    assert any("articles_fts" in line for line in verified(archive))


# What may be as it is


def test_a_crawl_that_runs_or_was_killed_is_no_damage(archive: Archive) -> None:
    crawl(archive, 4, range(4), end=False)
    torn = sorted(archive.warc_dir.glob("*.warc.gz"))[-1]
    torn.write_bytes(torn.read_bytes() + b"\x1f\x8b\x08\0torn")
    assert verified(archive) == []


def test_the_next_crawl_closes_what_a_kill_left(archive: Archive) -> None:
    crawl(archive, 4, range(4), end=False)
    torn = sorted(archive.warc_dir.glob("*.warc.gz"))[-1]
    torn.write_bytes(torn.read_bytes() + b"\x1f\x8b\x08\0torn")
    crawl(archive, 5, range(4))
    assert verified(archive) == []
    with reading(archive) as connection:
        entries = [json.loads(text) for (text,) in connection.execute("SELECT entry FROM chain")]
    assert [entry["status"] for entry in entries[3:]] == ["killed", "finished"]
    assert entries[3]["files"][0]["bytes"] == torn.stat().st_size
    torn.write_bytes(torn.read_bytes()[:-1] + b"!")
    assert len(verified(archive)) == 1


# The sample and the log


def test_samples_reach_every_file_in_turn_and_the_log_is_dated(archive: Archive) -> None:
    with reading(archive) as connection:
        files = len(verify.warc_names(connection, archive.warc_dir)) + 3
        first = fixity.run(archive, connection, 0.2)
        assert 2 < first.items < files + 2
        for _ in range(files):
            fixity.run(archive, connection, 0.2)
    seen = fixity.last_verified(archive)
    assert len([name for name in seen if "/" in name]) == files
    (log,) = archive.fixity_dir.iterdir()
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert log.stem == lines[0]["at"][:10]
    assert len([line for line in lines if "run" in line]) == files + 1


# The chain


def forged(archive: Archive) -> None:
    """Replace a record of the first crawl by a well-formed other one, and redo every digest."""
    path = sorted(archive.warc_dir.glob("*.warc.gz"))[0]
    with mapped(path) as data:
        members = [each for each in walk(data) if isinstance(each, Member)]
        stored = [data[each.offset : each.offset + each.length] for each in members]
    scratch = path.parent / "scratch"
    scratch.mkdir()
    other = WarcWriter(scratch, prefix="x", software="test/1", info={})
    place = other.write_exchange(
        "https://halongcity.gov.vn/tin-tuc/1", fetched_at="2025-05-01T03:15:00Z",
        sent=b"GET /tin-tuc/1 HTTP/1.1\r\n\r\n",
        received=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body(9, 9),
    )  # fmt: skip
    other.close()
    raw = (scratch / place.file).read_bytes()
    stored[1] = raw[place.offset : place.offset + place.length]
    shutil.rmtree(scratch)
    path.write_bytes(b"".join(stored))
    with Store(archive, generator="test/1") as store:
        run = store.connection.execute
        at = 0
        for old, new in zip(members, stored, strict=True):
            run("UPDATE captures SET warc_offset = ?, warc_length = ? WHERE warc_file = ? AND "
                "warc_offset = ?", [at, len(new), path.name, old.offset])  # fmt: skip
            at += len(new)
        run("UPDATE captures SET payload_digest = ? WHERE warc_file = ? AND warc_offset = ?",
            [place.payload_digest, path.name, len(stored[0])])  # fmt: skip
        run("DELETE FROM chain")
        run("DELETE FROM _records")
        (archive.warc_dir / chain.FILE).unlink()
        store.close_chain()


def test_a_record_replaced_with_every_digest_redone_is_exposed_by_an_older_root(
    archive: Archive,
) -> None:
    with reading(archive) as connection:
        kept = chain.heads(connection)
    assert "stands: nothing before it" in halong("verify", "--chain", kept[0].root, archive=archive)
    forged(archive)
    assert verified(archive) == []  # well made: by itself the archive looks sound
    for old in (kept[0].head, kept[2].head, kept[2].root):
        said = halong("verify", "--chain", old, archive=archive, code=11)
        assert f"no crawl closed with {old}" in said


def test_an_altered_entry_of_the_chain_is_told_by_its_crawl(archive: Archive) -> None:
    with closing(sqlite3.connect(archive.database)) as connection:
        connection.execute("UPDATE chain SET entry = replace(entry, '2025-05-02', '2025-05-12')")
        connection.commit()
    found = verified(archive)
    assert "chain 2 (crawl 2 of halong): its head is not over its entry" in found
    assert "warc/chain.jsonl: entry 2 is another than in the database" in found


@pytest.mark.parametrize("byte", [b"\x1c", b"\xff", b'"', b"\x00"])
def test_a_damaged_entry_of_the_chain_is_told_and_stops_nothing(
    archive: Archive, byte: bytes
) -> None:
    data = archive.database.read_bytes()
    places = [at for at in range(len(data)) if data.startswith(b'{"closed_at":"', at)]
    assert len(places) == 3
    for at in places:
        archive.database.write_bytes(data[: at + 25] + byte + data[at + 26 :])
        found = verified(archive)
        assert any(line.startswith("chain ") for line in found), found
        assert any(line.startswith("halong.db chain ") for line in found), found
    archive.database.write_bytes(data)


def test_the_chain_survives_the_loss_of_its_tables(archive: Archive) -> None:
    head = newest(archive)
    with closing(sqlite3.connect(archive.database)) as connection:
        connection.execute("DELETE FROM chain")
        connection.execute("DELETE FROM _records")
        connection.execute("DELETE FROM _seals WHERE of_table = 'chain'")
        connection.commit()
    with Store(archive, generator="test/1") as store:
        store.close_chain()
    assert newest(archive) == head
    assert verified(archive) == []


def test_files_packed_anew_keep_their_root(archive: Archive) -> None:
    with reading(archive) as connection:
        root = chain.heads(connection)[2].root
    path = sorted(archive.warc_dir.glob("*.warc.gz"))[0]
    with mapped(path) as data:
        records = [each.record for each in walk(data) if isinstance(each, Member)]
    plain = path.with_suffix("")
    plain.write_bytes(b"".join(records))
    with mapped(plain) as data:
        again = [each.record for each in walk(data) if isinstance(each, Member)]
    assert again == records
    from archive import merkle  # noqa: PLC0415

    assert merkle.root([merkle.leaf(record) for record in again]).hex() == root


# Proofs


def checked(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the script in an interpreter that sees neither Halong nor any package."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(CHECK), str(path), *words],
        capture_output=True, text=True, check=False, timeout=30, cwd="/", env={},
    )  # fmt: skip


def test_a_proof_is_checked_without_halong(archive: Archive, tmp_path: Path) -> None:
    out = tmp_path / "proof.json"
    head = newest(archive)
    said = halong("prove", "halong-3", "--version", "1", "--out", str(out), archive=archive)
    assert head in said
    done = checked(out, head)
    assert done.returncode == 0, done.stderr
    assert "WARC-Target-URI: https://halongcity.gov.vn/tin-tuc/3" in done.stdout
    assert f"TRUE: all this was in the archive when its head was {head}" in done.stdout
    assert checked(out, "0" * 64).returncode == 1


def test_a_proof_that_was_altered_is_false(archive: Archive, tmp_path: Path) -> None:
    out = tmp_path / "proof.json"
    with reading(archive) as connection:
        made = proof(connection, archive.warc_dir, "halong-3", 1)
    (kept,) = made["records"]
    record = base64.b64decode(kept["record"]).replace(b"ng\xc3\xa0y 1", b"ng\xc3\xa0y 7")
    altered = [
        made | {"records": [kept | {"record": base64.b64encode(record).decode()}]},
        made | {"records": [kept | {"path": kept["path"][::-1]}]},
        made | {"records": [kept, kept | {"entry": made["entries"][1]["number"]}]},
        made | {"entries": [made["entries"][0], *made["entries"][2:]]},
        made | {"entries": [made["entries"][0] | {"portal": "khac"}, *made["entries"][1:]]},
    ]
    for each in altered:
        out.write_text(json.dumps(each), "utf-8")
        done = checked(out, made["head"])
        assert done.returncode == 1, each
        assert done.stderr.startswith("FALSE: ")


def test_a_proof_leads_to_the_head_that_was_kept(archive: Archive, tmp_path: Path) -> None:
    out = tmp_path / "proof.json"
    with reading(archive) as connection:
        heads = chain.heads(connection)
        made = proof(connection, archive.warc_dir, "halong-1", 1, heads[1].head)
        with pytest.raises(ArchiveError, match="no crawl from that of the record on closed with"):
            proof(connection, archive.warc_dir, "halong-1", 1, "0" * 64)
        with pytest.raises(ArchiveError, match="the archive has no version 9 of halong-1"):
            proof(connection, archive.warc_dir, "halong-1", 9)
    out.write_text(json.dumps(made), "utf-8")
    assert checked(out, heads[1].head).returncode == 0
    assert checked(out, heads[0].head).returncode == 1
