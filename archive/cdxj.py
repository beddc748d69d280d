"""CDXJ indexes beside the WARC files: what is in each and where, for pywb and its kin.

``NAME.warc.gz.cdxj`` belongs to ``NAME.warc.gz`` and bears its time of modification: a file that
was written to since, cut after a kill, or copied without its times, has its index made anew.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from archive.chain import warc_files
from archive.place import ArchiveError, sync_folder
from archive.warc import WarcError

SUFFIX = ".cdxj"
_PART = ".part"

log = logging.getLogger("halong.cdxj")


def index_of(path: Path) -> Path:
    """Where the index of a WARC file lies."""
    return path.with_name(path.name + SUFFIX)


def stale(warc_dir: Path) -> list[Path]:
    """The WARC files whose index is missing, or of an earlier state of them."""
    paths = [warc_dir / name for name in warc_files(warc_dir)]
    return [path for path in paths if not _is_fresh(path)]


def renew(warc_dir: Path) -> None:
    """Make every index that is missing or stale; for the one writer, when its files are closed.

    A file that ends in half a record, or cannot be read, stays without and is named in the log; a
    damaged record among whole ones does not keep the others out (``halong verify`` tells it).
    Raises :class:`ArchiveError` where an index cannot be written.
    """
    for part in warc_dir.rglob(f"*{SUFFIX}{_PART}"):  # a kill's
        part.unlink()
    for path in stale(warc_dir):
        try:
            write(path)
        except OSError as error:
            raise ArchiveError(
                f"{index_of(path)}: cannot be written ({error.strerror}); check the disk and its "
                "free space"
            ) from error
        except WarcError as error:
            log.warning("%s: is damaged and gets no index (%s); run halong verify", path, error)


def write(path: Path) -> None:
    """Index one WARC file: the index appears whole or not at all. Raises OSError."""
    # Other tools' modules take a fifth of a second to load, and few commands index anything.
    from archive.cdxj_lines import lines  # noqa: PLC0415

    before = path.stat()
    place = index_of(path)
    part = place.with_name(place.name + _PART)
    with part.open("w", encoding="utf-8") as stream:
        stream.writelines(sorted(lines(path, path.name)))
        stream.flush()
        os.fsync(stream.fileno())
    os.utime(part, ns=(before.st_atime_ns, before.st_mtime_ns))
    part.replace(place)
    sync_folder(place.parent)


def _is_fresh(path: Path) -> bool:
    try:
        return index_of(path).stat().st_mtime_ns == path.stat().st_mtime_ns
    except FileNotFoundError:
        return False
