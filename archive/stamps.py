"""Time stamps: an authority's signed word that a head of the chain existed at a time (RFC 3161).

What is stamped is the head itself: it is SHA-256 over its entry's text, and so the message imprint
of that text. A token is kept with its entry in the table ``chain`` and as a line of
``warc/chain.jsonl``; ``openssl ts -verify -token_in`` reads it without Halong.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from archive import chain, der
from archive.place import ArchiveError
from archive.verify import Damage

SECONDS = 20.0
"""How long an authority may take; a crawl waits for it when it closes."""
LONGEST = 1 << 20
"""Bytes of an answer; a token with its certificates is some 6 KB."""

_SHA256 = "2.16.840.1.101.3.4.2.1"
_GRANTED = b"\x30\x03\x02\x01\x00"
"""PKIStatusInfo with status 0, in DER (RFC 3161, 2.4.2)."""
_HOW = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
}

_UNSIGNED = (
    VerificationError, ValueError, UnsupportedAlgorithm, x509.InvalidVersion,
    x509.DuplicateExtension, x509.UnsupportedGeneralNameType,
)  # fmt: skip
"""What a signature that does not hold, or a certificate that is damaged, ends in."""

Certificates = list[x509.Certificate]


class StampError(Exception):
    """No stamp could be had, or one is not good: one line that says what, where and why."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A token that was checked."""

    stamped_at: str
    """When, by the authority's clock (UTC)."""
    token: str
    """The token, DER in base64."""


def certificates(path: Path | None) -> Certificates:
    """The certificates of a PEM file: those a token's signature must lead to; none without file.

    Raises :class:`ArchiveError` for a file that cannot be read as such.
    """
    if path is None:
        return []
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise ArchiveError(
            f"{path}: cannot be read ({error.strerror}); name the authority's CA certificate"
        ) from error
    except ValueError as error:
        raise ArchiveError(f"{path}: holds no certificate in PEM") from error


def unstamped(connection: sqlite3.Connection) -> list[int]:
    """Numbers of the entries that have no stamp, the newest first."""
    rows = connection.execute("SELECT number FROM chain WHERE token IS NULL ORDER BY number DESC")
    return [number for (number,) in rows]


def keep(
    connection: sqlite3.Connection, warc_dir: Path, number: int, authority: str,
    trusted: Certificates,
) -> Stamp:  # fmt: skip
    """Have an authority stamp an entry, check its answer and keep the token.

    Called outside of a transaction, by the one writer. Raises :class:`StampError` where no good
    stamp can be had, :class:`ArchiveError` where it cannot be written.
    """
    head, text = connection.execute(
        "SELECT head, entry FROM chain WHERE number = ?", [number]
    ).fetchone()
    stamp = ask(authority, text, trusted)
    # The file first: what a kill leaves only there is taken in from it.
    chain.note(
        warc_dir,
        {"stamp": {"number": number, "head": head, "stamped_at": stamp.stamped_at,
                   "authority": authority, "token": stamp.token}},
    )  # fmt: skip
    connection.execute(
        "UPDATE chain SET stamped_at = ?, authority = ?, token = ? WHERE number = ?",
        [stamp.stamped_at, authority, stamp.token, number],
    )
    return stamp


def stamp_all(
    connection: sqlite3.Connection, warc_dir: Path, authority: str, trusted: Certificates,
    on_stamp: Callable[[int, Stamp], None] = lambda *_: None,
) -> None:  # fmt: skip
    """Stamp every entry that has no stamp, the newest first: it stands for those before.

    Stops at the first that fails, so that an authority that is away is waited for once. Raises as
    :func:`keep` does.
    """
    for number in unstamped(connection):
        on_stamp(number, keep(connection, warc_dir, number, authority, trusted))


def ask(authority: str, text: str, trusted: Certificates) -> Stamp:
    """A stamp over an entry's text, with SHA-256, nonce and certificates asked for.

    Raises :class:`StampError`.
    """
    asked = (
        TimestampRequestBuilder()
        .data(text.encode())
        .hash_algorithm(HashAlgorithm.SHA256)
        .nonce(nonce=True)
        .cert_request(cert_request=True)
        .build()
    )
    raw = _post(authority, asked.as_bytes())
    try:
        response = _decoded(raw)
        if response.status not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
            words = "; ".join(response.status_string) or "it gives no reason"
            name = PKIStatus(response.status).name.lower().replace("_", " ")
            raise StampError(f"{authority}: refuses the stamp: {name} ({words})")
        nonce = response.tst_info.nonce
        token = response.time_stamp_token()
    except ValueError as error:
        raise StampError(f"{authority}: its answer is no time stamp ({error})") from error
    if nonce != asked.nonce:
        raise StampError(f"{authority}: its stamp answers another request (wrong nonce)")
    encoded = base64.b64encode(token).decode()
    try:
        return Stamp(check(encoded, chain.head_of(text), trusted), encoded)
    except StampError as error:
        raise StampError(f"{authority}: {error}") from error


def check(token: str, head: str, trusted: Certificates) -> str:
    """When a token says its head was there (UTC); its signature is checked by ``trusted`` if any.

    Raises :class:`StampError` for a token that is over something else or not signed as it should.
    """
    try:
        response = _response(base64.b64decode(token, validate=True))
        info = response.tst_info
        imprint, at = info.message_imprint, info.gen_time
    except ValueError as error:
        raise StampError(f"its token is no time stamp ({error})") from error
    if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message.hex() != head:
        raise StampError("its stamp is over another head (wrong message imprint)")
    if trusted:
        builder = VerifierBuilder(roots=list(trusted))
        try:
            builder.build().verify(response, bytes.fromhex(head))
        except _UNSIGNED as error:
            raise StampError(
                f"its stamp is not signed by the authority that is trusted ({error})"
            ) from error
    return _utc(at)


def damages(
    connection: sqlite3.Connection, warc_dir: Path, trusted: Certificates
) -> Iterator[Damage]:
    """Every token against its entry, and against its line in the chain's file."""
    kept = {
        number: (head, at, authority, token)
        for number, head, at, authority, token in connection.execute(
            "SELECT number, head, stamped_at, authority, token FROM chain "
            "WHERE token IS NOT NULL ORDER BY number"
        )
    }
    for number, (head, at, _, token) in kept.items():
        where = f"chain {number}"
        try:
            said = check(token, head, trusted)
        except StampError as error:
            yield Damage(where, str(error))
            continue
        if said != at:
            yield Damage(where, f"stamped_at is {at}, its token says {said}")
    try:
        lines = {each["number"]: each for each in chain.stamp_lines(warc_dir)}
    except (ArchiveError, UnicodeDecodeError):
        return  # told with the entries of the same file
    for number, row in kept.items():
        names = ("head", "stamped_at", "authority", "token")
        if tuple(lines.get(number, {}).get(name) for name in names) != row:
            yield Damage(f"warc/{chain.FILE}", f"the stamp of entry {number} is not the database's")


def _post(authority: str, data: bytes) -> bytes:
    """The authority's answer (RFC 3161, 3.4)."""
    if urlsplit(authority).scheme not in ("http", "https"):
        raise StampError(f"{authority}: is no http or https address of a time-stamp authority")
    request = Request(authority, data, _HOW)  # noqa: S310
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            raw: bytes = answer.read(LONGEST + 1)
    except (OSError, HTTPException, ValueError) as error:
        why = getattr(error, "reason", None) or error
        raise StampError(f"{authority}: gives no answer ({why})") from error
    if len(raw) > LONGEST:
        raise StampError(f"{authority}: its answer is longer than {LONGEST:,} bytes")
    return raw


def _response(token: bytes) -> TimeStampResponse:
    """A token as the answer it came in: what is kept is the token, what is read are answers."""
    return _decoded(der.element(0x30, _GRANTED + token))


def _decoded(answer: bytes) -> TimeStampResponse:
    """Raises ValueError for what is no answer (TimeStampResp)."""
    return decode_timestamp_response(der.ordered(answer))


def _utc(at: datetime) -> str:
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
