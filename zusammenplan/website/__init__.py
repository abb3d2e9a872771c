"""The public pages (Öffentliche Seiten); read-only."""
