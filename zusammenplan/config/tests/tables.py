"""The tables of the database: their columns and what holds for them."""

from typing import Any

from django.db import connection

# Which migrations were done: tests have their tables without any. And of groups, which we have not:
# Django's own migrations and models give the table keys of two sizes.
NOT_COMPARED = {"django_migrations", "auth_group_permissions"}
# What measurements leave behind.
OF_MEASUREMENTS = "bench_"
# Names that SQLite does not keep: Django counts them through in the order of the text.
COUNTED = ("__unnamed_constraint_", "fk_")


def tables() -> list[str]:
    """Describe all tables in lines that can be compared, in whatever order they were made."""
    with connection.cursor() as cursor:
        return [
            f"{name} {line}"
            for name in connection.introspection.table_names(cursor)
            if name not in NOT_COMPARED and not name.startswith(OF_MEASUREMENTS)
            for line in (*_columns(cursor, name), *_constraints(cursor, name))
        ]


def _columns(cursor: Any, table: str) -> list[str]:
    return [
        f"{column.name}: {column[1:]}"
        for column in connection.introspection.get_table_description(cursor, table)
    ]


def _constraints(cursor: Any, table: str) -> list[str]:
    found = connection.introspection.get_constraints(cursor, table)
    return [
        f"{'' if name.startswith(COUNTED) else name} {sorted(what.items())}"
        for name, what in found.items()
    ]
