"""Zusammenplan: the open workspace for integrated social planning."""

__version__ = "0.1.0"
