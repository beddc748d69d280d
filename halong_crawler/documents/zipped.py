"""The parts of a zipped document, unpacked within bounds and parsed without entities."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from halong_crawler.documents.outcome import Limits, Refused

_LOCKED = 0x1
"""The flag of a zip member that wants a password."""


class Package:
    """A zip in memory. Raises :class:`Refused` for one that is torn, locked or a bomb."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits = limits
        self._room = limits.unpacked
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise Refused("damaged", f"the zip is torn ({error})") from error
        self.names = frozenset(self._zip.namelist())
        if any(info.flag_bits & _LOCKED for info in self._zip.infolist()):
            raise Refused("encrypted", "its parts want a password")

    def xml(self, name: str) -> etree._Element | None:
        """A part, parsed; None if the package has none of this name."""
        if name not in self.names:
            return None
        if self._zip.getinfo(name).file_size > self._limits.part:
            raise Refused("too_large", f"{name} unpacks to more than {self._limits.part} bytes")
        data = b"".join(self._chunks(name))
        if len(data) > self._limits.part:
            raise Refused("too_large", f"{name} unpacks to more than {self._limits.part} bytes")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
                raise MemoryError from error
            if error.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
                raise Refused("too_large", f"{name} holds more than a document does") from error
            raise

    def elements(self, name: str, *tags: str) -> Iterator[etree._Element]:
        """The elements of some tags, one at a time as they end; what is behind is let go."""
        parser: Any = etree.XMLPullParser(
            events=("end",), tag=tags, resolve_entities=False, no_network=True
        )
        for chunk in self._chunks(name):
            parser.feed(chunk)
            for _, element in parser.read_events():
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]

    def _chunks(self, name: str) -> Iterator[bytes]:
        try:
            part: IO[bytes]
            with self._zip.open(name) as part:
                while chunk := part.read(1 << 16):
                    self._room -= len(chunk)
                    if self._room < 0:
                        raise Refused(
                            "too_large", f"it unpacks to more than {self._limits.unpacked} bytes"
                        )
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise Refused("damaged", f"{name} cannot be unpacked ({error})") from error
