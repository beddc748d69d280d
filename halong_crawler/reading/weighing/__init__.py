"""Weighs an article out of a page of unknown build: passages, clues about each, their weights."""
