"""``make bench-search``: the reading room over 200,000 and 1,000,000 articles, over HTTP.

Every number is of a warm server that answers one request at a time. Words are drawn from the index
by the share of articles they stand in; phrases and beginnings of words from articles' own text. The
peer in the same run is Datasette's own table page over the same file. A million articles take 17 GB
and a quarter of an hour to make; ``--keep FOLDER`` keeps them for the next time.
"""

from __future__ import annotations

import argparse
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import httpx

from bench.searching.made import index, make

LIMITS = {
    "words in up to 2 % of articles": 50,
    "words in up to 15 %": 150,
    "any word, phrase or beginning": 400,
    "article pages": 25,
    "home": 50,
}
"""Milliseconds that 95 of 100 answers must not exceed."""
_ASKED = 100


def main() -> None:
    """Build what is missing, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[200_000, 1_000_000])
    parser.add_argument("--keep", type=Path, help="folder in which archives stay")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        for articles in options.articles:
            _measure(folder / str(articles), articles)


def _measure(archive: Path, articles: int) -> None:
    database = archive / "halong.db"
    if not database.exists():
        _build(archive, articles)
    print(f"\n{articles:,} articles: {database.stat().st_size / 1e9:.1f} GB")
    print(f"{'asked':34} {'p50':>7} {'p95':>7} {'limit':>6}  ms")
    with closing(sqlite3.connect(database)) as conn, _served(archive) as client:
        for name, paths in _questions(conn, articles).items():
            taken = _asked(client, paths)
            limit = LIMITS.get(name)
            mark = "" if limit is None else f"{limit:6}  {'' if taken[1] <= limit else 'OVER'}"
            print(f"{name:34} {taken[0]:7.1f} {taken[1]:7.1f} {mark}", flush=True)


def _build(archive: Path, articles: int) -> None:
    began = time.perf_counter()
    database = make(archive, articles)
    made, size = time.perf_counter(), database.stat().st_size
    index(database)
    took = time.perf_counter() - made
    print(
        f"{articles:,} articles written in {made - began:.0f} s; indexed in {took:.0f} s, "
        f"{articles / took:,.0f} a second; index {(database.stat().st_size - size) / 1e6:,.0f} MB"
    )


def _questions(conn: sqlite3.Connection, articles: int) -> dict[str, list[str]]:
    random = Random(5)
    conn.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, articles_fts, row)")
    shares = [
        (word, count / articles)
        for word, count in conn.execute("SELECT term, doc FROM temp.words WHERE doc > 20")
    ]
    rare = [word for word, share in shares if 0.001 < share <= 0.02]
    middling = [word for word, share in shares if 0.02 < share <= 0.15]
    common = [word for word, share in shares if share > 0.15]
    ids = [random.randint(1, articles) for _ in range(_ASKED)]
    texts = [
        conn.execute("SELECT title, lead FROM article_texts WHERE article_id = ?", [n]).fetchone()
        for n in ids
    ]
    phrases = [_run(random, lead) for _, lead in texts[: _ASKED // 2]]
    starts = [
        word[:3] for word in random.choices(common + middling, k=_ASKED // 5) if len(word) > 3
    ]
    loose = [" ".join(_run(random, lead).split()[:3]) for _, lead in texts[_ASKED // 2 :]]
    anything = [
        *random.choices(common, k=_ASKED // 2), *(f'"{phrase}"' for phrase in phrases),
        *(f"{start}*" for start in starts), *loose,
    ]  # fmt: skip
    keys = [
        key
        for (key,) in conn.execute(
            f"SELECT key FROM articles WHERE id IN ({','.join(map(str, ids))})"
        )
    ]
    return {
        "words in up to 2 % of articles": _searches(random.choices(rare, k=_ASKED)),
        "words in up to 15 %": _searches(random.choices(middling, k=_ASKED)),
        "any word, phrase or beginning": _searches(anything),
        "of these: words": _searches(anything[: _ASKED // 2]),
        "of these: phrases": _searches([f'"{phrase}"' for phrase in phrases]),
        "of these: beginnings": _searches([f"{start}*" for start in starts]),
        "of these: several words": _searches(loose),
        "article pages": [f"/a/{key}" for key in keys],
        "home": ["/"] * 20,
        "Datasette: articles, first page": ["/halong/articles"] * 20,
        "Datasette: words up to 2 %": [
            str(httpx.URL("/halong/articles", params={"_search": word}))
            for word in random.choices(rare, k=20)
        ],
    }


def _run(random: Random, text: str) -> str:
    words = text.rstrip(".").lower().split()
    start = random.randrange(max(len(words) - 4, 1))
    return " ".join(words[start : start + random.randint(2, 4)])


def _searches(queries: list[str]) -> list[str]:
    return [str(httpx.URL("/search", params={"q": query})) for query in queries]


def _asked(client: httpx.Client, paths: list[str]) -> tuple[float, float]:
    """Milliseconds that half, and 95 of 100, of the answers did not exceed."""
    for path in paths:  # so that what is measured is not the disk
        client.get(path)
    taken = []
    for path in paths:
        began = time.perf_counter()
        answer = client.get(path)
        taken.append(1000 * (time.perf_counter() - began))
        if answer.status_code != 200 and not path.startswith("/halong"):
            print(f"  {answer.status_code} for {path}")
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.95)]


@contextmanager
def _served(archive: Path) -> Iterator[httpx.Client]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "halong_crawler.cli", "serve", "--archive", str(archive),
               "--port", str(port)]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            _wait(client, server)
            yield client
    finally:
        server.terminate()
        server.wait()


def _wait(client: httpx.Client, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            client.get("/robots.txt")
        except httpx.ConnectError:
            time.sleep(0.2)
        else:
            return
    sys.exit(f"the server ended with {server.returncode}")


if __name__ == "__main__":
    main()
