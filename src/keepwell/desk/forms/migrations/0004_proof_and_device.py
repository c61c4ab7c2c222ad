from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forms', '0003_bytewise'),
    ]

    operations = [
        migrations.AddField(
            model_name='form',
            name='proof_kind',
            field=models.CharField(choices=[('phone', 'middle four digits of the phone number'), ('document', 'last four of the document number')], default='document', max_length=8),
        ),
        migrations.AddIndex(
            model_name='form',
            index=models.Index(condition=models.Q(('device_code', ''), _negated=True), fields=['device_code'], name='form_by_device'),
        ),
    ]
