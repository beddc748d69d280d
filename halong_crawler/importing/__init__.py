"""Captures of other archives, brought into this one: listed first, then read in order of time."""
