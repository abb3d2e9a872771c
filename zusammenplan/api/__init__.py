"""The public JSON interface (Schnittstelle); read-only."""
