"""Keeps what comes back by mail as evidence, and test mails with whether they arrived."""

import django.db.models.deletion
import posthorn.kernel.clock
import posthorn.kernel.ids
from django.db import migrations, models

from posthorn.tenancy.security import append_only, bind, separate


class Migration(migrations.Migration):
    """Letters are the system's; what they say of a firm's deliveries is the firm's."""

    dependencies = [
        ('connections', '0003_consents'),
        ('delivery', '0008_budgets'),
        ('tenancy', '0007_estimates'),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=posthorn.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=64, unique=True)),
                ('source', models.CharField(max_length=10)),
                ('sender', models.CharField(max_length=320, null=True)),
                ('recipients', models.JSONField(default=list)),
                ('raw', models.BinaryField()),
                ('size', models.PositiveBigIntegerField()),
                ('arrived_at', models.DateTimeField(default=posthorn.kernel.clock.now)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('matched', 'matched'), ('unmatched', 'unmatched'), ('ignored', 'ignored'), ('broken', 'broken')], db_index=True, default='waiting', max_length=10)),
                ('note', models.CharField(blank=True, default='', max_length=200)),
                ('nature', models.CharField(blank=True, default='', max_length=20)),
                ('subject', models.CharField(blank=True, default='', max_length=300)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(default=posthorn.kernel.clock.now, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='letter_due'), models.Index(fields=['-arrived_at'], name='letter_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('next_at__isnull', False), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('next_at__isnull', True)), _connector='OR'), name='letter_waiting_has_time')],
            },
        ),
        migrations.CreateModel(
            name='Trial',
            fields=[
                ('id', models.UUIDField(default=posthorn.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('recipient', models.CharField(max_length=320)),
                ('state', models.CharField(choices=[('queued', 'queued'), ('sending', 'sending'), ('accepted', 'accepted'), ('failed', 'failed'), ('unknown', 'unknown'), ('bounced', 'bounced')], default='queued', max_length=10)),
                ('code', models.CharField(blank=True, default='', max_length=60)),
                ('detail', models.CharField(blank=True, default='', max_length=2000)),
                ('evidence', models.JSONField(default=dict)),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
                ('remote_id', models.CharField(blank=True, default='', max_length=300)),
                ('asked_at', models.DateTimeField(default=posthorn.kernel.clock.now)),
                ('asked_by', models.CharField(max_length=200)),
                ('sent_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('has_arrived', models.BooleanField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.CharField(blank=True, default='', max_length=200)),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.client')),
                ('connection', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='connections.connection')),
                ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.firm')),
                ('integration', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='connections.integration')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.UUIDField(default=posthorn.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('letter_key', models.CharField(max_length=64)),
                ('nature', models.CharField(max_length=20)),
                ('action', models.CharField(blank=True, default='', max_length=20)),
                ('status', models.CharField(blank=True, default='', max_length=12)),
                ('code', models.CharField(blank=True, default='', max_length=60)),
                ('diagnostic', models.CharField(blank=True, default='', max_length=2000)),
                ('remote_mta', models.CharField(blank=True, default='', max_length=300)),
                ('recipient', models.CharField(blank=True, default='', max_length=320)),
                ('subject', models.CharField(blank=True, default='', max_length=300)),
                ('text', models.TextField(blank=True, default='')),
                ('has_moved', models.BooleanField(default=False)),
                ('arrived_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(default=posthorn.kernel.clock.now)),
                ('delivery', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='delivery.delivery')),
                ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.firm')),
                ('trial', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='delivery.trial')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='trial',
            index=models.Index(fields=['integration', '-asked_at'], name='trial_newest'),
        ),
        migrations.AddIndex(
            model_name='trial',
            index=models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['asked_at'], name='trial_under_way'),
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('has_arrived__isnull', True)), models.Q(('answered_at__isnull', False), ('has_arrived__isnull', False)), _connector='OR'), name='trial_answered_at'),
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('delivery__isnull', False), ('trial__isnull', True)), models.Q(('delivery__isnull', True), ('trial__isnull', False)), _connector='OR'), name='return_of_one'),
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.UniqueConstraint(condition=models.Q(('delivery__isnull', False)), fields=('delivery', 'letter_key'), name='return_once'),
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.UniqueConstraint(condition=models.Q(('trial__isnull', False)), fields=('trial', 'letter_key'), name='return_of_trial_once'),
        ),
        separate("delivery_trial", client="client_id"),
        separate("delivery_return"),
        bind(
            "delivery_trial",
            {
                "client_id": "tenancy_client",
                "connection_id": "connections_connection",
                "integration_id": "connections_integration",
            },
        ),
        bind("delivery_return", {"delivery_id": "delivery_delivery", "trial_id": "delivery_trial"}),
        append_only("delivery_return"),
        # A letter belongs to no firm: only what it says of a delivery does.
        migrations.RunSQL(
            "REVOKE ALL ON delivery_letter FROM posthorn_app", migrations.RunSQL.noop
        ),
    ]
