"""Descriptors: what loads, what covers what, and how faults are told."""

import textwrap
from pathlib import Path

import pytest

from halong_crawler.platforms import PLATFORMS
from halong_crawler.portal import BUILTIN, DescriptorError, Portal, find, load, load_all

GOOD = """
title_vi = "Cổng thông tin"
title_en = "A portal"
level = "district"
province = "Quảng Ninh"
platform = "generic"
hosts = ["example.gov.vn"]
seeds = ["https://example.gov.vn/"]
"""


def write(folder: Path, text: str, name: str = "mau") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def make(folder: Path, more: str = "", **replaced: str) -> Portal:
    lines = [line for line in GOOD.strip().splitlines() if line.split(" = ")[0] not in {*replaced}]
    own = [f"{key} = {value}" for key, value in replaced.items()]
    return load(write(folder, "\n".join([*lines, *own, more])))


def test_defaults(tmp_path: Path) -> None:
    portal = make(tmp_path)
    assert (portal.name, portal.language, portal.timezone) == ("mau", "vi", "Asia/Ho_Chi_Minh")
    assert portal.politeness.concurrency == 1
    assert portal.politeness.delay is None
    assert portal.minimum.articles == 0
    assert portal.sitemaps == portal.feeds == portal.listings == ()
    assert portal.article_urls == PLATFORMS["generic"].article_urls


def test_tables_and_single_selectors(tmp_path: Path) -> None:
    more = """
    [minimum]
    articles = 40
    [fill]
    title = 1.0
    [selectors]
    title = "h1.ten"
    source_id = ["div[id]@id~^bai-(\\\\d+)$", "a[href*='@x']@href"]
    [politeness]
    delay = 0.5
    depth = 3
    """
    portal = make(tmp_path, textwrap.dedent(more).replace("\\\\", "\\\\"))
    assert portal.minimum.articles == 40
    assert portal.fill == {"title": 1.0}
    assert portal.selectors["title"] == ("h1.ten",)
    assert portal.politeness.depth == 3


@pytest.mark.parametrize(
    ("replaced", "words"),
    [
        ({"platform": '"liferai"'}, ["platform", "did you mean 'liferay'"]),
        ({"platform": '"x"'}, ["known are", "halong_cms", "generic"]),
        ({"timezone": '"Asia/Saigonn"'}, ["timezone", "Asia/Ho_Chi_Minh"]),
        ({"timezone": '"../etc"'}, ["timezone", "unknown time zone"]),
        ({"article_url": "'-p(\\d+'"}, ["article_url", "is no regex"]),
        ({"article_url": "'-p(\\d+)'"}, ["article_url", "no group 'id'", "(?P<id>"]),
        ({"seeds": '["https://other.vn/"]'}, ["seeds", "https://other.vn/", "add 'other.vn'"]),
        ({"seeds": '["example.gov.vn"]'}, ["seeds", "is no URL", "https://"]),
        ({"seeds": "[]"}, ["seeds", "at least one"]),
        ({"hosts": '["https://example.gov.vn/"]'}, ["hosts", "without scheme"]),
        ({"hosts": '"example.gov.vn"'}, ["hosts", "give hosts such as"]),
        ({"level": '"city"'}, ["level", "province, district"]),
        ({"name": '"Hạ Long"'}, ["name", "small letters"]),
        ({"path_prefix": '"So/x"'}, ["path_prefix", "/So/soxaydung"]),
        ({"exclude_prefixes": '["/So/"]'}, ["exclude_prefixes", "without a slash at the end"]),
        ({"fill": "{ headline = 1.0 }"}, ["fill", "unknown field 'headline'", "title"]),
        ({"fill": "{ title = 1.5 }"}, ["fill.title", "share from 0 to 1"]),
        ({"selectors": "{ titel = 'h1' }"}, ["selectors", "did you mean 'title'"]),
        ({"selectors": "{ title = 'h1[' }"}, ["selectors", "'h1['", "is no CSS selector"]),
        ({"selectors": "{ title = 'h1@id~(' }"}, ["selectors", "the regex of"]),
        ({"politeness": "{ delai = 1 }"}, ["politeness.delai", "did you mean 'delay'"]),
        ({"politeness": "{ concurrency = 0 }"}, ["politeness.concurrency", "1 or more"]),
        ({"minimum": "{ articles = -1 }"}, ["minimum.articles", "whole number"]),
        ({"minimum": "3"}, ["minimum", "table"]),
        ({"seed": "[]"}, ["seed", "did you mean 'seeds'"]),
        ({"first_date": '"long ago"'}, ["first_date", "2009-01-31"]),
        ({"ranges": "[{ url = 'https://example.gov.vn/{id' }]"}, ["ranges", "neither {id} nor"]),
        (
            {"ranges": "[{ url = 'https://example.gov.vn/{id:>99999999999}' }]"},
            ["ranges", "neither"],
        ),
        ({"ranges": "[{ url = 'https://example.gov.vn/{id.__class__}' }]"}, ["ranges", "neither"]),
        (
            {"ranges": "[{ url = 'https://example.gov.vn/{year}' }]"},
            ["ranges", "{year} and {month}"],
        ),
        (
            {"ranges": "[{ url = 'https://example.gov.vn/{year}-{month:02}' }]"},
            ["ranges", "first_date"],
        ),
        ({"ranges": "[{ url = 'https://other.vn/{id}' }]"}, ["ranges", "add 'other.vn'"]),
        (
            {"ranges": "[{ url = 'https://example.gov.vn/{id}', first = 9, last = 3 }]"},
            ["ranges", "swap them"],
        ),
        ({"postbacks": "[{ listing = 'x' }]"}, ["postbacks", "is no URL"]),
        (
            {"postbacks": "[{ listing = 'https://example.gov.vn/', next = 'a', pager = 'b' }]"},
            ["postbacks", "several ways"],
        ),
        (
            {"postbacks": "[{ listing = 'https://example.gov.vn/', target = 'a' }]"},
            ["postbacks", "Page${page}"],
        ),
        ({"search": "{ url = 'https://example.gov.vn/tim' }"}, ["search", "no {term}"]),
        ({"extends": '"nobody"'}, ["extends", "no nobody.toml"]),
        ({"extends": '"quangninh_campha"'}, ["extends", "itself extends"]),
    ],
)
def test_a_fault_is_one_line_with_file_key_and_remedy(
    tmp_path: Path, replaced: dict[str, str], words: list[str]
) -> None:
    with pytest.raises(DescriptorError) as caught:
        make(tmp_path, **replaced)
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{tmp_path / 'mau.toml'}: ")
    for word in words:
        assert word in line


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(DescriptorError) as caught:
        load(write(tmp_path, 'title_vi = "x"\nplatform = "nope"\n'))
    keys = {line.split(": ")[1] for line in str(caught.value).splitlines()}
    assert keys == {"title_en", "level", "province", "platform", "hosts", "seeds"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'title_vi = "x\n', "line 1"),
        ('title_vi = "Hạ"\n'.encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "mau.toml"
    path.write_bytes(content)
    with pytest.raises(DescriptorError, match=words):
        load(path)
    with pytest.raises(DescriptorError, match="cannot be read"):
        load(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    ("hosts", "url", "covered"),
    [
        ('["example.gov.vn"]', "https://example.gov.vn/a", True),
        ('["example.gov.vn"]', "http://WWW.Example.gov.vn/a", True),
        ('["www.example.gov.vn"]', "http://example.gov.vn:80/a", True),
        ('["example.gov.vn"]', "http://sub.example.gov.vn/a", False),
        ('["example.gov.vn"]', "http://example.gov.vn:8080/a", False),
        ('["example.gov.vn", "*.example.gov.vn"]', "http://sub.example.gov.vn/a", True),
        ('["example.gov.vn", "*.example.gov.vn"]', "http://notexample.gov.vn/a", False),
        ('["example.gov.vn", "127.0.0.1:8000"]', "http://127.0.0.1:8000/a", True),
        ('["example.gov.vn", "127.0.0.1:8000"]', "http://127.0.0.1:8001/a", False),
        ('["example.gov.vn"]', "ftp://example.gov.vn/a", False),
        ('["example.gov.vn"]', "http://[half/", False),
    ],
)
def test_covers_hosts(tmp_path: Path, hosts: str, url: str, covered: bool) -> None:
    assert make(tmp_path, hosts=hosts).covers(url) is covered


def test_covers_paths() -> None:
    province, department = find("quangninh"), find("quangninh_soxaydung")
    for path in ("/So/soxaydung/Trang/a.aspx", "/so/SoXayDung", "/So/soxaydung?x=1"):
        assert department.covers(f"https://quangninh.gov.vn{path}")
        assert not province.covers(f"https://quangninh.gov.vn{path}")
    assert province.covers("https://quangninh.gov.vn/Trang/ChiTietTinTuc.aspx?nid=1")
    assert province.covers("https://quangninh.gov.vn/sothat")
    assert not department.covers("https://quangninh.gov.vn/So/soxaydung2/Trang/a.aspx")


def test_extends_takes_over_what_a_family_shares() -> None:
    province, department = find("quangninh"), find("quangninh_soxaydung")
    assert department.hosts == province.hosts
    assert department.politeness == province.politeness
    assert department.exclude_prefixes == department.listings == ()
    assert department.title_vi == "Sở Xây dựng tỉnh Quảng Ninh"


def test_the_archivists_descriptor_wins_and_may_extend_a_built_in_one(tmp_path: Path) -> None:
    own = 'extends = "quangninh"\ntitle_vi = "Riêng"\ntitle_en = "Own"\nlevel = "district"\n'
    own += 'seeds = ["https://quangninh.gov.vn/donvi/campha/"]\npath_prefix = "/donvi/campha"\n'
    write(tmp_path, own, "quangninh_campha")
    portals = load_all(tmp_path, BUILTIN)
    assert portals["quangninh_campha"].title_en == "Own"
    assert find("quangninh_campha", (tmp_path, BUILTIN)).title_en == "Own"
    assert len(portals) == len(load_all())


def test_load_all_takes_a_missing_folder_for_empty_and_refuses_two_of_a_name(
    tmp_path: Path,
) -> None:
    assert load_all(tmp_path / "absent") == {}
    write(tmp_path, GOOD + 'name = "one"\n', "a")
    write(tmp_path, GOOD + 'name = "one"\n', "b")
    with pytest.raises(DescriptorError, match=r"b\.toml: name: 'one' is the name of .*a\.toml"):
        load_all(tmp_path)


def test_find_by_a_name_that_is_not_the_files(tmp_path: Path) -> None:
    write(tmp_path, GOOD + 'name = "one"\n', "a")
    assert find("one", (tmp_path,)).name == "one"


def test_find_is_not_stopped_by_another_portals_fault(tmp_path: Path) -> None:
    write(tmp_path, "broken", "broken")
    write(tmp_path, GOOD, "whole")
    assert find("whole", (tmp_path,)).name == "whole"


def test_find_names_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(DescriptorError) as caught:
        find("halongg", (tmp_path, BUILTIN))
    assert "did you mean 'halong'" in str(caught.value)
    assert "quangninh" in str(caught.value)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("path", sorted(BUILTIN.glob("*.toml")), ids=lambda path: path.stem)
def test_built_in(path: Path) -> None:
    portal = load(path)
    assert portal.name == path.stem
    for url in (*portal.seeds, *portal.listings, *portal.feeds, *portal.sitemaps):
        assert portal.covers(url), url


def test_built_in_portals_share_no_page() -> None:
    portals = load_all()
    for name, portal in portals.items():
        for seed in portal.seeds:
            assert [other for other, p in portals.items() if p.covers(seed)] == [name]
