"""Keeps and serves what a crawl has read. Never imports ``halong_crawler``."""
