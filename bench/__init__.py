"""Benchmarks: each measures the product beside a floor in one run, on SQLite and on PostgreSQL."""
