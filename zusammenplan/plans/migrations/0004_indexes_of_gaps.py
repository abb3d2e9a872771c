from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_comments_tasks_drafts'),
        ('places', '0003_first_versions'),
        ('plans', '0003_values_in_the_plan'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='measure',
            index=models.Index(fields=['plan', 'status', 'responsible', 'starts_on', 'ends_on', 'period_text'], name='measure_gaps'),
        ),
        migrations.AddIndex(
            model_name='need',
            index=models.Index(fields=['plan', 'state'], name='need_by_state'),
        ),
    ]
