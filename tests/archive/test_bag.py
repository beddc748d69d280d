"""The archive as a bag: bagit-python finds it valid, and its payload is the archive again."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive import bag, chain
from archive.lock import Lock
from archive.place import Archive, ArchiveError
from archive.reader import reading
from archive.store import Store
from tests.archive.kept import crawl
from tests.archive.pages import PORTAL
from tests.crawl.runs import halong

bagit = pytest.importorskip("bagit", reason="needs bagit, of the extra `test`")


@pytest.fixture(scope="module")
def two_crawls(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    archive = Archive(tmp_path_factory.mktemp("kept") / "archive")
    archive.create()
    (archive.portals_dir / "của tôi.toml").write_text("# a descriptor\n", "utf-8")
    for day in (1, 2):
        crawl(archive, day, range(3))
    return archive


@pytest.fixture
def archive(two_crawls: Archive, tmp_path: Path) -> Archive:
    shutil.copytree(two_crawls.path, tmp_path / "archive")
    return Archive(tmp_path / "archive")


def valid(folder: Path) -> None:
    bagit.Bag(str(folder)).validate()


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_bagit_finds_the_bag_valid_and_every_file_of_the_archive_is_in_it(
    archive: Archive, tmp_path: Path
) -> None:
    folder = tmp_path / "bag"
    said = halong("bag", str(folder), "--organization", "Thư viện\nQuảng Ninh", archive=archive)
    valid(folder)
    with reading(archive) as connection:
        head = chain.heads(connection)[0]
    assert head.head in said
    info = bagit.Bag(str(folder)).info
    assert info["Source-Organization"] == "Thư viện Quảng Ninh"
    assert (info["Halong-Chain-Head"], info["Halong-Chain-Root"]) == (head.head, head.root)
    assert {"Bagging-Date", "External-Description", "Halong-Version"} <= info.keys()
    held = names(folder / "data")
    assert held == names(archive.path) - {".lock", "halong.db-wal", "halong.db-shm"}
    size = sum((folder / "data" / name).stat().st_size for name in held)
    assert info["Payload-Oxum"] == f"{size}.{len(held)}"
    text = (folder / "bagit.txt").read_text("utf-8")
    assert text == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    for name in held:  # no link: damage to one does not reach the other
        assert (folder / "data" / name).stat().st_nlink == 1
    # The payload is a whole archive, and reading it leaves the bag as it was.
    with closing(sqlite3.connect(folder / "data" / "halong.db")) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (3,)
    valid(folder)
    shutil.copytree(folder / "data", tmp_path / "again")
    assert "sound" in halong("verify", archive=Archive(tmp_path / "again"))


def test_names_in_manifests_are_quoted_as_the_rfc_says(archive: Archive, tmp_path: Path) -> None:
    # RFC 8493, 2.1.3; bagit-python itself undoes line ends only.
    (archive.portals_dir / "100%\nmine.toml").write_text("# a descriptor\n", "utf-8")
    bag.write(archive, tmp_path / "bag", info={})
    lines = (tmp_path / "bag" / "manifest-sha512.txt").read_text("utf-8").splitlines()
    assert "data/portals/100%25%0Amine.toml" in [line.partition("  ")[2] for line in lines]


def test_a_byte_that_changes_anywhere_in_the_bag_is_found(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "bag"
    bag.write(archive, folder, info={"External-Description": "x"})
    for name in sorted(names(folder) - {"tagmanifest-sha256.txt", "tagmanifest-sha512.txt"}):
        path = folder / name
        whole = path.read_bytes()
        path.write_bytes(whole[:-2] + bytes([whole[-2] ^ 1]) + whole[-1:])
        with pytest.raises((bagit.BagError, ValueError)):
            valid(folder)
        path.write_bytes(whole)
    valid(folder)


def test_while_somebody_writes_the_bag_waits_and_says_who(archive: Archive, tmp_path: Path) -> None:
    lock = Lock(archive.lock, "crawling halong")
    try:
        said = halong("bag", str(tmp_path / "bag"), archive=archive, code=4)
    finally:
        lock.release()
    assert "is being written by process" in said
    assert "crawling halong" in said
    assert names(tmp_path) == {f"archive/{name}" for name in names(archive.path)}


def test_a_bag_that_cannot_be_finished_leaves_nothing(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = tmp_path / "rooms"
    rooms.mkdir()

    def full(name: str) -> None:
        if name.startswith("files/"):
            raise OSError(28, "No space left on device", name)

    with pytest.raises(ArchiveError, match=r"no bag was written: files/.*: No space left"):
        bag.write(archive, rooms / "bag", info={}, on_file=full)
    assert list(rooms.iterdir()) == []
    left = rooms / ".bag.part"
    left.mkdir()
    (left / "half").write_text("of a killed one")
    bag.write(archive, rooms / "bag", info={})
    assert [path.name for path in rooms.iterdir()] == ["bag"]
    valid(rooms / "bag")
    free = shutil.disk_usage(rooms)._replace(free=1000)
    monkeypatch.setattr(bag.shutil, "disk_usage", lambda _: free)
    with pytest.raises(ArchiveError, match=r"the bag takes .* MB and 0\.0 MB are free"):
        bag.write(archive, rooms / "other", info={})


def test_a_place_that_will_not_do_is_told(archive: Archive, tmp_path: Path) -> None:
    for place, told in (
        (tmp_path, "is there already"),
        (tmp_path / "no" / "bag", "is no folder"),
        (archive.path / "bag", "lies in the archive itself"),
    ):
        assert told in halong("bag", str(place), archive=archive, code=4)


def test_a_bag_of_one_portal_holds_its_records_only(archive: Archive, tmp_path: Path) -> None:
    before = set(chain.warc_files(archive.warc_dir))
    with Store(archive, generator="test/1") as store:
        store.put_portal(replace(PORTAL, name="khac"))
        store.connection.execute("UPDATE captures SET portal = 'khac' WHERE crawl_id = 2")
    folder = tmp_path / "bag"
    said = halong("bag", str(folder), "halong", archive=archive)
    assert "files" in said
    valid(folder)
    with reading(archive) as connection:
        own = {name for (name,) in connection.execute(
            "SELECT DISTINCT warc_file FROM captures WHERE portal = 'halong'")}  # fmt: skip
    assert set(chain.warc_files(folder / "data" / "warc")) == own < before
    assert (folder / "data" / "warc" / chain.FILE).exists()
    said = halong("bag", str(tmp_path / "none"), "kho", archive=archive, code=4)
    assert "holds no portal kho; it holds halong, khac" in said
