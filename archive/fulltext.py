"""The full-text index: its table, the triggers that keep it in step and folded, its check."""

from __future__ import annotations

import sqlite3
from itertools import zip_longest

from archive.connection import savepoint
from archive.place import ArchiveError

FTS_COLUMNS = ("title", "lead", "body", "byline", "attachments")

# No tokenizer of SQLite folds đ: it is a letter of its own, not d with a mark. So the triggers
# write d for it (and for the look-alike Ð, U+00D0). Character counts and word borders do not
# move, so snippet() and highlight() still mark the right place in the original text.
FOLD_SQL = "replace(replace(replace({0},'đ','d'),'Đ','D'),'Ð','D')"


def _fts_values(row: str) -> str:
    return ", ".join(FOLD_SQL.format(f"{row}.{column}") for column in FTS_COLUMNS)


_FTS_NAMES = ", ".join(FTS_COLUMNS)

_TOKENIZER = 'tokenize="unicode61 remove_diacritics 2"'

FTS_TABLE_SQL = f"""
CREATE VIRTUAL TABLE articles_fts USING fts5(
  {_FTS_NAMES}, content='article_texts', content_rowid='article_id',
  {_TOKENIZER}
)"""

_FTS_DELETE = (
    f"INSERT INTO articles_fts(articles_fts, rowid, {_FTS_NAMES}) "  # noqa: S608
    f"VALUES ('delete', old.article_id, {_fts_values('old')});"
)
_FTS_INSERT = (
    f"INSERT INTO articles_fts(rowid, {_FTS_NAMES}) "  # noqa: S608
    f"VALUES (new.article_id, {_fts_values('new')});"
)

TRIGGERS: dict[str, str] = {
    "article_texts_ai": (
        f"CREATE TRIGGER article_texts_ai AFTER INSERT ON article_texts BEGIN {_FTS_INSERT} END"
    ),
    "article_texts_ad": (
        f"CREATE TRIGGER article_texts_ad AFTER DELETE ON article_texts BEGIN {_FTS_DELETE} END"
    ),
    "article_texts_au": (
        f"CREATE TRIGGER article_texts_au AFTER UPDATE OF {_FTS_NAMES} ON article_texts "
        f"BEGIN {_FTS_DELETE} {_FTS_INSERT} END"
    ),
}

# FTS5's own 'rebuild' reads article_texts as it stands and would index đ again.
REINDEX_SQL = (
    "INSERT INTO articles_fts(articles_fts) VALUES ('delete-all')",
    f"INSERT INTO articles_fts(rowid, {_FTS_NAMES}) "  # noqa: S608
    f"SELECT article_id, {_fts_values('article_texts')} FROM article_texts",
    "INSERT INTO articles_fts(articles_fts) VALUES ('optimize')",
)


_ASTRAY = """
SELECT (SELECT count(*) FROM
         (SELECT article_id FROM article_texts EXCEPT SELECT id FROM articles_fts_docsize))
     + (SELECT count(*) FROM
         (SELECT id FROM articles_fts_docsize EXCEPT SELECT article_id FROM article_texts))
"""


def fts_canary(connection: sqlite3.Connection) -> list[str]:
    """Words in the full-text index that begin with an unfolded đ: there must be none.

    Raises :class:`ArchiveError` when the index itself is damaged, or lacks texts.
    """
    try:
        # With rank 1 this would compare with article_texts, which is not folded.
        connection.execute("INSERT INTO articles_fts(articles_fts) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        # A file that is locked or may only be read says nothing about the index.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        raise ArchiveError(
            f"{file_of(connection)}: the full-text index is damaged ({error}); run halong reindex"
        ) from error
    if astray := out_of_step(connection):
        raise ArchiveError(
            f"{file_of(connection)}: the full-text index and {astray} texts are out of step; "
            "run halong reindex"
        )
    return unfolded(connection)


def out_of_step(connection: sqlite3.Connection) -> int:
    """How many texts the index lacks, or holds without their article. Writes nothing."""
    (astray,) = connection.execute(_ASTRAY).fetchone()
    return int(astray)


def unfolded(connection: sqlite3.Connection) -> list[str]:
    """Words in the index that begin with an unfolded đ. Writes nothing to the file."""
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, articles_fts, row)"
    )
    # A range of terms is looked up in the index; the tokenizer has made them lower case.
    rows = connection.execute(
        "SELECT term FROM temp.words WHERE term >= 'đ' AND term < 'đ' || char(1114111)"
    )
    return [term for (term,) in rows]


def misread(connection: sqlite3.Connection) -> int | None:
    """An article whose words in the index are not those of its text; None: there is none.

    The texts are indexed anew, beside, and compared word by word. Writes nothing to the file, where
    FTS5's own check would want to write. Raises sqlite3.DatabaseError for an index torn apart.
    """
    run = connection.execute
    for name in ("again_words", "our_words", "again"):
        run(f"DROP TABLE IF EXISTS temp.{name}")
    run(f"CREATE VIRTUAL TABLE temp.again USING fts5({_FTS_NAMES}, content='', {_TOKENIZER})")
    run(
        f"INSERT INTO temp.again(rowid, {_FTS_NAMES}) "  # noqa: S608
        f"SELECT article_id, {_fts_values('article_texts')} FROM article_texts"
    )
    run("CREATE VIRTUAL TABLE temp.again_words USING fts5vocab(temp, again, instance)")
    run("CREATE VIRTUAL TABLE temp.our_words USING fts5vocab(main, articles_fts, instance)")
    ours, again = (run(f"SELECT term, doc, col, offset FROM temp.{name}_words")  # noqa: S608
                   for name in ("our", "again"))  # fmt: skip
    for one, other in zip_longest(ours, again):
        if one != other:
            return int((one or other)[1])
    return None


def reindex(connection: sqlite3.Connection) -> None:
    """Build the full-text index anew, folded: all of it, or (after a kill) nothing."""
    with savepoint(connection, "reindex"):
        for statement in REINDEX_SQL:
            connection.execute(statement)


def file_of(connection: sqlite3.Connection) -> str:
    """The database's file, in words for a message."""
    (path,) = connection.execute(
        "SELECT file FROM pragma_database_list WHERE name = 'main'"
    ).fetchone()
    return path or "the database in memory"
