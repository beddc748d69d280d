"""Fetches the pages of local-government portals and reads the articles in them."""

from importlib.metadata import version

__version__ = version("halong")
