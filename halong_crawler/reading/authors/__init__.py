"""Who signed an article: at its end, under its title, in its markup or in its own data."""
