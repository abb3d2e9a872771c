"""Files of the data, by topic."""
