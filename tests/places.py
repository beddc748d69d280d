"""Where tests find material that is not part of the project: saved pages of real portals."""

from pathlib import Path

SAVED = Path(__file__).parents[2] / "shared"
"""A folder beside the checkout; what is in it belongs to others and is never copied here."""
