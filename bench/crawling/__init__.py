"""What a page costs from request to archive, beside plain Scrapy on the same server."""
