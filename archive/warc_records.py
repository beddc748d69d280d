"""WARC records that hold a message as it went over the wire, or refer to one that does."""

from __future__ import annotations

import io
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit, urlunsplit

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from archive.message import body_start, digest

_PROFILES = "http://netpreserve.org/warc/1.1/revisit/"


@dataclass(frozen=True, slots=True)
class Referred:
    """What a revisit record refers to (WARC 1.1, 6.7)."""

    profile: str
    """``identical-payload-digest`` or ``server-not-modified``."""
    url: str
    fetched_at: str
    record_id: str | None


def revisit_record(
    url: str, received: bytes, about: Mapping[str, str], repeats: Referred
) -> ArcWarcRecord:
    """A record of an answer's head; its payload digest is of the body that is left out."""
    start = body_start(received)
    named = {"WARC-Refers-To": repeats.record_id} if repeats.record_id else {}
    about = {
        **about, **named,
        "WARC-Profile": _PROFILES + repeats.profile,
        "WARC-Refers-To-Target-URI": ascii_url(repeats.url),
        "WARC-Refers-To-Date": repeats.fetched_at,
    }  # fmt: skip
    of_payload = digest(received[start:]) if start < len(received) else None
    return message_record(url, "revisit", received[:start], about, of_payload)


def message_record(
    url: str, kind: Literal["request", "response", "revisit"], message: bytes,
    about: Mapping[str, str], of_payload: str | None = None,
) -> ArcWarcRecord:  # fmt: skip
    """A record that holds a message as it went over the wire.

    The payload digest in the record is over the bytes that stand there after the head, chunks and
    all, as wget, warcio and pywb count it; :class:`archive.warc.Place` has that of the payload.
    ``of_payload``: that digest, where it is known.
    """
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": StatusAndHeadersParser.make_warc_id(),
        "WARC-Target-URI": url,
        **about,
        "WARC-Block-Digest": digest(message),
    }
    if kind != "revisit" and of_payload is None:
        of_payload = digest(message[body_start(message) :])
    if of_payload is not None:
        headers["WARC-Payload-Digest"] = of_payload
    direction = "request" if kind == "request" else "response"
    record_type = f"application/http; msgtype={direction}"
    about_it = StatusAndHeaders("", list(headers.items()), protocol="WARC/1.1")
    if kind == "revisit":  # of which warcio writes the head of the answer alone
        return ArcWarcRecord(
            "warc", kind, about_it, io.BytesIO(), _Verbatim(message), record_type, len(message),
            payload_length=0,
        )  # fmt: skip
    # With a head of its own, or by warcio's builder, the message would be made anew.
    return ArcWarcRecord(
        "warc", kind, about_it, io.BytesIO(message), None, record_type, len(message)
    )


class _Verbatim:
    """The head of a message as it came, which warcio writes as it is."""

    def __init__(self, head: bytes) -> None:
        self.headers_buff = head

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Nothing is made anew."""


def ascii_url(url: str) -> str:
    """The URL in ASCII, as a request line and a WARC header want it."""
    parts = urlsplit(url)
    user, at, place = parts.netloc.rpartition("@")
    if not place.isascii():
        host, colon, port = place.partition(":")
        try:
            place = host.encode("idna").decode("ascii") + colon + port
        except UnicodeError:
            place = quote(place, safe=string.punctuation, errors="replace")
    return quote(
        urlunsplit(parts._replace(netloc=user + at + place)),
        safe=string.punctuation,
        errors="replace",
    )
