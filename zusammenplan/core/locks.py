"""Row locks that Django does not name."""

from django.db import connection
from django.db.models import Model


def hold(record: Model) -> None:
    """
    Keep the row from being changed until the transaction ends, together with others who hold it.

    PostgreSQL's FOR SHARE: many voters hold their group at once, and closing it waits for them.
    SQLite needs none: a write transaction is alone.
    """
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(record._meta.db_table)  # noqa: SLF001 - public in Django's docs
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR SHARE", [record.pk])  # noqa: S608 - the model's own table
