"""Large archives of made-up Vietnamese articles: only their sizes and frequencies are real.

Syllables follow the sounds of Vietnamese and Zipf's law, so the commonest stand in most articles,
as *và* and *của* do; bodies are about 3 KB. Articles are numbered as a first crawl meets
them: the newest third first, back in time, then as they appear.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import accumulate, product
from pathlib import Path
from random import Random
from typing import NamedTuple
from unicodedata import normalize

from archive.fulltext import REINDEX_SQL
from archive.schema import create_statements

PORTALS = ("halong", "camphagov", "uongbigov", "quangninhgov")
FIRST, LAST = datetime(2006, 1, 1, tzinfo=UTC), datetime(2025, 6, 30, tzinfo=UTC)

_INITIALS = (
    *[
        "b",
        "c",
        "ch",
        "d",
        "đ",
        "g",
        "gi",
        "h",
        "k",
        "kh",
        "l",
        "m",
        "n",
        "ng",
        "nh",
        "ph",
        "qu",
        "r",
        "s",
        "t",
        "th",
        "tr",
        "v",
        "x",
    ],
    "",
)
_RIMES = [
    "a",
    "an",
    "ang",
    "anh",
    "ao",
    "ay",
    "ăn",
    "âm",
    "ân",
    "e",
    "em",
    "ên",
    "i",
    "iên",
    "inh",
    "o",
    "oa",
    "oan",
    "ong",
    "ôi",
    "ông",
    "ơi",
    "u",
    "uân",
    "ung",
    "ư",
    "ưng",
    "ương",
    "uyên",
]
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_SYLLABLES = 5600
_WORDS = 40_000
_SENTENCES = 120_000
_WORDS_A_SENTENCE = (9, 22)
_SENTENCES_A_BODY = (13, 27)
_PEOPLE = 600
_CATEGORIES = 24
_BATCH = 5_000


class Language:
    """Words and sentences, the same for the same seed."""

    def __init__(self, seed: int = 13) -> None:
        self._random = Random(seed)
        syllables = self._syllables()
        words = [self._word(syllables) for _ in range(_WORDS)]
        self.words = list(dict.fromkeys(words))
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))
        self.sentences = [self._sentence() for _ in range(_SENTENCES)]
        self.people = [self._name(syllables) for _ in range(_PEOPLE)]
        self.categories = [self.title(3) for _ in range(_CATEGORIES)]

    def _syllables(self) -> list[str]:
        made = [
            normalize("NFC", initial + rime[0] + tone + rime[1:])
            for initial, rime, tone in product(_INITIALS, _RIMES, _TONES)
        ]
        self._random.shuffle(made)
        return list(dict.fromkeys(made))[:_SYLLABLES]

    def _word(self, syllables: list[str]) -> str:
        """One or two syllables; the commonest are part of many words."""
        rank = int(self._random.paretovariate(0.55)) % len(syllables)
        if self._random.random() < 0.35:
            return syllables[rank]
        return f"{syllables[rank]} {self._random.choice(syllables)}"

    def _chosen(self, count: int) -> list[str]:
        return self._random.choices(self.words, cum_weights=self._weights, k=count)

    def _sentence(self) -> str:
        return " ".join(self._chosen(self._random.randint(*_WORDS_A_SENTENCE))).capitalize() + "."

    def _name(self, syllables: list[str]) -> str:
        return " ".join(self._random.choice(syllables).capitalize() for _ in range(3))

    def title(self, words: int) -> str:
        """A short run of words."""
        return " ".join(self._chosen(words)).capitalize()


def make(folder: Path, articles: int, seed: int = 13) -> Path:
    """An archive's database of so many articles; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "halong.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        for pragma in ("journal_mode = wal", "synchronous = off", "cache_size = -400000"):
            conn.execute(f"PRAGMA {pragma}")
        for statement in create_statements():
            if "TRIGGER article_texts" not in statement:
                conn.execute(statement)
        conn.execute("BEGIN")
        _fill(conn, articles, seed)
        conn.execute("COMMIT")
    return path


def index(path: Path) -> None:
    """Build the full-text index and the planner's statistics."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA synchronous = off")
        conn.execute("PRAGMA cache_size = -400000")
        conn.execute("BEGIN")
        for statement in REINDEX_SQL:
            conn.execute(statement)
        conn.execute("COMMIT")
        for statement in create_statements():
            if "TRIGGER article_texts" in statement:
                conn.execute(statement)
        conn.execute("PRAGMA wal_checkpoint(truncate)")


def _fill(conn: sqlite3.Connection, articles: int, seed: int) -> None:
    language, random = Language(seed), Random(seed)
    conn.execute("INSERT INTO schema_info VALUES (6, '2025-07-01T00:00:00Z', 'bench')")
    conn.executemany(
        "INSERT INTO portals VALUES (?, ?, ?, ?, 'district', 'Quảng Ninh', 'halong_cms', 'vi', "
        "'Asia/Ho_Chi_Minh', '2006-01-01')",
        [(name, name.title(), name.title(), f"https://{name}.example/") for name in PORTALS],
    )
    conn.execute(
        "INSERT INTO crawls(id, portal, started_at, finished_at, status, options, generator) "
        "VALUES (1, 'halong', '2025-06-30T00:00:00Z', '2025-06-30T01:00:00Z', 'finished', '{}', "
        "'bench')"
    )
    conn.executemany(
        "INSERT INTO people(id, name, name_key) VALUES (?, ?, ?)",
        [(n, name, name.lower() + str(n)) for n, name in enumerate(language.people, 1)],
    )
    batch: list[_Made] = []
    for row in _articles(language, random, articles):
        batch.append(row)
        if len(batch) == _BATCH:
            _insert(conn, batch, language, random)
            batch = []
    _insert(conn, batch, language, random)


class _Made(NamedTuple):
    number: int
    portal: str
    title: str
    lead: str
    paragraphs: list[str]
    category: str
    published: str | None
    person: int


def _articles(language: Language, random: Random, count: int) -> Iterator[_Made]:
    span = (LAST - FIRST) / count
    backwards = count * 2 // 3
    for number in range(1, count + 1):
        day = FIRST + span * (backwards - number if number <= backwards else number)
        sentences = random.choices(language.sentences, k=random.randint(*_SENTENCES_A_BODY))
        paragraphs = [" ".join(sentences[i : i + 4]) for i in range(0, len(sentences), 4)]
        paragraphs.append(f"Số {number % 5000}/QĐ-UBND ngày {day:%d/%m/%Y}.")
        dated = (day + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:00+07:00")
        yield _Made(
            number,
            random.choices(PORTALS, weights=(5, 2, 1, 8))[0],
            language.title(random.randint(4, 8)),
            random.choice(language.sentences),
            paragraphs,
            random.choice(language.categories),
            dated if random.random() > 0.02 else None,
            random.randrange(len(language.people)),
        )


_SEEN = "2025-06-30T03:15:00Z"


def _insert(
    conn: sqlite3.Connection, batch: list[_Made], language: Language, random: Random
) -> None:
    articles, texts, versions, captures, signed, files = [], [], [], [], [], []
    for one in batch:
        body = "\n\n".join(one.paragraphs)
        html = "".join(f"<p>{part}</p>" for part in one.paragraphs)
        digest = sha256(body.encode()).hexdigest()
        key = f"{one.portal}-{one.number}"
        url = f"https://{one.portal}.example/bai-{one.number}.html"
        removed = _SEEN if random.random() < 0.02 else None
        states = 2 if random.random() < 0.03 else 1
        byline = language.people[one.person]
        authors = json.dumps([{"name": byline, "role": "writer", "printed": byline}])
        articles.append((
            one.number, key, one.portal, str(one.number), url, one.title, one.lead, byline,
            one.category, one.published, "minute" if one.published else None,
            "removed" if removed else "live", _SEEN, _SEEN, _SEEN, removed, states,
            len(body.split()), digest, "{}", "1",
        ))  # fmt: skip
        attached = "ke-hoach.pdf" if random.random() < 0.05 else ""
        texts.append((one.number, one.title, one.lead, body, byline, attached))
        if attached:
            files.append((one.number, 1, f"{url}.pdf", attached))
        versions.extend(
            (one.number, state, _SEEN, _SEEN if state > 1 else None,
             '["body"]' if state > 1 else "[]", one.title, one.lead, body, html, byline, authors,
             json.dumps([one.category]), "[]", "[]", "[]", one.published, digest, "1", one.number)
            for state in range(1, states + 1)
        )  # fmt: skip
        captures.append(
            (one.number, 1, one.portal, one.number, url, _SEEN, 200, "text/html", "article")
        )
        signed.append((one.number, 1, one.person + 1, "writer", byline))
    conn.executemany(
        "INSERT INTO articles(id, key, portal, source_id, url, title, lead, byline, category, "
        "published_at, published_precision, status, first_seen_at, last_seen_at, changed_at, "
        "removed_at, version_count, word_count, content_sha256, evidence, parser_version) "
        "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        articles,
    )
    conn.executemany("INSERT INTO article_texts VALUES (?,?,?,?,?,?)", texts)
    conn.executemany(
        "INSERT INTO captures(id, crawl_id, portal, article_id, url, fetched_at, status, "
        "media_type, outcome) VALUES (?,?,?,?,?,?,?,?,?)",
        captures,
    )
    conn.executemany(
        "INSERT INTO article_versions(article_id, number, captured_at, previous_seen_at, changed, "
        "title, lead, body, body_html, byline, authors, category, tags, images, attachments, "
        "published_at, content_sha256, parser_version, capture_id) "
        "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        versions,
    )
    conn.executemany("INSERT INTO article_people VALUES (?,?,?,?,?)", signed)
    conn.executemany(
        "INSERT INTO attachments(article_id, position, url, filename) VALUES (?,?,?,?)", files
    )
