"""Wiring: one settings file, the URLs, the program ``zusammenplan``."""
