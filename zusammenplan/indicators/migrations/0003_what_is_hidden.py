from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0002_observations_unchecked'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='observation',
            index=models.Index(condition=models.Q(('secrecy', ''), _negated=True), fields=['quantity', 'ends_on', 'secrecy'], name='observation_hidden'),
        ),
        migrations.AddIndex(
            model_name='figure',
            index=models.Index(condition=models.Q(('secrecy', ''), _negated=True), fields=['secrecy'], name='figure_hidden'),
        ),
    ]
