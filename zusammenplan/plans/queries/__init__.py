"""Reads that gather more than one row for a page."""
