"""Certificates: never unverified, the portal's own authorities trusted, faults told in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.place import Archive
from tests.crawl.certificates import AIA, Signed, server_context, signed
from tests.crawl.conftest import Rows
from tests.crawl.runs import halong
from tests.crawl.served import Answer, Served, article_page, descriptor

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Authority:
    root: Signed
    intermediate: Signed
    leaf: Signed
    expired: Signed
    elsewhere: Signed


@pytest.fixture(scope="module")
def authority() -> Authority:
    root = signed("Gốc thử", is_ca=True)
    intermediate = signed("Trung gian thử", root, is_ca=True)
    return Authority(
        root,
        intermediate,
        signed("vidu.gov.vn", intermediate, host=HOST),
        signed("vidu.gov.vn", intermediate, host=HOST, days=-3),
        signed("vidu.gov.vn", intermediate, host="127.0.0.9"),
    )


def crawl(
    tmp_path: Path, leaf: Signed, *chain: Signed, ca: bytes | None, code: int
) -> tuple[Rows, str]:
    archive = Archive(tmp_path / "archive")
    archive.create()
    pages = {"/": Answer(article_page("Một tin")), "/robots.txt": Answer(status=404)}
    with Served(pages, tls=server_context(tmp_path / "server", leaf, *chain)) as served:
        text = descriptor(served.host).replace("http://", "https://")
        if ca is not None:
            text += '[tls]\nca = "ca.pem"\n'
            (archive.portals_dir / "ca.pem").write_bytes(ca)
        (archive.portals_dir / "small.toml").write_text(text, "utf-8")
        return Rows(archive), halong("crawl", "small", archive=archive, code=code)


def test_a_missing_intermediate_is_named_with_where_it_is(
    tmp_path: Path, authority: Authority
) -> None:
    rows, output = crawl(tmp_path, authority.leaf, ca=None, code=6)
    (note,) = set(rows.all("SELECT note FROM captures WHERE outcome = 'untrusted'"))
    words = note[0]
    assert "without the certificate of its issuer" in words
    assert f"name the issuer's certificate in [tls] ca (it is at {AIA})" in words
    assert "'vidu.gov.vn', issued by 'Trung gian thử'" in words
    assert output.count(f"WARNING {HOST}") >= 1
    assert len([line for line in output.splitlines() if line.endswith(words)]) == 1
    assert rows.one("SELECT count(*) FROM captures WHERE status IS NOT NULL") == 0
    assert rows.one("SELECT state FROM _frontier") == "pending"


def test_the_intermediate_named_in_the_descriptor_is_enough(
    tmp_path: Path, authority: Authority
) -> None:
    rows, _ = crawl(tmp_path, authority.leaf, ca=authority.intermediate.pem, code=0)
    assert rows.one("SELECT count(*) FROM captures WHERE status = 200") == 1


def test_the_root_named_in_the_descriptor_is_enough(tmp_path: Path, authority: Authority) -> None:
    chain = (authority.leaf, authority.intermediate)
    rows, _ = crawl(tmp_path, *chain, ca=authority.root.pem, code=0)
    assert rows.one("SELECT count(*) FROM captures WHERE status = 200") == 1


def test_a_page_is_probed_with_the_certificates_of_its_portal(
    tmp_path: Path, authority: Authority
) -> None:
    archive = Archive(tmp_path / "archive")
    archive.create()
    pages = {"/": Answer(article_page("Một tin"))}
    with Served(pages, tls=server_context(tmp_path / "server", authority.leaf)) as served:
        url = f"https://{served.host}/"
        assert "its certificate: " in halong("probe", url, archive=archive, code=8)
        text = descriptor(served.host).replace("http://", "https://") + '[tls]\nca = "ca.pem"\n'
        (archive.portals_dir / "ca.pem").write_bytes(authority.intermediate.pem)
        (archive.portals_dir / "small.toml").write_text(text, "utf-8")
        assert "portal    small" in halong("probe", url, archive=archive)


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("expired", "its certificate expired on"),
        ("elsewhere", "is for another address (127.0.0.9)"),
    ],
)
def test_a_trusted_authority_excuses_nothing_else(
    tmp_path: Path, authority: Authority, which: str, words: str
) -> None:
    leaf = getattr(authority, which)
    rows, output = crawl(tmp_path, leaf, ca=authority.intermediate.pem, code=6)
    assert words in output
    assert words in rows.one("SELECT max(note) FROM captures WHERE outcome = 'untrusted'")
    assert rows.one("SELECT count(*) FROM captures WHERE status IS NOT NULL") == 0


def test_a_self_signed_certificate_is_told_apart(tmp_path: Path) -> None:
    alone = signed("tu-ky.gov.vn", host=HOST)
    _, output = crawl(tmp_path, alone, ca=None, code=6)
    assert "is self-signed" in output


def test_an_unusable_bundle_is_told_before_the_crawl(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.create()
    text = descriptor("vidu.example.vn") + '[tls]\nca = "ca.pem"\n'
    (archive.portals_dir / "small.toml").write_text(text, "utf-8")
    assert "tls.ca: " in halong("crawl", "small", archive=archive, code=3)
    (archive.portals_dir / "ca.pem").write_text("no certificate", "utf-8")
    assert "holds no PEM certificates" in halong("crawl", "small", archive=archive, code=3)
