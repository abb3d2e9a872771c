from django.db import migrations


def forget(apps, schema_editor):
    """Empty Django's own table of sessions: nobody reads it any more, everybody signs in anew."""
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0003_sessions"),
        ("sessions", "0001_initial"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
