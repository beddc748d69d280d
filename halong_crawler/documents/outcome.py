"""What reading a document comes to, and the bounds it is held in."""

from __future__ import annotations

from dataclasses import dataclass

from archive.records import TextStatus


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost. A law of 300 pages has under a million characters."""

    unpacked: int = 200_000_000
    """Bytes that the parts of a zipped file may unpack to, all together."""
    part: int = 64_000_000
    """Bytes of one part that is parsed as a whole."""
    pages: int = 3_000
    """Pages, sheets or slides that are read."""
    cells: int = 1_000_000
    """Cells of all sheets of a workbook."""
    characters: int = 5_000_000
    """Characters that are kept."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The text of a file."""

    pages: tuple[str, ...]
    status: TextStatus
    """A key of :data:`archive.schema.TEXT_STATUSES`."""
    note: str | None = None
    """What a reader should know: why it could not be read, what was left out."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader of one kind found: pages as the file has them."""

    pages: tuple[str, ...]
    status: TextStatus | None = None
    """None: ``read``, or ``empty`` without any text."""
    note: str | None = None


class Refused(Exception):  # noqa: N818 - not an error of ours: the file's state
    """A file that a reader knows it cannot read, with the status that says why."""

    def __init__(self, status: TextStatus, note: str) -> None:
        super().__init__(note)
        self.status = status
        self.note = note
