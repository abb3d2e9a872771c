"""Histories of groups no longer tell the names of voters: they outlive them."""

from django.db import migrations

# As they were noted in both languages; what was noted in English begins with a sign of its own.
DEEDS = {
    "Stimmberechtigt: ": "Person auf die Liste gesetzt",
    "Von der Liste gestrichen: ": "Person von der Liste gestrichen",
    "\x03Voter added: ": "\x03Person put on the list",
    "\x03Voter removed: ": "\x03Person taken off the list",
}


def take_names_out(apps, schema_editor):
    entries = apps.get_model("ballots", "HistoricalGroup").objects
    for beginning, deed in DEEDS.items():
        entries.filter(history_change_reason__startswith=beginning).update(
            history_change_reason=deed
        )


class Migration(migrations.Migration):
    dependencies = [("ballots", "0002_voter_anonymised_at")]
    operations = [migrations.RunPython(take_names_out, migrations.RunPython.noop, elidable=True)]
