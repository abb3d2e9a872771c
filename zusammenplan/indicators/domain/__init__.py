"""The rules of official statistics, plain Python."""
