"""One writer an archive: an operating system lock, released by a kill as well."""

from __future__ import annotations

import fcntl
import os
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

from archive.place import ArchiveError

_LONGEST = 200
"""Letters of a command line that are told."""


class Lock:
    """Holds a lock file while it lives; the file says who holds it, since when and for what.

    Raises :class:`ArchiveError` with that line when somebody else holds it.
    """

    def __init__(self, path: Path, purpose: str = "writing") -> None:
        try:
            self.stream = path.open("a+", encoding="utf-8")
        except OSError as error:
            raise ArchiveError(
                f"{path}: cannot be written ({error.strerror}); check its owner and rights"
            ) from error
        try:
            fcntl.flock(self.stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.stream.seek(0)
            holder = self.stream.read().strip() or "another process"
            self.stream.close()
            raise ArchiveError(
                f"{path.parent}: is being written by {holder}; wait for it, or stop it"
            ) from None
        except OSError as error:
            self.stream.close()
            raise ArchiveError(
                f"{path}: cannot be locked ({error.strerror}); keep the archive on a disk that "
                "knows file locks"
            ) from error
        self.stream.truncate(0)
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.stream.write(f"process {os.getpid()} since {now}, {purpose} ({_command()})\n")
        self.stream.flush()

    def release(self) -> None:
        """Let go. Calling it twice does nothing."""
        if not self.stream.closed:
            self.stream.truncate(0)
            self.stream.close()


def _command() -> str:
    """The command line this process was started with; of the interpreter only its name."""
    interpreter, *words = sys.orig_argv
    line = " ".join(shlex.join([Path(interpreter).name, *words]).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …"
