"""A notice that was opened by itself is read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ui", "0003_job_not_before")]

    operations = [
        migrations.AddField(model_name="notice", name="read_at", field=models.DateTimeField(null=True)),
    ]
