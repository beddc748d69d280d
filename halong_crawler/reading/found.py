"""A value, and the place on a page it was read from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and where it was read from."""

    value: T
    evidence: str


def first_found(*rungs: Callable[[], Found[T] | None]) -> Found[T] | None:
    """Climb a ladder: the first rung that answers wins."""
    return next((found for rung in rungs if (found := rung()) is not None), None)
