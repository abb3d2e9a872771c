"""Forms of the data, by topic."""
