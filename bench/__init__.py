"""Measures against peers and floors."""
