"""Pages of the interface, one file a topic."""
