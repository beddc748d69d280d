"""Serve an archive: Datasette with the site folder, on a loopback port unless told otherwise.

The database is opened read only, so a crawl may write beside it; readers see each crawled
page as soon as it is committed.
"""

from __future__ import annotations

import errno
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import uvicorn

from archive.place import Archive
from archive.schema import SCHEMA_VERSION
from archive.site import FOLDER
from archive.site.database import DATABASE_NAME, ReadersDatabase
from archive.site.datasette_api import Datasette, use_own_error_pages
from archive.site.metadata import metadata


class ServingError(Exception):
    """The archive cannot be served; the message says why and what to do."""


def build(archive_dir: Path, *, replay_port: int | None = None) -> Datasette:
    """The Datasette application for one archive (or for a published snapshot's folder).

    ``replay_port``: where pywb answers on the same host; see :mod:`archive.replay`.
    """
    database = Archive(archive_dir).database
    _check(archive_dir, database)
    use_own_error_pages()
    datasette = Datasette(
        files=[str(database)],
        config_dir=FOLDER,
        metadata=metadata() | {"plugins": {"halong": {"replay_port": replay_port}}},
    )
    datasette.remove_database(DATABASE_NAME)
    datasette.add_database(ReadersDatabase(datasette, str(database)), name=DATABASE_NAME)
    return datasette


def serve(
    archive_dir: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8001,
    replay_port: int | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until interrupted. ``on_ready`` is called with the address once it answers."""
    datasette = build(archive_dir, replay_port=replay_port)
    with closing(_listen(host, port)) as listener:
        bound_port = listener.getsockname()[1]
        config = uvicorn.Config(
            datasette.app(), lifespan="on", log_level="warning", access_log=False
        )
        # uvicorn closes down in good order on Ctrl-C, then raises it again: the wished-for end.
        with suppress(KeyboardInterrupt):
            _Server(config, _address(host, bound_port), on_ready).run(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(
        self, config: uvicorn.Config, address: str, on_ready: Callable[[str], None] | None
    ) -> None:
        super().__init__(config)
        self._address = address
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started and self._on_ready is not None:
            self._on_ready(self._address)


def _address(host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def _listen(host: str, port: int) -> socket.socket:
    """The listening socket, made before the server so that a taken port is one clear line."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small packets at once only over a socket that says it is TCP; else each answer
    # waits some 40 ms for the reader's machine to acknowledge its first half.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            reason = "another program already listens there; choose another port with --port"
        else:
            reason = str(error)
        raise ServingError(f"Cannot listen on {host}:{port}: {reason}.") from error
    return listener


def _check(archive_dir: Path, database: Path) -> None:
    """Raise ServingError unless there is an archive with something to show."""
    if not database.is_file():
        missing = "folder" if not archive_dir.is_dir() else database.name
        raise ServingError(
            f"There is no archive in {archive_dir} (no such {missing}). Crawl a portal into it "
            "first, or name another folder with --archive."
        )
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as conn:
            version = _one(conn, "SELECT max(version) FROM schema_info")
            has_articles = _one(conn, "SELECT EXISTS (SELECT 1 FROM articles)")
    except sqlite3.Error as error:
        raise ServingError(f"{database} cannot be read as a Halong archive: {error}.") from error
    if version is not None and version > SCHEMA_VERSION:
        raise ServingError(
            f"{database} has schema {version}, newer than this Halong knows "
            f"({SCHEMA_VERSION}). Upgrade Halong to serve it."
        )
    if not has_articles:
        raise ServingError(
            f"The archive in {archive_dir} holds no article yet. Crawl a portal into it first."
        )


def _one(conn: sqlite3.Connection, sql: str) -> Any:
    return conn.execute(sql).fetchone()[0]
