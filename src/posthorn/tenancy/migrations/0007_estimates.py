"""Words the separation of three more tables so that the planner guesses sizes well."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from posthorn.tenancy.security import reword


class Migration(migrations.Migration):
    """The same rows are seen by the same people as before."""

    dependencies: ClassVar = [("tenancy", "0006_entries_of_people")]
    operations: ClassVar = [
        reword("tenancy_invitation", "client_id"),
        reword("tenancy_trustedsupplier", "client_id"),
        reword("tenancy_clientperson", "client_id"),
    ]
