"""TLS: whom a portal's connection trusts, and what is wrong with a certificate in words.

Verification is never turned off. A descriptor may add certificates (``[tls] ca``) to the system's;
where a certificate still cannot be trusted, one more handshake asks why, and the note says which
certificate it is and what an archivist can do.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from OpenSSL import SSL, crypto
from service_identity import VerificationError
from twisted.internet.ssl import OpenSSLDefaultPaths
from twisted.web.client import BrowserLikePolicyForHTTPS
from twisted.web.iweb import IPolicyForHTTPS

_SECONDS = 15.0

_REASONS: dict[int, tuple[str, str]] = {
    9: ("is not valid before {not_before}", "check this machine's clock, or wait"),
    10: (
        "expired on {not_after}",
        "only the portal's operator can renew it; verification is not turned off",
    ),
    18: (
        "is self-signed: nobody vouches for it",
        "have its operator confirm the fingerprint, and name the certificate itself in [tls] ca",
    ),
    19: (
        "comes from an authority that this system does not know",
        "if that authority is to be trusted, name its certificate in [tls] ca",
    ),
    20: (
        "comes without the certificate of its issuer, which the server should send",
        "name the issuer's certificate in [tls] ca{where}",
    ),
    62: ("is for another host ({names})", "correct the host in the descriptor"),
    64: ("is for another address ({names})", "correct the host in the descriptor"),
}
"""OpenSSL's verify code → what is wrong with the certificate, and what to do."""

_SAME_AS = {21: 20, 2: 20}


class ExtraTrust(OpenSSLDefaultPaths):
    """The system's authorities and the certificates of a PEM file (Twisted's trust root)."""

    def __init__(self, ca: Path) -> None:
        self.certificates = x509.load_pem_x509_certificates(ca.read_bytes())

    def _addCACertsToContext(self, context: SSL.Context) -> None:  # noqa: N802
        super()._addCACertsToContext(context)  # type: ignore[no-untyped-call]
        store = context.get_cert_store()
        assert store is not None
        for certificate in self.certificates:
            store.add_cert(crypto.X509.from_cryptography(certificate))
        # An intermediate that the archivist names is trusted, whatever it was issued by.
        store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)


def policy(trust: ExtraTrust) -> IPolicyForHTTPS:
    """Certificates and host names are verified, against this trust."""
    made: IPolicyForHTTPS = BrowserLikePolicyForHTTPS(trustRoot=trust)  # type: ignore[no-untyped-call, assignment]
    return made


def is_untrusted(error: BaseException) -> bool:
    """Whether a request failed because the server's certificate was not accepted."""
    return any(
        isinstance(each, VerificationError)
        or (isinstance(each, SSL.Error) and "certificate verify failed" in str(each))
        for each in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and the reasons Twisted gathers in it."""
    yield error
    if error.__cause__ is not None:
        yield from _causes(error.__cause__)
    for reason in getattr(error, "reasons", ()):
        yield from _causes(getattr(reason, "value", reason))


def diagnose(host: str, port: int, ca: Path | None) -> str:
    """What is wrong with a server's certificate, and what to do; one line.

    Blocks for up to half a minute; makes two handshakes and sends no request.
    """
    context = ssl.create_default_context()
    if ca is not None:
        context.load_verify_locations(ca)
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        _handshake(context, host, port)
    except ssl.SSLCertVerificationError as error:
        return _in_words(error, _certificate(host, port))
    except OSError as error:
        return f"its certificate was refused, and cannot be looked at again ({error})"
    return "its certificate was refused a moment ago, and is accepted now"


def _handshake(context: ssl.SSLContext, host: str, port: int) -> bytes:
    """The server's certificate, as DER."""
    with (
        socket.create_connection((host, port), timeout=_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        return secured.getpeercert(binary_form=True) or b""


def _certificate(host: str, port: int) -> x509.Certificate | None:
    """The certificate itself, unverified: only to be described."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        return x509.load_der_x509_certificate(_handshake(context, host, port))
    except (OSError, ValueError):
        return None


def _in_words(error: ssl.SSLCertVerificationError, certificate: x509.Certificate | None) -> str:
    code = _SAME_AS.get(error.verify_code, error.verify_code)
    wrong, remedy = _REASONS.get(code, (f"fails: {error.verify_message}", "look at it yourself"))
    if certificate is None:
        return f"its certificate was refused ({error.verify_message})"
    facts: dict[str, Any] = {
        "not_before": f"{certificate.not_valid_before_utc:%Y-%m-%d}",
        "not_after": f"{certificate.not_valid_after_utc:%Y-%m-%d}",
        "names": ", ".join(_names(certificate)) or "none",
        "where": _where(certificate),
    }
    return (
        f"its certificate {wrong.format(**facts)}; {remedy.format(**facts)}. Certificate: "
        f"{_name(certificate.subject)}, issued by {_name(certificate.issuer)}, "
        f"SHA-256 {certificate.fingerprint(SHA256()).hex()}"
    )


def _name(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return repr(str(common[0].value)) if common else repr(name.rfc4514_string())


def _names(certificate: x509.Certificate) -> list[str]:
    """The hosts and addresses a certificate is for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(name.value) for name in found]


def _where(certificate: x509.Certificate) -> str:
    """Where the issuer's certificate is to be had, by the certificate's own word (RFC 5280)."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except x509.ExtensionNotFound:
        return ""
    places = [
        str(each.access_location.value)
        for each in access.value
        if each.access_method == AuthorityInformationAccessOID.CA_ISSUERS
    ]
    return f" (it is at {places[0]})" if places else ""
