"""Reads that gather data for a page; callers import the topic."""
