"""``python -m halong_crawler.cli`` is ``halong``."""

from halong_crawler.cli import main

main(prog_name="halong")
