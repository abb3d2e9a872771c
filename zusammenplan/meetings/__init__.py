"""Who decides when: bodies (Gremien) and their seats."""
