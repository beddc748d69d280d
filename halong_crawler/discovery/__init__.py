"""Ways to walk a portal: which URL is which page, and where the next ones are named."""
