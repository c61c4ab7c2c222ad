from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tour', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='story',
            name='also',
            field=models.JSONField(default=list, verbose_name='told besides of'),
        ),
    ]
