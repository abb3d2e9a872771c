"""Documents as files and as pages to read."""
