"""Merkle trees over SHA-256 as RFC 6962, section 2.1, defines them: one hash stands for many."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

_LEAF, _NODE = b"\0", b"\1"
"""Prefixes that keep a node from being passed off as a leaf (RFC 6962, 2.1)."""

Step = tuple[str, str]
"""The side the sibling stands on (``left`` or ``right``), and its hash in hex."""


def leaf(data: bytes) -> bytes:
    """The hash of one entry, 32 bytes."""
    return sha256(_LEAF + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash over all leaves in order; of none it is SHA-256 of nothing."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = _middle(len(leaves))
    return sha256(_NODE + root(leaves[:middle]) + root(leaves[middle:])).digest()


def path(leaves: Sequence[bytes], number: int) -> list[Step]:
    """The siblings from leaf ``number`` (from 0) up to the root: the audit path.

    Raises IndexError for a leaf that is not there.
    """
    if not 0 <= number < len(leaves):
        raise IndexError(f"no leaf {number} among {len(leaves)}")
    if len(leaves) == 1:
        return []
    middle = _middle(len(leaves))
    if number < middle:
        return [*path(leaves[:middle], number), ("right", root(leaves[middle:]).hex())]
    return [*path(leaves[middle:], number - middle), ("left", root(leaves[:middle]).hex())]


def climb(start: bytes, steps: Sequence[Step]) -> bytes:
    """The root a leaf leads to by its path."""
    for side, sibling in steps:
        other = bytes.fromhex(sibling)
        start = sha256(_NODE + (other + start if side == "left" else start + other)).digest()
    return start


def _middle(count: int) -> int:
    """The largest power of two below ``count``."""
    return 1 << (count - 1).bit_length() - 1
