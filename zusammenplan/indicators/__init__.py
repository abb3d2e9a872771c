"""What we measure: official statistics, indicators and their series."""
