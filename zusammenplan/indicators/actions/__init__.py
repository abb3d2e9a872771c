"""Everything that writes data; callers import the topic."""
