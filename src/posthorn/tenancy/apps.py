"""Registers the tenancy layer with Django."""

from __future__ import annotations

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Firms, people, roles, clients and the audit trail."""

    name = "posthorn.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        """Make the models known that stand in a file of their own, on top of the others."""
        from posthorn.tenancy import notice_models  # noqa: F401, PLC0415
