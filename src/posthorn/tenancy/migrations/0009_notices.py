"""Keeps what people are told by mail until a worker has told them."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import posthorn.kernel.clock
import posthorn.kernel.ids
from posthorn.tenancy.security import bind, hide_from_clients, separate


class Migration(migrations.Migration):
    """Facts and mails of firms and of people's own accounts, and what people switched off."""

    dependencies: ClassVar = [("tenancy", "0008_second_person")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='NoticeMail',
            fields=[
                ('id', models.UUIDField(default=posthorn.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField(default=posthorn.kernel.clock.now)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('unknowns', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(default=posthorn.kernel.clock.now, null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('code', models.CharField(blank=True, default='', max_length=60)),
                ('said', models.CharField(blank=True, default='', max_length=500)),
                ('firm', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.firm')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=posthorn.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=30)),
                ('fact', models.CharField(max_length=120)),
                ('detail', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField(default=posthorn.kernel.clock.now)),
                ('due_at', models.DateTimeField(default=posthorn.kernel.clock.now)),
                ('expires_at', models.DateTimeField()),
                ('dropped', models.CharField(blank=True, default='', max_length=20)),
                ('firm', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.firm')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mail', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='tenancy.noticemail')),
            ],
            options={
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='NoticeChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('is_on', models.BooleanField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('person', 'kind'), name='notice_choice_once')],
            },
        ),
        migrations.AddIndex(
            model_name='noticemail',
            index=models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='notice_mail_due'),
        ),
        migrations.AddIndex(
            model_name='noticemail',
            index=models.Index(fields=['person', 'made_at'], name='notice_mail_person'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('dropped', ''), ('mail__isnull', True)), fields=['due_at'], name='notice_waits'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['person', '-made_at'], name='notice_of_person'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['made_at'], name='notice_age'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('person', 'firm', 'kind', 'fact'), name='notice_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('dropped', ''), ('mail__isnull', True), _connector='OR'), name='notice_told_or_dropped'),
        ),
        separate("tenancy_noticemail"),
        separate("tenancy_notice"),
        hide_from_clients("tenancy_noticemail"),
        hide_from_clients("tenancy_notice"),
        bind("tenancy_noticemail", {}),
        bind("tenancy_notice", {"mail_id": "tenancy_noticemail"}),
    ]
