"""Learns how a portal builds its pages from many of them. No Scrapy, no network, no database.

What repeats over pages is furniture, what varies is content; what is learnt is written down as
selectors that a person can read and correct.
"""
