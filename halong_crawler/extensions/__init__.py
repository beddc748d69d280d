"""What watches a crawl: politeness and progress."""
