"""Scrapy's view: every portal is a spider."""

from pathlib import Path

import pytest
from scrapy import Request
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from halong_crawler.portal import load_all
from halong_crawler.spiderloader import PortalSpiderLoader

OWN = """
title_vi = "Riêng"
title_en = "Own"
level = "commune"
province = "X"
platform = "generic"
hosts = ["own.gov.vn"]
seeds = ["https://own.gov.vn/"]
"""


def loader(archive: Path | None = None) -> PortalSpiderLoader:
    name = "halong_crawler.spiderloader.PortalSpiderLoader"
    settings = Settings({"SPIDER_LOADER_CLASS": name, "HALONG_ARCHIVE": archive})
    made = get_spider_loader(settings)
    assert isinstance(made, PortalSpiderLoader)
    return made


def test_list_names_the_portals(tmp_path: Path) -> None:
    assert loader().list() == sorted(load_all())
    (tmp_path / "portals").mkdir()
    (tmp_path / "portals" / "own.toml").write_text(OWN, encoding="utf-8")
    assert "own" in loader(tmp_path).list()
    assert loader(tmp_path / "absent").list() == sorted(load_all())


def test_a_portal_is_a_spider_class() -> None:
    spider = loader().load("halong")
    assert (spider.name, spider.__name__) == ("halong", "HalongSpider")
    assert spider.portal.name == "halong"  # type: ignore[attr-defined]


def test_an_unknown_name_is_a_key_error_that_helps() -> None:
    with pytest.raises(KeyError, match="did you mean 'halong'"):
        loader().load("halongg")


def test_find_by_request() -> None:
    url = "https://quangninh.gov.vn/so/soxaydung/Trang/default.aspx"
    assert loader().find_by_request(Request(url)) == ["quangninh_soxaydung"]
    assert loader().find_by_request(Request("https://example.org/")) == []
