from django.db import migrations


def give_every_area_a_version(apps, schema_editor):
    Area = apps.get_model("places", "Area")
    AreaVersion = apps.get_model("places", "AreaVersion")
    AreaVersion.objects.bulk_create(
        AreaVersion(area=area, name=area.name, kind=area.kind, parent_id=area.parent_id)
        for area in Area.objects.filter(versions=None).order_by("pk")
    )


class Migration(migrations.Migration):
    """Areas that were there before there were versions are valid always."""

    dependencies = [("places", "0002_versions_and_transitions")]

    operations = [
        migrations.RunPython(give_every_area_a_version, migrations.RunPython.noop, elidable=False)
    ]
