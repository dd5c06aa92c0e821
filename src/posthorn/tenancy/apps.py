"""Registers the tenancy layer with Django."""

from __future__ import annotations

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Firms, people, roles, clients and the audit trail."""

    name = "posthorn.tenancy"
    label = "tenancy"
