"""
What the public pages show, as small dataclasses of finished values.

Everything that repeats on a page (marks, addresses, dates) is written here once, so that the
templates only have to put it in its place.
"""
