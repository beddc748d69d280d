"""The fixity log: what was verified when, and what came of it; and what is due next.

``fixity/<day>.jsonl``: one line for each file that was looked at, and one for the run.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive import stamps, verify
from archive.files import FileStore
from archive.place import Archive, ArchiveError
from archive.verify import Damage


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is verified as a whole."""

    name: str
    """``halong.db``, ``chain``, ``warc/<file>`` or ``files/<SHA-256>``."""
    bytes: int


@dataclass
class Run:
    """What one verification came to."""

    at: str
    share: float
    """The part of the files' bytes that was asked for; 1: all."""
    items: int = 0
    of_items: int = 0
    bytes: int = 0
    of_bytes: int = 0
    seconds: float = 0.0
    damages: list[Damage] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    """Items looked at: database, chain, warc, files."""


def run(
    archive: Archive, connection: sqlite3.Connection, share: float = 1.0,
    on_damage: Callable[[Damage], None] = lambda _: None,
    trusted: stamps.Certificates | None = None,
) -> Run:  # fmt: skip
    """Verify the database and the chain, and of the files a share of their bytes.

    Files that were verified longest ago come first, those never verified before them: with a
    share of 5 % a night everything has had its turn after twenty nights, which chance would not
    give. Time stamps must be signed by an authority that is ``trusted``, where one is given. What
    was done is in the log, also when it is interrupted. Raises :class:`ArchiveError`.
    """
    began = time.monotonic()
    # A damaged text need not be UTF-8; it is told, and is no reason to stop.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    files = _files(archive, connection)
    done = Run(_now(), share, of_items=len(files) + 2, of_bytes=sum(each.bytes for each in files))
    chosen = [_whole(archive), Item("chain", 0), *_due(archive, files, share)]
    with _log(archive, done.at) as log:
        for item in chosen:
            found = list(_check(archive, connection, item, trusted or []))
            for damage in found:
                on_damage(damage)
            done.damages += found
            done.items += 1
            done.bytes += item.bytes
            kind = item.name.partition("/")[0]
            done.kinds[kind] = done.kinds.get(kind, 0) + 1
            _write(log, {"at": _now(), **asdict(item), "damages": [str(each) for each in found]})
        done.seconds = round(time.monotonic() - began, 3)
        summary = asdict(done) | {"damages": len(done.damages)}
        _write(log, {"run": summary})
    return done


def last_verified(archive: Archive) -> dict[str, str]:
    """When each item was verified last, by its name."""
    found: dict[str, str] = {}
    for path in sorted(archive.fixity_dir.glob("*.jsonl")):
        for line in path.read_text("utf-8", "replace").split("\n")[:-1]:
            try:
                value = json.loads(line)
            except ValueError:  # a line a kill cut off, that the next run wrote on: no evidence
                continue
            if "name" in value:
                found[value["name"]] = value["at"]
    return found


def _files(archive: Archive, connection: sqlite3.Connection) -> list[Item]:
    store = FileStore(archive.files_dir)
    warcs = verify.warc_names(connection, archive.warc_dir)
    items = [Item(f"warc/{name}", _size(archive.warc_dir / name)) for name in warcs]
    attachments = verify.attachment_names(connection, archive.files_dir)
    return items + [Item(f"files/{name}", _size(store.place(name))) for name in attachments]


def _due(archive: Archive, files: Iterable[Item], share: float) -> list[Item]:
    items = list(files)
    if share >= 1:
        return items
    seen = last_verified(archive)
    wanted = share * sum(each.bytes for each in items)
    chosen: list[Item] = []
    for item in sorted(items, key=lambda each: (seen.get(each.name, ""), each.name)):
        if sum(each.bytes for each in chosen) >= wanted and chosen:
            break
        chosen.append(item)
    return chosen


def _check(
    archive: Archive, connection: sqlite3.Connection, item: Item, trusted: stamps.Certificates
) -> Iterable[Damage]:
    kind, _, name = item.name.partition("/")
    if kind == "warc":
        return verify.check_warc(connection, archive.warc_dir, name)
    if kind == "files":
        return verify.check_attachment(archive.files_dir, name)
    connection.execute("BEGIN")  # all of it at one moment, whatever a crawl commits meanwhile
    try:
        if kind == "chain":
            return [
                *verify.check_chain(connection, archive),
                *stamps.damages(connection, archive.warc_dir, trusted),
            ]
        return list(verify.check_database(connection))
    finally:
        connection.execute("ROLLBACK")


def _whole(archive: Archive) -> Item:
    return Item("halong.db", _size(archive.database))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _log(archive: Archive, at: str) -> Any:
    path = archive.fixity_dir / f"{at[:10]}.jsonl"
    try:
        path.parent.mkdir(exist_ok=True)
        return path.open("a", encoding="utf-8", buffering=1)
    except OSError as error:
        raise ArchiveError(
            f"{path}: cannot be written ({error.strerror}); check the folder's owner and rights"
        ) from error


def _write(log: Any, value: dict[str, Any]) -> None:
    log.write(json.dumps(value, ensure_ascii=False) + "\n")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
