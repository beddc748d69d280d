"""Certificates made for a test, and servers on loopback that show them."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

AIA = "http://ca.example.vn/intermediate.crt"


@dataclass(frozen=True)
class Signed:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def signed(
    name: str, by: Signed | None = None, *, is_ca: bool = False, days: int = 30, host: str = ""
) -> Signed:
    """A certificate for ``name``, valid for ``days`` (none left below 0), signed by another."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name)
    end = datetime.now(UTC) + timedelta(days=days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - timedelta(days=60))
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if host:
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
        builder = builder.add_extension(names, critical=False)
    if by:
        place = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(AIA)
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([place]), critical=False)
    return Signed(builder.sign((by or Signed(None, key)).key, SHA256()), key)  # type: ignore[arg-type]


def server_context(folder: Path, leaf: Signed, *chain: Signed) -> ssl.SSLContext:
    """What a server needs to show a certificate with what it sends of its chain."""
    folder.mkdir(parents=True, exist_ok=True)
    shown, key = folder / "shown.pem", folder / "key.pem"
    shown.write_bytes(b"".join(each.pem for each in (leaf, *chain)))
    key.write_bytes(leaf.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, key)
    return context


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
