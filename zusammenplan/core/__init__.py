"""Toolbox without any noun of social planning."""
