"""Accounts that were deactivated before have a day from which their period runs."""

from django.db import migrations


def note(apps, schema_editor):
    User = apps.get_model("people", "User")
    HistoricalUser = apps.get_model("people", "HistoricalUser")
    for user in User.objects.filter(is_active=False, deactivated_at=None):
        states = HistoricalUser.objects.filter(id=user.pk).order_by("-history_date", "-history_id")
        since = user.joined_at
        for state in states:
            if state.is_active:
                break
            since = state.history_date
        User.objects.filter(pk=user.pk).update(deactivated_at=since)


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0005_deactivated_and_anonymised"),
    ]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
