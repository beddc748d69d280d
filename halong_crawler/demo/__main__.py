"""``python -m halong_crawler.demo``: serve both faces until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading

from halong_crawler.demo.server import DemoServer


def main() -> None:
    """Start the server on the given ports, print the addresses and wait for Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m halong_crawler.demo", description=__doc__)
    parser.add_argument("--halong-port", type=int, default=0, help="0 picks a free port")
    parser.add_argument("--sharepoint-port", type=int, default=0, help="0 picks a free port")
    options = parser.parse_args()
    with DemoServer(
        halong_port=options.halong_port, sharepoint_port=options.sharepoint_port
    ) as server:
        for face in (server.halong, server.sharepoint):
            _say(f"{face.name:16} {face.base_url}/  ({len(face.articles)} articles)")
        _say("Ctrl-C stops the server.")
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


def _say(line: str) -> None:
    """Print at once, also into a pipe: another program may wait for the addresses."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
