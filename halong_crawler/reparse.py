"""Stored captures read again by today's readers, on all cores, and compared with what is stored.

Rows of captures go to processes that read records, pages and the stored states for themselves and
give back the differences. What they give goes into :mod:`archive.findings` in the order of the
captures, so that a killed run goes on where it was. The archive is only read.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, NamedTuple

from archive.findings import EXAMPLES, Example, Findings, Kind, Part, Reading
from archive.place import Archive, ArchiveError
from archive.reader import reading
from archive.readings import pack
from archive.records import Article
from archive.state import VERSION_FIELDS, Sighting, filled, tidy
from archive.stored import stored_response
from archive.warc import StoredResponse, WarcError
from halong_crawler.heap import keep_freed
from halong_crawler.portal import BUILTIN, Portal, find
from halong_crawler.reading import Document, NotAnArticle, read_document, version_for

IN_A_ROW = 64
"""Captures that one process reads at a time, and that are kept together."""
_TOGETHER = 4_000_000
"""Bytes of pages that are unpacked before they are read."""
ARTICLE = "article"
"""Beside the fields: whether a page is an article, and which."""
COMPARED = (*VERSION_FIELDS, "body_html")
"""The fields in which readings may differ."""

MAY_BE_ARTICLES = (
    "static", "empty", "listing", "form", "soft_404", "needs_javascript", "obfuscated",
    "unreadable",
)  # fmt: skip
"""Outcomes of pages in which a better reader may find an article."""
SAME_TEXT = "same text as "
"""How the note of a page begins that shows what another one shows."""
_WANTED = (
    "c.status = 200 AND c.warc_file IS NOT NULL AND c.portal IN (SELECT value FROM json_each(:p)) "  # noqa: S608
    "AND (c.outcome = 'article' OR c.outcome IN (SELECT value FROM json_each(:o)) "
    # What a trap shows under many addresses was not taken for none by its words.
    f"AND coalesce(c.note, '') NOT LIKE '{SAME_TEXT}%') "
    # An article's history is read as a whole: else readings of two readers make edits of their own.
    "AND (:since IS NULL OR c.fetched_at >= :since OR EXISTS (SELECT 1 FROM captures s "
    "WHERE s.article_id = c.article_id AND s.fetched_at >= :since))"
)
_AROUND = 24
"""Letters that are shown before the first difference."""
_SHOWN = 90
"""Letters of a value that are shown."""


@dataclass(frozen=True)
class Task:
    """What is to be read again."""

    archive: Path
    portals: tuple[str, ...]
    since: date | None = None
    """Only articles that were captured on this day or later, and pages of then."""

    @property
    def condition(self) -> dict[str, Any]:
        """The values ``_WANTED`` asks for."""
        return {
            "p": json.dumps(self.portals),
            "o": json.dumps(MAY_BE_ARTICLES),
            "since": self.since.isoformat() if self.since is not None else None,
        }

    def load(self) -> dict[str, Portal]:
        """The portals as they are described and learnt now.

        Raises :class:`halong_crawler.portal.DescriptorError`.
        """
        folders = (Archive(self.archive).portals_dir, BUILTIN)
        return {name: find(name, folders) for name in self.portals}

    def identity(self, portals: dict[str, Portal]) -> str:
        """Changes when anything may read otherwise: descriptors, templates, the reader's code."""
        sums = hashlib.sha256()
        for name, portal in sorted(portals.items()):
            sums.update(f"{name} {version_for(portal)} {portal.model_dump_json()}".encode())
        for path in _sources():
            sums.update(path.read_bytes())
        sums.update(str(self.since).encode())
        return sums.hexdigest()


def _sources() -> Iterator[Path]:
    here = Path(__file__).parent
    for room in ("reading", "platforms", "discovery", "learning"):
        yield from sorted((here / room).rglob("*.py"))
    yield from (here.parent / "archive" / name for name in ("state.py", "text.py"))


# One process


class _Seen(NamedTuple):
    """A capture and what the archive says it shows."""

    id: int
    portal: str
    url: str
    fetched_at: str
    outcome: str
    article_id: int | None
    key: str | None
    source_id: str | None
    parser_version: str | None
    state: dict[str, Any]
    """The fields of ``COMPARED``; None where it was taken for no article."""


_Stored = StoredResponse | WarcError
_Result = Article | NotAnArticle | Exception
"""What became of a capture; a :class:`WarcError` where its record cannot be read."""


class Worker:
    """Reads rows of captures again and compares. Each process has one."""

    def __init__(self, task: Task, connection: sqlite3.Connection) -> None:
        self._task = task
        self._connection = connection
        self._portals = task.load()
        self._warc_dir = Archive(task.archive).warc_dir

    def read(self, first: int, last: int) -> Part:
        """What the captures from ``first`` to ``last`` read as now."""
        part = Part(last)
        for row in self._stored(first, last):
            results = [(seen, self._result(seen, stored)) for seen, stored in row]
            for seen, result in results:
                part.counts["captures", ""] += 1
                part.counts[f"by {seen.parser_version}", ""] += int(seen.article_id is not None)
                _compare(part, seen, result)
        return part

    def _stored(self, first: int, last: int) -> Iterator[list[tuple[_Seen, _Stored]]]:
        """Captures with their answers, some megabytes together.

        To unpack many and then to read many costs a tenth less than each in turn: either has the
        processor's caches to itself.
        """
        row: list[tuple[_Seen, _Stored]] = []
        size = 0
        for seen in self._captures(first, last):
            stored: _Stored
            try:
                stored = stored_response(self._connection, self._warc_dir, seen.id)
                size += len(stored.body)
            except WarcError as error:
                stored = error
            row.append((seen, stored))
            if size >= _TOGETHER:
                yield row
                row, size = [], 0
        yield row

    def _result(self, seen: _Seen, stored: _Stored) -> _Result:
        if isinstance(stored, WarcError):
            return stored
        try:
            document = Document.parse(stored.body, seen.url, stored.headers)
            at = datetime.fromisoformat(seen.fetched_at)
            return read_document(document, portal=self._portals[seen.portal], captured_at=at)
        except Exception as error:
            # A fault of a reader on one page is told and costs no other page.
            return error

    def _captures(self, first: int, last: int) -> Iterator[_Seen]:
        rows = self._connection.execute(
            "SELECT c.id, c.portal, c.url, c.fetched_at, c.outcome, c.article_id, a.key, "  # noqa: S608
            f"a.source_id, v.parser_version, {', '.join(f'v.{name}' for name in COMPARED)} "
            "FROM captures c LEFT JOIN articles a ON a.id = c.article_id "
            "LEFT JOIN article_versions v ON v.article_id = c.article_id AND v.number = coalesce("
            "(SELECT max(w.number) FROM article_versions w WHERE w.article_id = c.article_id "
            f"AND w.captured_at <= c.fetched_at), 1) WHERE c.id BETWEEN :first AND :last "
            f"AND {_WANTED} ORDER BY c.id",
            {"first": first, "last": last, **self._task.condition},
        ).fetchall()
        for row in rows:
            yield _Seen._make((*row[:9], dict(zip(COMPARED, row[9:], strict=True))))


def _compare(part: Part, seen: _Seen, result: _Result) -> None:
    if isinstance(result, WarcError):
        _show(part, seen, "damaged", "lost", seen.outcome, str(result))
    elif isinstance(result, Exception):
        told = f"{type(result).__name__}: {result}"
        _show(part, seen, "failed", "lost", seen.outcome, told)
    elif isinstance(result, NotAnArticle):
        if seen.article_id is not None:
            told = f"{result.reason}: {result.because}"
            _show(part, seen, ARTICLE, "lost", seen.state["title"], told)
    elif seen.article_id is None:
        _show(part, seen, ARTICLE, "gained", seen.outcome, result.title)
        part.readings.append(_reading(seen, (ARTICLE,), tidy(result)))
    elif result.source_id != seen.source_id:
        _show(part, seen, ARTICLE, "changed", seen.source_id, result.source_id)
    else:
        _compare_fields(part, seen, result)


def _compare_fields(part: Part, seen: _Seen, result: Article) -> None:
    now = Sighting(tidy(result), seen.fetched_at, seen.id)
    state = now.state | {"body_html": now.article.body_html}
    fields = tuple(name for name in COMPARED if state[name] != seen.state[name])
    for name, kind in _kinds(seen.state, state, fields).items():
        _show(part, seen, name, kind, *_around(seen.state[name], state[name]))
    part.counts["different" if fields else "same", ""] += 1
    if fields or now.article.parser_version != seen.parser_version:
        part.readings.append(_reading(seen, fields, now.article))


def _reading(seen: _Seen, fields: tuple[str, ...], article: Article) -> Reading:
    evidence = json.dumps(dict(article.evidence), ensure_ascii=False)
    packed = pack(article) if fields else None
    return Reading(seen.id, seen.article_id, fields, packed, article.parser_version, evidence)


def _kinds(before: dict[str, Any], after: dict[str, Any], fields: Sequence[str]) -> dict[str, Kind]:
    had, has = (filled(s) | {"body_html": bool(s["body_html"])} for s in (before, after))
    return {
        name: "gained" if not had[name] else "lost" if not has[name] else "changed"
        for name in fields
    }


def _show(
    part: Part, seen: _Seen, name: str, kind: Kind, before: str | None, after: str | None
) -> None:
    part.counts[name, kind] += 1
    known = {each.url for each in part.examples if (each.field, each.kind) == (name, kind)}
    if len(known) < EXAMPLES and seen.url not in known:
        shown = (before[:_SHOWN] if before else None, after[:_SHOWN] if after else None)
        part.examples.append(Example(name, kind, seen.id, seen.key, seen.url, *shown))


def _around(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """Two values from a little before their first difference on."""
    pairs = enumerate(zip_longest(before or "", after or ""))
    start = max(0, next((at for at, (one, other) in pairs if one != other), 0) - _AROUND)
    return tuple(  # type: ignore[return-value]
        f"{'…' if start else ''}{text[start:]}" if text else None for text in (before, after)
    )


# All of them


def read_again(
    task: Task, found: Findings, *, workers: int, tell: Callable[[int], None] | None = None
) -> None:
    """Read what has not been read yet; ``tell`` is called with the number of captures read.

    Raises :class:`archive.place.ArchiveError` where the archive cannot be read, or a process died.
    """
    with reading(Archive(task.archive)) as connection:
        spans = _spans(connection, task, found.last)
        parts = _alone(task, connection, spans) if workers == 1 else _together(task, spans, workers)
        for part in parts:
            found.add(part)
            if tell is not None:
                tell(part.counts["captures", ""])


def count(task: Task, after: int) -> int:
    """How many captures are to be read after this one."""
    with reading(Archive(task.archive)) as connection:
        (number,) = connection.execute(
            f"SELECT count(*) FROM captures c WHERE c.id > :after AND {_WANTED}",  # noqa: S608
            {"after": after, **task.condition},
        ).fetchone()
    return int(number)


def _spans(connection: sqlite3.Connection, task: Task, after: int) -> Iterator[tuple[int, int]]:
    while True:
        rows = connection.execute(
            f"SELECT c.id FROM captures c WHERE c.id > :after AND {_WANTED} ORDER BY c.id "  # noqa: S608
            "LIMIT :count", {"after": after, "count": IN_A_ROW, **task.condition},
        ).fetchall()  # fmt: skip
        if not rows:
            return
        after = rows[-1][0]
        yield rows[0][0], after


def _alone(
    task: Task, connection: sqlite3.Connection, spans: Iterator[tuple[int, int]]
) -> Iterator[Part]:
    worker = Worker(task, connection)
    for span in spans:
        yield worker.read(*span)


def _together(task: Task, spans: Iterator[tuple[int, int]], workers: int) -> Iterator[Part]:
    """The parts in the order of their captures; only a few wait for the first."""
    # A fork of a process with threads may hold their locks for ever.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(workers, context, _begin, (task,)) as pool:
        waiting: deque[tuple[tuple[int, int], Future[Part]]] = deque()
        try:
            for span in spans:
                waiting.append((span, pool.submit(_read, *span)))
                if len(waiting) > 2 * workers:
                    yield _result(*waiting.popleft())
            while waiting:
                yield _result(*waiting.popleft())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _result(span: tuple[int, int], future: Future[Part]) -> Part:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise ArchiveError(
            f"captures {span[0]} to {span[1]}: a process that read them again (or those after "
            "them) was ended from outside; see whether memory ran out, and start again: what was "
            "read stays"
        ) from error


_worker: Worker | None = None


def _begin(task: Task) -> None:
    """Make a process ready to read; it ends when the one that asks is gone."""
    global _worker  # noqa: PLW0603 - what a process of a pool keeps from task to task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    keep_freed()
    database = Archive(task.archive).database.absolute()
    _worker = Worker(task, sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True))


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _read(first: int, last: int) -> Part:
    assert _worker is not None
    return _worker.read(first, last)
