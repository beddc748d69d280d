"""Measures reading stored captures again."""
