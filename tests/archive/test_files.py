"""The store of files: each content once, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from archive.files import FileStore
from archive.place import ArchiveError


def names(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_a_file_lies_under_its_sum(tmp_path: Path) -> None:
    sha256 = FileStore(tmp_path).put(b"Quyet dinh")
    assert sha256 == hashlib.sha256(b"Quyet dinh").hexdigest()
    assert names(tmp_path) == [f"{sha256[:2]}/{sha256[2:4]}/{sha256}"]
    assert FileStore(tmp_path).place(sha256).read_bytes() == b"Quyet dinh"


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    before = store.place(store.put(b"a")).stat()
    after = store.place(store.put(b"a")).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize("spoilt", [b"", b"Quyet dinX"])
def test_what_the_disk_spoilt_is_written_anew(tmp_path: Path, spoilt: bytes) -> None:
    store = FileStore(tmp_path)
    place = store.place(store.put(b"Quyet dinh"))
    place.write_bytes(spoilt)
    store.put(b"Quyet dinh")
    assert place.read_bytes() == b"Quyet dinh"


def test_the_disk_has_the_bytes_before_the_name_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, rename = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (steps.append("sync"), sync(fd))[1])
    monkeypatch.setattr(
        Path, "replace", lambda self, target: (steps.append("name"), rename(self, target))[1]
    )
    FileStore(tmp_path).put(b"a")
    assert steps == ["sync", "name", "sync", "sync", "sync"]


def test_a_kill_in_the_midst_leaves_no_half_file(tmp_path: Path) -> None:
    """Killed while a second content is being written: the first stays, the second is not there."""
    script = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        from archive.files import FileStore
        store = FileStore(Path(sys.argv[1]))
        store.put(b"first")
        os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
        store.put(b"second" * 100_000)
    """)
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    store = FileStore(tmp_path)
    whole = [path for path in tmp_path.rglob("*") if path.is_file() and not path.suffix]
    assert [path.read_bytes() for path in whole] == [b"first"]
    place = store.place(store.put(b"second" * 100_000))
    assert place.read_bytes() == b"second" * 100_000
    assert [name for name in names(tmp_path) if name.endswith(".part")] == []


def test_a_disk_that_says_no_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "ca").write_text("in the way")  # where b"a" would go
    with pytest.raises(ArchiveError, match=r"cannot be written .*check the disk"):
        FileStore(tmp_path).put(b"a")
