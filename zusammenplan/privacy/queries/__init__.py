"""Reads of data protection: periods and what is due, somebody's traces, and what a record says."""
