import django.db.models.deletion
from django.db import migrations, models

from keepwell.desk.columns import bytewise


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Place',
            fields=[
                ('client', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='place', serialize=False, to='clients.client')),
                ('manager_code', models.CharField(max_length=16, null=True, verbose_name='manager')),
                ('home_branch_code', models.CharField(max_length=16, verbose_name='home branch')),
                ('since_on', models.DateField(null=True, verbose_name='since')),
                ('grounds', models.CharField(choices=[('source', "the firm's own assignment"), ('plan', 'an approved plan'), ('act', 'reassigned by a person'), ('leaver', 'the manager left; the leader holds the client until it is reassigned'), ('wish', "the client's wish")], default='source', max_length=8, verbose_name='grounds')),
                ('home_is_wish', models.BooleanField(default=False, verbose_name="home branch by the client's wish")),
            ],
            options={
                'verbose_name': 'place of a client',
                'default_permissions': (),
                'indexes': [models.Index(fields=['manager_code'], name='place_manager'), models.Index(fields=['home_branch_code'], name='place_home_branch')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record_code', models.CharField(blank=True, max_length=32, verbose_name='customer number')),
                ('relation', models.CharField(choices=[('service', 'Service'), ('home', 'Home branch')], max_length=12, verbose_name='relation')),
                ('staff_code', models.CharField(blank=True, max_length=16, verbose_name='staff number')),
                ('branch_code', models.CharField(max_length=16, verbose_name='branch')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(null=True, verbose_name='until')),
                ('grounds', models.CharField(choices=[('source', "the firm's own assignment"), ('plan', 'an approved plan'), ('act', 'reassigned by a person'), ('leaver', 'the manager left; the leader holds the client until it is reassigned'), ('wish', "the client's wish")], max_length=8, verbose_name='grounds')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('by_id', models.BigIntegerField(null=True)),
                ('by_name', models.CharField(blank=True, max_length=40, verbose_name='by')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('run', models.CharField(max_length=32, verbose_name='run')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='clients.client')),
            ],
            options={
                'verbose_name': 'assignment',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('client', 'relation'), name='one_assignment_in_force')],
            },
        ),
        bytewise('clients_client', 'client_id', 'merged_into_id'),
        bytewise('clients_place', 'client_id'),
        bytewise('clients_assignment', 'client_id'),
    ]
