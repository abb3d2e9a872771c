from typing import Any

from django.db import migrations


def give_out_many_at_once(apps: Any, schema_editor: Any) -> None:
    """
    Let PostgreSQL give a connection the numbers of a thousand observations at once.

    It notes each time on the disk how far it has come, which an import would wait for a million
    times. Numbers that a connection has not used are lost; nobody counts by them.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER SEQUENCE indicators_observation_id_seq CACHE 1000")


class Migration(migrations.Migration):
    dependencies = [("indicators", "0005_quantities_that_make_up_others")]

    operations = [
        migrations.RunPython(give_out_many_at_once, migrations.RunPython.noop, elidable=False)
    ]
