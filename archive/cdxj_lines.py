"""CDXJ lines of WARC files, as cdxj-indexer writes them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cdxj_indexer.main import CDXJIndexer, CompressedWriter
from warcio.archiveiterator import ArchiveIterator

from archive.warc import WarcError

_LINES_A_BLOCK = 1024
"""Lines in one packed block of an index, as other writers of WACZ have it."""


def lines(path: Path, name: str) -> Iterator[str]:
    """The lines of one WARC file, in its order; ``name`` is what they call it.

    An answer to a POST stands under its address with what was posted (``__wb_method=post``), so
    that it is not taken for the page at that address. Raises :class:`archive.warc.WarcError` or
    what damaged bytes raise in warcio.
    """
    output = _Lines()
    indexer = _Indexer(
        output, [], post_append=True, digest_records=True, fields="referrer", filename=name
    )
    with path.open("rb") as stream:
        indexer.process_one(stream, output, name)
        end, size = indexer.records.end, stream.seek(0, io.SEEK_END)
    if end != size:  # warcio passes over what it cannot read
        raise WarcError(f"of {size} bytes, {end} are whole records")
    yield from output.found


class _Lines(io.TextIOBase):
    """Keeps what is written to it."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def write(self, text: str) -> int:
        """Keep a line."""
        self.found.append(text)
        return len(text)


class _Indexer(CDXJIndexer):  # type: ignore[misc]  # it ships no types
    """cdxj-indexer that leaves bodies as they are stored."""

    def _create_record_iter(self, input_: Any) -> ArchiveIterator:
        self.records = _Stored(input_, arc2warc=True)
        return self.records


class _Stored(ArchiveIterator):  # type: ignore[misc]  # it ships no types
    """Records whose bodies are not decoded: one that a server sent damaged would end the index."""

    end = 0
    """Where the last whole record ended."""

    def __iter__(self) -> Iterator[Any]:
        return self

    def get_record_length(self) -> int:
        """How long the record is as stored, which is asked once it was read."""
        length: int = super().get_record_length()
        self.end = self.get_record_offset() + length
        return length

    def __next__(self) -> Any:
        record = super().__next__()
        record.content_stream = lambda: record.raw_stream
        return record


def packed(index: Iterator[str], out: Path, summary: Path) -> None:
    """Write sorted lines as ``index.cdx.gz`` (blocks of gzip) and ``index.idx`` (what is where)."""
    with out.open("wb") as data, summary.open("w", encoding="utf-8") as places:
        writer = CompressedWriter(
            places, data, num_lines=_LINES_A_BLOCK, data_out_name=out.name, digest_records=True
        )
        for line in index:
            writer.write(line)
        if writer.block:
            writer.flush()
