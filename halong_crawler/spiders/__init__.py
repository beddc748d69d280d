"""The only spider; :mod:`halong_crawler.spiderloader` makes one of it for every portal."""
