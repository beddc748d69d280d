"""Time stamps against ``openssl ts`` on loopback: kept, checked, carried on."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive import chain, fixity, stamps
from archive.place import Archive, ArchiveError
from archive.reader import reading
from archive.store import Store
from tests.archive.authority import Authority, openssl
from tests.archive.kept import crawl
from tests.crawl.runs import halong

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")


@pytest.fixture(scope="module")
def one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    made = Authority(tmp_path_factory.mktemp("tsa") / "authority")
    yield made
    made.stop()


@pytest.fixture
def authority(one_authority: Authority) -> Authority:
    one_authority.mood, one_authority.asked = "good", 0
    return one_authority


@pytest.fixture(scope="module")
def two_crawls(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    archive = Archive(tmp_path_factory.mktemp("kept") / "archive")
    for day in (1, 2):
        crawl(archive, day, range(3))
    return archive


@pytest.fixture
def archive(two_crawls: Archive, tmp_path: Path) -> Archive:
    shutil.copytree(two_crawls.path, tmp_path / "archive")
    return Archive(tmp_path / "archive")


def stamp_all(archive: Archive, authority: Authority) -> None:
    trusted = stamps.certificates(authority.ca)
    with Store(archive, generator="test/1") as store:
        stamps.stamp_all(store.connection, archive.warc_dir, authority.url, trusted)


def heads(archive: Archive) -> list[chain.Head]:
    with reading(archive) as connection:
        return chain.heads(connection)


def damages(archive: Archive, ca: Path | None = None) -> list[str]:
    trusted = stamps.certificates(ca)
    with reading(archive) as connection:
        found = fixity.run(archive, connection, trusted=trusted).damages
    return [str(each) for each in found]


def openssl_verifies(token: str, head: str, ca: Path, folder: Path) -> bool:
    (folder / "token.der").write_bytes(base64.b64decode(token))
    said = openssl("ts", "-verify", "-digest", head, "-in", folder / "token.der", "-token_in",
                   "-CAfile", ca)  # fmt: skip
    return b"Verification: OK" in said


def test_openssl_verifies_the_tokens_that_are_kept(
    archive: Archive, authority: Authority, tmp_path: Path
) -> None:
    said = halong("stamp", "--tsa", authority.url, "--tsa-ca", str(authority.ca), archive=archive)
    assert said.count(": stamped 20") == 2
    for head in heads(archive):
        assert head.token is not None
        assert head.authority == authority.url
        assert openssl_verifies(head.token, head.head, authority.ca, tmp_path)
    again = halong("stamp", "--tsa", authority.url, archive=archive)
    assert "Every root has its stamp." in again
    assert authority.asked == 2
    said = halong("verify", "--tsa-ca", str(authority.ca), archive=archive)
    assert "time stamps" in said


@pytest.mark.parametrize(
    ("mood", "told"),
    [
        ("nonce", "its stamp answers another request (wrong nonce)"),
        ("imprint", "its stamp is over another head (wrong message imprint)"),
        ("refused", "refuses the stamp: rejection ("),
        ("garbage", "its answer is no time stamp ("),
        ("away", "gives no answer (Service Unavailable)"),
    ],
)
def test_a_bad_answer_is_one_clear_line_and_nothing_is_kept(
    archive: Archive, authority: Authority, mood: str, told: str
) -> None:
    authority.mood = mood
    said = halong("stamp", "--tsa", authority.url, archive=archive, code=13)
    assert said.startswith(f"Error: {authority.url}: ")
    assert told in said
    assert said.count("\n") == 1
    assert [head.token for head in heads(archive)] == [None, None]
    assert damages(archive) == []


def test_an_authority_that_hangs_is_waited_for_once(
    archive: Archive, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.mood = "slow"
    monkeypatch.setattr(stamps, "SECONDS", 0.3)
    with pytest.raises(stamps.StampError, match="gives no answer \\(timed out\\)"):
        stamp_all(archive, authority)
    assert authority.asked == 1


def test_a_stamp_of_another_authority_is_refused(
    archive: Archive, authority: Authority, tmp_path: Path
) -> None:
    other = Authority(tmp_path / "other")
    other.stop()
    said = halong("stamp", "--tsa", authority.url, "--tsa-ca", str(other.ca), archive=archive,
                  code=13)  # fmt: skip
    assert "its stamp is not signed by the authority that is trusted" in said
    stamp_all(archive, authority)
    assert damages(archive, authority.ca) == []
    found = damages(archive, other.ca)
    assert len(found) == 2
    assert all("not signed by the authority" in each for each in found)


def test_a_file_without_certificates_is_told(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("no")
    with pytest.raises(ArchiveError, match=r"no\.pem: holds no certificate in PEM"):
        stamps.certificates(tmp_path / "no.pem")
    with pytest.raises(ArchiveError, match="cannot be read"):
        stamps.certificates(tmp_path / "none.pem")


def test_a_token_that_was_moved_or_altered_is_found(archive: Archive, authority: Authority) -> None:
    stamp_all(archive, authority)
    tokens = [head.token for head in reversed(heads(archive))]
    with Store(archive, generator="test/1") as store:  # seals are renewed with the rows
        store.connection.execute("UPDATE chain SET token = ? WHERE number = 1", [tokens[1]])
        store.connection.execute(
            "UPDATE chain SET stamped_at = '2001-01-01T00:00:00Z' WHERE number = 2"
        )
    found = damages(archive)
    assert "chain 1: its stamp is over another head (wrong message imprint)" in found
    assert any(each.startswith("chain 2: stamped_at is 2001") for each in found)
    assert "warc/chain.jsonl: the stamp of entry 1 is not the database's" in found


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_whatever_byte_of_a_token_is_damaged_it_is_good_or_told(authority: Authority) -> None:
    trusted = stamps.certificates(authority.ca)
    made = stamps.ask(authority.url, "text", trusted)
    token, head = base64.b64decode(made.token), chain.head_of("text")
    told = 0
    for at in range(len(token)):
        damaged = token[:at] + bytes([token[at] ^ 1]) + token[at + 1 :]
        try:
            said = stamps.check(base64.b64encode(damaged).decode(), head, trusted)
        except stamps.StampError:
            told += 1
        else:  # what is not under the signature, such as a certificate nobody asks for
            assert said == made.stamped_at
    assert told > len(token) / 2
    imprint = token.index(bytes.fromhex(head))
    damaged = token[:imprint] + b"!" + token[imprint + 1 :]
    with pytest.raises(stamps.StampError, match="over another head"):
        stamps.check(base64.b64encode(damaged).decode(), head, trusted)


def test_stamps_survive_the_loss_of_the_database_tables(
    archive: Archive, authority: Authority
) -> None:
    stamp_all(archive, authority)
    before = heads(archive)
    with closing(sqlite3.connect(archive.database)) as connection:
        for statement in ("DELETE FROM chain", "DELETE FROM _records",
                          "DELETE FROM _seals WHERE of_table = 'chain'"):  # fmt: skip
            connection.execute(statement)
        connection.commit()
    with Store(archive, generator="test/1") as store:
        store.close_chain()
    assert heads(archive) == before
    assert damages(archive, authority.ca) == []


def test_a_proof_carries_the_token_that_openssl_verifies(
    archive: Archive, authority: Authority, tmp_path: Path
) -> None:
    stamp_all(archive, authority)
    out = tmp_path / "proof.json"
    halong("prove", "halong-1", "--version", "1", "--out", str(out), archive=archive)
    proof = json.loads(out.read_text("utf-8"))
    (last,) = [each for each in proof["timestamps"] if each["head"] == proof["head"]]
    assert openssl_verifies(last["token"], proof["head"], authority.ca, tmp_path)
