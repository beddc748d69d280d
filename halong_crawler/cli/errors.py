"""Exit codes, and how an error a user can cause becomes one clear line."""

from __future__ import annotations

from enum import IntEnum
from typing import IO, Any

import click

from archive.place import ArchiveError
from archive.serving import ServingError
from halong_crawler.learning.template import TemplateError
from halong_crawler.portal import DescriptorError


class Exit(IntEnum):
    """Every exit code of ``halong``; docs/cli.md explains them."""

    FINE = 0
    FAULT = 1
    """A fault of Halong's own; the traceback says where."""
    USAGE = 2
    """The command line is wrong."""
    DESCRIPTOR = 3
    """A portal's descriptor is wrong or missing."""
    ARCHIVE = 4
    """The archive cannot be opened, read or written, or its disk is nearly full."""
    STOPPED = 5
    """A crawl ended before its end: stopped, in quiet hours, on a portal that fails, or with pages
    that must wait; or a web archive does not answer an import. What it had is kept, and the next
    one goes on."""
    NOTHING_READ = 6
    """A crawl ended without reaching a single page."""
    SERVING = 7
    """The site cannot be served: port taken, or nothing to serve."""
    UNREADABLE = 8
    """A page to be probed or frozen, or a portal to be added, could not be had."""
    UNWELCOME = 9
    """robots.txt, a challenge or a login keeps Halong from what was to be added or frozen."""
    ALARM = 10
    """A crawl ended well and a monitor raised an alarm; only with --strict-monitors."""
    DAMAGED = 11
    """halong verify found something that is not as it was written; halong rebuild met damaged
    records, and made the database without what they held."""
    SOURCE_DAMAGED = 12
    """halong import brought all it could; some records of its files could not be read, or
    some captures that a web archive lists could not be had there."""
    UNSTAMPED = 13
    """halong stamp could not have every root stamped; it may be tried again."""


_CODES: tuple[tuple[type[Exception], Exit], ...] = (
    (DescriptorError, Exit.DESCRIPTOR),
    (TemplateError, Exit.DESCRIPTOR),
    (ArchiveError, Exit.ARCHIVE),
    (ServingError, Exit.SERVING),
)


class UserError(click.ClickException):
    """One line for the user, with its own exit code."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.code = code

    def show(self, file: IO[str] | None = None) -> None:
        """Print the line and leave with the code of the error."""
        super().show(file)
        raise SystemExit(int(self.code))


class HalongGroup(click.Group):
    """Turns the errors of the rooms into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; errors a user can cause leave no traceback."""
        try:
            return super().invoke(ctx)
        except tuple(kind for kind, _ in _CODES) as error:
            code = next(code for kind, code in _CODES if isinstance(error, kind))
            raise UserError(str(error), code) from error
