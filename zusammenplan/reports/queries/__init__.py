"""What documents say, as finished words and numbers."""
