"""Tells from an entry of the trail itself which client it is about, for the database to keep."""

from __future__ import annotations

from django.db.models import Case, F, Q, UUIDField, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

# The one in its detail is text: anything else than an id must not stop the entry.
ABOUT_CLIENT = Case(
    When(subject_kind="client", then=F("subject_id")),
    When(
        Q(detail__client__regex="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
        then=Cast(KeyTextTransform("client", "detail"), UUIDField()),
    ),
    default=None,
    output_field=UUIDField(),
)
