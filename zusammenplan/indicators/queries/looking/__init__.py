"""
What people see of data: read from figures with a fixed number of queries, written in Python.

Public pages, the workspace and the interface ask the same; the audience decides what is hidden.
"""
