"""What the C library does with memory between two pages."""

import ctypes

_TOP_PAD = -2
"""A parameter of mallopt(3)."""


def keep_freed(size: int = 8 * 2**20) -> None:
    """Let this process keep up to ``size`` freed bytes at the end of its heap for the next page.

    Else glibc gives them back to the system whenever a page's tree is freed and asks for them
    again a moment later: a tenth of what reading costs. Without glibc nothing happens.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, TypeError, AttributeError):  # no such library, or none that has it
        return
    mallopt(_TOP_PAD, size)
