"""The ``halong`` command. It calls the rooms; no room calls it."""

from __future__ import annotations

import click

from halong_crawler import __version__
from halong_crawler.cli.bag import bag
from halong_crawler.cli.coverage import coverage
from halong_crawler.cli.crawl import crawl
from halong_crawler.cli.demo import demo
from halong_crawler.cli.errors import HalongGroup
from halong_crawler.cli.fixture import fixture
from halong_crawler.cli.import_ import import_
from halong_crawler.cli.package import package
from halong_crawler.cli.portal import portal
from halong_crawler.cli.probe import probe
from halong_crawler.cli.prove import prove
from halong_crawler.cli.rebuild import rebuild
from halong_crawler.cli.reindex import reindex
from halong_crawler.cli.reparse import reparse
from halong_crawler.cli.report import report
from halong_crawler.cli.serve import serve
from halong_crawler.cli.stamp import stamp
from halong_crawler.cli.verify import verify
from halong_crawler.heap import keep_freed


@click.group(cls=HalongGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="halong")
def main() -> None:
    """Crawl the portals of local governments and keep what they said.

    The archive is one folder: --archive DIR on each command, or HALONG_ARCHIVE, or
    ./halong-archive. Exit codes are listed in docs/cli.md.
    """
    keep_freed()


for command in (
    crawl, report, coverage, probe, portal, serve, demo, reindex, reparse, fixture, verify, prove,
    package,
):  # fmt: skip
    main.add_command(command)
main.add_command(import_)
main.add_command(rebuild)
main.add_command(stamp)
main.add_command(bag)
