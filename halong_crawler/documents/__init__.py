"""Documents: what a file is, and the text of its pages.

Functions on bytes: nothing here knows Scrapy, the network or a database.

- :mod:`~halong_crawler.documents.kind`: the media type, by the bytes
- :mod:`~halong_crawler.documents.text`: the text of the pages, with a status
- :mod:`~halong_crawler.documents.apart`: both, in a process of its own
"""
